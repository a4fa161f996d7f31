//! The institution's decision on an invoice, and making it out.

use domain::{
    AcceptanceNo, Decide, Decision, Invoice, InvoiceIssued, InvoiceRefused, Notice, NoticeHead, Refusal,
    Reply,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press};

/// Decides, audited.
pub(crate) async fn decide(desk: &mut Desk, press: &Press, decide: &Decide) -> Handled {
    let found = desk.work.case::<Invoice>(&decide.no).await?;
    let (_, mut invoice) = found.ok_or_else(|| Refusal::unknown("发票申请"))?;
    settle(desk, press, &mut invoice, &decide.decision, decide.invoice.clone()).await?;
    desk.work.audit(&decide.by, "decide_invoice", invoice.case.no.as_str(), json!(decide.decision));
    desk.work.save(&invoice)?;
    Ok(Reply::Accepted { no: invoice.case.no })
}

/// Carries out a decision. `numbers` are the tax system's code and number.
pub(crate) async fn settle(
    desk: &mut Desk,
    press: &Press,
    invoice: &mut Invoice,
    decision: &Decision,
    numbers: Option<(String, String)>,
) -> Result<(), Failure> {
    invoice.case.decide(decision, desk.now)?;
    let guarantee_no = invoice.case.guarantee_no.clone();
    let head = NoticeHead::of_case(&invoice.case, desk.now);
    let special = Some(invoice.case.request.kind.is_special());
    let notice = if let Decision::Refuse { reason } = decision {
        desk.work.note(invoice, Event { what: "invoice_refused", detail: json!({ "reason": reason }) });
        Notice::InvoiceRefused(InvoiceRefused { head, guarantee_no, reason: reason.clone(), special })
    } else {
        let numbers = numbers.unwrap_or_else(|| own_numbers(&invoice.case.no));
        let issued = press.invoice(invoice, numbers, desk.now).await?;
        invoice.issued = Some(issued.clone());
        let detail = json!({ "code": issued.code, "number": issued.number });
        desk.work.note(invoice, Event { what: "invoice_issued", detail });
        Notice::InvoiceIssued(InvoiceIssued { head, guarantee_no, invoice: issued, special })
    };
    Ok(desk.work.notify(&invoice.case.origin, notice)?)
}

/// Without a tax system: a code of 12 and a number of 8 characters from our own number, the same whenever it is asked for.
fn own_numbers(no: &AcceptanceNo) -> (String, String) {
    let no = no.as_str();
    (no[..12].to_owned(), no[12..].to_owned())
}
