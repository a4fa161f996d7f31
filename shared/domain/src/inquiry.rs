//! What we must learn from a partner: asked through egress like a notice, answered by a command to ourselves.

use crate::{AcceptanceNo, Applicant, Attachment, Company, DocumentRef, Money, Noun, PlaceOrder, Private};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "snake_case")]
pub enum Topic {
    /// The application of an announced order.
    Application,
    /// The particulars of the companies of an order.
    Companies,
    /// A fresh address of a file whose address expired.
    FileAddress {
        /// The partner's id of the file.
        file_id: String,
    },
    /// The file itself: fetched and kept at once, because addresses expire.
    File {
        /// The partner's id of the file; empty if the address is all it has.
        file_id: String,
        /// What it is and where.
        attachment: Attachment,
    },
    /// The particulars of a claim.
    ClaimDetail {
        /// The partner's number of the claim.
        claim_no: String,
        /// The guarantee.
        guarantee_no: String,
        /// The bidder, as the partner wrote it.
        principal: Private,
        /// The beneficiary, as the partner wrote it.
        creditor: Private,
    },
    /// The institutions of a partner, by name.
    Insurers {
        /// Whole or part of the name.
        name: String,
    },
}

/// Our wish to learn something, as a command to ourselves or from an operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquire {
    /// What is asked.
    pub topic: Topic,
    /// The order or claim it is about; absent if it is about neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AcceptanceNo>,
    /// Who asks, for the audit.
    pub by: String,
}

/// What a partner told us in its reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learn {
    /// The order or claim it is about.
    pub about: AcceptanceNo,
    /// What it is.
    pub fact: Fact,
}

/// A fact from a partner's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", content = "is", rename_all = "snake_case")]
pub enum Fact {
    /// The application of an announced order, with the files to be fetched (file id, address).
    Application(Box<LearntApplication>),
    /// The companies of an order.
    Companies(Box<LearntCompanies>),
    /// Where a file is now.
    FileAddress {
        /// The partner's id.
        file_id: String,
        /// The address.
        url: Private,
    },
    /// A file was fetched and is kept.
    FileKept {
        /// The partner's id, empty if it has none.
        file_id: String,
        /// What it is and where it was.
        attachment: Attachment,
        /// Our copy.
        document: DocumentRef,
    },
    /// A file was not there (any more).
    FileGone {
        /// The partner's id, empty if it has none.
        file_id: String,
        /// What it is and where it was.
        attachment: Attachment,
    },
    /// The partner's serial number of the guarantee.
    SerialNo(String),
    /// The particulars of a claim.
    ClaimDetail(Box<LearntClaim>),
    /// Institutions: id and name.
    Insurers(Vec<(String, String)>),
}

/// An application as pulled from the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearntApplication {
    /// The application; its business number is that of the announced order.
    pub application: PlaceOrder,
    /// The files to be fetched at once: the partner's id and what it is.
    #[serde(default)]
    pub files: Vec<(String, Attachment)>,
    /// Where the partner says the order stands, in its own word.
    #[serde(default)]
    pub status: String,
    /// What else the partner says of it, by the Chinese title of the field: kept in [`Order::particulars`](crate::Order).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub particulars: Vec<(String, Private)>,
}

/// The particulars of the companies of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LearntCompanies {
    /// The bidder.
    pub applicant: Applicant,
    /// Its kind of company in the partner's code, empty if not given.
    #[serde(default)]
    pub organisation: String,
    /// Its registered capital, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capital: Option<Money>,
    /// Who handles it at the bidder.
    pub operator: crate::Contact,
    /// The beneficiary.
    pub creditor: Company,
    /// Who handles it at the beneficiary.
    pub creditor_operator: crate::Contact,
    /// The guarantor as the partner knows it.
    pub guarantor: Company,
    /// Who handles it at the guarantor.
    pub guarantor_operator: crate::Contact,
    /// Papers to be fetched.
    #[serde(default)]
    pub files: Vec<Attachment>,
}

/// The particulars of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearntClaim {
    /// The partner's number of the claim.
    pub claim_no: String,
    /// Where the partner says it stands, in its own word.
    pub status: String,
    /// The guarantee.
    pub guarantee_no: String,
    /// Section number and name as the partner wrote them.
    pub section_no: String,
    /// Section name.
    pub section_name: Private,
    /// The bidder.
    pub principal: Private,
    /// The beneficiary.
    pub creditor: Private,
    /// Who took the order.
    pub guarantor: Private,
    /// Who issued the guarantee.
    pub issuer: Private,
    /// How much is demanded, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Why.
    pub reason: String,
    /// Who to talk to.
    pub contact: crate::Contact,
    /// More about it.
    #[serde(default)]
    pub statement: Private,
    /// The proof, to be fetched at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Attachment>,
}

impl Fact {
    /// The worker that takes it in.
    #[must_use]
    pub const fn noun(&self) -> Noun {
        match self {
            Self::ClaimDetail(_) => Noun::Claim,
            _ => Noun::Apply,
        }
    }

    /// The word for it in timelines and metrics.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Application(_) => "application",
            Self::Companies(_) => "companies",
            Self::FileAddress { .. } => "file_address",
            Self::FileKept { .. } => "file_kept",
            Self::FileGone { .. } => "file_gone",
            Self::SerialNo(_) => "serial_no",
            Self::ClaimDetail(_) => "claim_detail",
            Self::Insurers(_) => "insurers",
        }
    }
}

impl Topic {
    /// The word for it in callback ids, timelines and commands.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Companies => "companies",
            Self::FileAddress { .. } => "file_address",
            Self::File { .. } => "file",
            Self::ClaimDetail { .. } => "claim_detail",
            Self::Insurers { .. } => "insurers",
        }
    }
}

impl Topic {
    /// The word, and the file or claim meant: the same question always has the same key.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Application | Self::Companies | Self::Insurers { .. } => self.word().to_owned(),
            Self::FileAddress { file_id } => format!("{}:{file_id}", self.word()),
            Self::File { file_id, attachment } => {
                if !file_id.is_empty() {
                    return format!("{}:{file_id}", self.word());
                }
                let address = Sha256::digest(attachment.url.expose().as_bytes());
                let short: String = address.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                format!("{}:{short}", self.word())
            }
            Self::ClaimDetail { claim_no, .. } => format!("{}:{claim_no}", self.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(file_id: &str, kind: &str, url: &str) -> Topic {
        let attachment = Attachment { name: "x".into(), kind: kind.to_owned(), url: url.into() };
        Topic::File { file_id: file_id.to_owned(), attachment }
    }

    #[test]
    fn different_questions_have_different_keys() {
        let topics = [
            Topic::Application,
            Topic::Companies,
            Topic::Insurers { name: String::new() },
            Topic::FileAddress { file_id: "1".to_owned() },
            file("1", "licence", "https://a"),
            file("2", "licence", "https://a"),
            file("", "licence", "https://a"),
            file("", "licence", "https://b"),
        ];
        let keys: std::collections::BTreeSet<String> = topics.iter().map(Topic::key).collect();
        assert_eq!(keys.len(), topics.len(), "{keys:?}");
        assert!(keys.iter().all(|key| !key.contains("https")), "an address may be a secret");
        assert_eq!(file("1", "a", "https://a").key(), file("1", "a", "https://b").key(), "the id names it");
    }
}
