//! What partners and operators can ask us to do.

use crate::{
    AcceptanceNo, Decision, GuaranteeNo, Money, PlaceOrder, RequestClaim, RequestInvoice, RequestRefund,
    RequestRelease, TenderChange, Timestamp,
};
use serde::{Deserialize, Serialize};

/// A durable instruction. The name on the wire carries the version; fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum Command {
    /// 申请保函.
    #[serde(rename = "place_order.v1")]
    PlaceOrder(PlaceOrder),
    /// 索赔.
    #[serde(rename = "request_claim.v1")]
    RequestClaim(About<RequestClaim>),
    /// 申请发票.
    #[serde(rename = "request_invoice.v1")]
    RequestInvoice(About<RequestInvoice>),
    /// 退保.
    #[serde(rename = "request_refund.v1")]
    RequestRefund(About<RequestRefund>),
    /// 撤销.
    #[serde(rename = "request_release.v1")]
    RequestRelease(About<RequestRelease>),
    /// 标段信息更新.
    #[serde(rename = "change_tender.v1")]
    ChangeTender(ChangeTender),
    /// The institution's decision on anything that waits for one.
    #[serde(rename = "decide.v1")]
    Decide(Decide),
    /// The premium was received.
    #[serde(rename = "confirm_payment.v1")]
    ConfirmPayment(ConfirmPayment),
}

/// A request about an existing guarantee (FS-13: found by guarantee number first, then by the order's business number).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About<R> {
    /// The partner's number for this request, or for the order if the partner reuses it.
    pub business_no: String,
    /// The guarantee, as the partner quotes it.
    pub guarantee_no: GuaranteeNo,
    /// What is asked.
    pub request: R,
}

/// A change of a section, for one order or for all orders of the section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTender {
    /// The partner's number: if it is that of a known order, only that order is meant (FS-13).
    pub business_no: String,
    /// The section.
    pub section_no: String,
    /// What happened.
    pub change: TenderChange,
}

/// The institution's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// What kind of thing is decided.
    pub subject: Subject,
    /// Its acceptance number.
    pub no: AcceptanceNo,
    /// Yes or no.
    pub decision: Decision,
    /// Invoice code and number from the tax system, for an approved invoice; made up from our number if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<(String, String)>,
    /// Who decided, for the audit.
    pub by: String,
}

/// The premium was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPayment {
    /// The order.
    pub no: AcceptanceNo,
    /// The amount received.
    pub amount: Money,
    /// When.
    pub paid_at: Timestamp,
    /// The bank's reference, empty if none.
    #[serde(default)]
    pub reference: String,
    /// Who says so, for the audit.
    pub by: String,
}

/// What can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An application.
    Order,
    /// A claim.
    Claim,
    /// An invoice request.
    Invoice,
    /// A refund.
    Refund,
    /// A release.
    Release,
}

/// Which worker owns a command or query: the noun in queue names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// Applications, quotes, payments, issue.
    Apply,
    /// Reveals after opening.
    Restore,
    /// Claims.
    Claim,
    /// Invoices.
    Invoice,
    /// Refunds and releases.
    Refund,
    /// Tender changes.
    Tender,
    /// Credit lines.
    Credit,
    /// Delivery outcomes.
    Callback,
}

impl Noun {
    /// The word in queue names and routing keys.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Restore => "restore",
            Self::Claim => "claim",
            Self::Invoice => "invoice",
            Self::Refund => "refund",
            Self::Tender => "tender",
            Self::Credit => "credit",
            Self::Callback => "callback",
        }
    }
}

impl Subject {
    /// The worker that owns it.
    #[must_use]
    pub const fn noun(self) -> Noun {
        match self {
            Self::Order => Noun::Apply,
            Self::Claim => Noun::Claim,
            Self::Invoice => Noun::Invoice,
            Self::Refund | Self::Release => Noun::Refund,
        }
    }
}

impl Command {
    /// The worker that owns it.
    #[must_use]
    pub const fn noun(&self) -> Noun {
        match self {
            Self::PlaceOrder(_) | Self::ConfirmPayment(_) => Noun::Apply,
            Self::RequestClaim(_) => Noun::Claim,
            Self::RequestInvoice(_) => Noun::Invoice,
            Self::RequestRefund(_) | Self::RequestRelease(_) => Noun::Refund,
            Self::ChangeTender(_) => Noun::Tender,
            Self::Decide(decide) => decide.subject.noun(),
        }
    }
}
