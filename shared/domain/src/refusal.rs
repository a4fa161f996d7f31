//! Why a request has no effect, in words that the partner may hear.

use serde::{Deserialize, Serialize};

/// What kind of no it is; protocols map it to their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// No such order, guarantee or request of this partner.
    Unknown,
    /// The same business number was used before with other content.
    Conflict,
    /// The state does not allow it (any more, or yet).
    NotNow,
    /// A rule of the institution is against it.
    AgainstRules,
}

/// A no, with its reason in Chinese: no names, no numbers of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{say}")]
pub struct Refusal {
    /// The kind of no.
    pub kind: RefusalKind,
    /// The reason, for the partner.
    pub say: String,
}

impl Refusal {
    /// No such thing: `what` is the Chinese noun.
    #[must_use]
    pub fn unknown(what: &str) -> Self {
        Self { kind: RefusalKind::Unknown, say: format!("{what}不存在") }
    }

    /// The number is taken by other content.
    #[must_use]
    pub fn conflict() -> Self {
        Self {
            kind: RefusalKind::Conflict, say: "业务申请码已使用且内容不一致，请更换业务申请码".to_owned()
        }
    }

    /// Not in this state.
    #[must_use]
    pub fn not_now(say: impl Into<String>) -> Self {
        Self { kind: RefusalKind::NotNow, say: say.into() }
    }

    /// Against a rule.
    #[must_use]
    pub fn against_rules(say: impl Into<String>) -> Self {
        Self { kind: RefusalKind::AgainstRules, say: say.into() }
    }
}
