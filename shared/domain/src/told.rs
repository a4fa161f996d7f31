//! What each kind of notice says.

use crate::{
    Case, CaseState, Company, Contact, DocumentRef, Grant, GuaranteeNo, IssuedInvoice, Money, NoticeHead,
    Rate, Side, Timestamp, Topic,
};
use serde::{Deserialize, Serialize};

/// The guarantee was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeIssued {
    /// About.
    pub head: NoticeHead,
    /// Its number.
    pub guarantee_no: GuaranteeNo,
    /// Its document.
    pub document: DocumentRef,
    /// Bond amount.
    pub bond: Money,
    /// Premium.
    pub premium: Money,
    /// Rate.
    pub rate: Rate,
    /// Until when it binds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// From when, if not from issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
}

/// The revealed guarantee was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeRevealed {
    /// About.
    pub head: NoticeHead,
    /// Its number.
    pub guarantee_no: GuaranteeNo,
    /// The revealed document.
    pub document: DocumentRef,
}

/// The guarantee was made out anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeReissued {
    /// About.
    pub head: NoticeHead,
    /// The number of the document that it replaces.
    pub old_no: GuaranteeNo,
    /// Its number.
    pub guarantee_no: GuaranteeNo,
    /// Its document.
    pub document: DocumentRef,
    /// From when it binds.
    pub valid_from: Timestamp,
    /// Until when, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// A withdrawal was carried out or turned down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalDecided {
    /// About.
    pub head: NoticeHead,
    /// Who withdrew.
    pub side: Side,
    /// True if the order ended.
    pub approved: bool,
    /// Why it was withdrawn, or why not.
    #[serde(default)]
    pub reason: String,
}

/// An order took a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderProgressed {
    /// About.
    pub head: NoticeHead,
    /// The step.
    pub step: OrderStep,
}

/// Steps of an order of which a partner may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum OrderStep {
    /// The application was confirmed.
    Confirmed,
    /// Due diligence was passed.
    Surveyed,
    /// The premium was quoted.
    Quoted {
        /// The premium.
        premium: Money,
        /// Until when the guarantee will bind, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<Timestamp>,
    },
    /// The premium was received.
    Paid {
        /// How much.
        amount: Money,
        /// When.
        paid_at: Timestamp,
    },
}

/// The premium was paid back after a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PremiumReturned {
    /// About.
    pub head: NoticeHead,
    /// The guarantee that was refunded.
    pub guarantee_no: GuaranteeNo,
    /// How much.
    pub amount: Money,
}

/// A credit line was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditDecided {
    /// About; `order` is the line itself.
    pub head: NoticeHead,
    /// Whose line.
    pub company: Company,
    /// What is allowed; absent if refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Why not, in Chinese; empty for yes.
    #[serde(default)]
    pub reason: String,
}

/// A claim took a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimProgressed {
    /// About.
    pub head: NoticeHead,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// The step.
    pub step: ClaimStep,
}

/// Steps of a claim besides its decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ClaimStep {
    /// It is being examined.
    Accepted,
    /// It was paid.
    PaidOut {
        /// How much.
        amount: Money,
    },
}

/// A question to the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// About.
    pub head: NoticeHead,
    /// What is asked.
    pub topic: Topic,
}

/// The application was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRejected {
    /// About.
    pub head: NoticeHead,
    /// Why, in Chinese.
    pub reason: String,
}

/// A claim, refund or release was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseDecided {
    /// About.
    pub head: NoticeHead,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// Yes or no.
    pub approved: bool,
    /// Why not, in Chinese; empty for yes.
    #[serde(default)]
    pub reason: String,
    /// For an approved claim: how much is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Why it was asked for, in the words of whoever asked; empty if not said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asked_because: String,
    /// Who asked, if named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Box<Contact>>,
    /// For an approved refund or release: the confirmation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<DocumentRef>,
}

/// An invoice was made out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// About.
    pub head: NoticeHead,
    /// The guarantee whose premium it is for.
    pub guarantee_no: GuaranteeNo,
    /// The invoice.
    pub invoice: IssuedInvoice,
    /// Ordinary or special.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<bool>,
}

/// An invoice was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRefused {
    /// About.
    pub head: NoticeHead,
    /// The guarantee.
    pub guarantee_no: GuaranteeNo,
    /// Why, in Chinese.
    pub reason: String,
    /// Ordinary or special.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<bool>,
}

impl CaseDecided {
    /// What to tell about a decided case.
    #[must_use]
    pub fn of<R>(case: &Case<R>, at: Timestamp) -> Self {
        Self {
            head: NoticeHead::of_case(case, at),
            guarantee_no: case.guarantee_no.clone(),
            approved: case.state == CaseState::Approved,
            reason: case.reason.clone(),
            amount: case.payout.as_ref().map(|payout| payout.amount),
            asked_because: String::new(),
            contact: None,
            confirmation: case.confirmation.clone(),
        }
    }

    /// The same, with who asked and why.
    #[must_use]
    pub fn asked(self, because: &str, contact: Option<&Contact>) -> Self {
        Self { asked_because: because.to_owned(), contact: contact.cloned().map(Box::new), ..self }
    }
}

impl OrderStep {
    /// The word for it in callback ids, timelines and commands.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Confirmed => "order_confirmed",
            Self::Surveyed => "order_surveyed",
            Self::Quoted { .. } => "order_quoted",
            Self::Paid { .. } => "payment_received",
        }
    }
}

impl ClaimStep {
    /// The word for it in callback ids, timelines and commands.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "claim_accepted",
            Self::PaidOut { .. } => "claim_paid_out",
        }
    }
}
