//! What we tell the partner: the table of callbacks, from a notice to the fields of its callback, and what the reply means.

mod claim_decided;
mod credit_decided;
mod guarantee_revealed;
mod invoice_decided;
mod order_decided;
mod order_withdrawn;
mod refund_decided;
mod release_decided;
mod reply;

pub(crate) use reply::judge;

use crate::envelope::Letter;
use crate::settings::Manner;
use crypto::text;
use domain::{Notice, NoticeHead, Timestamp};
use http::Uri;
use protocol::{Direction, Form, Interface, Pass, Unsealable, Way, print_shanghai};

/// The callbacks in the order of the document.
pub(crate) static CALLBACKS: [Interface; 8] = [
    order_decided::INTERFACE,
    order_withdrawn::INTERFACE,
    credit_decided::INTERFACE,
    guarantee_revealed::INTERFACE,
    release_decided::INTERFACE,
    claim_decided::INTERFACE,
    invoice_decided::INTERFACE,
    refund_decided::INTERFACE,
];

const fn outbound(section: &'static str, name: &'static str, title: &'static str) -> Interface {
    Interface { section, name, title, direction: Direction::Outbound, way: Way::Notice }
}

/// Which callback carries a notice, and where it stands in the table.
pub(crate) fn position(notice: &Notice) -> Option<(usize, &'static Interface)> {
    let row = match notice {
        Notice::GuaranteeIssued(_) | Notice::OrderRejected(_) => 0,
        Notice::WithdrawalDecided(_) => 1,
        Notice::CreditDecided(_) => 2,
        Notice::GuaranteeRevealed(_) => 3,
        Notice::ReleaseDecided(_) => 4,
        Notice::ClaimDecided(_) => 5,
        Notice::InvoiceIssued(_) | Notice::InvoiceRefused(_) => 6,
        Notice::RefundDecided(_) => 7,
        Notice::GuaranteeReissued(_)
        | Notice::OrderProgressed(_)
        | Notice::PremiumReturned(_)
        | Notice::ClaimProgressed(_)
        | Notice::Inquiry(_) => return None,
    };
    CALLBACKS.get(row).map(|callback| (row, callback))
}

/// The callback that carries a notice.
pub(crate) fn callback_for(notice: &Notice) -> Option<&'static Interface> {
    position(notice).map(|(_, callback)| callback)
}

/// True for the two callbacks that carry the guarantee itself.
pub(crate) const fn carries_document(notice: &Notice) -> bool {
    matches!(notice, Notice::GuaranteeIssued(_) | Notice::GuaranteeRevealed(_))
}

/// Writes the fields of a notice's callback.
pub(crate) fn write(notice: &Notice, pass: &Pass<'_>, manner: &Manner) -> Result<Letter, Unsealable> {
    Ok(match notice {
        Notice::GuaranteeIssued(issued) => order_decided::issued(issued, file(pass)?, manner),
        Notice::OrderRejected(rejected) => order_decided::rejected(rejected, manner),
        Notice::WithdrawalDecided(decided) => order_withdrawn::write(decided),
        Notice::CreditDecided(decided) => credit_decided::write(decided),
        Notice::GuaranteeRevealed(revealed) => guarantee_revealed::write(revealed, file(pass)?),
        Notice::ReleaseDecided(decided) => release_decided::write(decided),
        Notice::ClaimDecided(decided) => claim_decided::write(decided, manner),
        Notice::InvoiceIssued(issued) => invoice_decided::issued(issued, link(pass)?),
        Notice::InvoiceRefused(refused) => invoice_decided::refused(refused),
        Notice::RefundDecided(decided) => refund_decided::write(decided),
        _ => return Err(Unsealable("the protocol has no callback for it".to_owned())),
    })
}

/// The whole document, whatever the printed length says (YY-07).
fn file(pass: &Pass<'_>) -> Result<String, Unsealable> {
    let missing = || Unsealable("the document's bytes are missing: check the document store".to_owned());
    pass.document.map(|bytes| text::to_base64(bytes)).ok_or_else(missing)
}

fn link<'a>(pass: &Pass<'a>) -> Result<&'a str, Unsealable> {
    let missing = "no link to the document: check the settings of the files service";
    pass.document_url.ok_or_else(|| Unsealable(missing.to_owned()))
}

/// businessNo and orderNo of an order, the first as it came with the application (YY-20).
fn numbers(head: &NoticeHead) -> (String, String) {
    let brief = head.brief.as_deref();
    let order_no = brief.map_or(&head.business_no, |brief| &brief.order_no).clone();
    let request_no = brief.map(|brief| brief.request_no.clone()).filter(|no| !no.is_empty());
    (request_no.unwrap_or_else(|| order_no.clone()), order_no)
}

fn clock(at: Timestamp) -> String {
    print_shanghai(at, Form::Dashed)
}

/// What came of a request in words: the reason of a refusal, else `done`.
fn outcome(approved: bool, reason: &str, done: &str, refused: &str) -> String {
    match (approved, reason) {
        (true, _) => done.to_owned(),
        (false, "") => refused.to_owned(),
        (false, reason) => reason.to_owned(),
    }
}

/// Where to send a callback: to the address the partner named, else to the configured one.
pub(crate) fn target(row: usize, pass: &Pass<'_>, addresses: &[Uri]) -> Result<Uri, Unsealable> {
    let told = || Unsealable("the callback address is not an absolute URL".to_owned());
    match pass.target {
        Some(named) => address(named).ok_or_else(told),
        None => addresses.get(row).cloned().ok_or_else(told),
    }
}

/// An absolute http or https address with a host, in the form HTTP wants it (international names and paths encoded).
pub(crate) fn address(text: &str) -> Option<Uri> {
    let url = url::Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web { url.as_str().parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
