//! Signing a document: prepare → digest → sign → embed, so that the key may be anywhere.

mod archive;
mod place;
mod prepare;
mod update;

pub use prepare::{Prepared, prepare};

use crate::cms::write::{signed_attributes, signed_data};
use crate::keys::{Refused, Signer};
use crate::timestamp::{self, TimestampAuthority, Unstamped};
use crate::trust::{Purpose, TrustAnchors};
use crate::verify::{self, Limits};
use domain::Timestamp;

/// Where the signature shows: clicking there opens it. Nothing is drawn; the page has its seal already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Index of the page, from 0.
    pub page: usize,
    /// Left, bottom, right, top in points from the page's lower left corner.
    pub rect: [f32; 4],
}

/// What a signature says beside the document itself.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// When it is signed; a claim until a timestamp proves it.
    pub at: Timestamp,
    /// Where it shows.
    pub place: Place,
    /// Why it is signed, for example 出具保函.
    pub reason: &'a str,
    /// Who signs, by name; the certificate is what counts.
    pub name: &'a str,
}

/// Timestamps for a signature.
#[derive(Debug, Clone, Copy)]
pub struct Stamping<'a> {
    /// Who gives them.
    pub authority: &'a dyn TimestampAuthority,
    /// Roots the authority's certificate must lead to.
    pub trust: &'a TrustAnchors,
    /// Unforeseeable numbers, one for each timestamp.
    pub nonces: [[u8; 16]; 2],
    /// Whether the document gets its certificates and a timestamp over everything too (B-LTA), for verification after
    /// the signer's certificate has expired.
    pub whole_document: bool,
}

/// Why a document is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// The document cannot carry our signature.
    #[error("the document cannot be signed: {0}")]
    Document(&'static str),
    /// The certificate is not valid at the moment of signing.
    #[error("the signing certificate is valid from {0} to {1}, not now: put in place a valid one")]
    NotValid(Timestamp, Timestamp),
    /// The key does not sign.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No usable timestamp.
    #[error(transparent)]
    Unstamped(#[from] Unstamped),
    /// Our own verifier does not accept the result: a key that signs something else, a container that does not fit.
    #[error("the signed document does not pass our own check: {0}")]
    Unsound(&'static str),
}

impl NotSigned {
    /// Whether the same may succeed later.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unstamped(_))
    }
}

/// Signs a document: certifies it (no changes permitted), with timestamps if wanted, and checks the result.
/// Apart from the key's and the authority's answers it computes for a few milliseconds: keep it off the async threads.
///
/// # Errors
/// [`NotSigned`] with the reason.
pub async fn sign_document(
    pdf: &[u8],
    wording: &Wording<'_>,
    signer: &dyn Signer,
    stamping: Option<&Stamping<'_>>,
) -> Result<Vec<u8>, NotSigned> {
    let own = signer.chain().first().ok_or(NotSigned::Document("the signer has no certificate"))?;
    if wording.at < own.not_before() || wording.at > own.not_after() {
        return Err(NotSigned::NotValid(own.not_before(), own.not_after()));
    }
    let prepared = prepare(pdf, wording, room(signer, stamping.is_some()))?;
    let attributes = signed_attributes(&prepared.digest(), own);
    let signature = signer.sign(&attributes).await?;
    let mut certificates = signer.chain().to_vec();
    let token = match stamping {
        Some(stamping) => {
            Some(stamp(stamping, 0, &crypto::digest::sha256(&signature), &mut certificates).await?)
        }
        None => None,
    };
    let data = signed_data(&attributes, &signature, signer.chain(), signer.algorithm(), token.as_deref());
    let data = data.map_err(|_| NotSigned::Document("the signer's certificate cannot be read"))?;
    let mut signed = prepared.embed(&data)?;
    if let Some(stamping) = stamping.filter(|stamping| stamping.whole_document) {
        signed = archive(&signed, stamping, certificates).await?;
    }
    sound(&signed, wording.at)?;
    Ok(signed)
}

/// Bytes reserved for the container: attributes, signature and certificates, and as much again for a token.
fn room(signer: &dyn Signer, stamped: bool) -> usize {
    let chain: usize = signer.chain().iter().map(|one| one.der().len()).sum();
    (2048 + chain + if stamped { 8192 } else { 0 }).max(10 * 1024)
}

async fn archive(
    signed: &[u8],
    stamping: &Stamping<'_>,
    certificates: Vec<crate::Certificate>,
) -> Result<Vec<u8>, NotSigned> {
    let prepared = archive::prepare(signed, &certificates)?;
    let token = stamp(stamping, 1, &prepared.digest(), &mut Vec::new()).await?;
    prepared.embed(&token)
}

/// Asks for a timestamp and believes it only if its authority is trusted; remembers the authority's certificates.
async fn stamp(
    stamping: &Stamping<'_>,
    which: usize,
    hash: &[u8],
    certificates: &mut Vec<crate::Certificate>,
) -> Result<Vec<u8>, Unstamped> {
    let nonce = &stamping.nonces[which];
    let answer = stamping.authority.ask(timestamp::request(hash, nonce)).await?;
    let (token, stamp) = timestamp::granted(&answer, hash, nonce)?;
    let trusted = stamping.trust.accept(&stamp.authority, &stamp.certificates, stamp.at, Purpose::Timestamps);
    trusted.map_err(|reason| Unstamped(format!("is not trusted: {}", reason.english())))?;
    for certificate in stamp.certificates {
        if !certificates.contains(&certificate) {
            certificates.push(certificate);
        }
    }
    Ok(token)
}

fn sound(signed: &[u8], at: Timestamp) -> Result<(), NotSigned> {
    let limits = Limits { file_bytes: signed.len(), ..Limits::default() };
    // The authority's clock may be ahead of ours.
    let findings = verify::check(signed, &TrustAnchors::default(), at.plus_seconds(3600), &limits);
    let objection = findings
        .reasons
        .iter()
        .find(|reason| reason.is_objection() && **reason != verify::Reason::UnknownIssuer);
    match (findings.signature_valid && !findings.is_modified, objection) {
        (true, _) => Ok(()),
        (false, Some(reason)) => Err(NotSigned::Unsound(reason.english())),
        (false, None) => Err(NotSigned::Unsound("no signature was found")),
    }
}
