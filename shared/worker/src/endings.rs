//! The end of a guarantee: once, with everything that still competed for it refused.

use crate::{Desk, Failure};
use domain::{
    AcceptanceNo, Case, CaseDecided, Claim, Decision, GuaranteeState, Notice, Order, Refund, Release,
    RequestClaim, RequestRefund, RequestRelease,
};
use serde_json::json;
use store::{Event, Kept};

/// A case that an ending can overtake.
trait Competing: Kept {
    const REFUSED: &'static str;

    fn notice(decided: CaseDecided) -> Notice;
}

impl Competing for Case<RequestClaim> {
    const REFUSED: &'static str = "claim_refused";

    fn notice(decided: CaseDecided) -> Notice {
        Notice::ClaimDecided(decided)
    }
}

impl Competing for Case<RequestRefund> {
    const REFUSED: &'static str = "refund_refused";

    fn notice(decided: CaseDecided) -> Notice {
        Notice::RefundDecided(decided)
    }
}

impl Competing for Case<RequestRelease> {
    const REFUSED: &'static str = "release_refused";

    fn notice(decided: CaseDecided) -> Notice {
        Notice::ReleaseDecided(decided)
    }
}

/// Ends the guarantee of a locked order because `winner` was approved; every other open claim, refund and release about it
/// is refused, and its partner told.
///
/// # Errors
/// A refusal unless the guarantee is in force.
pub async fn end_guarantee(
    desk: &mut Desk,
    order: &mut Order,
    how: GuaranteeState,
    winner: &AcceptanceNo,
) -> Result<(), Failure> {
    order.guarantee_mut()?.end(how)?;
    let (what, reason) = match how {
        GuaranteeState::Claimed => ("guarantee_claimed", "保函已理赔"),
        GuaranteeState::Released => ("guarantee_released", "保函已撤销"),
        GuaranteeState::Refunded | GuaranteeState::InForce => ("guarantee_refunded", "保函已退保"),
    };
    desk.work.save(order)?;
    desk.work.note(order, Event { what, detail: json!({ "by": winner.as_str() }) });
    for case in desk.work.open_cases::<Claim>(&order.no).await? {
        overtake(desk, case, winner, reason)?;
    }
    for case in desk.work.open_cases::<Refund>(&order.no).await? {
        overtake(desk, case, winner, reason)?;
    }
    for case in desk.work.open_cases::<Release>(&order.no).await? {
        overtake(desk, case, winner, reason)?;
    }
    Ok(())
}

fn overtake<R>(desk: &mut Desk, mut case: Case<R>, winner: &AcceptanceNo, reason: &str) -> Result<(), Failure>
where
    Case<R>: Competing,
{
    if case.no == *winner {
        return Ok(());
    }
    case.decide(&Decision::Refuse { reason: reason.to_owned() }, desk.now)?;
    desk.work.save(&case)?;
    desk.work.note(&case, Event { what: Case::<R>::REFUSED, detail: json!({ "reason": reason }) });
    let notice = Case::<R>::notice(CaseDecided::of(&case, desk.now));
    Ok(desk.work.notify(&case.origin, notice)?)
}
