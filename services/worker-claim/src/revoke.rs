//! 理赔撤回: taken back only when the institution confirms it, because others than the beneficiary may ask (YY-25).

use domain::{CaseState, Claim, Decide, Decision, Refusal, Reply, Revocation, RevokeCase};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled};

const UNCONFIRMED: &str = "理赔撤回申请已收到，经出函机构人工确认后生效，请稍后再次发送";

/// Notes the wish; the claim stays as it is until an operator confirms. Nobody calls back about it: whoever asks again
/// learns what became of it, so that "taken back" is never said before it is true.
pub(crate) async fn ask(desk: &mut Desk, wish: &RevokeCase) -> Handled {
    let partner = desk.origin.partner.clone();
    let found = desk.work.case_of_business::<Claim>(&partner, &wish.business_no).await?;
    let (_, mut claim) = found.ok_or_else(|| Refusal::unknown("索赔申请"))?;
    if claim.state == CaseState::Revoked {
        return Ok(Reply::Accepted { no: claim.no });
    }
    if claim.state.is_final() {
        return Err(Refusal::not_now("该索赔已有审核结果，不能撤回").into());
    }
    if claim.revocation.is_none() {
        claim.revocation = Some(Revocation { reason: wish.reason.clone(), asked_at: desk.now });
        claim.version += 1;
        let detail = json!({ "reason": wish.reason });
        desk.work.note(&claim, Event { what: "claim_revocation_requested", detail });
        let say = "收到理赔撤回申请，请核实是否为受益人本意后确认";
        desk.work.raise(&claim, "claim_revocation", say);
        desk.work.save(&claim)?;
    }
    Ok(Reply::Refused(Refusal::not_now(UNCONFIRMED)))
}

/// The institution confirms the wish or turns it down, audited.
pub(crate) async fn decide(desk: &mut Desk, decide: &Decide) -> Handled {
    let found = desk.work.case::<Claim>(&decide.no).await?;
    let (_, mut claim) = found.ok_or_else(|| Refusal::unknown("索赔申请"))?;
    let wish = claim.revocation.clone().ok_or_else(|| Refusal::not_now("该索赔没有待确认的撤回申请"))?;
    match &decide.decision {
        Decision::Approve => {
            claim.revoke(&wish.reason, desk.now)?;
            desk.work.note(&claim, Event { what: "claim_revoked", detail: json!({ "reason": wish.reason }) });
        }
        Decision::Refuse { reason } => {
            claim.revocation = None;
            claim.version += 1;
            let detail = json!({ "reason": reason });
            desk.work.note(&claim, Event { what: "claim_revocation_refused", detail });
        }
    }
    desk.work.audit(&decide.by, "decide_claim_revocation", claim.no.as_str(), json!(decide.decision));
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}
