//! The institution's decision on a claim.

use domain::{
    CaseDecided, Claim, Decide, Decision, GuaranteeState, Money, Notice, Order, Payout, Refusal, Reply,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, end_guarantee};

/// Decides, audited.
pub(crate) async fn decide(desk: &mut Desk, decide: &Decide) -> Handled {
    let found = desk.work.case::<Claim>(&decide.no).await?;
    let (mut order, mut claim) = found.ok_or_else(|| Refusal::unknown("索赔申请"))?;
    settle(desk, &mut order, &mut claim, &decide.decision, decide.amount).await?;
    desk.work.audit(&decide.by, "decide_claim", claim.no.as_str(), json!(decide.decision));
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}

/// Carries out a decision: approved is the amount given, else what is demanded. The payment itself is made outside the
/// gateway.
pub(crate) async fn settle(
    desk: &mut Desk,
    order: &mut Order,
    claim: &mut Claim,
    decision: &Decision,
    amount: Option<Money>,
) -> Result<(), Failure> {
    let demanded = claim.request.demanded(order);
    let amount = amount.unwrap_or(demanded);
    if !amount.is_positive() || amount > demanded {
        return Err(Refusal::against_rules("赔付金额须大于0且不超过索赔金额").into());
    }
    claim.decide(decision, desk.now)?;
    let what = match decision {
        Decision::Approve => {
            claim.payout = Some(Payout { amount, paid_at: None });
            "claim_approved"
        }
        Decision::Refuse { .. } => "claim_refused",
    };
    // Decided is decided: a wish to take it back is settled with it.
    claim.revocation = None;
    desk.work.note(claim, Event { what, detail: json!({ "reason": claim.reason }) });
    let told = CaseDecided::of(claim, desk.now).asked(&claim.request.reason, Some(&claim.request.contact));
    desk.work.notify(&claim.origin, Notice::ClaimDecided(told))?;
    match decision {
        Decision::Approve => end_guarantee(desk, order, GuaranteeState::Claimed, &claim.no).await,
        Decision::Refuse { .. } => Ok(()),
    }
}
