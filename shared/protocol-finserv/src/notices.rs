//! What we tell the partner: the table of callbacks, from a notice to the data of its callback, and what the reply means.

mod claim_decided;
mod invoice_issued;
mod order_decided;
mod refund_decided;
mod release_decided;
mod reply;

pub(crate) use reply::judge;

use crate::settings::Manner;
use domain::Notice;
use http::Uri;
use protocol::{Direction, Interface, Pass, Unsealable, Way};
use serde::Serialize;

/// The callbacks in the order of the document.
pub(crate) static CALLBACKS: [Interface; 5] = [
    order_decided::INTERFACE,
    release_decided::INTERFACE,
    claim_decided::INTERFACE,
    invoice_issued::INTERFACE,
    refund_decided::INTERFACE,
];

/// What came of writing a notice.
pub(crate) enum Written {
    /// The business data of this callback.
    Plain(&'static Interface, Vec<u8>),
    /// The partner is not told, and why.
    Silent(&'static str),
}

const fn outbound(section: &'static str, name: &'static str, title: &'static str) -> Interface {
    Interface { section, name, title, direction: Direction::Outbound, way: Way::Notice }
}

/// Where in the table the callback for a notice stands; an invoice that was refused has none: the partner learns it
/// from get_invoiceInfo.
fn position(notice: &Notice) -> Option<usize> {
    match notice {
        Notice::GuaranteeIssued(_) | Notice::OrderRejected(_) => Some(0),
        Notice::ReleaseDecided(_) => Some(1),
        Notice::ClaimDecided(_) => Some(2),
        Notice::InvoiceIssued(_) => Some(3),
        Notice::RefundDecided(_) => Some(4),
        _ => None,
    }
}

/// The callback that carries a notice.
pub(crate) fn callback_for(notice: &Notice) -> Option<&'static Interface> {
    position(notice).and_then(|row| CALLBACKS.get(row))
}

/// Writes the business data of a notice's callback.
pub(crate) fn write(notice: &Notice, pass: &Pass<'_>, manner: &Manner) -> Result<Written, Unsealable> {
    let Some(callback) = callback_for(notice) else {
        return Ok(Written::Silent("the protocol has no callback for it"));
    };
    let plain = match notice {
        Notice::GuaranteeIssued(issued) => order_decided::issued(issued, document_url(pass)?, manner),
        Notice::OrderRejected(_) if manner.silence_rejections => {
            return Ok(Written::Silent(
                "settings.silence_rejections: the partner asks for rejections itself",
            ));
        }
        Notice::OrderRejected(rejected) => order_decided::rejected(rejected, manner),
        Notice::ReleaseDecided(decided) => release_decided::write(decided),
        Notice::ClaimDecided(decided) => claim_decided::write(decided),
        Notice::InvoiceIssued(issued) => invoice_issued::write(issued, document_url(pass)?),
        Notice::RefundDecided(decided) => refund_decided::write(decided),
        _ => return Ok(Written::Silent("the protocol has no callback for it")),
    };
    Ok(Written::Plain(callback, plain))
}

/// Where to send a callback: to the address the partner named, else to the configured one (FS-25).
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

/// Both callbacks that carry a document promise an address where it can be fetched.
fn document_url<'a>(pass: &Pass<'a>) -> Result<&'a str, Unsealable> {
    let none = || Unsealable("no link to the document: check the settings of the files service".to_owned());
    pass.document_url.ok_or_else(none)
}

/// A struct of strings always has a JSON form.
fn bytes(wire: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(wire).unwrap_or_default()
}

#[cfg(test)]
mod tests;
