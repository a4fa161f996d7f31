//! Certificates: what we need to know of them, and whether they belong to the sandbox.

use crate::asn1::{Element, NotDer, Parsed, Reader, moment, oid, tag};
use crypto::digest::sha256;
use domain::Timestamp;
use std::fmt;

/// What the organizational unit of every sandbox certificate begins with; `deploy/dev/signing` writes it.
pub const SANDBOX_MARK: &str = "SANDBOX";

/// An X.509 certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: Name,
    issuer: Name,
    not_before: Timestamp,
    not_after: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    shown: String,
    sandbox: bool,
}

/// The bytes are no X.509 certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an X.509 certificate")]
pub struct BadCertificate;

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// If it is no certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, BadCertificate> {
        Self::read(der).map_err(|NotDer| BadCertificate)
    }

    fn read(der: &[u8]) -> Parsed<Self> {
        let parts = Parts::read(der)?;
        Ok(Self {
            der: der.to_vec(),
            subject: name(parts.subject)?,
            issuer: name(parts.issuer)?,
            not_before: parts.not_before,
            not_after: parts.not_after,
        })
    }

    /// Its DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whose it is: the common name, or the organization if there is none.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject.shown
    }

    /// Who issued it, as [`Certificate::subject`].
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer.shown
    }

    /// From when it holds.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Until when it holds.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether it, or who issued it, is marked as sandbox: an organizational unit that begins with [`SANDBOX_MARK`].
    #[must_use]
    pub const fn is_sandbox(&self) -> bool {
        self.subject.sandbox || self.issuer.sandbox
    }

    /// Its SHA-256, which signatures name it by.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    pub(crate) fn parts(&self) -> Parsed<Parts<'_>> {
        Parts::read(&self.der)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} issued by {})", self.subject(), self.issuer())
    }
}

/// A certificate taken apart, in place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) serial: Element<'a>,
    pub(crate) issuer: Element<'a>,
    pub(crate) subject: Element<'a>,
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
    pub(crate) public_key: PublicKey<'a>,
    extensions: Option<Reader<'a>>,
}

/// A public key: its algorithm, the curve if there is one, and its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicKey<'a> {
    pub(crate) algorithm: &'a [u8],
    pub(crate) curve: Option<&'a [u8]>,
    pub(crate) bits: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Parsed<Self> {
        let mut tbs = Element::only(der)?.tagged(tag::SEQUENCE)?.inside().sequence()?;
        tbs.maybe(tag::context(0))?;
        let serial = tbs.take(tag::INTEGER)?;
        tbs.take(tag::SEQUENCE)?;
        let issuer = tbs.take(tag::SEQUENCE)?;
        let mut validity = tbs.sequence()?;
        let (not_before, not_after) = (moment::read(validity.any()?)?, moment::read(validity.any()?)?);
        let subject = tbs.take(tag::SEQUENCE)?;
        let public_key = public_key(tbs.sequence()?)?;
        let mut extensions = None;
        while !tbs.is_empty() {
            let element = tbs.any()?;
            if element.tag == tag::context(3) {
                extensions = Some(element.inside().sequence()?);
            }
        }
        Ok(Self { serial, issuer, subject, not_before, not_after, public_key, extensions })
    }

    /// An extension: whether it is critical, and its value.
    pub(crate) fn extension(&self, wanted: &[u8]) -> Parsed<Option<(bool, &'a [u8])>> {
        let Some(mut all) = self.extensions else { return Ok(None) };
        while !all.is_empty() {
            let mut one = all.sequence()?;
            let name = one.take(tag::OID)?;
            let critical = one.maybe(tag::BOOLEAN)?.is_some_and(|value| value.body != [0]);
            let value = one.take(tag::OCTET_STRING)?;
            if name.body == wanted {
                return Ok(Some((critical, value.body)));
            }
        }
        Ok(None)
    }

    /// Whether its key may sign documents: no key usage is stated, or digitalSignature or nonRepudiation is.
    pub(crate) fn may_sign(&self) -> Parsed<bool> {
        let Some((_, value)) = self.extension(oid::KEY_USAGE)? else { return Ok(true) };
        let bits = Element::only(value)?.tagged(tag::BIT_STRING)?;
        Ok(bits.body.get(1).is_some_and(|first| first & 0b1100_0000 != 0))
    }

    /// Whether it is for timestamps and for nothing else, and says so critically (RFC 3161, 2.3).
    pub(crate) fn only_stamps(&self) -> Parsed<bool> {
        let Some((critical, value)) = self.extension(oid::EXTENDED_KEY_USAGE)? else { return Ok(false) };
        let usages = Element::only(value)?.tagged(tag::SEQUENCE)?.inside().all()?;
        Ok(critical && matches!(usages.as_slice(), [only] if only.body == oid::TIME_STAMPING))
    }
}

fn public_key(mut info: Reader<'_>) -> Parsed<PublicKey<'_>> {
    let mut algorithm = info.sequence()?;
    let name = algorithm.take(tag::OID)?.body;
    let curve = algorithm.maybe(tag::OID)?.map(|curve| curve.body);
    let [0, bits @ ..] = info.take(tag::BIT_STRING)?.body else { return Err(NotDer) };
    Ok(PublicKey { algorithm: name, curve, bits })
}

fn name(name: Element<'_>) -> Parsed<Name> {
    let (mut common, mut organization, mut sandbox) = (None, None, false);
    for set in name.inside().all()? {
        for attribute in set.tagged(tag::SET)?.inside().all()? {
            let mut attribute = attribute.tagged(tag::SEQUENCE)?.inside();
            let (kind, value) = (attribute.take(tag::OID)?.body, text(attribute.any()?));
            match kind {
                oid::COMMON_NAME => common = Some(value),
                oid::ORGANIZATION => organization = Some(value),
                oid::ORGANIZATIONAL_UNIT => sandbox |= value.starts_with(SANDBOX_MARK),
                _ => {}
            }
        }
    }
    Ok(Name { shown: common.or(organization).unwrap_or_default(), sandbox })
}

/// Text in any of the forms of a name; control characters do not reach those who read it.
fn text(value: Element<'_>) -> String {
    let text = if value.tag == tag::BMP {
        let units = value.body.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        char::decode_utf16(units).map(|char| char.unwrap_or('\u{fffd}')).collect()
    } else {
        String::from_utf8_lossy(value.body).into_owned()
    };
    text.chars().filter(|char| !char.is_control()).collect()
}
