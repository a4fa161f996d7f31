//! 授信申请: a bidder asks for a credit line.

use crate::decide;
use domain::{CreditLine, CreditRules, Judgement, Policy, Refusal, Reply, RequestCredit};
use std::sync::Arc;
use store::Event;
use worker::{Desk, Failure, Handled};

/// Keeps the request, and decides it where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, wish: &RequestCredit) -> Handled {
    let (policy, rules) = rules(desk)?;
    // Lines are found by the code: without one, everybody without one would share it.
    if wish.company.code.is_empty() {
        return Err(Refusal::against_rules("授信申请须提供申请人社会信用代码").into());
    }
    let (no, origin) = (desk.no.clone(), desk.origin.clone());
    let mut line = CreditLine::request(no, origin, wish.clone(), desk.accepted_at);
    desk.work.note(&line, Event::plain("credit_requested"));
    if let Judgement::Decided(decision) = Policy::judge(policy.credits) {
        let grant = decide::grant(&rules, None, None, desk.now);
        decide::settle(desk, &mut line, &decision, grant)?;
    }
    desk.work.save(&line)?;
    Ok(Reply::Accepted { no: line.no })
}

/// The rules for credit lines, where the institution grants any (YY-32).
pub(crate) fn rules(desk: &Desk) -> Result<(Arc<Policy>, CreditRules), Failure> {
    let policy = desk.policy(&desk.origin)?;
    let rules = policy.credit.clone().ok_or_else(|| Refusal::against_rules("授信接口未开通"))?;
    Ok((policy, rules))
}
