//! What a bidder applies for (保函申请).

use crate::{Applicant, Attachment, Contact, Money, Private, SealedField, Tender, Timestamp};
use serde::{Deserialize, Serialize};

/// An application for a guarantee (保函申请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOrder {
    /// The partner's number for it, unique per partner.
    pub business_no: String,
    /// What kind of guarantee.
    pub product: Product,
    /// Who applies.
    pub applicant: Applicant,
    /// What is bid for.
    pub tender: Tender,
    /// The bond amount (保证金金额).
    pub bond: Money,
    /// Who handles it.
    pub contact: Contact,
    /// Files the partner holds ready.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// The partner's number of the request, where it differs from that of the order (YY-01, YY-20).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_no: String,
    /// After this moment no guarantee is sold (保函购买截止时间), if the partner says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// From and until when the guarantee is to bind, where the partner states it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<(Timestamp, Timestamp)>,
    /// The fields that arrived as ciphertext and stay exactly as received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<SealedField>,
    /// True if the premium must come from the bidder's basic account (基本户校验).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub basic_account_only: bool,
    /// What an operator must look after, in Chinese: what was missing or odd but no reason to turn it away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// The kinds of guarantee, each with what only it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Product {
    /// 投标保函.
    Bid {
        /// Bid opening (开标时间), if known (PR-13).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opening: Option<Timestamp>,
        /// Validity of the bid in days (投标有效期), if given (GP-18).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        validity_days: Option<u32>,
    },
    /// 履约保函.
    Performance {
        /// Signing of the contract (合同签订时间).
        signed_at: Timestamp,
        /// Period of the contract in the partner's words (合同履约期限).
        period: String,
    },
}

impl PlaceOrder {
    /// An application of which only the partner's number is known.
    #[must_use]
    pub fn announced(business_no: String) -> Self {
        Self {
            business_no,
            product: Product::Bid { opening: None, validity_days: None },
            applicant: Applicant::default(),
            tender: Tender::default(),
            bond: Money::ZERO,
            contact: Contact::default(),
            attachments: Vec::new(),
            request_no: String::new(),
            deadline: None,
            term: None,
            sealed: Vec::new(),
            basic_account_only: false,
            remarks: Vec::new(),
        }
    }

    /// The text of a field that may be sealed.
    #[must_use]
    pub fn field(&self, field: SealedField) -> &str {
        match field {
            SealedField::ProjectNo => &self.tender.project_no,
            SealedField::ProjectName => self.tender.project_name.expose(),
            SealedField::SectionNo => &self.tender.section_no,
            SealedField::SectionName => self.tender.section_name.expose(),
            SealedField::TendereeName => self.tender.tenderee.name.expose(),
            SealedField::TendereeCode => self.tender.tenderee.code.expose(),
            SealedField::BidderName => self.applicant.company.name.expose(),
            SealedField::BidderCode => self.applicant.company.code.expose(),
        }
    }

    pub(crate) fn open(&mut self, field: SealedField, plain: Private) {
        match field {
            SealedField::ProjectNo => plain.expose().clone_into(&mut self.tender.project_no),
            SealedField::ProjectName => self.tender.project_name = plain,
            SealedField::SectionNo => plain.expose().clone_into(&mut self.tender.section_no),
            SealedField::SectionName => self.tender.section_name = plain,
            SealedField::TendereeName => self.tender.tenderee.name = plain,
            SealedField::TendereeCode => self.tender.tenderee.code = plain,
            SealedField::BidderName => self.applicant.company.name = plain,
            SealedField::BidderCode => self.applicant.company.code = plain,
        }
        self.sealed.retain(|sealed| *sealed != field);
    }
}

impl Product {
    /// Until when a guarantee of this product binds: opening plus validity; unknown for a contract period in words.
    #[must_use]
    pub fn valid_until(&self) -> Option<Timestamp> {
        match self {
            Self::Bid { opening: Some(opening), validity_days: Some(days) } => {
                Some(opening.plus_seconds(i64::from(*days) * 86_400))
            }
            Self::Bid { .. } | Self::Performance { .. } => None,
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Bid { .. } => "投标保函",
            Self::Performance { .. } => "履约保函",
        }
    }
}
