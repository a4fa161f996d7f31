//! Timestamps (RFC 3161): asking an authority, and checking what it said.

use crate::asn1::{Element, NotDer, Parsed, moment, oid, tag, write};
use crate::certificate::Certificate;
use crate::cms::{Digest, Naming, SignedData};
use crate::keys::Later;
use crate::verify::Reason;
use domain::Timestamp;
use std::fmt;

/// A timestamp authority: one HTTP POST of `application/timestamp-query`, answered by `application/timestamp-reply`.
/// The caller brings the HTTP, with a deadline and a cap of its own.
pub trait TimestampAuthority: fmt::Debug + Send + Sync {
    /// Sends the request and gives the body of the answer.
    fn ask(&self, request: Vec<u8>) -> Later<'_, Result<Vec<u8>, Unstamped>>;
}

/// No usable timestamp came; the text is for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the timestamp authority: {0}")]
pub struct Unstamped(pub String);

/// A timestamp whose signature holds. Whether its authority is trusted is another question.
#[derive(Debug)]
pub(crate) struct Stamp {
    pub(crate) at: Timestamp,
    pub(crate) authority: Certificate,
    pub(crate) certificates: Vec<Certificate>,
    nonce: Option<Vec<u8>>,
}

/// A request for a timestamp of this SHA-256, with the authority's certificate in the answer.
pub(crate) fn request(hash: &[u8], nonce: &[u8]) -> Vec<u8> {
    let imprint =
        write::sequence(&[&write::algorithm(oid::SHA256, true), &write::element(tag::OCTET_STRING, hash)]);
    write::sequence(&[&[tag::INTEGER, 1, 1], &imprint, &write::integer(nonce), &[tag::BOOLEAN, 1, 0xff]])
}

/// The token in an answer, if it answers this request: granted, same imprint, same nonce, signed by an authority.
pub(crate) fn granted(answer: &[u8], hash: &[u8], nonce: &[u8]) -> Result<(Vec<u8>, Stamp), Unstamped> {
    let token = token(answer)?;
    let said = |reason: Reason| Unstamped(format!("its answer cannot be used: {}", reason.english()));
    let stamp = read(&token, |digest| (digest == Digest::Sha256).then(|| hash.to_vec())).map_err(said)?;
    let asked = write::integer(nonce);
    if stamp.nonce.as_deref() != Some(&asked[..]) {
        return Err(Unstamped("it answered another request (the nonce differs)".to_owned()));
    }
    Ok((token, stamp))
}

fn token(answer: &[u8]) -> Result<Vec<u8>, Unstamped> {
    let unreadable = |NotDer| Unstamped("its answer is no timestamp reply".to_owned());
    let mut reply =
        Element::only(answer).and_then(|all| all.tagged(tag::SEQUENCE)).map_err(unreadable)?.inside();
    let status = reply.sequence().and_then(|mut info| info.take(tag::INTEGER)).map_err(unreadable)?;
    if !matches!(status.body, [0 | 1]) {
        return Err(Unstamped(format!("it refused (status {:?})", status.body)));
    }
    reply.take(tag::SEQUENCE).map(|token| token.whole.to_vec()).map_err(unreadable)
}

/// Reads a token (a CMS container in DER) and checks everything but trust: `hash` gives the digest of what is stamped.
pub(crate) fn read(token: &[u8], hash: impl FnOnce(Digest) -> Option<Vec<u8>>) -> Result<Stamp, Reason> {
    let data = SignedData::read(token)?;
    if data.content_type != oid::TST_INFO {
        return Err(Reason::ContentType);
    }
    let content = data.content.ok_or(Reason::ContentType)?;
    let info = Info::read(content).map_err(|NotDer| Reason::Container)?;
    let signer = data.verify(data.digest.over(&[content]).as_ref(), Naming::Any)?.clone();
    if !signer.parts().and_then(|parts| parts.only_stamps()).map_err(|NotDer| Reason::Container)? {
        return Err(Reason::WrongUsage);
    }
    if hash(info.digest).as_deref() != Some(info.imprint) {
        return Err(Reason::Digest);
    }
    // The certificate must have been valid at the time it states, whatever else is trusted.
    if info.at < signer.not_before() || info.at > signer.not_after() {
        return Err(Reason::Expired);
    }
    let nonce = info.nonce.map(<[u8]>::to_vec);
    Ok(Stamp { at: info.at, authority: signer, nonce, certificates: data.certificates })
}

struct Info<'a> {
    digest: Digest,
    imprint: &'a [u8],
    at: Timestamp,
    nonce: Option<&'a [u8]>,
}

impl<'a> Info<'a> {
    fn read(der: &'a [u8]) -> Parsed<Self> {
        let mut info = Element::only(der)?.tagged(tag::SEQUENCE)?.inside();
        if info.take(tag::INTEGER)?.body != [1] {
            return Err(NotDer);
        }
        info.take(tag::OID)?;
        let mut imprint = info.sequence()?;
        let digest = Digest::of(imprint.take(tag::SEQUENCE)?)?;
        let hash = imprint.take(tag::OCTET_STRING)?.body;
        info.take(tag::INTEGER)?;
        let at = moment::read(info.any()?)?;
        info.maybe(tag::SEQUENCE)?;
        info.maybe(tag::BOOLEAN)?;
        let nonce = info.maybe(tag::INTEGER)?.map(|nonce| nonce.whole);
        Ok(Self { digest, imprint: hash, at, nonce })
    }
}
