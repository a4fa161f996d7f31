//! What arrived for an order besides its application: the premium, and the partner's files.

use crate::{Attachment, BankAccount, DocumentRef, Money, Private, Timestamp};
use serde::{Deserialize, Serialize};

/// A premium that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
    /// The bank's reference, empty if none.
    #[serde(default)]
    pub reference: String,
    /// Who paid, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<BankAccount>,
}

/// A file of the partner's, of which we keep a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The partner's id of it, empty if it has none.
    #[serde(default)]
    pub file_id: String,
    /// What it is, as in [`crate::Attachment::kind`].
    pub kind: String,
    /// Its name as given.
    pub name: Private,
    /// Our copy.
    pub document: DocumentRef,
}

/// A file of the partner's that is being fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedFile {
    /// The partner's id of it, empty if it has none.
    #[serde(default)]
    pub file_id: String,
    /// What it is and where.
    pub attachment: Attachment,
    /// How often a fresh address was asked for.
    #[serde(default)]
    pub renewals: u32,
}
