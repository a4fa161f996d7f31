//! Reading a signed-data container and checking the one signature in it.

use super::{Attributes, Naming};
use crate::asn1::{Element, NotDer, Parsed, oid, tag};
use crate::certificate::Certificate;
use crate::verify::Reason;
use ring::digest;
use rustls_pki_types::CertificateDer;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert};

/// Certificates that a container may bring.
const MOST_CERTIFICATES: usize = 24;

/// The digests that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

/// A container with exactly one signer.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    pub(crate) content_type: &'a [u8],
    /// What is inside, if the content is not elsewhere.
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) signed: Attributes<'a>,
    pub(crate) unsigned: Attributes<'a>,
    pub(crate) digest: Digest,
    pub(crate) signature: &'a [u8],
    who: Element<'a>,
    /// The signed attributes as they were signed.
    signed_bytes: Vec<u8>,
    algorithm: Element<'a>,
}

impl Digest {
    /// From an algorithm identifier.
    pub(crate) fn of(algorithm: Element<'_>) -> Parsed<Self> {
        match name(algorithm)? {
            oid::SHA256 => Ok(Self::Sha256),
            oid::SHA384 => Ok(Self::Sha384),
            oid::SHA512 => Ok(Self::Sha512),
            _ => Err(NotDer),
        }
    }

    pub(crate) const fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    /// The digest of parts one after another.
    pub(crate) fn over(self, parts: &[&[u8]]) -> digest::Digest {
        let mut context = digest::Context::new(self.algorithm());
        parts.iter().for_each(|part| context.update(part));
        context.finish()
    }

