//! 发票开具通知 `invoicenotice`: an invoice was made out or refused; the only callback without applyno (PR-12).

use super::outbound;
use crate::codes;
use crate::envelope::Letter;
use domain::{InvoiceIssued, InvoiceRefused};
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("接口说明 / 发票开具通知", "invoicenotice", "发票开具通知");

/// What has no value is left out rather than sent empty: then both ways of signing blanks agree.
pub(super) fn issued(notice: &InvoiceIssued, url: Option<&str>) -> Letter {
    let optional = [
        ("invoiceurl", url.unwrap_or_default()),
        ("invoicecode", &notice.invoice.code),
        ("invoiceno", &notice.invoice.number),
    ];
    let given = optional.into_iter().filter(|(_, text)| !text.is_empty());
    std::iter::once(("baohanno", notice.guarantee_no.to_string()))
        .chain(given.map(|(name, text)| (name, text.to_owned())))
        .chain([("applystatus", codes::verdict(true).to_owned())])
        .collect()
}

pub(super) fn refused(notice: &InvoiceRefused) -> Letter {
    vec![("baohanno", notice.guarantee_no.to_string()), ("applystatus", codes::verdict(false).to_owned())]
}
