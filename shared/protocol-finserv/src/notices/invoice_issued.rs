//! 3.4.3 发票开具通知 `feedback_invoice`: an invoice was made out.

use super::{bytes, outbound};
use domain::InvoiceIssued;
use protocol::Interface;
use serde::Serialize;

pub(super) const INTERFACE: Interface = outbound("3.4.3", "feedback_invoice", "发票开具通知");

#[derive(Serialize)]
struct Wire<'a> {
    guarantee_no: &'a str,
    invoice_code: &'a str,
    invoice_no: &'a str,
    invoice_url: &'a str,
}

pub(super) fn write(notice: &InvoiceIssued, url: &str) -> Vec<u8> {
    bytes(&Wire {
        guarantee_no: notice.guarantee_no.as_str(),
        invoice_code: &notice.invoice.code,
        invoice_no: &notice.invoice.number,
        invoice_url: url,
    })
}
