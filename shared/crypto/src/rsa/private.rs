//! The private half: opens what was encrypted for us, and never says why something does not open.

use super::chance::Chance;
use super::{Padding, PublicKey, pieces, read, whole_chunks};
use crate::key::Key;
use crate::secret::Secret;
use crate::{BadKey, Undecipherable, digest};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
};
use rsa::pkcs8::EncodePrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Bits from which AWS-LC takes a key.
const CONSTANT_TIME: usize = 2048;

/// A private key of 1024 to 4096 bits.
pub struct PrivateKey {
    plain: RsaPrivateKey,
    constant: Option<ConstantTime>,
    blinding: Zeroizing<[u8; 32]>,
}

/// The same key in AWS-LC.
struct ConstantTime {
    pkcs1: Pkcs1PrivateDecryptingKey,
    oaep: OaepPrivateDecryptingKey,
}

impl PrivateKey {
    /// Reads PKCS#8 or PKCS#1: PEM with or without its line breaks, or bare base64 or hexadecimal.
    pub fn read(text: &Secret) -> Result<Self, BadKey> {
        read::private(text)
    }

    pub(super) fn new(plain: RsaPrivateKey) -> Result<Self, BadKey> {
        if !balanced(&plain) {
            return Err(BadKey("the two primes of the RSA private key differ too much in length".into()));
        }
        let constant = match plain.n().bits() >= CONSTANT_TIME {
            true => Some(ConstantTime::new(&plain).ok_or_else(refused)?),
            false => None,
        };
        let exponent = Zeroizing::new(plain.d().to_bytes_be());
        Ok(Self {
            plain,
            constant,
            blinding: Zeroizing::new(digest::hmac_sha256(&exponent, b"rsa blinding")),
        })
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.plain.to_public_key())
    }

    /// The key as PKCS#8; every key that was read has this form.
    pub(crate) fn der(&self) -> Option<Key> {
        self.plain.to_pkcs8_der().ok().map(|der| Key::from(der.as_bytes().to_vec()))
    }

    /// Length of the modulus, and so of every ciphertext chunk, in bytes.
    pub fn modulus_len(&self) -> usize {
        self.plain.size()
    }

    /// Opens a ciphertext of at most `most` bytes; of `paddings` the first counts under which all chunks open,
    /// but OAEP before PKCS#1: one OAEP chunk in 400 to 700 also looks like PKCS#1, to which it opens as a few bytes of
    /// nonsense, while the reverse does not happen. A single chunk under the wrong key opens as PKCS#1 once in
    /// 100,000 times, so the text still has to make sense.
    ///
    /// Every padding named here is tried on every chunk, whatever came of those before: the time taken tells
    /// neither which chunk was bad nor which padding held. So each padding costs its time: name only those
    /// the partner uses.
    pub fn decrypt(
        &self,
        sealed: &[u8],
        paddings: &[Padding],
        most: usize,
    ) -> Result<Vec<u8>, Undecipherable> {
        if !whole_chunks(sealed, self.modulus_len(), most) {
            return Err(Undecipherable);
        }
        let (mut proven, mut likely) = (None, None);
        for padding in paddings {
            let whole = self.whole(sealed, *padding);
            let slot = if *padding == Padding::Pkcs1 { &mut likely } else { &mut proven };
            *slot = slot.take().or(whole);
        }
        proven.or(likely).ok_or(Undecipherable)
    }

    fn whole(&self, sealed: &[u8], padding: Padding) -> Option<Vec<u8>> {
        let mut joined = Vec::with_capacity(sealed.len());
        let mut good = true;
        for chunk in sealed.chunks(self.modulus_len()) {
            let piece = self.chunk(chunk, padding);
            good &= piece.is_some();
            joined.extend(piece.unwrap_or_default());
        }
        if !good {
            joined.zeroize();
        }
        good.then_some(joined)
    }

    fn chunk(&self, chunk: &[u8], padding: Padding) -> Option<Vec<u8>> {
        match (&self.constant, padding) {
            (Some(constant), Padding::Pkcs1) => constant.pkcs1(chunk),
            (Some(constant), Padding::OaepSha1) => constant.oaep_sha1(chunk),
            _ => self.blinded(chunk, padding),
        }
    }

    // The blinding is a secret function of the ciphertext: nobody without the key can foresee it, and to open
    // a message takes no source of chance.
    fn blinded(&self, chunk: &[u8], padding: Padding) -> Option<Vec<u8>> {
        let mut chance = Chance::new(&*self.blinding, b"decrypt", chunk);
        match padding.oaep() {
            None => self.plain.decrypt_blinded(&mut chance, Pkcs1v15Encrypt, chunk).ok(),
            Some(oaep) => self.plain.decrypt_blinded(&mut chance, oaep, chunk).ok(),
        }
    }

    /// Encrypts with the private key (Java's `encryptByPrivateKey`, PKCS#1 type 1) what [`PublicKey::recover`]
    /// reads: how yueyang's platform seals a field. The same text gives the same bytes.
    pub fn encrypt_recoverable(&self, plain: &[u8]) -> Result<Vec<u8>, BadKey> {
        let mut sealed = Vec::new();
        for piece in pieces(plain, self.modulus_len() - Padding::Pkcs1.overhead()) {
            let mut chance = Chance::new(&*self.blinding, b"encrypt", piece);
            let chunk = self.plain.sign_with_rng(&mut chance, Pkcs1v15Sign::new_unprefixed(), piece);
            sealed.extend(chunk.map_err(|_| refused())?);
        }
        Ok(sealed)
    }
}

impl ConstantTime {
    fn new(key: &RsaPrivateKey) -> Option<Self> {
        let der = key.to_pkcs8_der().ok()?;
        let key = PrivateDecryptingKey::from_pkcs8(der.as_bytes()).ok()?;
        Some(Self {
            pkcs1: Pkcs1PrivateDecryptingKey::new(key.clone()).ok()?,
            oaep: OaepPrivateDecryptingKey::new(key).ok()?,
        })
    }

    fn pkcs1(&self, chunk: &[u8]) -> Option<Vec<u8>> {
        let mut block = Zeroizing::new(vec![0; self.pkcs1.min_output_size()]);
        self.pkcs1.decrypt(chunk, &mut block).ok().map(|plain| plain.to_vec())
    }

    fn oaep_sha1(&self, chunk: &[u8]) -> Option<Vec<u8>> {
        let mut block = Zeroizing::new(vec![0; self.oaep.min_output_size()]);
        self.oaep.decrypt(&OAEP_SHA1_MGF1SHA1, chunk, &mut block, None).ok().map(|plain| plain.to_vec())
    }
}

/// Two different primes of about the same length and an exponent below the modulus. A key that comes in a
/// message may be made to keep us computing; real ones are all like this.
fn balanced(key: &RsaPrivateKey) -> bool {
    let bits = |number: &BigUint| number.bits();
    match key.primes() {
        [p, q] => p != q && bits(p).abs_diff(bits(q)) <= 4 && key.d() < key.n(),
        _ => false,
    }
}

fn refused() -> BadKey {
    BadKey("the RSA private key is inconsistent: ask its owner for the key again".into())
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(***)")
    }
}
