//! What a check found out.

use super::Reason;
use crypto::digest::sha256;
use domain::Timestamp;

/// The verdicts on a document: each stands by itself, each begins at its worst, and unknown stays bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// SHA-256 of the file in lower-case hex: equal to that of a document we issued is the strongest answer there is.
    pub sha256: String,
    /// The signature is sound: container, digest, value, and its place in the file; so are all timestamps.
    pub signature_valid: bool,
    /// The document is not, or not certainly, what was signed.
    pub is_modified: bool,
    /// The signer's certificate leads to a trusted root and was valid when it signed (proven) or is now (not proven).
    pub trusted: bool,
    /// When it was signed, and how we know.
    pub signing_time: Option<SigningTime>,
    /// Common name of the signer's certificate; only of a valid signature.
    pub signer: Option<String>,
    /// Common name of its issuer.
    pub issuer: Option<String>,
    /// Signed with a sandbox certificate.
    pub sandbox: bool,
    /// Everything that was noticed, in the order it was.
    pub reasons: Vec<Reason>,
}

/// A moment and what vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningTime {
    /// The moment.
    pub at: Timestamp,
    /// Where it comes from.
    pub source: TimeSource,
}

/// What vouches for a signing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSource {
    /// A trusted timestamp authority: proven.
    Timestamp,
    /// The signed attribute `signingTime`: the signer's claim.
    Attribute,
    /// The entry `/M` of the signature dictionary: the signer's claim.
    Dictionary,
}

impl Findings {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: hex::encode(sha256(bytes)),
            signature_valid: false,
            is_modified: true,
            trusted: false,
            signing_time: None,
            signer: None,
            issuer: None,
            sandbox: false,
            reasons: Vec::new(),
        }
    }

    /// Signature valid, document unmodified, signer trusted.
    #[must_use]
    pub const fn is_genuine(&self) -> bool {
        self.signature_valid && !self.is_modified && self.trusted
    }

    pub(super) fn object(&mut self, reason: Reason) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}
