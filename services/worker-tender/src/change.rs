//! 标段信息更新: a section is cancelled, fails, is postponed or changes otherwise.

use domain::{ChangeTender, Order, Reply, TenderChange, TenderChangeKind, Timestamp};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled, Press, print_anew, reissue};

/// Notes the change on the order that the number names, else on all orders of the section (FS-13); a section without
/// orders is recorded all the same. What follows for a guarantee in force follows in the same transaction.
pub(crate) async fn change(desk: &mut Desk, press: &Press, change: &ChangeTender) -> Handled {
    let accepted = Reply::Accepted { no: desk.no.clone() };
    // The memory of messages is pruned some day; the change itself is kept.
    if desk.work.knows_tender_change(&desk.no).await? {
        return Ok(accepted);
    }
    let mut orders = orders_meant(desk, change).await?;
    let detail =
        json!({ "section": change.section_no, "opening": change.change.opening, "orders": orders.len() });
    desk.work.save_tender_change(&desk.no, &desk.origin, change, orders.len())?;
    let mut outdated = Vec::new();
    for (place, order) in orders.iter_mut().enumerate() {
        let old_opening = order.opening();
        order.note_tender_change(change.change.clone());
        desk.work.note(order, Event { what: word(&change.change), detail: detail.clone() });
        if has_guarantee_in_force(order) {
            raise_task(desk, order, &change.change);
            if old_opening != order.opening() {
                outdated.push((place, old_opening));
            }
        }
    }
    reissue_all(desk, press, &mut orders, outdated).await?;
    orders.iter().try_for_each(|order| desk.work.save(order))?;
    Ok(accepted)
}

fn has_guarantee_in_force(order: &Order) -> bool {
    order.guarantee.as_ref().is_some_and(|guarantee| guarantee.must_be_in_force().is_ok())
}

/// What people must see to while a guarantee is in force.
fn raise_task(desk: &mut Desk, order: &Order, change: &TenderChange) {
    use TenderChangeKind::{Cancelled, Failed, Postponed, Retendered, Terminated};
    match (change.kind, change.opening) {
        (Postponed, None) => {
            desk.work.raise(order, "opening_unknown", "项目延期但未告知新的开标时间，请联系合作方确认");
        }
        // No refund by itself (GP-11): people end it.
        (Cancelled | Failed | Terminated | Retendered, _) => {
            let say = "标段已取消、流标、终止或重新招标，请办理退保或注销";
            desk.work.raise(order, "ending_pending", say);
        }
        _ => {}
    }
}

/// Makes out anew what is outdated because the opening moved, where the partner wants that.
async fn reissue_all(
    desk: &mut Desk,
    press: &Press,
    orders: &mut [Order],
    outdated: Vec<(usize, Option<Timestamp>)>,
) -> Result<(), Failure> {
    let Some((first, _)) = outdated.first() else { return Ok(()) };
    let policy = desk.policy(&orders[*first].origin)?;
    if !policy.reissue {
        return Ok(());
    }
    let copies = outdated.iter().map(|(place, old_opening)| (orders[*place].clone(), *old_opening)).collect();
    let editions = print_anew(press, copies, &policy, desk.now).await?;
    for ((place, _), edition) in outdated.into_iter().zip(editions) {
        let order = &mut orders[place];
        match edition {
            Ok(edition) => reissue(desk, order, &policy, edition)?,
            // The others of the section must not suffer for one.
            Err(refusal) => {
                let say = format!("开标时间变更后无法重新出具保函：{}", refusal.say);
                desk.work.raise(order, "not_reissued", &say);
            }
        }
    }
    Ok(())
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
