//! What we tell the partner: the table of callbacks, from a notice to the fields of its callback, and what the reply means.

mod guarantee_ended;
mod order_decided;
mod premium_moved;
mod reply;

pub(crate) use reply::judge;

use crate::datum::Letter;
use crate::settings::Manner;
use crypto::text;
use domain::{Notice, NoticeHead, OrderStep};
use http::Uri;
use protocol::{Direction, Interface, Pass, Unsealable, Way};

/// The callbacks in the order of the document.
pub(crate) static CALLBACKS: [Interface; 3] =
    [premium_moved::INTERFACE, order_decided::INTERFACE, guarantee_ended::INTERFACE];

/// What came of writing a notice.
pub(crate) enum Written {
    /// The fields of this callback.
    Letter(&'static Interface, Letter),
    /// The partner is not told, and why.
    Silent(&'static str),
}

const SILENT: &str = "the protocol has no callback for it";

const fn outbound(section: &'static str, name: &'static str, title: &'static str) -> Interface {
    Interface { section, name, title, direction: Direction::Outbound, way: Way::Notice }
}

/// Where in the table the callback for a notice stands. Nothing tells a refund or release that was turned down (GP-10),
/// nor claims and invoices (GP-15).
fn position(notice: &Notice) -> Option<usize> {
    match notice {
        Notice::OrderProgressed(progress) => matches!(progress.step, OrderStep::Paid { .. }).then_some(0),
        Notice::PremiumReturned(_) => Some(0),
        Notice::GuaranteeIssued(_) | Notice::OrderRejected(_) => Some(1),
        Notice::WithdrawalDecided(decided) if decided.approved => Some(1),
        Notice::RefundDecided(decided) | Notice::ReleaseDecided(decided) if decided.approved => Some(2),
        _ => None,
    }
}

/// The callback that carries a notice.
pub(crate) fn callback_for(notice: &Notice) -> Option<&'static Interface> {
    position(notice).and_then(|row| CALLBACKS.get(row))
}

/// True for the callback that carries the guarantee itself.
pub(crate) const fn carries_document(notice: &Notice) -> bool {
    matches!(notice, Notice::GuaranteeIssued(_))
}

/// Writes the fields of a notice's callback.
pub(crate) fn write(notice: &Notice, pass: &Pass<'_>, manner: &Manner) -> Result<Written, Unsealable> {
    let Some(callback) = callback_for(notice) else { return Ok(Written::Silent(SILENT)) };
    let letter = match notice {
        Notice::OrderProgressed(progress) => match &progress.step {
            OrderStep::Paid { amount, paid_at } => {
                premium_moved::paid(&progress.head, *amount, *paid_at, manner)
            }
            _ => return Ok(Written::Silent(SILENT)),
        },
        Notice::PremiumReturned(returned) => premium_moved::returned(returned, manner),
        Notice::GuaranteeIssued(issued) => order_decided::issued(issued, file(pass)?, manner),
        Notice::OrderRejected(rejected) => {
            order_decided::failed(&rejected.head, "申请未通过", &rejected.reason, manner)
        }
        Notice::WithdrawalDecided(decided) => {
            order_decided::failed(&decided.head, "申请已放弃", &decided.reason, manner)
        }
        Notice::RefundDecided(decided) => guarantee_ended::refunded(decided),
        Notice::ReleaseDecided(decided) => guarantee_ended::released(decided),
        _ => return Ok(Written::Silent(SILENT)),
    };
    Ok(Written::Letter(callback, letter))
}

/// The guarantee in base64.
fn file(pass: &Pass<'_>) -> Result<String, Unsealable> {
    let missing = || Unsealable("the document's bytes are missing: check the document store".to_owned());
    pass.document.map(|bytes| text::to_base64(bytes)).ok_or_else(missing)
}

/// The partner's number of the order, whatever the notice is about: it numbers nothing else.
fn order_no(head: &NoticeHead) -> String {
    let brief = head.brief.as_ref().map(|brief| &brief.order_no);
    brief.unwrap_or(&head.business_no).clone()
}

/// What fits into the 512 characters of `info` and `describe`.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(512).collect()
}

/// Where to send a callback: to the address the partner named, else to the configured one.
pub(crate) fn target(callback: &Interface, pass: &Pass<'_>, addresses: &[Uri]) -> Result<Uri, Unsealable> {
    if let Some(named) = pass.target {
        return address(named)
            .ok_or_else(|| Unsealable("the callback address is not an absolute URL".to_owned()));
    }
    let configured = CALLBACKS.iter().zip(addresses).find(|(row, _)| row.name == callback.name);
    configured
        .map(|(_, address)| address.clone())
        .ok_or_else(|| Unsealable(format!("no address is configured for {}", callback.name)))
}

/// An absolute http or https address with a host, in the form HTTP wants it (international names and paths encoded).
pub(crate) fn address(text: &str) -> Option<Uri> {
    let url = url::Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web { url.as_str().parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
