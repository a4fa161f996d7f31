//! A request about a guarantee that waits for the institution's decision: the shape that claims, invoices, refunds
//! and releases share.

use crate::{AcceptanceNo, DocumentRef, GuaranteeNo, Money, Origin, Refusal, Timestamp};
use serde::{Deserialize, Serialize};

/// What the institution decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Decision {
    /// Yes.
    Approve,
    /// No, with the reason the partner is told.
    Refuse {
        /// The reason, in Chinese.
        reason: String,
    },
}

/// Where a case stands. `Approved`, `Refused` and `Revoked` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// 审核中.
    Reviewing,
    /// 审核通过.
    Approved,
    /// 审核不通过.
    Refused,
    /// 已撤回.
    Revoked,
}

/// The wish to take a request back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub asked_at: Timestamp,
}

/// What an approved claim pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// How much.
    pub amount: Money,
    /// When it was paid; absent while it is only approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
}

/// One request about one guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case<R> {
    /// The number under which it was accepted.
    pub no: AcceptanceNo,
    /// Who asked, and where the notice goes.
    pub origin: Origin,
    /// The partner's number for it.
    pub business_no: String,
    /// The order whose guarantee it is about.
    pub order: AcceptanceNo,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// What is asked.
    pub request: R,
    /// Where it stands.
    pub state: CaseState,
    /// Why it was refused; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// Its taking back, while that waits for a decision (YY-25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// For a claim: how much is to be paid, once approved, and when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout: Option<Payout>,
    /// For an approved refund or release: our signed confirmation that the guarantee has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<DocumentRef>,
    /// When it was accepted.
    pub requested_at: Timestamp,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// 1 when accepted, one more with every transition.
    pub version: u32,
}

impl CaseState {
    /// True once nothing can change it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Refused | Self::Revoked)
    }

    /// The word for it in the database, logs and commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reviewing => "reviewing",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
        }
    }
}

impl<R> Case<R> {
    /// Decides the case.
    ///
    /// # Errors
    /// A [`Refusal`] if it is decided already.
    pub fn decide(&mut self, decision: &Decision, at: Timestamp) -> Result<(), Refusal> {
        if self.state.is_final() {
            return Err(Refusal::not_now("该申请已有审核结果"));
        }
        (self.state, self.reason) = match decision {
            Decision::Approve => (CaseState::Approved, String::new()),
            Decision::Refuse { reason } => (CaseState::Refused, reason.clone()),
        };
        self.decided_at = Some(at);
        self.version += 1;
        Ok(())
    }

    /// Takes the request back while it is under review.
    ///
    /// # Errors
    /// A [`Refusal`] once it is decided.
    pub fn revoke(&mut self, reason: &str, at: Timestamp) -> Result<(), Refusal> {
        if self.state.is_final() {
            return Err(Refusal::not_now("该申请已有审核结果，不能撤回"));
        }
        self.state = CaseState::Revoked;
        reason.clone_into(&mut self.reason);
        self.revocation = None;
        self.decided_at = Some(at);
        self.version += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
