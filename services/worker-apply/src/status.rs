//! Where an application stands.

use domain::{AcceptanceNo, Order, OrderStatus, Refusal, Reply, Timestamp};
use worker::{Handled, Press, Window};

/// Answers with what the partner may know of its own order.
pub(crate) async fn status(window: &Window, press: &Press, no: &AcceptanceNo) -> Handled {
    let found = window.store.find_order(&window.origin.partner, no).await?;
    let order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    let guarantee = order.guarantee.as_ref();
    Ok(Reply::Order(OrderStatus {
        no: order.no.clone(),
        state: order.state,
        premium: order.premium,
        rate: order.rate,
        guarantee_no: guarantee.map(|guarantee| guarantee.no.clone()),
        document_url: guarantee.map(|guarantee| press.link(&guarantee.document, window.now)),
        reason: order.reason.clone(),
        bond: Some(order.application.bond).filter(|bond| bond.is_positive()),
        changed_at: Some(changed_at(&order)),
    }))
}

/// The latest moment this order is known to have moved.
fn changed_at(order: &Order) -> Timestamp {
    let issued = order.guarantee.as_ref().map(|guarantee| guarantee.issued_at);
    let paid = order.received.as_ref().map(|received| received.at);
    issued.or(paid).unwrap_or(order.placed_at)
}
