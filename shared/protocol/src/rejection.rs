//! Why a request was turned away before it became a call.

use crate::Interface;

/// Kinds of rejection; protocols map them to their own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RejectionKind {
    /// Signature, key or identity does not hold, or the body does not decipher: all alike to the partner.
    Forged,
    /// Not the protocol's envelope at all.
    Unreadable,
    /// Too far from our clock.
    Stale,
    /// No such interface, or nothing of ours that could bear the number that is quoted.
    Unknown,
    /// A field is missing, malformed or out of its list of values.
    Malformed,
    /// Too large, too slow, too many at once.
    Unwelcome,
}

/// A rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The kind.
    pub kind: RejectionKind,
    /// What the partner is told, in Chinese; for a malformed field it names the field.
    pub say: String,
    /// What our log says: the reason without secrets or personal data; never for the partner.
    pub why: String,
    /// The interface it came in by, once that is proven: its answer has fields of its own.
    pub interface: Option<&'static Interface>,
}

impl RejectionKind {
    /// The word for it in metrics and logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
            Self::Malformed => "malformed",
            Self::Unwelcome => "unwelcome",
        }
    }
}

impl Rejection {
    /// A rejection of this kind.
    #[must_use]
    pub fn new(kind: RejectionKind, say: impl Into<String>, why: impl Into<String>) -> Self {
        Self { kind, say: say.into(), why: why.into(), interface: None }
    }

    /// The same rejection of a request by this interface.
    #[must_use]
    pub fn by(self, interface: &'static Interface) -> Self {
        Self { interface: Some(interface), ..self }
    }

    /// Who are you? Says the same whatever did not hold, so that nothing can be learnt from it.
    #[must_use]
    pub fn forged(why: impl Into<String>) -> Self {
        Self::new(RejectionKind::Forged, "身份验证失败", why)
    }

    /// The field called `name` (Chinese `title`) has something wrong with it.
    #[must_use]
    pub fn malformed(name: &str, title: &str, problem: &str) -> Self {
        Self::new(RejectionKind::Malformed, format!("{title}({name}){problem}"), format!("{name} {problem}"))
    }
}
