//! 申请保函: an application is taken in, and decided at once where the rules can.

use crate::{course, credit};
use domain::{Decision, Judgement, Order, PlaceOrder, Policy, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press};

/// Keeps the order whatever the rules say: a rejected application is an order too, with its notice.
pub(crate) async fn place(desk: &mut Desk, press: &Press, application: &PlaceOrder) -> Handled {
    let policy = desk.policy(&desk.origin)?;
    let mut order = Order::place(desk.no.clone(), desk.origin.clone(), application.clone(), desk.accepted_at);
    let detail = json!({ "product": application.product.title(), "bond": application.bond });
    desk.work.note(&order, Event { what: "order_placed", detail });
    judge(desk, press, &mut order, &policy).await?;
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}

/// Decides a new application where the rules can.
pub(crate) async fn judge(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    policy: &Policy,
) -> Result<(), Failure> {
    look_after(desk, order);
    let judgement = policy.judge_order(&order.application, desk.now);
    let refused = matches!(judgement, Judgement::Decided(Decision::Refuse { .. }));
    // Whoever decides, a line must cover the bond from now on.
    let judgement = match &policy.credit {
        Some(rules) if !refused => match credit::draw(desk, order, rules).await? {
            Ok(()) => judgement,
            Err(no) => Judgement::Decided(Decision::Refuse { reason: no.say }),
        },
        _ => judgement,
    };
    let Judgement::Decided(decision) = judgement else { return Ok(()) };
    let before = order.clone();
    match course::decided(desk, press, order, &decision, policy).await {
        // What cannot be printed cannot be guaranteed: the application is not lost, it is rejected.
        Err(Failure::Refused(refusal)) => {
            *order = before;
            course::decided(desk, press, order, &Decision::Refuse { reason: refusal.say }, policy).await
        }
        other => other,
    }
}

/// What was missing or odd but no reason to turn it away.
fn look_after(desk: &mut Desk, order: &Order) {
    let application = &order.application;
    for say in &application.remarks {
        desk.work.raise(order, "application_remark", say);
    }
    if application.basic_account_only && application.applicant.account.is_none() {
        let say = "要求基本户支付但未提供开户信息，请核实付款账户";
        desk.work.raise(order, "check_account", say);
    }
}
