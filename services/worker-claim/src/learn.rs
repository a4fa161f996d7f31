//! What a partner told of a claim that we asked about.

use crate::request::fetch;
use domain::{Claim, Fact, Learn, LearntClaim, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled};

/// Notes it, and fetches its proof; a claim that is not ours is a line under its own number.
pub(crate) async fn learn(desk: &mut Desk, learn: &Learn) -> Handled {
    let accepted = Reply::Accepted { no: learn.about.clone() };
    let Fact::ClaimDetail(detail) = &learn.fact else { return Err(Failure::not_ours()) };
    let event = Event { what: "claim_detail_learnt", detail: told(detail) };
    let Some((order, claim)) = desk.work.case::<Claim>(&learn.about).await? else {
        desk.work.note_at(&learn.about, event);
        return Ok(accepted);
    };
    desk.work.note(&claim, event);
    let policy = desk.policy(&claim.origin)?;
    fetch(desk, &order, &policy, detail.file.as_slice())?;
    Ok(accepted)
}

/// No names: operators see them in the claim itself.
fn told(detail: &LearntClaim) -> serde_json::Value {
    json!({
        "claim_no": detail.claim_no,
        "status": detail.status,
        "guarantee_no": detail.guarantee_no,
        "amount": detail.amount,
    })
}
