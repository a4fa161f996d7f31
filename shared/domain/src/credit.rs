//! A credit line (授信): a bank's limit for a bidder.

use crate::{AcceptanceNo, CaseState, Company, Decision, Money, Origin, Refusal, Timestamp};
use serde::{Deserialize, Serialize};

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCredit {
    /// The partner's number for it.
    pub business_no: String,
    /// Who asks for credit.
    pub company: Company,
    /// Papers, as the partner refers to them (a URL or base64); empty without.
    #[serde(default, skip_serializing_if = "crate::Private::is_empty")]
    pub papers: crate::Private,
}

/// What a granted line allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// At most so much in force at the same time.
    pub limit: Money,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// A credit line and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// The number under which it was accepted.
    pub no: AcceptanceNo,
    /// Who asked, and where the notice goes.
    pub origin: Origin,
    /// What was asked.
    pub request: RequestCredit,
    /// Where it stands.
    pub state: CaseState,
    /// What is allowed, once approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Why it was refused or revoked; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// When it was accepted.
    pub requested_at: Timestamp,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// 1 when accepted, one more with every transition.
    pub version: u32,
}

/// Whether a bidder can get a guarantee on credit now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditStanding {
    /// 已授信，可直接办理.
    Granted,
    /// 未授信.
    None,
    /// 额度不满足.
    TooLittle,
    /// 授信失败.
    Refused,
}

impl CreditLine {
    /// Takes a request in.
    #[must_use]
    pub const fn request(no: AcceptanceNo, origin: Origin, request: RequestCredit, at: Timestamp) -> Self {
        Self {
            no,
            origin,
            request,
            state: CaseState::Reviewing,
            grant: None,
            reason: String::new(),
            requested_at: at,
            decided_at: None,
            version: 1,
        }
    }

    /// Decides it; an approval needs what is granted.
    ///
    /// # Errors
    /// A [`Refusal`] if it is decided or revoked already.
    pub fn decide(&mut self, decision: &Decision, grant: Grant, at: Timestamp) -> Result<(), Refusal> {
        if self.state != CaseState::Reviewing {
            return Err(Refusal::not_now("该授信申请已有审核结果"));
        }
        match decision {
            Decision::Approve => {
                self.state = CaseState::Approved;
                self.grant = Some(grant);
            }
            Decision::Refuse { reason } => {
                self.state = CaseState::Refused;
                self.reason.clone_from(reason);
            }
        }
        self.decided_at = Some(at);
        self.version += 1;
        Ok(())
    }

    /// Takes the request or the line back.
    ///
    /// # Errors
    /// A [`Refusal`] if it was refused or revoked already.
    pub fn revoke(&mut self, reason: &str) -> Result<(), Refusal> {
        if matches!(self.state, CaseState::Refused | CaseState::Revoked) {
            return Err(Refusal::not_now("该授信申请已结束"));
        }
        self.state = CaseState::Revoked;
        reason.clone_into(&mut self.reason);
        self.version += 1;
        Ok(())
    }

    /// Whether the line stands at this moment.
    #[must_use]
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.state == CaseState::Approved
            && self.grant.as_ref().is_some_and(|grant| grant.from <= at && at < grant.until)
    }
}
