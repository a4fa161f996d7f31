//! PBES2 (RFC 8018) with PBKDF2-HMAC-SHA-256 and AES-CBC: how private keys and PKCS#12 containers are encrypted today.

use super::BadKey;
use crate::asn1::{Element, Parsed, Reader, oid, tag};
use crypto::aes::Aes;
use ring::pbkdf2;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// A container that demands more rounds than this is not worth the wait.
const MOST_ROUNDS: u32 = 10_000_000;

/// Decrypts an `EncryptedPrivateKeyInfo`.
pub(super) fn private_key(der: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, BadKey> {
    let mut info = Element::only(der).map_err(|_| BadKey::NotPkcs8)?.inside();
    let algorithm = info.sequence().map_err(|_| BadKey::NotPkcs8)?;
    let data = info.take(tag::OCTET_STRING).map_err(|_| BadKey::NotPkcs8)?;
    decrypt(algorithm, data.body, password)
}

/// Decrypts with the algorithm named.
pub(super) fn decrypt(
    algorithm: Reader<'_>,
    data: &[u8],
    password: &[u8],
) -> Result<Zeroizing<Vec<u8>>, BadKey> {
    let scheme = Scheme::read(algorithm).map_err(|_| BadKey::Locked)?;
    let rounds = NonZeroU32::new(scheme.rounds).filter(|rounds| rounds.get() <= MOST_ROUNDS);
    let mut key = Zeroizing::new([0; 32]);
    let key = &mut key[..scheme.key_length];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds.ok_or(BadKey::Locked)?, scheme.salt, password, key);
    let cipher = Aes::cbc(key, scheme.vector).map_err(|_| BadKey::Locked)?;
    cipher.decrypt(data.to_vec()).map(Zeroizing::new).map_err(|_| BadKey::Locked)
}

struct Scheme<'a> {
    salt: &'a [u8],
    rounds: u32,
    key_length: usize,
    vector: &'a [u8],
}

impl<'a> Scheme<'a> {
    fn read(mut algorithm: Reader<'a>) -> Parsed<Self> {
        let expect = |holds: bool| if holds { Ok(()) } else { Err(crate::asn1::NotDer) };
        expect(algorithm.take(tag::OID)?.body == oid::PBES2)?;
        let mut parameters = algorithm.sequence()?;
        let mut derivation = parameters.sequence()?;
        expect(derivation.take(tag::OID)?.body == oid::PBKDF2)?;
        let mut derivation = derivation.sequence()?;
        let salt = derivation.take(tag::OCTET_STRING)?.body;
        let rounds = derivation.take(tag::INTEGER)?.body;
        expect(rounds.len() <= 4)?;
        let rounds = rounds.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        derivation.maybe(tag::INTEGER)?;
        expect(derivation.sequence()?.take(tag::OID)?.body == oid::HMAC_SHA256)?;
        let mut cipher = parameters.sequence()?;
        let key_length = match cipher.take(tag::OID)?.body {
            oid::AES128_CBC => 16,
            oid::AES256_CBC => 32,
            _ => return Err(crate::asn1::NotDer),
        };
        Ok(Self { salt, rounds, key_length, vector: cipher.take(tag::OCTET_STRING)?.body })
    }
}
