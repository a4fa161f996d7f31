//! The institution's decision on a credit line.

use domain::{
    CreditDecided, CreditLine, CreditRules, Decide, Decision, Grant, Money, Notice, NoticeHead, Refusal,
    Reply, Timestamp,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled};

/// Decides, audited; limit and term are the operator's, or those of the rules.
pub(crate) async fn decide(desk: &mut Desk, decide: &Decide) -> Handled {
    let found = desk.work.credit_line(&decide.no).await?;
    let mut line = found.ok_or_else(|| Refusal::unknown("授信申请"))?;
    let policy = desk.policy(&line.origin)?;
    let rules = policy.credit.as_ref().ok_or_else(|| Refusal::against_rules("授信接口未开通"))?;
    let grant = grant(rules, decide.amount, decide.until, desk.now);
    settle(desk, &mut line, &decide.decision, grant)?;
    let detail = json!({ "decision": decide.decision, "limit": decide.amount, "until": decide.until });
    desk.work.audit(&decide.by, "decide_credit", line.no.as_str(), detail);
    desk.work.save(&line)?;
    Ok(Reply::Accepted { no: line.no })
}

/// What a line allows from now on.
pub(crate) fn grant(
    rules: &CreditRules,
    limit: Option<Money>,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Grant {
    let days = i64::from(rules.valid_days);
    Grant {
        limit: limit.unwrap_or(rules.limit),
        from: now,
        until: until.unwrap_or_else(|| now.plus_seconds(days * 86_400)),
    }
}

/// Carries out a decision and tells the partner.
pub(crate) fn settle(
    desk: &mut Desk,
    line: &mut CreditLine,
    decision: &Decision,
    grant: Grant,
) -> Result<(), Failure> {
    if *decision == Decision::Approve && (!grant.limit.is_positive() || grant.until <= grant.from) {
        return Err(Refusal::against_rules("授信额度须大于0，有效期须晚于当前时间").into());
    }
    line.decide(decision, grant, desk.now)?;
    let what = match decision {
        Decision::Approve => "credit_granted",
        Decision::Refuse { .. } => "credit_refused",
    };
    let detail = json!({ "limit": line.grant.as_ref().map(|grant| grant.limit), "reason": line.reason });
    desk.work.note(line, Event { what, detail });
    let notice = Notice::CreditDecided(CreditDecided {
        head: NoticeHead::of_credit(line, desk.now),
        company: line.request.company.clone(),
        grant: line.grant.clone(),
        reason: line.reason.clone(),
    });
    Ok(desk.work.notify(&line.origin, notice)?)
}
