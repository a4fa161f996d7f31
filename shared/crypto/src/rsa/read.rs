//! RSA keys as partners paste them: PEM whole or flattened, bare base64 with blanks, hexadecimal; X.509, PKCS#8, PKCS#1.

use super::{LARGEST, PrivateKey, PublicKey, SMALLEST};
use crate::BadKey;
use crate::secret::Secret;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rsa::pkcs1::{ALGORITHM_OID, DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs8::{PrivateKeyInfo, SubjectPublicKeyInfoRef};
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};
use zeroize::Zeroizing;

/// No key of 4096 bits is written longer, whatever its form.
const LONGEST: usize = 8 * 1024;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a text turned out to be.
pub(crate) enum AnyKey {
    Public(PublicKey),
    Private(Box<PrivateKey>),
}

/// Reads a key without being told which half it is; a label is not believed, for partners mislabel.
pub(crate) fn any(text: &str) -> Result<AnyKey, BadKey> {
    if text.len() > LONGEST {
        return Err(BadKey(format!("the RSA key is longer than {LONGEST} characters")));
    }
    if text.contains("ENCRYPTED") {
        return Err(BadKey("the RSA key is protected by a password: configure it without one".into()));
    }
    let mut refusal = None;
    for der in ders(&body(text)) {
        match of_der(&der) {
            Some(Ok(key)) => return Ok(key),
            Some(Err(why)) => refusal = Some(why),
            None => {}
        }
    }
    Err(refusal.unwrap_or_else(unreadable))
}

pub(super) fn public(text: &str) -> Result<PublicKey, BadKey> {
    match any(text)? {
        AnyKey::Public(key) => Ok(key),
        AnyKey::Private(_) => Err(BadKey("this is an RSA private key, and a public key belongs here".into())),
    }
}

pub(super) fn private(text: &Secret) -> Result<PrivateKey, BadKey> {
    match any(text.expose())? {
        AnyKey::Private(key) => Ok(*key),
        AnyKey::Public(_) => Err(BadKey("this is an RSA public key, and a private key belongs here".into())),
    }
}

/// What stands between the lines of PEM, or everything; line breaks that were written as `\n` go.
fn body(text: &str) -> Zeroizing<String> {
    let inner = text.split("-----").nth(2).unwrap_or(text);
    Zeroizing::new(inner.replace("\\r", "").replace("\\n", ""))
}

/// The readings of the text. A blank is white space in a flattened PEM, and was a `+` where form decoding struck.
fn ders(body: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let plus = body.trim_ascii().replace(' ', "+");
    let tidy = |text: &str| -> Zeroizing<String> {
        let kept = text.chars().filter(|c| !c.is_whitespace());
        Zeroizing::new(
            kept.map(|c| {
                if c == '-' {
                    '+'
                } else if c == '_' {
                    '/'
                } else {
                    c
                }
            })
            .collect(),
        )
    };
    let (bare, plus) = (tidy(body), tidy(&Zeroizing::new(plus)));
    let mut readings: Vec<_> = hex::decode(&*bare).into_iter().map(Zeroizing::new).collect();
    readings.extend([bare, plus].iter().filter_map(|text| LENIENT.decode(&**text).ok()).map(Zeroizing::new));
    readings
}

/// `None` if this is no RSA key at all; an error if it is one that we do not take.
fn of_der(der: &[u8]) -> Option<Result<AnyKey, BadKey>> {
    if let Ok(info) = SubjectPublicKeyInfoRef::try_from(der) {
        info.algorithm.assert_algorithm_oid(ALGORITHM_OID).ok()?;
        return RsaPublicKey::from_pkcs1_der(info.subject_public_key.as_bytes()?).ok().map(taken_public);
    }
    if let Ok(info) = PrivateKeyInfo::try_from(der) {
        info.algorithm.assert_algorithm_oid(ALGORITHM_OID).ok()?;
        return RsaPrivateKey::from_pkcs1_der(info.private_key).ok().map(taken_private);
    }
    if let Ok(key) = RsaPublicKey::from_pkcs1_der(der) {
        return Some(taken_public(key));
    }
    RsaPrivateKey::from_pkcs1_der(der).ok().map(taken_private)
}

fn taken_public(key: RsaPublicKey) -> Result<AnyKey, BadKey> {
    fitting(&key)?;
    Ok(AnyKey::Public(PublicKey(key)))
}

fn taken_private(key: RsaPrivateKey) -> Result<AnyKey, BadKey> {
    fitting(&key)?;
    PrivateKey::new(key).map(|key| AnyKey::Private(Box::new(key)))
}

fn fitting(key: &impl PublicKeyParts) -> Result<(), BadKey> {
    let bits = key.n().bits();
    match (SMALLEST..=LARGEST).contains(&bits) {
        true => Ok(()),
        false => Err(BadKey(format!("the RSA key has {bits} bits; it must have {SMALLEST} to {LARGEST}"))),
    }
}

fn unreadable() -> BadKey {
    BadKey(format!(
        "the text is no RSA key of {SMALLEST} to {LARGEST} bits: expected X.509, PKCS#8 or PKCS#1 as PEM, base64 or hexadecimal"
    ))
}
