//! What we tell a partner: facts, in the past tense.

use crate::{
    AcceptanceNo, BankAccount, Case, CaseDecided, ClaimProgressed, Company, CreditDecided, CreditLine,
    DocumentRef, GuaranteeIssued, GuaranteeReissued, GuaranteeRevealed, Inquiry, InvoiceIssued, InvoiceKind,
    InvoiceRefused, Order, OrderProgressed, OrderRejected, PremiumReturned, Private, Timestamp,
    WithdrawalDecided,
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
    /// The sealed fields were opened and the revealed guarantee was issued.
    #[serde(rename = "guarantee_revealed.v1")]
    GuaranteeRevealed(GuaranteeRevealed),
    /// The guarantee was made out anew after the opening moved.
    #[serde(rename = "guarantee_reissued.v1")]
    GuaranteeReissued(GuaranteeReissued),
    /// A withdrawal was carried out or turned down.
    #[serde(rename = "withdrawal_decided.v1")]
    WithdrawalDecided(WithdrawalDecided),
    /// An order took a step on its way.
    #[serde(rename = "order_progressed.v1")]
    OrderProgressed(OrderProgressed),
    /// The premium was paid back.
    #[serde(rename = "premium_returned.v1")]
    PremiumReturned(PremiumReturned),
    /// A credit line was decided.
    #[serde(rename = "credit_decided.v1")]
    CreditDecided(CreditDecided),
    /// A claim took a step on its way.
    #[serde(rename = "claim_progressed.v1")]
    ClaimProgressed(ClaimProgressed),
    /// Not a fact but a question: the partner's reply comes back as [`Command::Learn`](crate::Command::Learn).
    #[serde(rename = "inquiry.v1")]
    Inquiry(Inquiry),
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
    /// What the order is about, where a callback must repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief: Option<Box<Brief>>,
}

/// What callbacks repeat of an order, as the partner wrote it: sealed fields stay sealed until they are revealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brief {
    /// The partner's number of the order.
    pub order_no: String,
    /// The partner's number of the request, if it differs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_no: String,
    /// Section number.
    pub section_no: String,
    /// Section name.
    pub section_name: Private,
    /// The bidder.
    pub bidder: Company,
    /// The beneficiary.
    pub tenderee: Company,
    /// Who paid the premium, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<BankAccount>,
    /// When the application was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<Timestamp>,
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
            Self::GuaranteeRevealed(notice) => &notice.head,
            Self::GuaranteeReissued(notice) => &notice.head,
            Self::WithdrawalDecided(notice) => &notice.head,
            Self::OrderProgressed(notice) => &notice.head,
            Self::PremiumReturned(notice) => &notice.head,
            Self::CreditDecided(notice) => &notice.head,
            Self::ClaimProgressed(notice) => &notice.head,
            Self::Inquiry(notice) => &notice.head,
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
            Self::GuaranteeRevealed(_) => "guarantee_revealed",
            Self::GuaranteeReissued(_) => "guarantee_reissued",
            Self::WithdrawalDecided(_) => "withdrawal_decided",
            Self::OrderProgressed(notice) => notice.step.word(),
            Self::PremiumReturned(_) => "premium_returned",
            Self::CreditDecided(_) => "credit_decided",
            Self::ClaimProgressed(notice) => notice.step.word(),
            Self::Inquiry(_) => "inquiry",
        }
    }

    /// The document it refers to, if any.
    #[must_use]
    pub const fn document(&self) -> Option<&DocumentRef> {
        match self {
            Self::GuaranteeIssued(notice) => Some(&notice.document),
            Self::GuaranteeRevealed(notice) => Some(&notice.document),
            Self::GuaranteeReissued(notice) => Some(&notice.document),
            Self::InvoiceIssued(notice) => Some(&notice.invoice.document),
            Self::RefundDecided(notice) | Self::ReleaseDecided(notice) => notice.confirmation.as_ref(),
            _ => None,
        }
    }

    /// The id of the callback that carries it: the same fact always has the same id.
    #[must_use]
    pub fn callback_id(&self) -> String {
        let head = self.head();
        match self {
            // One order may ask several things at once, several files among them.
            Self::Inquiry(inquiry) => {
                format!("{}:{}:{}", head.no, head.version, inquiry.topic.key())
            }
            _ => format!("{}:{}:{}", head.no, head.version, self.word()),
        }
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
            brief: Some(Box::new(Brief::of(order))),
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
            brief: None,
        }
    }
}

impl NoticeHead {
    /// The head of a notice about a credit line, which belongs to no order.
    #[must_use]
    pub fn of_credit(line: &CreditLine, at: Timestamp) -> Self {
        Self {
            no: line.no.clone(),
            business_no: line.request.business_no.clone(),
            order: line.no.clone(),
            version: line.version,
            at,
            brief: None,
        }
    }
}

impl Brief {
    /// What callbacks repeat of this order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let known = order.known_application();
        let payer = order.received.as_ref().and_then(|received| received.payer.clone());
        Self {
            order_no: known.business_no,
            request_no: known.request_no,
            section_no: known.tender.section_no,
            section_name: known.tender.section_name,
            payer: payer.or(known.applicant.account),
            bidder: known.applicant.company,
            tenderee: known.tender.tenderee,
            applied_at: Some(order.placed_at),
        }
    }
}

impl InvoiceKind {
    /// True for 专票.
    #[must_use]
    pub const fn is_special(&self) -> bool {
        matches!(self, Self::Special { .. })
    }
}
