//! An invoice (发票) for the premium.

use crate::{Case, Company, DocumentRef, Money, Order, Private, Refusal};
use serde::{Deserialize, Serialize};

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestInvoice {
    /// Who it is made out to.
    pub buyer: Company,
    /// Amount in yuan; absent means the premium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Ordinary or special.
    pub kind: InvoiceKind,
    /// Telephone of whoever asked, empty if not given.
    #[serde(default)]
    pub contact_phone: Private,
    /// E-mail of whoever asked, empty if not given.
    #[serde(default)]
    pub contact_email: Private,
    /// Where a paper invoice is sent, empty if not given.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub postal_address: Private,
    /// Who receives it, empty if not given.
    #[serde(default, skip_serializing_if = "Private::is_empty")]
    pub recipient: Private,
    /// The partner's numbers of all orders it is for, where it is for more than one (FZ-21).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<String>,
}

/// The kinds of invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InvoiceKind {
    /// 普票.
    Ordinary,
    /// 专票, which names the buyer's particulars.
    Special {
        /// Telephone of the company.
        phone: Private,
        /// Its bank.
        bank: Private,
        /// Its account.
        account: Private,
    },
}

/// A made-out invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedInvoice {
    /// 发票代码.
    pub code: String,
    /// 发票号码.
    pub number: String,
    /// The document.
    pub document: DocumentRef,
}

/// An invoice request, where it stands, and the invoice once made out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The request.
    pub case: Case<RequestInvoice>,
    /// The invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<IssuedInvoice>,
}

impl RequestInvoice {
    /// The amount for the premium of this order.
    #[must_use]
    pub fn asked(&self, order: &Order) -> Money {
        self.amount.or(order.premium).unwrap_or(Money::ZERO)
    }

    /// Checks the request against the order it is about: an invoice can still be asked for after the guarantee ended.
    /// `standing` are the invoices of this order that were asked for before and not refused.
    ///
    /// # Errors
    /// A [`Refusal`] if nothing was issued, or all invoices together would be for more than the premium.
    pub fn check(&self, order: &Order, standing: &[Invoice]) -> Result<(), Refusal> {
        order.guarantee()?;
        let before: i64 = standing.iter().map(|invoice| invoice.case.request.asked(order).fen()).sum();
        let together = Money::from_fen(before.saturating_add(self.asked(order).fen()));
        if !self.asked(order).is_positive() || order.premium.is_some_and(|premium| together > premium) {
            return Err(Refusal::against_rules("开票金额须大于0，且累计不超过保费金额"));
        }
        Ok(())
    }
}
