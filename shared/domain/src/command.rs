//! What partners and operators can ask us to do.

use crate::{
    AcceptanceNo, BankAccount, Decision, Described, GuaranteeNo, Inquire, Learn, Money, Opener, PlaceOrder,
    RequestClaim, RequestCredit, RequestInvoice, RequestRefund, RequestRelease, TenderChange, Timestamp,
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
    /// An order was announced; its application must be pulled.
    #[serde(rename = "announce_order.v1")]
    AnnounceOrder(AnnounceOrder),
    /// 放弃/取消.
    #[serde(rename = "withdraw_order.v1")]
    WithdrawOrder(WithdrawOrder),
    /// 还原.
    #[serde(rename = "restore_order.v1")]
    RestoreOrder(RestoreOrder),
    /// 授信申请.
    #[serde(rename = "request_credit.v1")]
    RequestCredit(RequestCredit),
    /// 撤回.
    #[serde(rename = "revoke_case.v1")]
    RevokeCase(RevokeCase),
    /// The partner says where it sees an order.
    #[serde(rename = "note_status.v1")]
    NoteStatus(NoteStatus),
    /// We want to learn something from the partner.
    #[serde(rename = "inquire.v1")]
    Inquire(Inquire),
    /// The partner told us something in a reply.
    #[serde(rename = "learn.v1")]
    Learn(Learn),
    /// A claim was paid out.
    #[serde(rename = "confirm_payout.v1")]
    ConfirmPayout(ConfirmPayout),
    /// The institution's decision on anything that waits for one.
    #[serde(rename = "decide.v1")]
    Decide(Decide),
    /// The premium was received.
    #[serde(rename = "confirm_payment.v1")]
    ConfirmPayment(ConfirmPayment),
    /// A document was handed out.
    #[serde(rename = "note_read.v1")]
    NoteRead(NoteRead),
}

/// A request about an existing guarantee (FS-13: found by guarantee number first, then by the order's business number).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About<R> {
    /// The partner's number for this request, or for the order if the partner reuses it.
    pub business_no: String,
    /// The guarantee, as the partner quotes it.
    pub guarantee_no: GuaranteeNo,
    /// The partner's number of the order, where it differs from the request's; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub order_no: String,
    /// When the partner's document allows it; absent if at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Who in the institution started it; empty if the partner asks. What the institution starts needs no decision.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What is asked.
    pub request: R,
}

/// On which side of bid opening something may be asked; an unknown opening forbids nothing (PR-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 开标前.
    BeforeOpening,
    /// 开标后.
    AfterOpening,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The partner, or the bidder on its platform.
    Partner,
    /// The institution, or the bidder at the institution.
    Institution,
}

/// An order that is only announced: what is applied for must be pulled (FZ-20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnounceOrder {
    /// The partner's number of the order.
    pub business_no: String,
}

/// The end of an order before issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawOrder {
    /// The partner's number of the order; empty if `no` names it.
    #[serde(default)]
    pub business_no: String,
    /// Our number of the order, from operators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<AcceptanceNo>,
    /// Why, in the words of whoever withdraws; empty if not said.
    #[serde(default)]
    pub reason: String,
    /// Who withdraws.
    pub side: Side,
    /// The operator, for the audit; empty if the partner withdraws.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What else the message says of the order; absent if only its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub described: Option<Described>,
}

/// The key for the sealed fields of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreOrder {
    /// The partner's number of the order; empty if only the guarantee is named.
    #[serde(default)]
    pub business_no: String,
    /// The guarantee, empty if not quoted or not issued yet.
    pub guarantee_no: GuaranteeNo,
    /// Bid opening, where the partner tells it only now (PR-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Timestamp>,
    /// The ways to open a field; the length of its ciphertext decides which is tried.
    pub openers: Vec<Opener>,
    /// True if a field may also have come as plain text (YY-04).
    #[serde(default)]
    pub plain_allowed: bool,
}

/// Takes back an earlier refund, release, claim or credit request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeCase {
    /// What kind of request.
    pub subject: Subject,
    /// The partner's number of that request.
    pub business_no: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Where the partner sees an order, in its own words: kept in the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteStatus {
    /// The partner's number of the order.
    pub business_no: String,
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// What else the message says of the order; absent if only its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub described: Option<Described>,
}

/// A claim was paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmPayout {
    /// The claim.
    pub no: AcceptanceNo,
    /// The amount; absent means what was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// When.
    pub paid_at: Timestamp,
    /// The bank's reference, empty if none.
    #[serde(default)]
    pub reference: String,
    /// Who says so, for the audit.
    pub by: String,
}

/// A change of a section, for one order or for all orders of the section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTender {
    /// The partner's number: if it is that of a known order, only that order is meant (FS-13).
    pub business_no: String,
    /// The section.
    pub section_no: String,
    /// The project, to tell sections of the same number apart; empty if not given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub project_no: String,
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
    /// For an approved claim: how much is paid, if less than demanded. For a credit line: its limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// For an approved credit line: until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
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
    /// Who paid, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<BankAccount>,
    /// Who says so, for the audit.
    pub by: String,
}

/// A document was handed out by its link: whose it is, and whether that must be kept in mind, the worker knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRead {
    /// SHA-256 of the document, 64 lower-case hex characters.
    pub sha256: String,
    /// Network of whoever fetched it, `192.0.2.0/24` or `2001:db8:1::/48`: an address might be a person's.
    pub caller: String,
    /// When.
    pub at: Timestamp,
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
    /// A credit line.
    Credit,
    /// The taking back of a claim (YY-25).
    ClaimRevocation,
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
            Self::Claim | Self::ClaimRevocation => Noun::Claim,
            Self::Invoice => Noun::Invoice,
            Self::Refund | Self::Release => Noun::Refund,
            Self::Credit => Noun::Credit,
        }
    }
}

impl Command {
    /// The worker that owns it.
    #[must_use]
    pub const fn noun(&self) -> Noun {
        match self {
            Self::PlaceOrder(_)
            | Self::ConfirmPayment(_)
            | Self::AnnounceOrder(_)
            | Self::WithdrawOrder(_)
            | Self::NoteStatus(_)
            | Self::NoteRead(_)
            | Self::Inquire(_) => Noun::Apply,
            Self::RestoreOrder(_) => Noun::Restore,
            Self::RequestCredit(_) => Noun::Credit,
            Self::RevokeCase(revoke) => revoke.subject.noun(),
            Self::Learn(learn) => learn.fact.noun(),
            Self::RequestClaim(_) | Self::ConfirmPayout(_) => Noun::Claim,
            Self::RequestInvoice(_) => Noun::Invoice,
            Self::RequestRefund(_) | Self::RequestRelease(_) => Noun::Refund,
            Self::ChangeTender(_) => Noun::Tender,
            Self::Decide(decide) => decide.subject.noun(),
        }
    }
}
