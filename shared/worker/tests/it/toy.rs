//! The smallest office: it keeps orders and tells the partner, and refuses everything else.

use domain::{Command, Notice, NoticeHead, Noun, Order, OrderRejected, Query, Refusal, Reply};
use store::Event;
use worker::{Desk, Handled, Office, Window};

pub(crate) struct Toy;

impl Office for Toy {
    const NOUN: Noun = Noun::Apply;

    async fn command(&self, desk: &mut Desk, command: &Command) -> Handled {
        let Command::PlaceOrder(application) = command else {
            return Err(Refusal::not_now("不在此办理").into());
        };
        let order = Order::place(desk.no.clone(), desk.origin.clone(), application.clone(), desk.accepted_at);
        desk.work.save(&order)?;
        desk.work.note(&order, Event::plain("order_placed"));
        let head = NoticeHead::of_order(&order, desk.now);
        let notice = OrderRejected { head, reason: "测试".to_owned() };
        desk.work.notify(&order.origin, Notice::OrderRejected(notice))?;
        Ok(Reply::Accepted { no: order.no })
    }

    async fn query(&self, _: &Window, _: &Query) -> Handled {
        Err(Refusal::unknown("保函申请").into())
    }
}
