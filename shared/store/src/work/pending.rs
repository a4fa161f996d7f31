//! What a unit of work has said so far, as rows that wait for the flush.

use super::Event;
use crate::flush::{Cell, Flush, Row};
use crate::kept::{Kept, table};
use crate::{MessageKey, StoreError};
use domain::{AcceptanceNo, ChangeTender, Notice, Origin, Subject};
use messages::{Envelope, Route};
use serde::Serialize;
use serde_json::json;

#[derive(Debug, Default)]
pub(super) struct Pending {
    /// The reply to remember.
    inbox: Vec<Row>,
    saved: Vec<Saved>,
    tender_changes: Vec<Row>,
    events: Vec<Row>,
    callbacks: Vec<Row>,
    outbox: Vec<Row>,
    audit: Vec<Row>,
}

/// An aggregate in its last state; a change of a loaded one if not `new`.
#[derive(Debug)]
struct Saved {
    subject: Subject,
    no: String,
    new: bool,
    row: Row,
}

fn json_of<T: Serialize>(value: &T) -> Result<Cell, StoreError> {
    serde_json::to_string(value).map(Cell::Json).map_err(|error| StoreError::Broken(error.to_string()))
}

impl Pending {
    pub(super) fn remember(&mut self, key: &MessageKey, reply: &impl Serialize) -> Result<(), StoreError> {
        self.inbox.push(vec![
            ("consumer", Cell::text(key.consumer)),
            ("message_id", Cell::text(&key.id)),
            ("content_hash", Cell::text(&key.content_hash)),
            ("reply", json_of(reply)?),
            ("received_at", Cell::at(key.at)),
        ]);
        Ok(())
    }

    pub(super) fn save<K: Kept>(
        &mut self,
        key: &MessageKey,
        aggregate: &K,
        was: Option<u32>,
    ) -> Result<(), StoreError> {
        let it = aggregate.row();
        let mut row = vec![
            ("no", Cell::text(it.no)),
            ("guarantee_no", Cell::MaybeText(it.guarantee_no.map(str::to_owned))),
            ("state", Cell::text(it.state)),
            ("version", Cell::count(it.version)),
            ("body", json_of(aggregate)?),
            ("updated_at", Cell::at(key.at)),
        ];
        let of_order = K::SUBJECT == Subject::Order;
        if of_order {
            row.push(("section_no", Cell::text(it.section_no)));
        }
        if let Some(version) = was {
            row.push(("was", Cell::count(version)));
        } else {
            row.push(("partner", Cell::text(it.partner)));
            row.push(("business_no", Cell::text(it.business_no)));
            row.push(("content_hash", Cell::text(&key.content_hash)));
            row.push((if of_order { "placed_at" } else { "requested_at" }, Cell::at(it.since)));
            if !of_order {
                row.push(("order_no", Cell::text(it.order_no)));
            }
        }
        let saved = Saved { subject: K::SUBJECT, no: it.no.to_owned(), new: was.is_none(), row };
        // Saved twice in one unit: only the last state is written.
        self.saved.retain(|earlier| (earlier.subject, &earlier.no) != (saved.subject, &saved.no));
        self.saved.push(saved);
        Ok(())
    }

    pub(super) fn save_tender_change(
        &mut self,
        key: &MessageKey,
        no: &AcceptanceNo,
        origin: &Origin,
        change: &ChangeTender,
        orders: usize,
    ) -> Result<(), StoreError> {
        self.tender_changes.push(vec![
            ("no", Cell::text(no.as_str())),
            ("partner", Cell::text(origin.partner.as_str())),
            ("business_no", Cell::text(&change.business_no)),
            ("section_no", Cell::text(&change.section_no)),
            ("content_hash", Cell::text(&key.content_hash)),
            ("orders", Cell::Int(i32::try_from(orders).unwrap_or(i32::MAX))),
            ("body", json_of(change)?),
            ("received_at", Cell::at(key.at)),
        ]);
        Ok(())
    }

