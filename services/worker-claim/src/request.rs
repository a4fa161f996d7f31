//! 索赔: the beneficiary demands payment.

use crate::decide;
use domain::{
    About, Attachment, ClaimProgressed, ClaimStep, Inquiry, Judgement, Notice, NoticeHead, Order, Policy,
    Reply, RequestClaim, Tell, Topic,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, find_order, open_case};

/// Keeps the claim, and decides it where the rules can.
pub(crate) async fn request(desk: &mut Desk, about: &About<RequestClaim>) -> Handled {
    let mut order = find_order(desk, about).await?;
    about.request.check(&order)?;
    let mut claim = open_case(desk, about, &order)?;
    let policy = desk.policy(&order.origin)?;
    let demanded = claim.request.demanded(&order);
    desk.work.note(&claim, Event { what: "claim_requested", detail: json!({ "amount": demanded }) });
    if about.request.account.is_none() {
        let say = "索赔未提供收款账户，请向受益人核实后付款";
        desk.work.raise(&claim, "claim_account", say);
    }
    fetch(desk, &order, &policy, &about.request.evidence)?;
    if policy.tells(Tell::ClaimAccepted) {
        let (head, guarantee_no) = (NoticeHead::of_case(&claim, desk.now), claim.guarantee_no.clone());
        let progressed = ClaimProgressed { head, guarantee_no, step: ClaimStep::Accepted };
        desk.work.notify(&claim.origin, Notice::ClaimProgressed(progressed))?;
    }
    if let Judgement::Decided(decision) = policy.judge_claim(demanded) {
        decide::settle(desk, &mut order, &mut claim, &decision, None).await?;
    }
    desk.work.save(&claim)?;
    Ok(Reply::Accepted { no: claim.no })
}

/// Proofs that the partner only points at are fetched at once: their addresses expire (FZ-22).
pub(crate) fn fetch(
    desk: &mut Desk,
    order: &Order,
    policy: &Policy,
    files: &[Attachment],
) -> Result<(), Failure> {
    if !policy.fetch_files {
        return Ok(());
    }
    for attachment in files.iter().filter(|file| !file.url.is_empty()) {
        let head = NoticeHead::of_order(order, desk.now);
        let topic = Topic::File { file_id: String::new(), attachment: attachment.clone() };
        desk.work.notify(&order.origin, Notice::Inquiry(Inquiry { head, topic }))?;
    }
    Ok(())
}
