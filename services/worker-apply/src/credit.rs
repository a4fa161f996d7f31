//! An application on a bank's guarantee draws on the bidder's credit line.

use domain::{CreditLine, CreditRules, Order, Policy, Refusal, SealedField};
use store::Event;
use worker::{Desk, Failure};

/// Whether the line of the bidder covers the bond, besides what draws on it already; the lines are locked, so that two
/// orders cannot both use the last of one. A sealed bidder is nobody's: an operator decides.
///
/// # Errors
/// [`Failure`] if the database is away. The inner refusal is the reason for a rejection.
pub(crate) async fn draw(
    desk: &mut Desk,
    order: &Order,
    rules: &CreditRules,
) -> Result<Result<(), Refusal>, Failure> {
    if !rules.required {
        return Ok(Ok(()));
    }
    if is_sealed(order) {
        let say = "投标人信息为密文，无法核对授信额度，请人工核实";
        desk.work.raise(order, "check_credit", say);
        return Ok(Ok(()));
    }
    let code = order.application.applicant.company.code.expose();
    if let Err(lacking) = covered(desk, order, code).await? {
        return Ok(Err(lacking));
    }
    desk.work.use_credit(order, code)?;
    desk.work.note(order, Event::plain("credit_drawn"));
    Ok(Ok(()))
}

/// Whether the line still covers an order that an operator is about to approve: it may have been revoked or have expired.
///
/// # Errors
/// [`Failure::Refused`] if it does not.
pub(crate) async fn must_cover(desk: &mut Desk, order: &Order, policy: &Policy) -> Result<(), Failure> {
    let required = policy.credit.as_ref().is_some_and(|rules| rules.required);
    if !required || is_sealed(order) {
        return Ok(());
    }
    Ok(covered(desk, order, order.application.applicant.company.code.expose()).await??)
}

fn is_sealed(order: &Order) -> bool {
    let sealed = &order.application.sealed;
    sealed.contains(&SealedField::BidderCode) || sealed.contains(&SealedField::BidderName)
}

async fn covered(desk: &mut Desk, order: &Order, code: &str) -> Result<Result<(), Refusal>, Failure> {
    let (lines, used) = desk.work.credit_of(&order.origin.partner, code, &order.no).await?;
    let granted =
        |line: &CreditLine| line.grant.as_ref().filter(|_| line.is_valid(desk.now)).map(|grant| grant.limit);
    let Some(limit) = lines.iter().find_map(granted) else {
        return Ok(Err(Refusal::against_rules("申请人未授信或授信已失效")));
    };
    if used.fen().saturating_add(order.application.bond.fen()) > limit.fen() {
        return Ok(Err(Refusal::against_rules("授信额度不足")));
    }
    Ok(Ok(()))
}
