//! What we tell the partner: the table of callbacks, from a notice to the fields of its callback, and what the reply means.

mod guarantee_revealed;
mod invoice_decided;
mod order_decided;
mod order_withdrawn;
mod refund_decided;
mod reply;

pub(crate) use reply::judge;

use crate::envelope::Letter;
use crate::settings::Manner;
use crypto::text;
use domain::{Notice, NoticeHead, Side};
use http::Uri;
use protocol::{Direction, Interface, Pass, Unsealable, Way};

/// The callbacks in the order of the document.
pub(crate) static CALLBACKS: [Interface; 5] = [
    order_decided::INTERFACE,
    guarantee_revealed::INTERFACE,
    invoice_decided::INTERFACE,
    refund_decided::INTERFACE,
    order_withdrawn::INTERFACE,
];

/// Callbacks that a platform need not have an endpoint for (可选接口).
pub(crate) const OPTIONAL: [&str; 1] = [order_withdrawn::INTERFACE.name];

/// What came of writing a notice.
pub(crate) enum Written {
    /// The fields of this callback.
    Letter(&'static Interface, Letter),
    /// The partner is not told, and why.
    Silent(&'static str),
}

const fn outbound(section: &'static str, name: &'static str, title: &'static str) -> Interface {
    Interface { section, name, title, direction: Direction::Outbound, way: Way::Notice }
}

/// Where in the table the callback for a notice stands. Claims and releases have none (PR-10), and a withdrawal only
/// where it was the institution that withdrew: the platform's own was answered.
fn position(notice: &Notice) -> Option<usize> {
    match notice {
        Notice::GuaranteeIssued(_) | Notice::OrderRejected(_) => Some(0),
        Notice::GuaranteeRevealed(_) => Some(1),
        Notice::InvoiceIssued(_) | Notice::InvoiceRefused(_) => Some(2),
        Notice::RefundDecided(_) => Some(3),
        Notice::WithdrawalDecided(decided) if decided.approved && decided.side == Side::Institution => {
            Some(4)
        }
        _ => None,
    }
}

/// The callback that carries a notice.
pub(crate) fn callback_for(notice: &Notice) -> Option<&'static Interface> {
    position(notice).and_then(|row| CALLBACKS.get(row))
}

/// True for the two callbacks that carry the guarantee itself.
pub(crate) const fn carries_document(notice: &Notice) -> bool {
    matches!(notice, Notice::GuaranteeIssued(_) | Notice::GuaranteeRevealed(_))
}

/// Writes the fields of a notice's callback.
pub(crate) fn write(notice: &Notice, pass: &Pass<'_>, manner: &Manner) -> Result<Written, Unsealable> {
    let Some(callback) = callback_for(notice) else {
        return Ok(Written::Silent("the protocol has no callback for it"));
    };
    let letter = match notice {
        Notice::GuaranteeIssued(issued) => order_decided::issued(issued, Copy::of(pass)?, manner),
        Notice::OrderRejected(_) if manner.silence_rejections => {
            return Ok(Written::Silent("settings.silence_rejections: the partner is not told of rejections"));
        }
        Notice::OrderRejected(rejected) => order_decided::rejected(rejected, manner),
        Notice::GuaranteeRevealed(revealed) => guarantee_revealed::write(revealed, Copy::of(pass)?),
        Notice::InvoiceIssued(issued) => invoice_decided::issued(issued, pass.document_url),
        Notice::InvoiceRefused(refused) => invoice_decided::refused(refused),
        Notice::RefundDecided(decided) => refund_decided::write(decided),
        Notice::WithdrawalDecided(decided) => order_withdrawn::write(decided),
        _ => return Ok(Written::Silent("the protocol has no callback for it")),
    };
    Ok(Written::Letter(callback, letter))
}

/// A copy of the guarantee: both its address and its bytes are promised, with every guarantee (PR-05).
struct Copy {
    url: String,
    base64: String,
}

impl Copy {
    fn of(pass: &Pass<'_>) -> Result<Self, Unsealable> {
        let no_link = "no link to the document: check the settings of the files service";
        let url = pass.document_url.ok_or_else(|| Unsealable(no_link.to_owned()))?.to_owned();
        let no_bytes = || Unsealable("the document's bytes are missing: check the document store".to_owned());
        let base64 = text::to_base64(pass.document.ok_or_else(no_bytes)?);
        Ok(Self { url, base64 })
    }
}

/// The partner's number of the order, whatever the notice is about: it numbers nothing else.
fn order_no(head: &NoticeHead) -> String {
    let brief = head.brief.as_ref().map(|brief| &brief.order_no);
    brief.unwrap_or(&head.business_no).clone()
}

/// Where to send a callback: to the address the partner named, else to the configured one; `None` if it has no endpoint.
pub(crate) fn target(
    callback: &Interface,
    pass: &Pass<'_>,
    addresses: &[Option<Uri>],
) -> Result<Option<Uri>, Unsealable> {
    if let Some(named) = pass.target {
        let told = || Unsealable("the callback address is not an absolute URL".to_owned());
        return address(named).map(Some).ok_or_else(told);
    }
    let configured = CALLBACKS.iter().zip(addresses).find(|(row, _)| row.name == callback.name);
    Ok(configured.and_then(|(_, address)| address.clone()))
}

/// An absolute http or https address with a host, in the form HTTP wants it (international names and paths encoded).
pub(crate) fn address(text: &str) -> Option<Uri> {
    let url = url::Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web { url.as_str().parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
