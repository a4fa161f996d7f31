//! Unforeseeable bytes for padding and blinding, stretched from a nonce or a private key: never drawn here.

use crate::digest::hmac_sha256;
use rsa::rand_core::{CryptoRng, Error, RngCore, impls};
use zeroize::Zeroizing;

/// HMAC-SHA-256 over a counter, under a key that depends on everything the bytes are used for: the same nonce
/// met with another text or another key gives other bytes.
pub(super) struct Chance {
    key: Zeroizing<[u8; 32]>,
    counter: u64,
    block: Zeroizing<[u8; 32]>,
    used: usize,
}

impl Chance {
    pub(super) fn new(secret: &[u8], purpose: &[u8], subject: &[u8]) -> Self {
        let key = hmac_sha256(&hmac_sha256(secret, purpose), subject);
        Self { key: Zeroizing::new(key), counter: 0, block: Zeroizing::new([0; 32]), used: 32 }
    }

    fn next_byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            *self.block = hmac_sha256(&*self.key, &self.counter.to_be_bytes());
            self.counter += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.next_byte());
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Chance {}
