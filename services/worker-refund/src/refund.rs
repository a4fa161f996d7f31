//! 退保: before opening the premium goes back and the guarantee ends.

use domain::{
    About, CaseDecided, Decide, Decision, GuaranteeState, Judgement, Notice, Order, Policy, Refund, Refusal,
    Reply, RequestRefund,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, end_guarantee, find_order, open_case};

/// Keeps the request, and decides it where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, about: &About<RequestRefund>) -> Handled {
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
    if let Judgement::Decided(decision) = Policy::judge(policy.refunds) {
        settle(desk, &mut order, &mut refund, &decision).await?;
    }
    desk.work.save(&refund)?;
    Ok(Reply::Accepted { no: refund.no })
}

/// The institution's decision, audited.
pub(crate) async fn decide(desk: &mut Desk, decide: &Decide) -> Handled {
    let found = desk.work.case::<Refund>(&decide.no).await?;
    let (mut order, mut refund) = found.ok_or_else(|| Refusal::unknown("退保申请"))?;
    settle(desk, &mut order, &mut refund, &decide.decision).await?;
    desk.work.audit(&decide.by, "decide_refund", refund.no.as_str(), json!(decide.decision));
    desk.work.save(&refund)?;
    Ok(Reply::Accepted { no: refund.no })
}

async fn settle(
    desk: &mut Desk,
    order: &mut Order,
    refund: &mut Refund,
    decision: &Decision,
) -> Result<(), Failure> {
    refund.decide(decision, desk.now)?;
    let what = match decision {
        Decision::Approve => "refund_approved",
        Decision::Refuse { .. } => "refund_refused",
    };
    desk.work.note(refund, Event { what, detail: json!({ "reason": refund.reason }) });
    desk.work.notify(&refund.origin, Notice::RefundDecided(CaseDecided::of(refund, desk.now)))?;
    match decision {
        Decision::Approve => end_guarantee(desk, order, GuaranteeState::Refunded, &refund.no).await,
        Decision::Refuse { .. } => Ok(()),
    }
}
