//! What the institution itself starts: withdrawals, refunds, releases, payouts; each takes effect once however often it is
//! ordered.

use crate::arguments::{PayClaim, Start};
use crate::decide::{content, send};
use crate::ground::Ground;
use crate::moment;
use crate::orders::numbered;
use crate::page::Page;
use anyhow::{Result, anyhow, bail};
use domain::{
    About, AcceptanceNo, Command, Company, ConfirmPayout, Contact, Order, ReleaseReason, RequestRefund,
    RequestRelease, Side, WithdrawOrder,
};
use store::Numbered;

/// Ends an order before its guarantee is issued.
///
/// # Errors
/// If there is no such order, or no answer.
pub(crate) async fn withdraw(ground: &Ground, wanted: Start) -> Result<Page> {
    let store = ground.store().await?;
    let known = order(numbered(ground, &store, &wanted.no).await?)?;
    let hash = content(&("withdraw", &known.no, &wanted.reason))?;
    let id = format!("withdraw:{}:{}", known.no, &hash[..16]);
    let body = WithdrawOrder {
        business_no: String::new(),
        no: Some(known.no.clone()),
        reason: wanted.reason,
        side: Side::Institution,
        by: wanted.by.by,
        described: None,
    };
    send(ground, id, hash, known, Command::WithdrawOrder(body), &wanted.patience).await
}

/// Refunds a guarantee before opening: it ends and the premium goes back.
///
/// # Errors
/// As [`withdraw`].
pub(crate) async fn refund(ground: &Ground, wanted: Start) -> Result<Page> {
    let (known, order) = issued(ground, &wanted.no).await?;
    let request = RequestRefund {
        reason: wanted.reason.clone(),
        section_no: order.application.tender.section_no.clone(),
        applicant: Company::default(),
        contact: Contact::default(),
    };
    let about = about(&order, request, wanted.by.by.clone())?;
    begin(ground, known, "refund", &wanted, Command::RequestRefund(about)).await
}

/// Releases a guarantee after opening: it ends and the credit is freed.
///
/// # Errors
/// As [`withdraw`].
pub(crate) async fn release(ground: &Ground, wanted: Start) -> Result<Page> {
    let (known, order) = issued(ground, &wanted.no).await?;
    let request = RequestRelease { reason: ReleaseReason::Other, section_no: String::new() };
    let about = about(&order, request, wanted.by.by.clone())?;
    begin(ground, known, "release", &wanted, Command::RequestRelease(about)).await
}

/// Books the payment of an approved claim.
///
/// # Errors
/// As [`withdraw`].
pub(crate) async fn pay_claim(ground: &Ground, wanted: PayClaim) -> Result<Page> {
    let store = ground.store().await?;
    let known = numbered(ground, &store, &wanted.no).await?;
    let claim = match known.kind.as_str() {
        "claim" => known,
        "order" => {
            let story = store.story(&known.order).await.map_err(|error| ground.database_trouble(&error))?;
            let cases = story.map(|story| story.cases).unwrap_or_default();
            let approved: Vec<_> =
                cases.iter().filter(|case| case.kind == "claim" && case.state == "approved").collect();
            let [case] = approved[..] else {
                bail!("{} approved claims of {}: give the claim's own number", approved.len(), known.no)
            };
            Numbered { no: AcceptanceNo::parse(&case.no)?, ..known }
        }
        other => bail!("{} is a {other}: only claims are paid out", known.no),
    };
    let hash = content(&("pay-claim", &claim.no, wanted.amount, &wanted.reference))?;
    let id = format!("pay-claim:{}:{}", claim.no, &hash[..16]);
    let body = ConfirmPayout {
        no: claim.no.clone(),
        amount: wanted.amount,
        paid_at: moment::now(),
        reference: wanted.reference,
        by: wanted.by.by,
    };
    send(ground, id, hash, claim, Command::ConfirmPayout(body), &wanted.patience).await
}

fn order(known: Numbered) -> Result<Numbered> {
    if known.kind == "order" {
        return Ok(known);
    }
    bail!("{} is a {} of {}: give the order's number", known.no, known.kind, known.order)
}

async fn issued(ground: &Ground, number: &str) -> Result<(Numbered, Order)> {
    let store = ground.store().await?;
    let known = order(numbered(ground, &store, number).await?)?;
    let story = store.story(&known.order).await.map_err(|error| ground.database_trouble(&error))?;
    let order = story.ok_or_else(|| anyhow!("the order {} was deleted a moment ago", known.order))?.order;
    Ok((known, order))
}

fn about<R>(order: &Order, request: R, by: String) -> Result<About<R>> {
    let guarantee = order.guarantee().map_err(|no| anyhow!("{}: {no}", order.no))?;
    Ok(About {
        business_no: order.application.business_no.clone(),
        guarantee_no: guarantee.no.clone(),
        order_no: String::new(),
        stage: None,
        by,
        request,
    })
}

/// The case has a number of its own, the same for the same guarantee and reason.
async fn begin(
    ground: &Ground,
    known: Numbered,
    kind: &str,
    wanted: &Start,
    command: Command,
) -> Result<Page> {
    let hash = content(&(kind, &known.no, &wanted.reason))?;
    let key = format!("{}:{}", known.no, &hash[..16]);
    let no = AcceptanceNo::of(&known.origin.partner, &format!("operator/{kind}"), &key);
    let case = Numbered { no: no.clone(), ..known };
    send(ground, no.to_string(), hash, case, command, &wanted.patience).await
}
