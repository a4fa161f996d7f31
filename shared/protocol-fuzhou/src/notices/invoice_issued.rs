//! 2.9 推送订单发票处理结果 `insurer_push_invoice`: the invoice was made out (FZ-21).

use super::{Said, outbound};
use crate::envelope::Field;
use domain::InvoiceIssued;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("2.9", "insurer_push_invoice", "推送订单发票处理结果");

/// The PDF goes along also where the bidder gets paper: the document asks for it with an electronic invoice and forbids it
/// with none.
pub(super) fn write<'a>(issued: &'a InvoiceIssued, digest: &'a str) -> Said<'a> {
    let fields = vec![
        Field::text("invoice_id", issued.head.business_no.as_str()),
        Field::text("invoice_pdf_hash", digest),
    ];
    Said { fields, part: Some("invoice_pdf") }
}