    /// Names of RSA and ECDSA with this digest.
    const fn signatures(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Self::Sha256 => (oid::RSA_SHA256, oid::ECDSA_SHA256),
            Self::Sha384 => (oid::RSA_SHA384, oid::ECDSA_SHA384),
            Self::Sha512 => (oid::RSA_SHA512, &[]),
        }
    }
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` in DER.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Reason> {
        let unreadable = |NotDer| Reason::Container;
        let mut data = signed_data(der).map_err(unreadable)?;
        let version = data.take(tag::INTEGER).map_err(unreadable)?.body;
        let digests = data.take(tag::SET).and_then(|set| set.inside().all()).map_err(unreadable)?;
        let (content_type, content) = data.sequence().and_then(content).map_err(unreadable)?;
        let certificates = data.maybe(tag::context(0)).and_then(certificates).map_err(unreadable)?;
        data.maybe(tag::context(1)).map_err(unreadable)?;
        let signers = data.take(tag::SET).and_then(|set| set.inside().all()).map_err(unreadable)?;
        data.end().map_err(unreadable)?;
        let [signer] = signers.as_slice() else { return Err(Reason::SeveralSigners) };
        let read = Self::signer(*signer, content_type, content, certificates)?;
        // RFC 5652, 5.1: what no signature covers must at least be as the standard says.
        let expected = if content_type == oid::DATA { [1] } else { [3] };
        let stated = digests.iter().any(|digest| Digest::of(*digest) == Ok(read.digest));
        if version == expected && stated { Ok(read) } else { Err(Reason::Container) }
    }

    fn signer(
        signer: Element<'a>,
        content_type: &'a [u8],
        content: Option<&'a [u8]>,
        certificates: Vec<Certificate>,
    ) -> Result<Self, Reason> {
        let unreadable = |NotDer| Reason::Container;
        let mut info = signer.tagged(tag::SEQUENCE).map_err(unreadable)?.inside();
        if info.take(tag::INTEGER).map_err(unreadable)?.body != [1] {
            return Err(Reason::Container);
        }
        let who = info.any().map_err(unreadable)?;
        let digest = info.take(tag::SEQUENCE).map_err(unreadable)?;
        let digest = Digest::of(digest).map_err(|NotDer| Reason::Algorithm)?;
        let set = info.maybe(tag::context(0)).map_err(unreadable)?.ok_or(Reason::NoSignedAttributes)?;
        let algorithm = info.take(tag::SEQUENCE).map_err(unreadable)?;
        let signature = info.take(tag::OCTET_STRING).map_err(unreadable)?.body;
        let unsigned = match info.maybe(tag::context(1)).map_err(unreadable)? {
            Some(set) => Attributes::read(set).map_err(unreadable)?,
            None => Attributes::default(),
        };
        info.end().map_err(unreadable)?;
        // Signed is the set itself, not the tag under which it is stored (RFC 5652, 5.4).
        let mut signed_bytes = set.whole.to_vec();
        signed_bytes[0] = tag::SET;
        let signed = Attributes::read(set).map_err(unreadable)?;
        Ok(Self {
            content_type,
            content,
            certificates,
            signed,
            unsigned,
            digest,
            signature,
            who,
            signed_bytes,
            algorithm,
        })
    }

    /// Checks content type, digest, naming and signature; gives the signer's certificate. `hash` is of the content.
    pub(crate) fn verify(&self, hash: &[u8], naming: Naming) -> Result<&Certificate, Reason> {
        let unreadable = |NotDer| Reason::Container;
        let stated = self.signed.one(oid::CONTENT_TYPE).map_err(unreadable)?;
        if stated.is_none_or(|stated| stated.tag != tag::OID || stated.body != self.content_type) {
            return Err(Reason::ContentType);
        }
        let digest = self.signed.one(oid::MESSAGE_DIGEST).map_err(unreadable)?.ok_or(Reason::Container)?;
        if digest.tag != tag::OCTET_STRING || digest.body != hash {
            return Err(Reason::Digest);
        }
        let signer = self.certificate()?;
        self.signed.name(signer, naming)?;
        if !signer.parts().and_then(|parts| parts.may_sign()).map_err(unreadable)? {
            return Err(Reason::WrongUsage);
        }
        self.check_signature(signer).map(|()| signer)
    }

    /// The certificate that the signer information points to.
    pub(crate) fn certificate(&self) -> Result<&Certificate, Reason> {
        // By key identifier nothing is accepted: no signer in use writes it.
        let mut who = self.who.tagged(tag::SEQUENCE).map_err(|NotDer| Reason::CertificateMissing)?.inside();
        let named = (|| Ok::<_, NotDer>((who.take(tag::SEQUENCE)?.whole, who.take(tag::INTEGER)?.body)))();
        let (issuer, serial) = named.map_err(|NotDer| Reason::Container)?;
        let fits = |certificate: &&Certificate| {
            certificate.parts().is_ok_and(|parts| parts.issuer.whole == issuer && parts.serial.body == serial)
        };
        self.certificates.iter().find(fits).ok_or(Reason::CertificateMissing)
    }

    fn check_signature(&self, signer: &Certificate) -> Result<(), Reason> {
        let (rsa, ecdsa) = self.digest.signatures();
        let name = name(self.algorithm).map_err(|NotDer| Reason::Algorithm)?;
        // Plain `rsaEncryption` means PKCS#1 v1.5 with the digest stated beside it (RFC 3370, 3.2).
        let wanted = if name == oid::RSA { rsa } else { name };
        if wanted != rsa && wanted != ecdsa {
            return Err(Reason::Algorithm);
        }
        let der = CertificateDer::from(signer.der());
        let certificate = EndEntityCert::try_from(&der).map_err(|_| Reason::CertificateMissing)?;
        let mut known = false;
        for algorithm in ALL_VERIFICATION_ALGS {
            let id = algorithm.signature_alg_id();
            let of = crate::asn1::Reader::new(id.as_ref()).take(tag::OID);
            if of.is_ok_and(|of| of.body == wanted) {
                known = true;
                if certificate.verify_signature(*algorithm, &self.signed_bytes, self.signature).is_ok() {
                    return Ok(());
                }
            }
        }
        Err(if known { Reason::SignatureWrong } else { Reason::Algorithm })
    }
}

/// The name of an algorithm that has no parameters, or NULL.
fn name(algorithm: Element<'_>) -> Parsed<&[u8]> {
    let mut algorithm = algorithm.inside();
    let name = algorithm.take(tag::OID)?.body;
    let null = algorithm.maybe(tag::NULL)?.is_none_or(|null| null.body.is_empty());
    algorithm.end()?;
    if null { Ok(name) } else { Err(NotDer) }
}

fn signed_data(der: &[u8]) -> Parsed<crate::asn1::Reader<'_>> {
    let mut info = Element::only(der)?.tagged(tag::SEQUENCE)?.inside();
    if info.take(tag::OID)?.body != oid::SIGNED_DATA {
        return Err(NotDer);
    }
    let mut inside = info.take(tag::context(0))?.inside();
    info.end()?;
    let data = inside.sequence()?;
    inside.end().map(|()| data)
}

fn content(mut info: crate::asn1::Reader<'_>) -> Parsed<(&[u8], Option<&[u8]>)> {
    let content_type = info.take(tag::OID)?.body;
    let content = match info.maybe(tag::context(0))? {
        Some(content) => Some(Element::only(content.body)?.tagged(tag::OCTET_STRING)?.body),
        None => None,
    };
    info.end().map(|()| (content_type, content))
}

fn certificates(set: Option<Element<'_>>) -> Parsed<Vec<Certificate>> {
    let Some(set) = set else { return Ok(Vec::new()) };
    let all = set.inside().all()?;
    if all.len() > MOST_CERTIFICATES {
        return Err(NotDer);
    }
    // Other kinds than X.509 have other tags and are of no use here.
    let plain = all.iter().filter(|one| one.tag == tag::SEQUENCE);
    plain.map(|one| Certificate::from_der(one.whole).map_err(|_| NotDer)).collect()
}
