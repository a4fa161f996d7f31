//! AES as partners use it for request and callback bodies: 128, 192 or 256 bits, ECB or CBC, PKCS#7 padding.

use crate::block::{self, Iv, Mode};
use crate::{BadKey, Undecipherable};
use cipher::KeyInit;
use std::fmt;

/// One partner's AES cipher; the key schedule is computed once, here.
pub struct Aes {
    width: Width,
    mode: Mode,
}

enum Width {
    Bits128(aes::Aes128),
    Bits192(aes::Aes192),
    Bits256(aes::Aes256),
}

impl Aes {
    /// ECB (`AES/ECB/PKCS5Padding` in Java's words) with a key of 16, 24 or 32 bytes.
    pub fn ecb(key: &[u8]) -> Result<Self, BadKey> {
        Ok(Self { width: Width::of(key)?, mode: Mode::Ecb })
    }

    /// CBC (`AES/CBC/PKCS5Padding`) with a key of 16, 24 or 32 bytes and an initial vector of 16.
    pub fn cbc(key: &[u8], iv: &[u8]) -> Result<Self, BadKey> {
        Self::cbc_with(key, Iv::Given(iv))
    }

    /// CBC with its initial vector from wherever the partner takes it.
    pub fn cbc_with(key: &[u8], iv: Iv<'_>) -> Result<Self, BadKey> {
        Ok(Self { width: Width::of(key)?, mode: block::cbc(key, iv)? })
    }

    /// Pads and encrypts `plain`.
    pub fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        match &self.width {
            Width::Bits128(cipher) => block::encrypt(cipher, &self.mode, plain),
            Width::Bits192(cipher) => block::encrypt(cipher, &self.mode, plain),
            Width::Bits256(cipher) => block::encrypt(cipher, &self.mode, plain),
        }
    }

    /// Decrypts in place and removes the padding; takes the buffer so that no copy is needed.
    pub fn decrypt(&self, ciphertext: Vec<u8>) -> Result<Vec<u8>, Undecipherable> {
        match &self.width {
            Width::Bits128(cipher) => block::decrypt(cipher, &self.mode, ciphertext),
            Width::Bits192(cipher) => block::decrypt(cipher, &self.mode, ciphertext),
            Width::Bits256(cipher) => block::decrypt(cipher, &self.mode, ciphertext),
        }
    }
}

impl Width {
    fn of(key: &[u8]) -> Result<Self, BadKey> {
        let wrong = |_| {
            BadKey(format!(
                "the AES key has {} bytes; it must have 16, 24 or 32: check its value and its form (utf8, hex, base64 …)",
                key.len()
            ))
        };
        match key.len() {
            24 => aes::Aes192::new_from_slice(key).map(Self::Bits192).map_err(wrong),
            32 => aes::Aes256::new_from_slice(key).map(Self::Bits256).map_err(wrong),
            _ => aes::Aes128::new_from_slice(key).map(Self::Bits128).map_err(wrong),
        }
    }
}

impl fmt::Debug for Aes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aes(***)")
    }
}
