//! An order that is only announced is pulled: what is applied for comes from the partner itself (FZ-20).

use domain::{AnnounceOrder, Inquiry, Notice, NoticeHead, Order, Reply, Topic};
use store::Event;
use worker::{Desk, Failure, Handled};

/// Keeps the announcement and asks for the application and the companies.
pub(crate) async fn announce(desk: &mut Desk, announced: &AnnounceOrder) -> Handled {
    desk.policy(&desk.origin)?;
    let (no, origin) = (desk.no.clone(), desk.origin.clone());
    let order = Order::announce(no, origin, announced.business_no.clone(), desk.accepted_at);
    desk.work.note(&order, Event::plain("order_announced"));
    ask(desk, &order, Topic::Application)?;
    ask(desk, &order, Topic::Companies)?;
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}

/// Asks the partner something about an order.
pub(crate) fn ask(desk: &mut Desk, order: &Order, topic: Topic) -> Result<(), Failure> {
    let head = NoticeHead::of_order(order, desk.now);
    Ok(desk.work.notify(&order.origin, Notice::Inquiry(Inquiry { head, topic }))?)
}
