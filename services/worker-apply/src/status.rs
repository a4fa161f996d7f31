//! Where an application stands.

use domain::{AcceptanceNo, OrderStatus, Refusal, Reply};
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
        changed_at: window.store.changed_at(&order.no).await?,
    }))
}
