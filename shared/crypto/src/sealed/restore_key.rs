//! The key that a platform releases at opening, in whatever form it comes (rulings YY-05, PR restore; WIRE.md 001, 002).

use super::{Cipher, How, Opener};
use crate::aes::Aes;
use crate::key::Key;
use crate::rsa::{AnyKey, PrivateKey, PublicKey, any};
use crate::sm4::Sm4;
use crate::text::{self, Encoding};
use crate::{BadKey, Iv};
use std::fmt;
use std::sync::Arc;

/// Longest text of a released key; an RSA key of 4096 bits as PEM is half as long.
const LONGEST: usize = 8 * 1024;

/// What a partner's settings hold for keys that do not come bare.
#[derive(Default)]
pub struct Wrapping {
    /// SM4-ECB key under which the released key is encrypted.
    pub kek: Option<Sm4>,
    /// Public key with which the released key is recovered; yueyang's 公钥.
    pub public: Option<PublicKey>,
}

/// A released key: every way in which its text can be read, the likeliest first. Which of them is meant shows
/// when the fields open.
pub struct RestoreKey(Vec<Reading>);

enum Reading {
    Symmetric(Key),
    Public(PublicKey),
    Private(Arc<PrivateKey>),
}

impl RestoreKey {
    /// Reads an RSA key of either half in any form; a symmetric key wrapped as `wrapping` says; else 32, 48 or
    /// 64 hexadecimal digits, base64 of 16, 24 or 32 bytes, or that many bytes as they are.
    pub fn read(text: &str, wrapping: &Wrapping) -> Result<Self, BadKey> {
        let text = text.trim_ascii();
        if text.len() > LONGEST {
            return Err(unreadable());
        }
        match any(text) {
            Ok(AnyKey::Public(key)) => return Ok(Self(vec![Reading::Public(key)])),
            Ok(AnyKey::Private(key)) => return Ok(Self(vec![Reading::Private(Arc::from(key))])),
            Err(_) => {}
        }
        let keys: Vec<Key> = wrapping.unwrapped(text).into_iter().chain(bare(text)).collect();
        match keys.is_empty() {
            true => Err(unreadable()),
            false => Ok(Self(keys.into_iter().map(Reading::Symmetric).collect())),
        }
    }

    /// The symmetric keys that the text may stand for, the likeliest first; none if it is an RSA key.
    pub fn symmetric(&self) -> impl Iterator<Item = &Key> {
        self.0.iter().filter_map(|reading| match reading {
            Reading::Symmetric(key) => Some(key),
            Reading::Public(_) | Reading::Private(_) => None,
        })
    }

    /// The RSA key that the text is, as DER (X.509 or PKCS#8), and the cipher that it opens; none if it is symmetric.
    pub fn rsa(&self) -> Option<(Cipher, Key)> {
        self.0.iter().find_map(|reading| match reading {
            Reading::Public(key) => Some((Cipher::RsaPublic, key.der()?)),
            Reading::Private(key) => Some((Cipher::RsaPrivate, key.der()?)),
            Reading::Symmetric(_) => None,
        })
    }

    /// What may open the fields under one of `ciphers`, the likeliest first. `iv` matters to CBC only.
    pub fn openers(&self, ciphers: &[Cipher], iv: Iv<'_>) -> Result<Vec<Opener>, BadKey> {
        let mut refusal = None;
        let mut openers = Vec::new();
        for (reading, cipher) in self.0.iter().flat_map(|reading| ciphers.iter().map(move |c| (reading, c))) {
            match reading.opener(*cipher, iv) {
                Ok(opener) => openers.push(opener),
                Err(why) => {
                    refusal.get_or_insert(why);
                }
            }
        }
        match openers.is_empty() {
            true => Err(refusal.unwrap_or_else(unreadable)),
            false => Ok(openers),
        }
    }
}

impl Reading {
    fn opener(&self, cipher: Cipher, iv: Iv<'_>) -> Result<Opener, BadKey> {
        let how = match (self, cipher) {
            (Self::Symmetric(key), Cipher::Sm4Ecb) => How::Sm4(Box::new(Sm4::ecb(key)?)),
            (Self::Symmetric(key), Cipher::Sm4Cbc) => How::Sm4(Box::new(Sm4::cbc_with(key, iv)?)),
            (Self::Symmetric(key), Cipher::AesEcb) => How::Aes(Box::new(Aes::ecb(key)?)),
            (Self::Symmetric(key), Cipher::AesCbc) => How::Aes(Box::new(Aes::cbc_with(key, iv)?)),
            (Self::Public(key), Cipher::RsaPublic) => How::Public(key.clone()),
            (Self::Private(key), Cipher::RsaPrivate) => How::Private(key.clone()),
            _ => {
                return Err(BadKey("the released key belongs to none of the ciphers in the settings".into()));
            }
        };
        Ok(Opener(how))
    }
}

impl Wrapping {
    fn unwrapped(&self, text: &str) -> Vec<Key> {
        let Ok(bytes) = Encoding::detect(text).decode(text) else { return Vec::new() };
        let by_kek = self.kek.as_ref().and_then(|kek| kek.decrypt(bytes.clone()).ok());
        let by_public = self.public.as_ref().and_then(|public| public.recover(&bytes, LONGEST).ok());
        by_kek.into_iter().chain(by_public).flat_map(inner).collect()
    }
}

/// The key within a wrapping: its bytes, or again a text of them.
fn inner(bytes: Vec<u8>) -> Vec<Key> {
    match std::str::from_utf8(&bytes) {
        Ok(text) => bare(text),
        Err(_) => fitting(bytes).into_iter().collect(),
    }
}

fn bare(text: &str) -> Vec<Key> {
    let readings = [text::from_hex(text), text::from_base64_tolerant(text), Ok(text.as_bytes().to_vec())];
    readings.into_iter().flatten().filter_map(fitting).collect()
}

fn fitting(bytes: Vec<u8>) -> Option<Key> {
    matches!(bytes.len(), 16 | 24 | 32).then(|| Key::from(bytes))
}

fn unreadable() -> BadKey {
    BadKey(
        "the released key cannot be read: expected an RSA key, or a key of 16, 24 or 32 bytes as hexadecimal, base64 or text"
            .into(),
    )
}

impl fmt::Debug for RestoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RestoreKey(***)")
    }
}

impl fmt::Debug for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wrapping(***)")
    }
}
