//! The documents a guarantee gets after its first: revealed when the key opened its fields, made out anew when the opening
//! moved.

use crate::{Desk, Failure, Press};
use domain::{Edition, GuaranteeReissued, GuaranteeRevealed, Notice, NoticeHead, Order, Policy, Timestamp};
use serde_json::json;
use store::Event;

/// Issues the revealed guarantee of an order whose sealed one is issued and whose key opened its fields; both documents
/// are kept, and the partner is told.
///
/// # Errors
/// A refusal unless the guarantee is in force; as [`Press::guarantee`].
pub async fn issue_revealed(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    policy: &Policy,
) -> Result<(), Failure> {
    let no = order.guarantee()?.no.clone();
    let edition = press.revealed(order, policy, desk.now).await?;
    let document = edition.document.clone();
    replace(order, edition)?;
    desk.work.note(
        order,
        Event {
            what: "guarantee_revealed",
            detail: json!({ "guarantee_no": no, "document": document.sha256 }),
        },
    );
    let head = NoticeHead::of_order(order, desk.now);
    let notice = Notice::GuaranteeRevealed(GuaranteeRevealed { head, guarantee_no: no, document });
    Ok(desk.work.notify(&order.origin, notice)?)
}

/// Makes a guarantee in force out anew under a new number, because its opening moved.
///
/// # Errors
/// As [`issue_revealed`].
pub async fn reissue(
    desk: &mut Desk,
    press: &Press,
    order: &mut Order,
    policy: &Policy,
    old_opening: Option<Timestamp>,
) -> Result<(), Failure> {
    let guarantee = order.guarantee()?;
    guarantee.must_be_in_force()?;
    let old_no = guarantee.no.clone();
    let edition = press.reissued(order, policy, old_opening, desk.now).await?;
    let (no, document, valid_until) = (edition.no.clone(), edition.document.clone(), edition.valid_until);
    replace(order, edition)?;
    let detail = json!({ "guarantee_no": no, "replaces": old_no, "document": document.sha256 });
    desk.work.note(order, Event { what: "guarantee_reissued", detail });
    let notice = Notice::GuaranteeReissued(GuaranteeReissued {
        head: NoticeHead::of_order(order, desk.now),
        old_no,
        guarantee_no: no,
        document,
        valid_from: order.opening().unwrap_or(desk.now),
        valid_until,
    });
    Ok(desk.work.notify(&order.origin, notice)?)
}

fn replace(order: &mut Order, next: Edition) -> Result<(), Failure> {
    Ok(order.guarantee_mut()?.replace(next)?)
}
