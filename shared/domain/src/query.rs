//! What partners can ask to know; a query has no effect and is not durable.

use crate::{AcceptanceNo, Company, GuaranteeNo, Held, Money, Noun, Timestamp};
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
    /// Can this bidder get a guarantee on credit (征信结果检查)?
    #[serde(rename = "credit_status.v1")]
    CreditStatus {
        /// The bidder.
        company: Company,
    },
    /// What would a guarantee cost?
    #[serde(rename = "cost.v1")]
    Cost {
        /// The bond.
        bond: Money,
    },
    /// The document of a guarantee.
    #[serde(rename = "document.v1")]
    Document {
        /// The guarantee.
        guarantee_no: GuaranteeNo,
    },
    /// What is recorded about a guarantee (查验)?
    #[serde(rename = "verify_record.v1")]
    VerifyRecord {
        /// The guarantee.
        guarantee_no: GuaranteeNo,
        /// The partner's serial number, empty if not given.
        #[serde(default)]
        serial_no: String,
    },
    /// Is this file a guarantee of ours (验真)?
    #[serde(rename = "verify_document.v1")]
    VerifyDocument {
        /// The partner's serial number, empty if not given.
        #[serde(default)]
        serial_no: String,
        /// What the file itself says.
        findings: FileFindings,
    },
    /// What may anybody know who holds a guarantee (公开查验)?
    #[serde(rename = "public_record.v1")]
    PublicRecord {
        /// What is held.
        held: Held,
    },
}

/// What the verification of a PDF found: the file itself stays where it was received.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileFindings {
    /// SHA-256 of the file, 64 lower-case hex characters.
    pub sha256: String,
    /// The signature holds over what it covers.
    pub signature_valid: bool,
    /// The file was changed after it was signed; true also if that cannot be excluded.
    pub is_modified: bool,
    /// The signer's certificate leads to a trusted authority.
    pub trusted: bool,
    /// Who signed, empty if unknown.
    #[serde(default)]
    pub signer: String,
    /// Who certified the signer, empty if unknown.
    #[serde(default)]
    pub issuer: String,
    /// When it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<Timestamp>,
    /// True if a timestamp authority proves that time.
    #[serde(default)]
    pub time_proven: bool,
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
            Self::OrderStatus { .. }
            | Self::Cost { .. }
            | Self::Document { .. }
            | Self::VerifyRecord { .. }
            | Self::VerifyDocument { .. }
            | Self::PublicRecord { .. } => Noun::Apply,
            Self::CreditStatus { .. } => Noun::Credit,
            Self::ReleaseStatus(_) | Self::RefundStatus(_) => Noun::Refund,
            Self::ClaimStatus(_) => Noun::Claim,
            Self::InvoiceStatus(_) => Noun::Invoice,
        }
    }
}
