//! 申请发票: an invoice for the premium is asked for.

use crate::decide;
use domain::{About, Invoice, Judgement, Policy, Reply, RequestInvoice};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled, Press, find_order, open_case};

/// Keeps the request, and makes the invoice out where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, press: &Press, about: &About<RequestInvoice>) -> Handled {
    let order = find_order(desk, about).await?;
    let standing = desk.work.standing_cases::<Invoice>(&order.no).await?;
    about.request.check(&order, &standing)?;
    let mut invoice = Invoice { case: open_case(desk, about, &order)?, issued: None };
    let policy = desk.policy(&order.origin)?;
    let detail = json!({ "amount": invoice.case.request.amount });
    desk.work.note(&invoice, Event { what: "invoice_requested", detail });
    if let Judgement::Decided(decision) = Policy::judge(policy.invoices) {
        decide::settle(desk, press, &mut invoice, &decision, None).await?;
    }
    desk.work.save(&invoice)?;
    Ok(Reply::Accepted { no: invoice.case.no })
}
