//! What we tell a partner: facts, in the past tense.

use crate::{
    AcceptanceNo, Case, CaseState, DocumentRef, GuaranteeNo, IssuedInvoice, Money, Order, Rate, Timestamp,
};
use serde::{Deserialize, Serialize};

/// A fact for the partner. The name on the wire carries the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum Notice {
    /// The guarantee was issued.
    #[serde(rename = "guarantee_issued.v1")]
    GuaranteeIssued(GuaranteeIssued),
    /// The application was rejected.
    #[serde(rename = "order_rejected.v1")]
    OrderRejected(OrderRejected),
    /// A release was decided.
    #[serde(rename = "release_decided.v1")]
    ReleaseDecided(CaseDecided),
    /// A claim was decided.
    #[serde(rename = "claim_decided.v1")]
    ClaimDecided(CaseDecided),
    /// A refund was decided.
    #[serde(rename = "refund_decided.v1")]
    RefundDecided(CaseDecided),
    /// An invoice was made out.
    #[serde(rename = "invoice_issued.v1")]
    InvoiceIssued(InvoiceIssued),
    /// An invoice was refused.
    #[serde(rename = "invoice_refused.v1")]
    InvoiceRefused(InvoiceRefused),
}

/// What every notice says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeHead {
    /// The acceptance number of what the notice is about: the order, claim, refund …
    pub no: AcceptanceNo,
    /// The partner's number for it.
    pub business_no: String,
    /// The order.
    pub order: AcceptanceNo,
    /// The version of the aggregate that the notice describes; receivers drop what is older than what they hold.
    pub version: u32,
    /// When it happened.
    pub at: Timestamp,
}

/// The guarantee was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeIssued {
    /// About.
    pub head: NoticeHead,
    /// Its number.
    pub guarantee_no: GuaranteeNo,
    /// Its document.
    pub document: DocumentRef,
    /// Bond amount.
    pub bond: Money,
    /// Premium.
    pub premium: Money,
    /// Rate.
    pub rate: Rate,
    /// Until when it binds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// The application was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRejected {
    /// About.
    pub head: NoticeHead,
    /// Why, in Chinese.
    pub reason: String,
}

/// A claim, refund or release was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDecided {
    /// About.
    pub head: NoticeHead,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// Yes or no.
    pub approved: bool,
    /// Why not, in Chinese; empty for yes.
    #[serde(default)]
    pub reason: String,
}

/// An invoice was made out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// About.
    pub head: NoticeHead,
    /// The guarantee whose premium it is for.
    pub guarantee_no: GuaranteeNo,
    /// The invoice.
    pub invoice: IssuedInvoice,
}

/// An invoice was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRefused {
    /// About.
    pub head: NoticeHead,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// Why, in Chinese.
    pub reason: String,
}

impl Notice {
    /// The head.
    #[must_use]
    pub const fn head(&self) -> &NoticeHead {
        match self {
            Self::GuaranteeIssued(notice) => &notice.head,
            Self::OrderRejected(notice) => &notice.head,
            Self::ReleaseDecided(notice) | Self::ClaimDecided(notice) | Self::RefundDecided(notice) => {
                &notice.head
            }
            Self::InvoiceIssued(notice) => &notice.head,
            Self::InvoiceRefused(notice) => &notice.head,
        }
    }

    /// The word for it in callback ids, logs and commands.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::GuaranteeIssued(_) => "guarantee_issued",
            Self::OrderRejected(_) => "order_rejected",
            Self::ReleaseDecided(_) => "release_decided",
            Self::ClaimDecided(_) => "claim_decided",
            Self::RefundDecided(_) => "refund_decided",
            Self::InvoiceIssued(_) => "invoice_issued",
            Self::InvoiceRefused(_) => "invoice_refused",
        }
    }

    /// The document it refers to, if any.
    #[must_use]
    pub const fn document(&self) -> Option<&DocumentRef> {
        match self {
            Self::GuaranteeIssued(notice) => Some(&notice.document),
            Self::InvoiceIssued(notice) => Some(&notice.invoice.document),
            _ => None,
        }
    }

    /// The id of the callback that carries it: the same fact always has the same id.
    #[must_use]
    pub fn callback_id(&self) -> String {
        let head = self.head();
        format!("{}:{}:{}", head.no, head.version, self.word())
    }
}

impl NoticeHead {
    /// The head of a notice about an order.
    #[must_use]
    pub fn of_order(order: &Order, at: Timestamp) -> Self {
        Self {
            no: order.no.clone(),
            business_no: order.application.business_no.clone(),
            order: order.no.clone(),
            version: order.version,
            at,
        }
    }

    /// The head of a notice about a case.
    #[must_use]
    pub fn of_case<R>(case: &Case<R>, at: Timestamp) -> Self {
        Self {
            no: case.no.clone(),
            business_no: case.business_no.clone(),
            order: case.order.clone(),
            version: case.version,
            at,
        }
    }
}

impl CaseDecided {
    /// What to tell about a decided case.
    #[must_use]
    pub fn of<R>(case: &Case<R>, at: Timestamp) -> Self {
        Self {
            head: NoticeHead::of_case(case, at),
            guarantee_no: case.guarantee_no.clone(),
            approved: case.state == CaseState::Approved,
            reason: case.reason.clone(),
        }
    }
}
