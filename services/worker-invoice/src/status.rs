//! Where an invoice stands.

use domain::{CaseQuery, Invoice, InvoiceStatus, Reply};
use worker::{Handled, Press, Window, find_case};

/// Answers about the request named, or the latest of the guarantee (FS-26: nothing made out is an empty link).
pub(crate) async fn status(window: &Window, press: &Press, query: &CaseQuery) -> Handled {
    let invoice: Invoice = find_case(window, query, "发票申请").await?;
    let issued = invoice.issued.as_ref();
    Ok(Reply::Invoice(InvoiceStatus {
        no: invoice.case.no.clone(),
        state: invoice.case.state,
        code: issued.map(|issued| issued.code.clone()).unwrap_or_default(),
        number: issued.map(|issued| issued.number.clone()).unwrap_or_default(),
        document_url: issued.map(|issued| press.link(&issued.document, window.now)).unwrap_or_default(),
        reason: invoice.case.reason.clone(),
    }))
}
