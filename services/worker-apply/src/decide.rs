//! The institution's decision on an application that waited for it.

use crate::{course, credit};
use domain::{Decide, Decision, Refusal, Reply};
use serde_json::json;
use worker::{Desk, Handled, Press};

/// Decides, audited.
pub(crate) async fn decide(desk: &mut Desk, press: &Press, decide: &Decide) -> Handled {
    let found = desk.work.any_order(&decide.no).await?;
    let mut order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    let policy = desk.policy(&order.origin)?;
    if decide.decision == Decision::Approve {
        credit::must_cover(desk, &order, &policy).await?;
    }
    course::decided(desk, press, &mut order, &decide.decision, &policy).await?;
    desk.work.audit(&decide.by, "decide_order", order.no.as_str(), json!(decide.decision));
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}
