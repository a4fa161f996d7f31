//! The course of an order after a decision: to the partner, to the till, or to the press.

use domain::{
    Command, ConfirmPayment, Decision, Guarantee, GuaranteeIssued, Money, Notice, NoticeHead, Order,
    OrderProgressed, OrderRejected, OrderStep, Payment, Policy, Rate, Tell,
};
use messages::Envelope;
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Press, issue_revealed};

/// Carries out a decision. If the guarantee cannot be printed this is a refusal, and nothing was said yet.
pub(crate) async fn decided(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    decision: &Decision,
    policy: &Policy,
) -> Result<(), Failure> {
    order.decide(decision, policy)?;
    if let Decision::Refuse { reason } = decision {
        desk.work.note(order, Event { what: "order_rejected", detail: json!({ "reason": reason }) });
        let head = NoticeHead::of_order(order, desk.now);
        let notice = Notice::OrderRejected(OrderRejected { head, reason: reason.clone() });
        return Ok(desk.work.notify(&order.origin, notice)?);
    }
    let printed = match policy.payment {
        Payment::Later => Some(press.guarantee(order, policy, desk.now).await?),
        Payment::Simulated | Payment::Operator => None,
    };
    let detail = json!({ "premium": order.premium, "rate": order.rate });
    desk.work.note(order, Event { what: "order_approved", detail });
    tell_approval(desk, order, policy)?;
    match (printed, policy.payment) {
        (Some(guarantee), _) => issue(desk, press, order, policy, guarantee).await,
        (None, Payment::Simulated) => simulate(desk, order),
        (None, _) => Ok(()),
    }
}

/// Attaches the printed guarantee to a paid order and tells the partner.
pub(crate) async fn issue(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    policy: &Policy,
    guarantee: Guarantee,
) -> Result<(), Failure> {
    order.issue(guarantee.clone())?;
    let detail = json!({ "guarantee_no": guarantee.no, "document": guarantee.document.sha256 });
    desk.work.note(order, Event { what: "guarantee_issued", detail });
    let notice = Notice::GuaranteeIssued(GuaranteeIssued {
        head: NoticeHead::of_order(order, desk.now),
        guarantee_no: guarantee.no,
        document: guarantee.document,
        bond: order.application.bond,
        premium: order.premium.unwrap_or(Money::ZERO),
        rate: order.rate.unwrap_or(Rate::ZERO),
        valid_until: guarantee.valid_until,
        valid_from: guarantee.valid_from,
    });
    desk.work.notify(&order.origin, notice)?;
    if order.revealed.is_none() {
        return Ok(());
    }
    // The key came before the guarantee: it waited here (a restore before issue never fails).
    match issue_revealed(desk, press, order, policy).await {
        // The sealed guarantee binds all the same; how to reveal it is for people to see.
        Err(Failure::Refused(refusal)) => {
            desk.work.raise(order, "not_revealed", &format!("明文保函无法出具：{}", refusal.say));
            Ok(())
        }
        other => other,
    }
}

/// The steps of an approval, to partners that want to hear of them.
fn tell_approval(desk: &mut Desk, order: &Order, policy: &Policy) -> Result<(), Failure> {
    if policy.tells(Tell::Confirmed) {
        progressed(desk, order, OrderStep::Confirmed)?;
    }
    if policy.tells(Tell::Surveyed) {
        progressed(desk, order, OrderStep::Surveyed)?;
    }
    if policy.tells(Tell::Quoted) {
        let premium = order.premium.unwrap_or(Money::ZERO);
        let valid_until = order.term(policy, desk.now).1;
        progressed(desk, order, OrderStep::Quoted { premium, valid_until })?;
    }
    Ok(())
}

/// Tells the partner of a step.
pub(crate) fn progressed(desk: &mut Desk, order: &Order, step: OrderStep) -> Result<(), Failure> {
    let head = NoticeHead::of_order(order, desk.now);
    Ok(desk.work.notify(&order.origin, Notice::OrderProgressed(OrderProgressed { head, step }))?)
}

/// In the sandbox the premium is received as soon as it is asked for: a command to ourselves, like that of an operator.
fn simulate(desk: &mut Desk, order: &Order) -> Result<(), Failure> {
    let payment = ConfirmPayment {
        no: order.no.clone(),
        amount: order.premium.unwrap_or(Money::ZERO),
        paid_at: desk.now,
        reference: String::new(),
        by: "gateway".to_owned(),
        payer: None,
    };
    let command = Command::ConfirmPayment(payment);
    let origin = order.origin.clone();
    let mut envelope =
        Envelope::command(order.no.clone(), origin, "gateway", String::new(), desk.now, command);
    envelope.id = format!("{}:{}:confirm_payment", order.no, order.version);
    Ok(desk.work.tell(&order.no, &envelope)?)
}
