//! SM4 (GB/T 32907) as partners use it for sealed fields: ECB or CBC, PKCS#7 padding.

use crate::block::{self, Iv, Mode};
use crate::{BadKey, Undecipherable};
use cipher::KeyInit;
use std::fmt;

/// An SM4 cipher, of one partner or of one order; the key schedule is computed once, here.
pub struct Sm4 {
    cipher: sm4::Sm4,
    mode: Mode,
}

impl Sm4 {
    /// ECB (`SM4/ECB/PKCS5Padding`) with a key of 16 bytes.
    pub fn ecb(key: &[u8]) -> Result<Self, BadKey> {
        Ok(Self { cipher: schedule(key)?, mode: Mode::Ecb })
    }

    /// CBC (`SM4/CBC/PKCS5Padding`) with a key and an initial vector of 16 bytes each.
    pub fn cbc(key: &[u8], iv: &[u8]) -> Result<Self, BadKey> {
        Self::cbc_with(key, Iv::Given(iv))
    }

    /// CBC with its initial vector from wherever the partner takes it.
    pub fn cbc_with(key: &[u8], iv: Iv<'_>) -> Result<Self, BadKey> {
        Ok(Self { cipher: schedule(key)?, mode: block::cbc(key, iv)? })
    }

    /// Pads and encrypts `plain`.
    pub fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        block::encrypt(&self.cipher, &self.mode, plain)
    }

    /// Decrypts in place and removes the padding; takes the buffer so that no copy is needed.
    pub fn decrypt(&self, ciphertext: Vec<u8>) -> Result<Vec<u8>, Undecipherable> {
        block::decrypt(&self.cipher, &self.mode, ciphertext)
    }
}

fn schedule(key: &[u8]) -> Result<sm4::Sm4, BadKey> {
    sm4::Sm4::new_from_slice(key).map_err(|_| {
        BadKey(format!(
            "the SM4 key has {} bytes; it must have 16: check its value and its form (hex, base64, utf8 …)",
            key.len()
        ))
    })
}

impl fmt::Debug for Sm4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sm4(***)")
    }
}
