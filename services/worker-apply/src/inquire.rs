//! What operators want to learn from a partner; the answer appears in the timeline.

use crate::announce::ask;
use domain::{Inquire, Inquiry, Notice, NoticeHead, Refusal, Reply};
use serde_json::json;
use worker::{Desk, Handled};

/// Asks about an order, or about nothing in particular: then the question itself has the number.
pub(crate) async fn inquire(desk: &mut Desk, inquire: &Inquire) -> Handled {
    let topic = inquire.topic.clone();
    desk.work.audit(&inquire.by, "inquire", desk.no.as_str(), json!({ "topic": topic.word() }));
    let Some(about) = &inquire.about else {
        desk.policy(&desk.origin)?;
        let (no, at, origin) = (desk.no.clone(), desk.now, desk.origin.clone());
        let business_no = String::new();
        let head = NoticeHead { no: no.clone(), business_no, order: no.clone(), version: 1, at, brief: None };
        desk.work.notify(&origin, Notice::Inquiry(Inquiry { head, topic }))?;
        return Ok(Reply::Accepted { no });
    };
    let found = desk.work.any_order(about).await?;
    let mut order = found.ok_or_else(|| Refusal::unknown("保函申请"))?;
    // A further question of the same kind is another one: it must have an id of its own.
    order.version += 1;
    ask(desk, &order, topic)?;
    desk.work.save(&order)?;
    Ok(Reply::Accepted { no: order.no })
}