    pub(super) fn note(&mut self, key: &MessageKey, order_no: &str, no: &str, version: u32, event: Event) {
        self.events.push(vec![
            ("order_no", Cell::text(order_no)),
            ("no", Cell::text(no)),
            ("version", Cell::count(version)),
            ("what", Cell::text(event.what)),
            ("detail", Cell::Json(event.detail.to_string())),
            ("message_id", Cell::text(&key.id)),
            ("trace", Cell::text(&key.trace)),
            ("at", Cell::at(key.at)),
        ]);
    }

    pub(super) fn notify(
        &mut self,
        key: &MessageKey,
        origin: &Origin,
        notice: Notice,
    ) -> Result<(), StoreError> {
        let event = notice.word();
        let order_no = notice.head().order.to_string();
        let envelope = Envelope::notice(origin.clone(), key.at, notice);
        let route = Route::notice(origin);
        let payload = envelope.to_bytes().map_err(|error| StoreError::Broken(error.to_string()))?;
        self.callbacks.push(vec![
            ("id", Cell::text(&envelope.id)),
            ("no", Cell::text(envelope.no.as_str())),
            ("order_no", Cell::text(&order_no)),
            ("partner", Cell::text(origin.partner.as_str())),
            ("kind", Cell::text(&origin.kind)),
            ("event", Cell::text(event)),
            ("state", Cell::text("pending")),
            ("next_due", Cell::at(key.at)),
            ("exchange", Cell::text(route.exchange)),
            ("routing_key", Cell::text(&route.key)),
            ("payload", Cell::Json(String::from_utf8_lossy(&payload).into_owned())),
            ("created_at", Cell::at(key.at)),
        ]);
        self.send(key, &order_no, route, &envelope.id, payload);
        Ok(())
    }

    pub(super) fn send(
        &mut self,
        key: &MessageKey,
        aggregate: &str,
        route: Route,
        id: &str,
        payload: Vec<u8>,
    ) {
        let headers = if key.trace.is_empty() { json!({}) } else { json!({ "traceparent": key.trace }) };
        self.outbox.push(vec![
            ("aggregate", Cell::text(aggregate)),
            ("exchange", Cell::text(route.exchange)),
            ("routing_key", Cell::Text(route.key)),
            ("message_id", Cell::text(id)),
            ("headers", Cell::Json(headers.to_string())),
            ("payload", Cell::Bytes(payload)),
            ("created_at", Cell::at(key.at)),
        ]);
    }

    pub(super) fn audit(
        &mut self,
        key: &MessageKey,
        who: &str,
        action: &str,
        subject: &str,
        detail: &serde_json::Value,
    ) {
        self.audit.push(vec![
            ("at", Cell::at(key.at)),
            ("who", Cell::text(who)),
            ("action", Cell::text(action)),
            ("subject", Cell::text(subject)),
            ("detail", Cell::Json(detail.to_string())),
        ]);
    }

    /// How many rows the updates must change.
    pub(super) fn updates(&self) -> i64 {
        i64::try_from(self.saved.iter().filter(|saved| !saved.new).count()).unwrap_or(i64::MAX)
    }

    pub(super) fn into_flush(self) -> Result<Flush, StoreError> {
        let mut flush = Flush::new();
        flush.insert("inbox", self.inbox)?;
        let (new, changed): (Vec<Saved>, Vec<Saved>) = self.saved.into_iter().partition(|saved| saved.new);
        for (subject, rows) in by_subject(new) {
            flush.insert(table(subject), rows)?;
        }
        for (subject, rows) in by_subject(changed) {
            flush.update(table(subject), rows)?;
        }
        flush.insert("tender_changes", self.tender_changes)?;
        flush.insert("events", self.events)?;
        flush.insert("callbacks", self.callbacks)?;
        flush.insert("outbox", self.outbox)?;
        flush.insert("audit", self.audit)?;
        Ok(flush)
    }
}

fn by_subject(saved: Vec<Saved>) -> Vec<(Subject, Vec<Row>)> {
    let mut groups: Vec<(Subject, Vec<Row>)> = Vec::new();
    for Saved { subject, row, .. } in saved {
        match groups.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((subject, vec![row])),
        }
    }
    groups
}
