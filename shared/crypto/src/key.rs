//! The forms in which partners hand over a symmetric key, and how each becomes key bytes.

use crate::secret::Secret;
use crate::{BadKey, digest, text};
use serde::Deserialize;
use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// What the text of a configured or received key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// The bytes of the text are the key.
    #[default]
    Utf8,
    /// Hexadecimal of the key.
    Hex,
    /// Standard base64 of the key.
    Base64,
    /// The key is the MD5 of the text (16 bytes).
    Md5,
    /// The key is the 32 lower-case hexadecimal characters of the text's MD5.
    Md5HexLower,
    /// The key is the 32 upper-case hexadecimal characters of the text's MD5.
    Md5HexUpper,
    /// The key is the middle 16 of those lower-case characters, China's "16-digit MD5".
    Md5Hex16Lower,
    /// The key is the middle 16 of those upper-case characters.
    Md5Hex16Upper,
    /// What Java's `KeyGenerator(128)` makes of a `SHA1PRNG` seeded with the text: `SHA1(SHA1(text))[..16]`.
    Sha1prng,
    /// For keys of 16 bytes only: 32 hexadecimal digits, else base64 of 16 bytes, else 16 bytes as they are.
    Auto16,
}

/// Key bytes, erased when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    /// Reads the key out of its text; the cipher that takes it checks the length.
    pub fn read(secret: &Secret, form: KeyForm) -> Result<Self, BadKey> {
        let text = secret.expose();
        let bytes = match form {
            KeyForm::Utf8 => text.as_bytes().to_vec(),
            KeyForm::Hex => text::from_hex(text).map_err(|_| wrong("hexadecimal digits, an even number"))?,
            KeyForm::Base64 => text::from_base64(text).map_err(|_| wrong("standard base64 with padding"))?,
            KeyForm::Md5 => digest::md5(text.as_bytes()).to_vec(),
            KeyForm::Md5HexLower => hex::encode(digest::md5(text.as_bytes())).into_bytes(),
            KeyForm::Md5HexUpper => hex::encode_upper(digest::md5(text.as_bytes())).into_bytes(),
            KeyForm::Md5Hex16Lower => hex::encode(&digest::md5(text.as_bytes())[4..12]).into_bytes(),
            KeyForm::Md5Hex16Upper => hex::encode_upper(&digest::md5(text.as_bytes())[4..12]).into_bytes(),
            KeyForm::Sha1prng => digest::sha1(&digest::sha1(text.as_bytes()))[..16].to_vec(),
            KeyForm::Auto16 => auto16(text)?,
        };
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl From<Vec<u8>> for Key {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

fn auto16(text: &str) -> Result<Vec<u8>, BadKey> {
    let sixteen = |bytes: &Vec<u8>| bytes.len() == 16;
    text::from_hex(text)
        .ok()
        .filter(sixteen)
        .or_else(|| text::from_base64(text).ok().filter(sixteen))
        .or_else(|| Some(text.as_bytes().to_vec()).filter(sixteen))
        .ok_or_else(|| wrong("32 hexadecimal digits, base64 of 16 bytes, or 16 bytes"))
}

fn wrong(expected: &str) -> BadKey {
    BadKey(format!("the key is not what its form says ({expected}): correct the key or choose another form"))
}

impl Deref for Key {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
