//! The attributes of a signer: each at most once, each with one value.

use crate::asn1::{Element, NotDer, Parsed, oid, tag};
use crate::certificate::Certificate;
use crate::verify::Reason;
use ring::digest;

/// Attributes in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes<'a>(Vec<(&'a [u8], Vec<Element<'a>>)>);

/// Which way of naming the signer's certificate is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// ESSCertIDv2 must be there (`PAdES`).
    V2,
    /// ESSCertID (SHA-1) or ESSCertIDv2 must be there (RFC 3161).
    Any,
    /// If it is there it must fit (`adbe.pkcs7.detached`).
    Optional,
}

impl<'a> Attributes<'a> {
    pub(crate) fn read(set: Element<'a>) -> Parsed<Self> {
        let mut found: Vec<(&[u8], Vec<Element<'_>>)> = Vec::new();
        for attribute in set.inside().all()? {
            let mut attribute = attribute.tagged(tag::SEQUENCE)?.inside();
            let name = attribute.take(tag::OID)?.body;
            let values = attribute.take(tag::SET)?.inside().all()?;
            attribute.end()?;
            if found.iter().any(|(known, _)| *known == name) {
                return Err(NotDer);
            }
            found.push((name, values));
        }
        Ok(Self(found))
    }

    /// The one value of this attribute.
    pub(crate) fn one(&self, name: &[u8]) -> Parsed<Option<Element<'a>>> {
        match self.0.iter().find(|(known, _)| *known == name) {
            None => Ok(None),
            Some((_, values)) => match values.as_slice() {
                [value] => Ok(Some(*value)),
                _ => Err(NotDer),
            },
        }
    }

    /// Whether the attributes name this certificate as the signer's.
    pub(crate) fn name(&self, certificate: &Certificate, naming: Naming) -> Result<(), Reason> {
        let container = |NotDer| Reason::Container;
        let v2 = self.one(oid::SIGNING_CERTIFICATE_V2).map_err(container)?;
        let v1 = self.one(oid::SIGNING_CERTIFICATE).map_err(container)?;
        let missing = match naming {
            Naming::V2 => v2.is_none(),
            Naming::Any => v2.is_none() && v1.is_none(),
            Naming::Optional => false,
        };
        if missing {
            return Err(Reason::CertificateNotNamed);
        }
        for (value, default) in [(v2, &digest::SHA256), (v1, &digest::SHA1_FOR_LEGACY_USE_ONLY)] {
            let Some(value) = value else { continue };
            let (algorithm, hash) = first_id(value, default).map_err(container)?;
            if digest::digest(algorithm, certificate.der()).as_ref() != hash {
                return Err(Reason::CertificateMissing);
            }
        }
        Ok(())
    }
}

/// Algorithm and hash of the first certificate that the attribute names: that is the signer's.
fn first_id<'a>(
    value: Element<'a>,
    default: &'static digest::Algorithm,
) -> Parsed<(&'static digest::Algorithm, &'a [u8])> {
    let mut id = value.tagged(tag::SEQUENCE)?.inside().sequence()?.sequence()?;
    let mut algorithm = default;
    if let Some(stated) = id.maybe(tag::SEQUENCE)? {
        algorithm = super::Digest::of(stated)?.algorithm();
    }
    Ok((algorithm, id.take(tag::OCTET_STRING)?.body))
}
