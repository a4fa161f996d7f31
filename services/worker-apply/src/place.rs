//! 申请保函: an application is taken in, and decided at once where the rules can.

use crate::course;
use domain::{Judgement, Order, PlaceOrder, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled, Press};

/// Keeps the order whatever the rules say: a rejected application is an order too, with its notice.
pub(crate) async fn place(desk: &mut Desk, press: &Press, application: &PlaceOrder) -> Handled {
    let policy = desk.policy(&desk.origin)?;
    let mut order = Order::place(desk.no.clone(), desk.origin.clone(), application.clone(), desk.accepted_at);
    let detail = json!({ "product": application.product.title(), "bond": application.bond });
    desk.work.note(&order, Event { what: "order_placed", detail });
    if let Judgement::Decided(decision) = policy.judge_order(application, desk.now) {
        course::decided(desk, press, &mut order, &decision, &policy).await?;
    }
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}
