//! The digests partners sign with (MD5, SM3) and those we use between our own parts (SHA-256, HMAC-SHA-256).

use hmac::Mac;
use md5::Digest;

/// MD5, for partners whose documents demand it; never for anything of our own.
pub fn md5(bytes: &[u8]) -> [u8; 16] {
    md5::Md5::digest(bytes).into()
}

/// SM3 (GB/T 32905).
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(bytes).into()
}

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// SHA-1; here only because a partner's key is derived with it (see [`crate::key::KeyForm::Sha1prng`]).
pub(crate) fn sha1(bytes: &[u8]) -> [u8; 20] {
    sha1::Sha1::digest(bytes).into()
}

/// HMAC-SM3 (RFC 2104), fed piece by piece.
pub(crate) struct HmacSm3(hmac::Hmac<sm3::Sm3>);

impl HmacSm3 {
    /// With a key of any length.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0; 64];
        if key.len() > block.len() {
            block[..32].copy_from_slice(&sm3(key));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        Self(<hmac::Hmac<sm3::Sm3> as cipher::KeyInit>::new(&block.into()))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into_bytes().into()
    }
}

/// HMAC-SHA-256 (RFC 2104) with a key of any length.
pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&sha256(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut mac = <hmac::Hmac<sha2::Sha256> as cipher::KeyInit>::new(&block.into());
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}
