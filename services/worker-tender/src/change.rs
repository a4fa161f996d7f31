//! 标段信息更新: a section is cancelled, fails, is postponed or changes otherwise.

use domain::{ChangeTender, Order, Reply, TenderChange, TenderChangeKind, Timestamp};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press, reissue};

/// Notes the change on the order that the number names, else on all orders of the section (FS-13); a section without
/// orders is recorded all the same.
pub(crate) async fn change(desk: &mut Desk, press: &Press, change: &ChangeTender) -> Handled {
    let accepted = Reply::Accepted { no: desk.no.clone() };
    // The memory of messages is pruned some day; the change itself is kept.
    if desk.work.knows_tender_change(&desk.no).await? {
        return Ok(accepted);
    }
    let orders = orders_meant(desk, change).await?;
    let detail =
        json!({ "section": change.section_no, "opening": change.change.opening, "orders": orders.len() });
    desk.work.save_tender_change(&desk.no, &desk.origin, change, orders.len())?;
    for mut order in orders {
        let old_opening = order.opening();
        order.note_tender_change(change.change.clone());
        desk.work.note(&order, Event { what: word(&change.change), detail: detail.clone() });
        follow(desk, press, &mut order, &change.change, old_opening).await?;
        desk.work.save(&order)?;
    }
    Ok(accepted)
}

/// What a change means for a guarantee in force: made out anew when the opening moved, a task when the tender ended.
async fn follow(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    change: &TenderChange,
    old_opening: Option<Timestamp>,
) -> Result<(), Failure> {
    use TenderChangeKind::{Cancelled, Failed, Postponed, Rescheduled, Retendered, Terminated};
    let in_force = order.guarantee.as_ref().is_some_and(|guarantee| guarantee.must_be_in_force().is_ok());
    if !in_force {
        return Ok(());
    }
    let policy = desk.policy(&order.origin)?;
    match change.kind {
        Postponed | Rescheduled if policy.reissue && change.opening.is_some() => {
            reissue(desk, press, order, &policy, old_opening).await
        }
        Postponed if change.opening.is_none() => {
            let say = "项目延期但未告知新的开标时间，请联系合作方确认";
            desk.work.raise(order, "opening_unknown", say);
            Ok(())
        }
        // No refund by itself (GP-11): people end it.
        Cancelled | Failed | Terminated | Retendered => {
            let say = "标段已取消、流标、终止或重新招标，请办理退保或注销";
            desk.work.raise(order, "ending_pending", say);
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn orders_meant(desk: &mut Desk, change: &ChangeTender) -> Result<Vec<Order>, Failure> {
    let partner = desk.origin.partner.clone();
    if !change.business_no.is_empty()
        && let Some(order) = desk.work.order_of_business(&partner, &change.business_no).await?
    {
        return Ok(vec![order]);
    }
    // Sections of two projects may bear the same number (GP-11).
    Ok(desk.work.orders_of_section(&partner, &change.section_no, &change.project_no).await?)
}

/// FS-24: a postponement may come without its date; the timeline says so, for whoever has to ask.
const fn word(change: &TenderChange) -> &'static str {
    match (change.kind, change.opening) {
        (TenderChangeKind::Cancelled, _) => "tender_cancelled",
        (TenderChangeKind::Failed, _) => "tender_failed",
        (TenderChangeKind::Postponed, Some(_)) => "tender_postponed",
        (TenderChangeKind::Postponed, None) => "tender_postponed_without_date",
        (TenderChangeKind::Other, _) => "tender_changed",
        (TenderChangeKind::Rescheduled, _) => "tender_rescheduled",
        (TenderChangeKind::DeadlineMoved, _) => "tender_deadline_moved",
        (TenderChangeKind::Awarded, _) => "tender_awarded",
        (TenderChangeKind::Terminated, _) => "tender_terminated",
        (TenderChangeKind::Retendered, _) => "tender_retendered",
    }
}
