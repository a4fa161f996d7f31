//! 授信撤回: the request, or the line it became, is taken back.

use domain::{Refusal, Reply, RevokeCase};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled};

/// Ends it: guarantees that draw on it stay in force, further ones do not get it.
pub(crate) async fn revoke(desk: &mut Desk, wish: &RevokeCase) -> Handled {
    let partner = desk.origin.partner.clone();
    let found = desk.work.credit_line_of_business(&partner, &wish.business_no).await?;
    let mut line = found.ok_or_else(|| Refusal::unknown("授信申请"))?;
    line.revoke(&wish.reason)?;
    desk.work.note(&line, Event { what: "credit_revoked", detail: json!({ "reason": wish.reason }) });
    desk.work.save(&line)?;
    Ok(Reply::Accepted { no: line.no })
}
