//! 索赔: the beneficiary demands payment.

use crate::decide;
use domain::{About, Judgement, Reply, RequestClaim};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled, find_order, open_case};

/// Keeps the claim, and decides it where the rules can.
pub(crate) async fn request(desk: &mut Desk, about: &About<RequestClaim>) -> Handled {
    let mut order = find_order(desk, about).await?;
    about.request.check(&order)?;
    let mut claim = open_case(desk, about, &order)?;
    let policy = desk.policy(&order.origin)?;
    desk.work
        .note(&claim, Event { what: "claim_requested", detail: json!({ "amount": claim.request.amount }) });
    if let Judgement::Decided(decision) = policy.judge_claim(claim.request.demanded(&order)) {
        decide::settle(desk, &mut order, &mut claim, &decision).await?;
    }
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}
