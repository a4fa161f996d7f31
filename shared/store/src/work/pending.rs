//! What a unit of work has said so far, as rows that wait for the flush.

use super::Event;
use crate::flush::{Cell, Flush, Row};
use crate::kept::{self, Kept, Particulars, place, table};
use crate::outbox::CAUSE;
use crate::sealing::{self, BIDDER, Vault};
use crate::{MessageKey, StoreError};
use crypto::keyring::{Place, is_sealed};
use domain::{AcceptanceNo, ChangeTender, Notice, Order, Origin, Subject};
use messages::{Envelope, Route};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Pending {
    vault: Vault,
    /// The reply to remember.
    inbox: Vec<Row>,
    saved: Vec<Saved>,
    tender_changes: Vec<Row>,
    /// With the order each belongs to.
    editions: Vec<(String, Row)>,
    credit_uses: Vec<Row>,
    /// With what each is bound to; sealed when all is written.
    tasks: Vec<(String, Row)>,
    /// With what each is bound to; sealed when all is written.
    events: Vec<(String, Row)>,
    callbacks: Vec<Row>,
    outbox: Vec<Row>,
    /// Questions by id: the same one asked again, here or before, is one question.
    questions: BTreeMap<String, (Row, Row)>,
    audit: Vec<Row>,
    /// The traces of what was loaded, by its number; none of what began before traces were kept.
    traces: BTreeMap<String, String>,
}

/// An aggregate in its last state; a change of a loaded one if not `new`.
#[derive(Debug)]
struct Saved {
    subject: Subject,
    no: String,
    new: bool,
    row: Row,
}

