//! Where the partner sees an order: a line of the timeline, nothing more.

use domain::{NoteStatus, Refusal, Reply};
use serde_json::json;
use store::Event;
use worker::{Desk, Handled};

/// Notes it on the order.
pub(crate) async fn note(desk: &mut Desk, status: &NoteStatus) -> Handled {
    let partner = desk.origin.partner.clone();
    let found = desk.work.order_of_business(&partner, &status.business_no).await?;
    let order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    if let Some(described) = &status.described {
        order.fits(described)?;
    }
    let detail = json!({ "from": status.from, "to": status.to });
    desk.work.note(&order, Event { what: "partner_status", detail });
    Ok(Reply::Accepted { no: order.no })
}
