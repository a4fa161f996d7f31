//! The premium was received: the guarantee is issued.

use crate::course;
use domain::{ConfirmPayment, OrderStep, Received, Refusal, Reply, Tell};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled, Press};

/// Books the payment, audited, and issues.
pub(crate) async fn confirm(desk: &mut Desk, press: &Press, payment: &ConfirmPayment) -> Handled {
    let found = desk.work.any_order(&payment.no).await?;
    let mut order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    let policy = desk.policy(&order.origin)?;
    order.pay(payment.amount)?;
    let detail =
        json!({ "amount": payment.amount, "paid_at": payment.paid_at, "reference": payment.reference });
    desk.work.note(&order, Event { what: "order_paid", detail: detail.clone() });
    desk.work.audit(&payment.by, "confirm_payment", order.no.as_str(), detail);
    order.received = Some(Received {
        amount: payment.amount,
        at: payment.paid_at,
        reference: payment.reference.clone(),
        payer: payment.payer.clone(),
    });
    if policy.tells(Tell::Paid) {
        let step = OrderStep::Paid { amount: payment.amount, paid_at: payment.paid_at };
        course::progressed(desk, &order, step)?;
    }
    let guarantee = press.guarantee(&order, &policy, desk.now).await?;
    course::issue(desk, press, &mut order, &policy, guarantee).await?;
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}