/// Adds the columns that this kind alone has, and says which column holds since when it is known.
fn particulars(vault: &Vault, it: &kept::Row<'_>, row: &mut Row, new: bool) -> &'static str {
    match &it.particulars {
        Particulars::Order { section_no, guarantee_no, document, bond_fen, guarantee_state, .. } => {
            row.push(("section_no", Cell::text(section_no)));
            row.push(("guarantee_no", Cell::MaybeText(guarantee_no.map(str::to_owned))));
            row.push(("document_sha256", Cell::MaybeText(document.map(str::to_owned))));
            row.push(("bond_fen", Cell::Long(*bond_fen)));
            row.push(("guarantee_state", Cell::MaybeText(guarantee_state.map(str::to_owned))));
            "placed_at"
        }
        Particulars::Case { guarantee_no, document } => {
            row.push(("guarantee_no", Cell::text(guarantee_no)));
            row.push(("document_sha256", Cell::MaybeText(document.map(str::to_owned))));
            if new {
                row.push(("order_no", Cell::text(it.order_no)));
            }
            "requested_at"
        }
        Particulars::Credit { company_code } => {
            row.push(("company_code", Cell::Text(vault.print(BIDDER, company_code))));
            "requested_at"
        }
    }
}

impl Pending {
    pub(super) fn new(vault: Vault) -> Self {
        Self { vault, ..Self::default() }
    }

    pub(super) fn known(&mut self, no: &str, trace: String) {
        if !trace.is_empty() {
            self.traces.insert(no.to_owned(), trace);
        }
    }

    pub(super) fn others(&self, key: &MessageKey) -> Vec<String> {
        self.traces.values().filter(|trace| !is_same(trace, &key.trace)).cloned().collect()
    }

    pub(super) fn remember(&mut self, key: &MessageKey, reply: &impl Serialize) -> Result<(), StoreError> {
        let row = format!("{}/{}", key.consumer, key.id);
        let reply = self.vault.json(Place { table: "inbox", row: &row }, reply)?;
        self.inbox.push(vec![
            ("consumer", Cell::text(key.consumer)),
            ("message_id", Cell::text(&key.id)),
            ("content_hash", Cell::text(&key.content_hash)),
            ("reply", reply),
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
            ("state", Cell::text(it.state)),
            ("version", Cell::count(it.version)),
            ("body", self.vault.json(place::<K>(it.no), aggregate)?),
            ("updated_at", Cell::at(key.at)),
        ];
        let since = particulars(&self.vault, &it, &mut row, was.is_none());
        if let Some(version) = was {
            row.push(("was", Cell::count(version)));
        } else {
            row.push(("partner", Cell::text(it.partner)));
            row.push(("business_no", Cell::text(it.business_no)));
            row.push(("content_hash", Cell::text(&key.content_hash)));
            row.push(("trace", Cell::text(&key.trace)));
            row.push((since, Cell::at(it.since)));
        }
        self.keep_editions(&it);
        let saved = Saved { subject: K::SUBJECT, no: it.no.to_owned(), new: was.is_none(), row };
        // Saved twice in one unit: only the last state is written.
        self.saved.retain(|earlier| (earlier.subject, &earlier.no) != (saved.subject, &saved.no));
        self.saved.push(saved);
        Ok(())
    }

    /// What the guarantee was before, kept once for each document.
    fn keep_editions(&mut self, it: &kept::Row<'_>) {
        let Particulars::Order { earlier, .. } = it.particulars else { return };
        self.editions.retain(|(order, _)| order != it.no);
        self.editions.extend(earlier.iter().map(|edition| {
            let row = vec![
                ("order_no", Cell::text(it.no)),
                ("document_sha256", Cell::text(&edition.document.sha256)),
                ("guarantee_no", Cell::text(edition.no.as_str())),
                ("partner", Cell::text(it.partner)),
            ];
            (it.no.to_owned(), row)
        }));
    }

    pub(super) fn raise(&mut self, key: &MessageKey, it: &kept::Row<'_>, what: &str, say: &str) {
        let row = vec![
            ("partner", Cell::text(it.partner)),
            ("order_no", Cell::text(it.order_no)),
            ("no", Cell::text(it.no)),
            ("what", Cell::text(what)),
            ("say", Cell::text(say)),
            ("raised_at", Cell::at(key.at)),
        ];
        self.tasks.push((format!("{}/{what}", it.no), row));
    }

    pub(super) fn use_credit(&mut self, order: &Order, company_code: &str) -> Result<(), StoreError> {
        let place = Place { table: "credit_uses", row: order.no.as_str() };
        let sealed = self.vault.text(place, company_code)?;
        self.credit_uses.retain(|row| !matches!(&row[0].1, Cell::Text(no) if no == order.no.as_str()));
        self.credit_uses.push(vec![
            ("order_no", Cell::text(order.no.as_str())),
            ("partner", Cell::text(order.origin.partner.as_str())),
            ("company_code", Cell::Text(self.vault.print(BIDDER, company_code))),
            ("sealed_code", Cell::Text(sealed)),
        ]);
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
        let body = self.vault.json(Place { table: "tender_changes", row: no.as_str() }, change)?;
        self.tender_changes.push(vec![
            ("no", Cell::text(no.as_str())),
            ("partner", Cell::text(origin.partner.as_str())),
            ("business_no", Cell::text(&change.business_no)),
            ("section_no", Cell::text(&kept::key(&change.section_no))),
            ("content_hash", Cell::text(&key.content_hash)),
            ("orders", Cell::Int(i32::try_from(orders).unwrap_or(i32::MAX))),
            ("body", body),
            ("received_at", Cell::at(key.at)),
        ]);
        Ok(())
    }

    pub(super) fn note(&mut self, key: &MessageKey, order_no: &str, no: &str, version: u32, event: Event) {
        let row = vec![
            ("order_no", Cell::text(order_no)),
            ("no", Cell::text(no)),
            ("version", Cell::count(version)),
            ("what", Cell::text(event.what)),
            ("detail", Cell::Json(event.detail.to_string())),
            ("message_id", Cell::text(&key.id)),
            ("trace", Cell::text(&key.trace)),
            ("at", Cell::at(key.at)),
        ];
        self.events.push((event_row(no, &key.id, event.what), row));
    }

    pub(super) fn notify(
        &mut self,
        key: &MessageKey,
        origin: &Origin,
        notice: Notice,
    ) -> Result<(), StoreError> {
        let event = notice.word();
        // What a partner is told belongs to the request that began it, whoever's message brought it about.
        let trace = self.traces.get(notice.head().no.as_str()).unwrap_or(&key.trace).clone();
        let order_no = notice.head().order.to_string();
        let envelope = Envelope::notice(origin.clone(), key.at, notice);
        let route = Route::notice(origin);
        let payload = envelope.to_bytes().map_err(|error| StoreError::Broken(error.to_string()))?;
        // Sealed once: the callback and its message hold the same.
        let payload = self.vault.bytes(sealing::message(&envelope.id), payload)?;
        let text = String::from_utf8_lossy(&payload);
        let kept = if is_sealed(&payload) { format!("\"{text}\"") } else { text.into_owned() };
        let callback = vec![
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
            ("payload", Cell::Json(kept)),
            ("trace", Cell::text(&trace)),
            ("created_at", Cell::at(key.at)),
        ];
        let message = outbox_row(key, &order_no, route, &envelope.id, payload, &trace);
        if let Notice::Inquiry(_) = envelope.body {
            self.questions.insert(envelope.id, (callback, message));
        } else {
            self.callbacks.push(callback);
            self.outbox.push(message);
        }
        Ok(())
    }

    pub(super) fn send(
        &mut self,
        key: &MessageKey,
        aggregate: &str,
        route: Route,
        id: &str,
        payload: Vec<u8>,
    ) -> Result<(), StoreError> {
        let payload = self.vault.bytes(sealing::message(id), payload)?;
        self.outbox.push(outbox_row(key, aggregate, route, id, payload, &key.trace));
        Ok(())
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
        let vault = self.vault;
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
        flush.insert_missing("editions", self.editions.into_iter().map(|(_, row)| row).collect())?;
        flush.insert_missing("credit_uses", self.credit_uses)?;
        // What a partner says again after a refusal is not to be done twice (index `tasks_once`).
        flush.insert_missing("tasks", sealed(&vault, "tasks", "say", self.tasks)?)?;
        flush.insert("events", sealed(&vault, "events", "detail", self.events)?)?;
        flush.insert("callbacks", self.callbacks)?;
        flush.insert("outbox", self.outbox)?;
        let (asked, sent): (Vec<Row>, Vec<Row>) = self.questions.into_values().unzip();
        flush.insert_missing("callbacks", asked)?;
        flush.insert_missing("outbox", sent)?;
        flush.insert("audit", self.audit)?;
        Ok(flush)
    }
}

/// What a line of a timeline is bound to.
pub(crate) fn event_row(no: &str, message: &str, what: &str) -> String {
    format!("{no}/{message}/{what}")
}

/// Rows with one of their columns sealed.
fn sealed(
    vault: &Vault,
    table: &str,
    column: &str,
    rows: Vec<(String, Row)>,
) -> Result<Vec<Row>, StoreError> {
    let seal = |(bound, row): (String, Row)| {
        let place = Place { table, row: &bound };
        let cell = |(name, cell)| match cell {
            Cell::Json(plain) if name == column => Ok((name, vault.json_text(place, plain)?)),
            Cell::Text(plain) if name == column => Ok((name, Cell::Text(vault.text(place, &plain)?))),
            cell => Ok((name, cell)),
        };
        row.into_iter().map(cell).collect()
    };
    rows.into_iter().map(seal).collect()
}

/// Whether two `traceparent`s are of one trace: version and id, 35 characters, are the same.
fn is_same(one: &str, other: &str) -> bool {
    one.get(..35).is_some_and(|id| other.starts_with(id))
}

fn outbox_row(
    key: &MessageKey,
    aggregate: &str,
    route: Route,
    id: &str,
    payload: Vec<u8>,
    trace: &str,
) -> Row {
    let headers = match trace {
        "" => json!({}),
        trace if key.trace.is_empty() || is_same(trace, &key.trace) => json!({ "traceparent": trace }),
        trace => json!({ "traceparent": trace, CAUSE: key.trace }),
    };
    vec![
        ("aggregate", Cell::text(aggregate)),
        ("exchange", Cell::text(route.exchange)),
        ("routing_key", Cell::Text(route.key)),
        ("message_id", Cell::text(id)),
        ("headers", Cell::Json(headers.to_string())),
        ("payload", Cell::Bytes(payload)),
        ("created_at", Cell::at(key.at)),
    ]
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
