//! Who is named in an order: companies, people, accounts, files.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that never shows itself in logs: names before opening, identity numbers, telephones, accounts.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

/// A company and its 统一社会信用代码 or organisation code; the code is not checked (pilot codes break the rule).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Company {
    /// Full name.
    pub name: Private,
    /// Code as received.
    pub code: Private,
    /// Registered address, empty if not given.
    #[serde(default)]
    pub address: Private,
}

/// The bidder (投标人), who applies and is the principal of the guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Applicant {
    /// The company.
    pub company: Company,
    /// Name of the legal representative (法人).
    pub legal_name: Private,
    /// Identity number of the legal representative.
    pub legal_id: Private,
    /// The account premiums are paid from, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
}

/// A bank account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BankAccount {
    /// Account holder, empty if it goes without saying.
    #[serde(default)]
    pub holder: Private,
    /// Account number.
    pub number: Private,
    /// Bank (开户行).
    pub bank: Private,
    /// Bank number (联行号), empty if not given.
    #[serde(default)]
    pub bank_no: Private,
}

/// The person who handles the matter (经办人).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: Private,
    /// Identity number, empty if not asked for.
    #[serde(default)]
    pub id_no: Private,
    /// Telephone.
    #[serde(default)]
    pub phone: Private,
    /// E-mail, empty if not given.
    #[serde(default)]
    pub email: Private,
}

/// A file that the partner holds ready for us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name as given.
    pub name: Private,
    /// What it is, in our words: `business_licence`, `legal_id_front`, `legal_id_back`, `evidence`, or `other:<code>`.
    pub kind: String,
    /// Where it can be fetched.
    pub url: Private,
}

impl Private {
    /// The text itself: for documents, signatures and the database, never for logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True if nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "\"\"" } else { "***" })
    }
}
