//! The institution's decision on a claim.

use domain::{CaseDecided, Claim, Decide, Decision, GuaranteeState, Notice, Order, Refusal, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, end_guarantee};

/// Decides, audited.
pub(crate) async fn decide(desk: &mut Desk, decide: &Decide) -> Handled {
    let found = desk.work.case::<Claim>(&decide.no).await?;
    let (mut order, mut claim) = found.ok_or_else(|| Refusal::unknown("索赔申请"))?;
    settle(desk, &mut order, &mut claim, &decide.decision).await?;
    desk.work.audit(&decide.by, "decide_claim", claim.no.as_str(), json!(decide.decision));
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}

/// Carries out a decision; the payment itself is made outside the gateway.
pub(crate) async fn settle(
    desk: &mut Desk,
    order: &mut Order,
    claim: &mut Claim,
    decision: &Decision,
) -> Result<(), Failure> {
    claim.decide(decision, desk.now)?;
    let what = match decision {
        Decision::Approve => "claim_approved",
        Decision::Refuse { .. } => "claim_refused",
    };
    desk.work.note(claim, Event { what, detail: json!({ "reason": claim.reason }) });
    desk.work.notify(&claim.origin, Notice::ClaimDecided(CaseDecided::of(claim, desk.now)))?;
    match decision {
        Decision::Approve => end_guarantee(desk, order, GuaranteeState::Claimed, &claim.no).await,
        Decision::Refuse { .. } => Ok(()),
    }
}
