//! 放弃/取消: an order ends before its guarantee is issued, by whichever side comes first.

use domain::{Notice, NoticeHead, Order, Refusal, Reply, Side, Tell, WithdrawOrder, WithdrawalDecided};
use serde_json::json;
use store::Event;
use worker::{Desk, Failure, Handled};

/// Ends the order, or says why not. The row lock decides who was first (PR-01).
pub(crate) async fn withdraw(desk: &mut Desk, wish: &WithdrawOrder) -> Handled {
    let mut order = find(desk, wish).await?;
    if order.withdrawn_by == Some(wish.side) {
        return Ok(Reply::Accepted { no: order.no });
    }
    let told = desk.policy(&order.origin)?.tells(Tell::Withdrawal);
    match order.withdraw(wish.side, &wish.reason) {
        Ok(()) => {
            let detail = json!({ "by": wish.side, "reason": wish.reason });
            desk.work.note(&order, Event { what: "order_withdrawn", detail });
            if told || wish.side == Side::Institution {
                decided(desk, &order, wish, None)?;
            }
        }
        Err(no) if wish.side == Side::Partner => {
            turned_down(desk, &mut order, wish, &no, told)?;
            desk.work.save(&order)?;
            // Whoever hears of the outcome by notice heard of this one too; the others hear it now.
            return Ok(if told { Reply::Accepted { no: order.no } } else { Reply::Refused(no) });
        }
        Err(no) => return Err(no.into()),
    }
    if !wish.by.is_empty() {
        desk.work.audit(&wish.by, "withdraw_order", order.no.as_str(), json!({ "reason": wish.reason }));
    }
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}

async fn find(desk: &mut Desk, wish: &WithdrawOrder) -> Result<Order, Failure> {
    let found = match &wish.no {
        Some(no) => desk.work.any_order(no).await?,
        None => {
            let partner = desk.origin.partner.clone();
            desk.work.order_of_business(&partner, &wish.business_no).await?
        }
    };
    let order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    wish.described.as_ref().map_or(Ok(()), |described| order.fits(described))?;
    Ok(order)
}

/// Recorded, because nothing can change this answer any more: what is paid, issued or ended stays so.
fn turned_down(
    desk: &mut Desk,
    order: &mut Order,
    wish: &WithdrawOrder,
    no: &Refusal,
    told: bool,
) -> Result<(), Failure> {
    order.version += 1;
    desk.work.note(order, Event { what: "withdrawal_refused", detail: json!({ "reason": no.say }) });
    if order.guarantee.is_some() {
        // FZ-23: the partner gave up an order whose guarantee binds; ending that is for people.
        let say = "合作方取消了已出函的订单，请核实并办理退保或注销";
        desk.work.raise(order, "withdrawn_after_issue", say);
    }
    if told { decided(desk, order, wish, Some(no.say.clone())) } else { Ok(()) }
}

fn decided(
    desk: &mut Desk,
    order: &Order,
    wish: &WithdrawOrder,
    why_not: Option<String>,
) -> Result<(), Failure> {
    let notice = Notice::WithdrawalDecided(WithdrawalDecided {
        head: NoticeHead::of_order(order, desk.now),
        side: wish.side,
        approved: why_not.is_none(),
        reason: why_not.unwrap_or_else(|| wish.reason.clone()),
    });
    Ok(desk.work.notify(&order.origin, notice)?)
}
