//! What the page about an invoice (发票) states, until the institution's own invoice takes its place.

use crate::template::{Fact, Facts, Value};
use crate::{calendar, capital};
use domain::{GuaranteeNo, InvoiceKind, Money, RequestInvoice, Timestamp};

/// The facts an invoice states.
#[derive(Debug, Clone)]
pub struct InvoiceFacts<'a> {
    /// 发票代码.
    pub code: &'a str,
    /// 发票号码.
    pub number: &'a str,
    /// The guarantee whose premium it is for.
    pub guarantee_no: &'a GuaranteeNo,
    /// What was asked for.
    pub request: &'a RequestInvoice,
    /// The amount, if it is known.
    pub amount: Option<Money>,
    /// When it is made out.
    pub made_out_at: Timestamp,
    /// Where the square code leads.
    pub verify_url: &'a str,
}

impl InvoiceFacts<'_> {
    pub(crate) fn facts(&self) -> Facts {
        let request = self.request;
        let mut facts = Facts::default();
        facts.add([
            ("no", Value::of(self.number)),
            ("code", Value::of(self.code)),
            ("issued_on", Value::of(calendar::day(self.made_out_at))),
            ("issued_formal", Value::of(calendar::formal_day(self.made_out_at))),
            ("verify_url", Value::of(self.verify_url)),
            ("guarantee_no", Value::of(self.guarantee_no.to_string())),
            ("buyer", Value::of(request.buyer.name.expose())),
            ("buyer_code", Value::of(request.buyer.code.expose())),
            ("amount", self.amount.map(capital::figures).and_then(Value::of)),
            ("amount_capital", self.amount.map(capital::capital).and_then(Value::of)),
        ]);
        facts.add(self.of_kind());
        facts
    }

    /// What only one kind of invoice states.
    fn of_kind(&self) -> Vec<Fact> {
        let address = self.request.buyer.address.expose();
        match &self.request.kind {
            InvoiceKind::Ordinary => vec![("invoice_kind", Value::of("增值税普通发票"))],
            InvoiceKind::Special { phone, bank, account } => vec![
                ("invoice_kind", Value::of("增值税专用发票")),
                ("buyer_contact", Value::of(format!("{address} {}", phone.expose()).trim())),
                ("buyer_account", Value::of(format!("{} {}", bank.expose(), account.expose()).trim())),
            ],
        }
    }
}
