//! The public half: texts for the holder of the private key, and the recovery of what was encrypted with it.

use super::chance::Chance;
use super::{Padding, pieces, read, whole_chunks};
use crate::key::Key;
use crate::{BadKey, Undecipherable};
use rsa::hazmat::rsa_encrypt;
use rsa::pkcs8::EncodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPublicKey};
use std::fmt;

/// A public key of 1024 to 4096 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(pub(super) RsaPublicKey);

impl PublicKey {
    /// Reads X.509 (SPKI) or PKCS#1: PEM with or without its line breaks, or bare base64 or hexadecimal.
    pub fn read(text: &str) -> Result<Self, BadKey> {
        read::public(text)
    }

    /// Length of the modulus, and so of every ciphertext chunk, in bytes.
    pub fn modulus_len(&self) -> usize {
        self.0.size()
    }

    /// The key as X.509 (SPKI); every key that was read has this form.
    pub(crate) fn der(&self) -> Option<Key> {
        self.0.to_public_key_der().ok().map(|der| Key::from(der.into_vec()))
    }

    /// Longest plaintext chunk in bytes: 245 for 2048 bits and PKCS#1.
    pub fn chunk_len(&self, padding: Padding) -> usize {
        self.modulus_len() - padding.overhead()
    }

    /// Encrypts a text of any length. `nonce` is 16 unforeseeable bytes; the same one may serve several texts,
    /// for the padding is drawn from it together with key and text.
    pub fn encrypt(&self, plain: &[u8], padding: Padding, nonce: &[u8; 16]) -> Result<Vec<u8>, BadKey> {
        let subject = [&self.0.n().to_bytes_be(), plain].concat();
        let mut chance = Chance::new(nonce, b"rsa padding", &subject);
        let mut sealed = Vec::with_capacity((plain.len() / self.chunk_len(padding) + 1) * self.modulus_len());
        for piece in pieces(plain, self.chunk_len(padding)) {
            let chunk = match padding.oaep() {
                None => self.0.encrypt(&mut chance, Pkcs1v15Encrypt, piece),
                Some(oaep) => self.0.encrypt(&mut chance, oaep, piece),
            };
            sealed.extend(chunk.map_err(|_| BadKey("the RSA public key does not encrypt".into()))?);
        }
        Ok(sealed)
    }

    /// Recovers what the private key encrypted (Java's `decryptByPublicKey`): PKCS#1 type 1, strictly
    /// `00 01 FF…FF 00` with at least eight `FF`. Anybody with the public key can do this: it proves origin
    /// and hides nothing. Longer ciphertexts than `most` bytes are refused.
    pub fn recover(&self, sealed: &[u8], most: usize) -> Result<Vec<u8>, Undecipherable> {
        if !whole_chunks(sealed, self.modulus_len(), most) {
            return Err(Undecipherable);
        }
        let mut plain = Vec::with_capacity(sealed.len());
        for chunk in sealed.chunks(self.modulus_len()) {
            plain.extend_from_slice(unpadded(&self.raw(chunk)?).ok_or(Undecipherable)?);
        }
        Ok(plain)
    }

    fn raw(&self, chunk: &[u8]) -> Result<Vec<u8>, Undecipherable> {
        let number = BigUint::from_bytes_be(chunk);
        if &number >= self.0.n() {
            return Err(Undecipherable);
        }
        let digits = rsa_encrypt(&self.0, &number).map_err(|_| Undecipherable)?.to_bytes_be();
        let mut block = vec![0; self.modulus_len().saturating_sub(digits.len())];
        block.extend(digits);
        Ok(block)
    }
}

/// The content of a type 1 block.
fn unpadded(block: &[u8]) -> Option<&[u8]> {
    let padded = block.strip_prefix(&[0x00, 0x01])?;
    let filling = padded.iter().position(|byte| *byte != 0xff)?;
    (filling >= 8 && padded[filling] == 0).then(|| &padded[filling + 1..])
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bits)", self.0.n().bits())
    }
}
