//! 撤销: after opening the guarantee ends and the credit is freed.

use domain::{
    About, CaseDecided, Decide, Decision, GuaranteeState, Judgement, Notice, Order, Policy, Refusal, Release,
    Reply, RequestRelease, RevokeCase,
};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press, end_guarantee, find_order, open_case};

/// Keeps the request, and decides it where the policy lets the gateway decide.
pub(crate) async fn request(desk: &mut Desk, press: &Press, about: &About<RequestRelease>) -> Handled {
    let mut order = find_order(desk, about).await?;
    about.request.check(&order)?;
    let mut release = open_case(desk, about, &order)?;
    let policy = desk.policy(&order.origin)?;
    desk.work.note(
        &release,
        Event { what: "release_requested", detail: json!({ "reason": release.request.reason }) },
    );
    // What the institution itself starts needs no further decision.
    let judgement = match about.by.as_str() {
        "" => Policy::judge(policy.releases),
        by => {
            desk.work.audit(by, "start_release", release.no.as_str(), json!({ "order": order.no.as_str() }));
            Judgement::Decided(Decision::Approve)
        }
    };
    if let Judgement::Decided(decision) = judgement {
        settle((desk, press), &mut order, &mut release, &decision).await?;
    }
    desk.work.save(&release)?;
    Ok(Reply::Accepted { no: release.no })
}

/// The institution's decision, audited.
pub(crate) async fn decide(desk: &mut Desk, press: &Press, decide: &Decide) -> Handled {
    let found = desk.work.case::<Release>(&decide.no).await?;
    let (mut order, mut release) = found.ok_or_else(|| Refusal::unknown("撤销申请"))?;
    settle((desk, press), &mut order, &mut release, &decide.decision).await?;
    desk.work.audit(&decide.by, "decide_release", release.no.as_str(), json!(decide.decision));
    desk.work.save(&release)?;
    Ok(Reply::Accepted { no: release.no })
}

async fn settle(
    (desk, press): (&mut Desk, &Press),
    order: &mut Order,
    release: &mut Release,
    decision: &Decision,
) -> Result<(), Failure> {
    release.decide(decision, desk.now)?;
    if *decision == Decision::Approve {
        order.guarantee()?.must_be_in_force()?;
        release.confirmation = Some(press.released(order, release, desk.now).await?);
    }
    let what = match decision {
        Decision::Approve => "release_approved",
        Decision::Refuse { .. } => "release_refused",
    };
    let document = release.confirmation.as_ref().map(|document| &document.sha256);
    desk.work
        .note(release, Event { what, detail: json!({ "reason": release.reason, "document": document }) });
    desk.work.notify(&release.origin, Notice::ReleaseDecided(CaseDecided::of(release, desk.now)))?;
    match decision {
        Decision::Approve => end_guarantee(desk, order, GuaranteeState::Released, &release.no).await,
        Decision::Refuse { .. } => Ok(()),
    }
}

/// 注销撤回: the request is taken back while it is under review.
pub(crate) async fn revoke(desk: &mut Desk, wish: &RevokeCase) -> Handled {
    let partner = desk.origin.partner.clone();
    let found = desk.work.case_of_business::<Release>(&partner, &wish.business_no).await?;
    let (_, mut release) = found.ok_or_else(|| Refusal::unknown("撤销申请"))?;
    release.revoke(&wish.reason, desk.now)?;
    desk.work.note(&release, Event { what: "release_revoked", detail: json!({ "reason": wish.reason }) });
    desk.work.save(&release)?;
    Ok(Reply::Accepted { no: release.no })
}
