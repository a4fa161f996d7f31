//! 申请发票: an invoice for the premium is asked for.

use crate::decide;
use domain::{About, Invoice, Judgement, Money, Order, Policy, Refusal, Reply, RequestInvoice};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press, find_order, open_case};

/// Keeps the request, and makes the invoice out where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, press: &Press, about: &About<RequestInvoice>) -> Handled {
    let order = find_order(desk, about).await?;
    let standing = desk.work.standing_cases::<Invoice>(&order.no).await?;
    let mut case = open_case(desk, about, &order)?;
    case.request.amount = Some(amount(desk, &about.request, &order, &standing).await?);
    let mut invoice = Invoice { case, issued: None };
    let policy = desk.policy(&order.origin)?;
    let detail = json!({ "amount": invoice.case.request.amount });
    desk.work.note(&invoice, Event { what: "invoice_requested", detail });
    if let Judgement::Decided(decision) = Policy::judge(policy.invoices) {
        decide::settle(desk, press, &mut invoice, &decision, None).await?;
    }
    desk.work.save(&invoice)?;
    Ok(Reply::Accepted { no: invoice.case.no })
}

/// What the invoice is for: one order's premium or part of it, or the premiums of several orders together (FZ-21).
async fn amount(
    desk: &mut Desk,
    request: &RequestInvoice,
    order: &Order,
    standing: &[Invoice],
) -> Result<Money, Failure> {
    if request.orders.len() < 2 {
        request.check(order, standing)?;
        return Ok(request.asked(order));
    }
    let partner = order.origin.partner.clone();
    let (mut fen, mut numbers) = (0_i64, request.orders.clone());
    // Locked in one order whoever asks, and counted once.
    numbers.sort_unstable();
    numbers.dedup();
    for number in &numbers {
        let found = desk.work.order_of_business(&partner, number).await?;
        let other = found.ok_or_else(|| Refusal::unknown("开票订单"))?;
        other.guarantee()?;
        if !desk.work.standing_cases::<Invoice>(&other.no).await?.is_empty() {
            return Err(Refusal::against_rules("所列订单中已有开票申请").into());
        }
        fen = fen.saturating_add(other.premium.unwrap_or(Money::ZERO).fen());
    }
    let together = Money::from_fen(fen);
    match request.amount {
        Some(asked) if !asked.is_positive() || asked > together => {
            Err(Refusal::against_rules("开票金额须大于0，且累计不超过保费金额").into())
        }
        asked => Ok(asked.unwrap_or(together)),
    }
}
