//! Guarantees in anybody's hands: what may be told of one, and that a document of a sealed order was read.

use domain::{Held, NoteRead, PublicRecord, Refusal, Reply};
use serde_json::json;
use worker::{Desk, Handled, Window};

/// What anybody may know of what is held (公开查验); nothing private, nothing sealed.
pub(crate) async fn public(window: &Window, held: &Held) -> Handled {
    let found = window.store.order_of_held(held).await?;
    let record = found.and_then(|(order, role)| PublicRecord::of(&order, role));
    let record = record.ok_or_else(|| Refusal::unknown("保函"))?;
    Ok(Reply::Public(Box::new(record)))
}

/// Who fetched a document of an order with sealed fields is kept for ever; of others nothing is written.
pub(crate) async fn read(desk: &mut Desk, read: &NoteRead) -> Handled {
    let found = desk.work.order_of_held(&Held::File(read.sha256.clone())).await?;
    let Some((order, _)) = found else {
        // A refusal would be written into a timeline that is nobody's; the message is done with all the same.
        return Ok(Reply::Refused(Refusal::unknown("文件")));
    };
    if order.application.sealed.is_empty() {
        return Ok(Reply::Refused(Refusal::against_rules("非密文保函，无需记录")));
    }
    let detail = json!({ "document": read.sha256, "caller": read.caller, "fetched_at": read.at });
    let by = "link";
    desk.work.audit(by, "read_document", order.no.as_str(), detail);
    Ok(Reply::Accepted { no: order.no })
}
