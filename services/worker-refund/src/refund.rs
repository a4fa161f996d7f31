//! 退保: before opening the premium goes back and the guarantee ends.

use domain::{
    About, CaseDecided, Decide, Decision, GuaranteeState, Judgement, Money, Notice, NoticeHead, Order,
    Policy, PremiumReturned, Refund, Refusal, Reply, RequestRefund, RevokeCase, Tell,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press, end_guarantee, find_order, open_case};

/// Keeps the request, and decides it where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, press: &Press, about: &About<RequestRefund>) -> Handled {
    let mut order = find_order(desk, about).await?;
    about.request.check(&order)?;
    if !desk.work.open_cases::<Refund>(&order.no).await?.is_empty() {
        return Err(Refusal::not_now("该保函已有退保申请在审核中").into());
    }
    let mut refund = open_case(desk, about, &order)?;
    let policy = desk.policy(&order.origin)?;
    desk.work.note(
        &refund,
        Event { what: "refund_requested", detail: json!({ "reason": refund.request.reason }) },
    );
    // What the institution itself starts needs no further decision.
    let judgement = match about.by.as_str() {
        "" => Policy::judge(policy.refunds),
        by => {
            desk.work.audit(by, "start_refund", refund.no.as_str(), json!({ "order": order.no.as_str() }));
            Judgement::Decided(Decision::Approve)
        }
    };
    if let Judgement::Decided(decision) = judgement {
        settle((desk, press), &mut order, &mut refund, &decision).await?;
    }
    desk.work.save(&refund)?;
    Ok(Reply::Accepted { no: refund.no })
}

/// What goes back of the premium: what was received, or what was quoted.
fn premium(order: &Order) -> Option<Money> {
    let received = order.received.as_ref().map(|received| received.amount);
    received.or(order.premium)
}

fn premium_returned(desk: &mut Desk, order: &Order, refund: &Refund) -> Result<(), Failure> {
    let returned = PremiumReturned {
        head: NoticeHead::of_order(order, desk.now),
        guarantee_no: refund.guarantee_no.clone(),
        amount: premium(order).unwrap_or(Money::ZERO),
    };
    Ok(desk.work.notify(&order.origin, Notice::PremiumReturned(returned))?)
}

/// The institution's decision, audited.
pub(crate) async fn decide(desk: &mut Desk, press: &Press, decide: &Decide) -> Handled {
    let found = desk.work.case::<Refund>(&decide.no).await?;
    let (mut order, mut refund) = found.ok_or_else(|| Refusal::unknown("退保申请"))?;
    settle((desk, press), &mut order, &mut refund, &decide.decision).await?;
    desk.work.audit(&decide.by, "decide_refund", refund.no.as_str(), json!(decide.decision));
    desk.work.save(&refund)?;
    Ok(Reply::Accepted { no: refund.no })
}

async fn settle(
    (desk, press): (&mut Desk, &Press),
    order: &mut Order,
    refund: &mut Refund,
    decision: &Decision,
) -> Result<(), Failure> {
    refund.decide(decision, desk.now)?;
    if *decision == Decision::Approve {
        order.guarantee()?.must_be_in_force()?;
        refund.confirmation = Some(press.refunded(order, refund, premium(order), desk.now).await?);
    }
    let what = match decision {
        Decision::Approve => "refund_approved",
        Decision::Refuse { .. } => "refund_refused",
    };
    let document = refund.confirmation.as_ref().map(|document| &document.sha256);
    desk.work.note(refund, Event { what, detail: json!({ "reason": refund.reason, "document": document }) });
    if *decision == Decision::Approve && desk.policy(&order.origin)?.tells(Tell::PremiumReturned) {
        premium_returned(desk, order, refund)?;
    }
    let told = CaseDecided::of(refund, desk.now).asked(&refund.request.reason, None);
    desk.work.notify(&refund.origin, Notice::RefundDecided(told))?;
    match decision {
        Decision::Approve => end_guarantee(desk, order, GuaranteeState::Refunded, &refund.no).await,
        Decision::Refuse { .. } => Ok(()),
    }
}

/// 退函撤回: the request is taken back while it is under review.
pub(crate) async fn revoke(desk: &mut Desk, wish: &RevokeCase) -> Handled {
    let partner = desk.origin.partner.clone();
    let found = desk.work.case_of_business::<Refund>(&partner, &wish.business_no).await?;
    let (_, mut refund) = found.ok_or_else(|| Refusal::unknown("退保申请"))?;
    refund.revoke(&wish.reason, desk.now)?;
    desk.work.note(&refund, Event { what: "refund_revoked", detail: json!({ "reason": wish.reason }) });
    desk.work.save(&refund)?;
    Ok(Reply::Accepted { no: refund.no })
}
