//! What a worker answers to an ask.

use crate::{
    AcceptanceNo, CaseState, Company, CreditStanding, DocumentRef, FileFindings, Guarantee, GuaranteeNo,
    Money, OrderState, Private, PublicRecord, Rate, Refusal, Timestamp,
};
use serde::{Deserialize, Serialize};

/// An answer. The name on the wire carries the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum Reply {
    /// The command was accepted; its outcome follows by notice.
    #[serde(rename = "accepted.v1")]
    Accepted {
        /// Under this number.
        no: AcceptanceNo,
    },
    /// The command has no effect, or the query no answer.
    #[serde(rename = "refused.v1")]
    Refused(Refusal),
    /// Where an application stands.
    #[serde(rename = "order.v1")]
    Order(OrderStatus),
    /// Where a claim, refund or release stands.
    #[serde(rename = "case.v1")]
    Case(CaseStatus),
    /// Where an invoice stands.
    #[serde(rename = "invoice.v1")]
    Invoice(InvoiceStatus),
    /// Whether a bidder can get a guarantee on credit.
    #[serde(rename = "credit.v1")]
    Credit(CreditStanding),
    /// What a guarantee would cost.
    #[serde(rename = "cost.v1")]
    Cost {
        /// The premium.
        premium: Money,
        /// The rate.
        rate: Rate,
    },
    /// A copy of a document.
    #[serde(rename = "document.v1")]
    Document(DocumentCopy),
    /// What is recorded about a guarantee.
    #[serde(rename = "record.v1")]
    Record(Box<GuaranteeRecord>),
    /// What is known about an uploaded file.
    #[serde(rename = "verified.v1")]
    Verified(Box<VerifiedDocument>),
    /// What anybody who holds a guarantee may know of it.
    #[serde(rename = "public.v1")]
    Public(Box<PublicRecord>),
}

/// Where an application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderStatus {
    /// Its number.
    pub no: AcceptanceNo,
    /// Its state.
    pub state: OrderState,
    /// Premium, once quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium: Option<Money>,
    /// Rate, once quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// The guarantee's number, once issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee_no: Option<GuaranteeNo>,
    /// An expiring link to the document, once issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_url: Option<String>,
    /// Why it was rejected; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// The bond, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Money>,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
}

/// A copy of a document; replies are not durable, so its bytes wait in no queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentCopy {
    /// The document.
    pub document: DocumentRef,
    /// Its bytes in standard base64.
    pub content: String,
}

/// What is recorded about a guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeRecord {
    /// The partner's number of the order.
    pub business_no: String,
    /// The guarantee as it is now.
    pub guarantee: Guarantee,
    /// The bond.
    pub bond: Money,
    /// The bidder.
    pub bidder: Company,
    /// The beneficiary.
    pub tenderee: Company,
    /// Name of the section, as far as it is known.
    pub section_name: Private,
}

/// What is known about an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedDocument {
    /// What the file itself says.
    pub findings: FileFindings,
    /// The guarantee whose document it is to the byte, current or earlier; absent if it is none of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<GuaranteeRecord>,
    /// True if it is the document that binds now.
    #[serde(default)]
    pub is_current: bool,
}

/// Where a claim, refund or release stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseStatus {
    /// Its number.
    pub no: AcceptanceNo,
    /// Its state.
    pub state: CaseState,
    /// Why it was refused; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// An expiring link to the confirmation of an approved refund or release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_url: Option<String>,
}

/// Where an invoice stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceStatus {
    /// Its number.
    pub no: AcceptanceNo,
    /// Its state.
    pub state: CaseState,
    /// 发票代码, once made out.
    #[serde(default)]
    pub code: String,
    /// 发票号码, once made out.
    #[serde(default)]
    pub number: String,
    /// An expiring link to the document, empty until made out.
    #[serde(default)]
    pub document_url: String,
    /// Why it was refused; empty otherwise.
    #[serde(default)]
    pub reason: String,
}

impl OrderStatus {
    /// An application of which nothing is known yet but that it was accepted.
    #[must_use]
    pub const fn reviewing(no: AcceptanceNo) -> Self {
        Self {
            no,
            state: OrderState::Reviewing,
            premium: None,
            rate: None,
            guarantee_no: None,
            document_url: None,
            reason: String::new(),
            bond: None,
            changed_at: None,
        }
    }
}
