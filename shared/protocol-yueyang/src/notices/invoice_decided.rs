//! 3.14 发票开具通知 `invoiceNotice`: an invoice was made out or refused; every key is there (YY-18).

use super::{clock, outbound};
use crate::codes;
use crate::envelope::Letter;
use domain::{GuaranteeNo, InvoiceIssued, InvoiceRefused, NoticeHead};
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.14", "guarantee/invoiceNotice", "发票开具通知");

pub(super) fn issued(notice: &InvoiceIssued, url: &str) -> Letter {
    let invoice = [url, &notice.invoice.code, &notice.invoice.number];
    write(&notice.head, &notice.guarantee_no, true, invoice, notice.special)
}

pub(super) fn refused(notice: &InvoiceRefused) -> Letter {
    write(&notice.head, &notice.guarantee_no, false, ["", "", ""], notice.special)
}

fn write(
    head: &NoticeHead,
    guarantee_no: &GuaranteeNo,
    approved: bool,
    [url, code, number]: [&str; 3],
    special: Option<bool>,
) -> Letter {
    vec![
        ("businessNo", head.business_no.clone()),
        ("applyTime", clock(head.at)),
        ("guaranteeNo", guarantee_no.to_string()),
        ("invoiceResult", codes::result(approved).to_owned()),
        ("invoiceUrl", url.to_owned()),
        ("invoiceCode", code.to_owned()),
        ("invoiceNo", number.to_owned()),
        ("type", codes::invoice_type(special).to_owned()),
    ]
}
