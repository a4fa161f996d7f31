//! What partners can ask to know; a query has no effect and is not durable.

use crate::{AcceptanceNo, GuaranteeNo, Noun};
use serde::{Deserialize, Serialize};

/// A question. The name on the wire carries the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum Query {
    /// Where does an application stand?
    #[serde(rename = "order_status.v1")]
    OrderStatus {
        /// The application's acceptance number.
        no: AcceptanceNo,
    },
    /// Where does a release stand?
    #[serde(rename = "release_status.v1")]
    ReleaseStatus(CaseQuery),
    /// Where does a claim stand?
    #[serde(rename = "claim_status.v1")]
    ClaimStatus(CaseQuery),
    /// Where does the latest refund of a guarantee stand (FS-27)?
    #[serde(rename = "refund_status.v1")]
    RefundStatus(CaseQuery),
    /// Where does the latest invoice of a guarantee stand?
    #[serde(rename = "invoice_status.v1")]
    InvoiceStatus(CaseQuery),
}

/// Names a case by its guarantee and, where the partner has it, its acceptance number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseQuery {
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// The case's acceptance number; absent asks for the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<AcceptanceNo>,
}

impl Query {
    /// The worker that owns it.
    #[must_use]
    pub const fn noun(&self) -> Noun {
        match self {
            Self::OrderStatus { .. } => Noun::Apply,
            Self::ReleaseStatus(_) | Self::RefundStatus(_) => Noun::Refund,
            Self::ClaimStatus(_) => Noun::Claim,
            Self::InvoiceStatus(_) => Noun::Invoice,
        }
    }
}
