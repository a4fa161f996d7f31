//! 征信结果检查: whether a bidder can get a guarantee on credit now.

use domain::{CaseState, Company, CreditStanding, Refusal, Reply};
use worker::{Handled, Window};

/// Answers about the bidder's line that stands, or else about its latest request.
pub(crate) async fn status(window: &Window, company: &Company) -> Handled {
    let partner = &window.origin.partner;
    if window.policies.of(partner)?.credit.is_none() {
        return Err(Refusal::against_rules("授信接口未开通").into());
    }
    let (lines, used) = window.store.credit_of(partner, company.code.expose()).await?;
    // A line that stands counts before a later request that does not.
    let valid = lines.iter().find(|line| line.is_valid(window.now));
    let Some(line) = valid.or(lines.first()) else {
        return Ok(Reply::Credit(CreditStanding::None));
    };
    let standing = match (&line.grant, line.state) {
        (Some(grant), _) if line.is_valid(window.now) => {
            if used < grant.limit {
                CreditStanding::Granted
            } else {
                CreditStanding::TooLittle
            }
        }
        (_, CaseState::Refused) => CreditStanding::Refused,
        _ => CreditStanding::None,
    };
    Ok(Reply::Credit(standing))
}
