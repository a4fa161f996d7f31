//! Sealed fields: single values that stay ciphertext until the platform releases a key at opening.

mod restore_key;

pub use restore_key::{RestoreKey, Wrapping};

use crate::aes::Aes;
use crate::rsa::{Padding, PrivateKey, PublicKey};
use crate::sm4::Sm4;
use crate::text::Encoding;
use crate::{Undecipherable, text};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// Longest text of a sealed field in characters; names and numbers are sealed, never files.
const LONGEST: usize = 64 * 1024;
const BLOCK: usize = 16;

/// The ciphers under which platforms seal fields, as settings spell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cipher {
    /// `SM4/ECB/PKCS5Padding`: pubres.
    Sm4Ecb,
    /// `SM4/CBC/PKCS5Padding`: pubres, when the restore request carries an initial vector.
    Sm4Cbc,
    /// `AES/ECB/PKCS5Padding`.
    AesEcb,
    /// `AES/CBC/PKCS5Padding`.
    AesCbc,
    /// Encrypted with the platform's private key, recovered with the public one it releases: yueyang.
    RsaPublic,
    /// Encrypted with the public key whose private half is released; any padding.
    RsaPrivate,
}

/// One cipher with one key, ready for every field of an order; made by [`RestoreKey::openers`].
pub struct Opener(How);

enum How {
    Sm4(Box<Sm4>),
    Aes(Box<Aes>),
    Public(PublicKey),
    Private(Arc<PrivateKey>),
}

impl Opener {
    /// The field's text, if this ciphertext has a fitting length, opens, and is plausible.
    fn open(&self, sealed: &[u8]) -> Option<String> {
        let plain = match &self.0 {
            How::Sm4(sm4) => sm4.decrypt(sealed.to_vec()),
            How::Aes(aes) => aes.decrypt(sealed.to_vec()),
            How::Public(key) => key.recover(sealed, LONGEST),
            How::Private(key) => key.decrypt(sealed, &Padding::ALL, LONGEST),
        };
        plain.and_then(text::utf8).ok().filter(|text| plausible(text))
    }

    /// Length that a ciphertext of this cipher is a multiple of.
    fn unit(&self) -> usize {
        match &self.0 {
            How::Sm4(_) | How::Aes(_) => BLOCK,
            How::Public(key) => key.modulus_len(),
            How::Private(key) => key.modulus_len(),
        }
    }
}

/// The text of a field, sealed or not.
///
/// By the length of what its base64 or hexadecimal stands for: a multiple of the modulus is RSA's, else a
/// multiple of 16 is a block cipher's, else the field was never sealed and is returned as it is (yueyang marks
/// fields as sealed that arrive as plain text). What has a ciphertext's length and opens under none of
/// `openers` is an error and not a plain text: better a key asked for again than ciphertext on a guarantee.
pub fn open_field(openers: &[Opener], text: &str) -> Result<String, Undecipherable> {
    if text.len() > LONGEST {
        return Err(Undecipherable);
    }
    let Some(bytes) = decoded(text) else { return Ok(text.to_owned()) };
    let fitting = |unit: usize| bytes.len().is_multiple_of(unit);
    if !fitting(BLOCK) && !openers.iter().any(|opener| fitting(opener.unit())) {
        return Ok(text.to_owned());
    }
    let mut fits: Vec<&Opener> = openers.iter().filter(|opener| fitting(opener.unit())).collect();
    fits.sort_by_key(|opener| std::cmp::Reverse(opener.unit()));
    fits.into_iter().find_map(|opener| opener.open(&bytes)).ok_or(Undecipherable)
}

/// Whether a field has the look of a ciphertext before any key is known: base64 or hexadecimal of whole blocks
/// of 16 bytes, which the chunks of RSA-1024 and longer usual keys are too.
///
/// A plain number of 32 hexadecimal digits looks the same; a partner with such numbers names its sealed fields.
pub fn looks_sealed(text: &str) -> bool {
    decoded(text).is_some_and(|bytes| bytes.len().is_multiple_of(BLOCK))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    Encoding::detect(text).decode(text).ok().filter(|bytes| !bytes.is_empty())
}

/// Names, numbers and codes: not empty, nothing unprintable. A wrong key does not get this far by chance.
fn plausible(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            How::Sm4(_) => "Opener(SM4)",
            How::Aes(_) => "Opener(AES)",
            How::Public(_) => "Opener(RSA recovery)",
            How::Private(_) => "Opener(RSA)",
        })
    }
}
