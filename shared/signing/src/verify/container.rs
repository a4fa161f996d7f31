//! The container in a signature's place: the signer's signature, or a timestamp's token.

use super::coverage::Coverage;
use super::fields::Field;
use super::{Reason, SigningTime, TimeSource};
use crate::asn1::{NotDer, Reader, ber, moment, oid};
use crate::certificate::Certificate;
use crate::cms::{Naming, SignedData};
use crate::pdf::Object;
use crate::timestamp::{self, Stamp};
use domain::Timestamp;

/// Largest container that is looked at, bytes.
const LARGEST: usize = 256 * 1024;

/// A sound signature.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) certificate: Certificate,
    pub(super) certificates: Vec<Certificate>,
    pub(super) stamp: Option<Stamp>,
    /// What the signer says about when.
    pub(super) claimed: Option<SigningTime>,
}

/// Checks a signature.
pub(super) fn signed(bytes: &[u8], field: &Field, coverage: &Coverage) -> Result<Signed, Reason> {
    let naming = match field.dict.get("SubFilter") {
        Some(Object::Name(name)) if name == b"ETSI.CAdES.detached" => Naming::V2,
        Some(Object::Name(name)) if name == b"adbe.pkcs7.detached" => Naming::Optional,
        _ => return Err(Reason::SubFilter),
    };
    let der = container(field)?;
    let data = SignedData::read(&der)?;
    if data.content_type != oid::DATA || data.content.is_some() {
        return Err(Reason::ContentType);
    }
    let hash = data.digest.over(&coverage.parts(bytes));
    let certificate = data.verify(hash.as_ref(), naming)?.clone();
    let token = data.unsigned.one(oid::TIMESTAMP_TOKEN).map_err(|NotDer| Reason::TimestampWrong)?;
    let stamp = match token {
        // The signature value is what is stamped. A token that does not hold was put there by somebody else.
        Some(token) => Some(
            timestamp::read(token.whole, |digest| Some(digest.over(&[data.signature]).as_ref().to_vec()))
                .map_err(|_| Reason::TimestampWrong)?,
        ),
        None => None,
    };
    let attribute = data.signed.one(oid::SIGNING_TIME).map_err(|NotDer| Reason::Container)?;
    let attribute = attribute.and_then(|at| moment::read(at).ok());
    let claimed = attribute
        .map(|at| SigningTime { at, source: TimeSource::Attribute })
        .or_else(|| said(field).map(|at| SigningTime { at, source: TimeSource::Dictionary }));
    Ok(Signed { certificate, certificates: data.certificates, stamp, claimed })
}

/// Checks a document timestamp.
pub(super) fn stamp(bytes: &[u8], field: &Field, coverage: &Coverage) -> Result<Stamp, Reason> {
    let der = container(field)?;
    let hash = |digest: crate::cms::Digest| Some(digest.over(&coverage.parts(bytes)).as_ref().to_vec());
    timestamp::read(&der, hash)
}

/// The container as DER; behind it there are only zeros.
fn container(field: &Field) -> Result<Vec<u8>, Reason> {
    let Some(Object::Text(contents)) = field.dict.get("Contents") else { return Err(Reason::Gap) };
    let bytes = &contents.bytes;
    let strict = Reader::new(bytes).any().ok().filter(|first| SignedData::read(first.whole).is_ok());
    let (der, used) = match strict {
        Some(first) => (first.whole.to_vec(), first.whole.len()),
        None => ber::first_as_der(bytes).map_err(|NotDer| Reason::Container)?,
    };
    if used > LARGEST {
        return Err(Reason::BeyondLimits);
    }
    if bytes[used..].iter().any(|byte| *byte != 0) {
        return Err(Reason::Padding);
    }
    Ok(der)
}

/// `/M`: `D:YYYYMMDDHHmmSS` and a zone.
fn said(field: &Field) -> Option<Timestamp> {
    let Some(Object::Text(text)) = field.dict.get("M") else { return None };
    let text = std::str::from_utf8(&text.bytes).ok().filter(|text| text.is_ascii())?.strip_prefix("D:")?;
    let (digits, zone) = text.split_at_checked(14)?;
    let rfc = |zone: &str| {
        let part = |at: usize| &digits[at..at + 2];
        let day = format!("{}-{}-{}", &digits[..4], part(4), part(6));
        Timestamp::try_from(format!("{day}T{}:{}:{}{zone}", part(8), part(10), part(12))).ok()
    };
    let zone: String = zone.chars().filter(|char| *char != '\'').collect();
    match zone.as_str() {
        "" | "Z" => rfc("Z"),
        zone if zone.len() == 5 => rfc(&format!("{}:{}", &zone[..3], &zone[3..])),
        _ => None,
    }
}
