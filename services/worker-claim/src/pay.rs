//! A claim was paid out.

use domain::{
    CaseState, Claim, ClaimProgressed, ClaimStep, ConfirmPayout, Notice, NoticeHead, Payout, Refusal, Reply,
    Tell,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled};

/// Books the payment of an approved claim, audited, and tells partners that want to hear of it.
pub(crate) async fn confirm(desk: &mut Desk, paid: &ConfirmPayout) -> Handled {
    let found = desk.work.case::<Claim>(&paid.no).await?;
    let (order, mut claim) = found.ok_or_else(|| Refusal::unknown("索赔申请"))?;
    if claim.state != CaseState::Approved {
        return Err(Refusal::not_now("索赔尚未审核通过，不能登记赔付").into());
    }
    let approved =
        claim.payout.as_ref().map_or_else(|| claim.request.demanded(&order), |payout| payout.amount);
    if claim.payout.as_ref().is_some_and(|payout| payout.paid_at.is_some()) {
        return Err(Refusal::not_now("该索赔已登记赔付").into());
    }
    let amount = paid.amount.unwrap_or(approved);
    if amount != approved {
        return Err(Refusal::against_rules("赔付金额与审核金额不一致").into());
    }
    claim.payout = Some(Payout { amount, paid_at: Some(paid.paid_at) });
    claim.version += 1;
    let detail = json!({ "amount": amount, "paid_at": paid.paid_at, "reference": paid.reference });
    desk.work.note(&claim, Event { what: "claim_paid_out", detail: detail.clone() });
    desk.work.audit(&paid.by, "confirm_payout", claim.no.as_str(), detail);
    if desk.policy(&claim.origin)?.tells(Tell::ClaimPaid) {
        let (head, guarantee_no) = (NoticeHead::of_case(&claim, desk.now), claim.guarantee_no.clone());
        let progressed = ClaimProgressed { head, guarantee_no, step: ClaimStep::PaidOut { amount } };
        desk.work.notify(&claim.origin, Notice::ClaimProgressed(progressed))?;
    }
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}
