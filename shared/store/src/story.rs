//! The whole story of one order: what happened, its cases, its callbacks and every attempt.

use crate::callbacks::{CALLBACK_COLUMNS, callback_row};
use crate::sealing::{self, Vault};
use crate::work::event_row;
use crate::{CallbackRow, Store, StoreError, TaskFilter, TaskRow};
use crypto::keyring::Place;
use domain::{AcceptanceNo, Order, Timestamp};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _};
use time::OffsetDateTime;

/// Everything known of an order.
#[derive(Debug, Clone, Serialize)]
pub struct OrderStory {
    /// The order.
    pub order: Order,
    /// What happened, oldest first.
    pub events: Vec<EventRow>,
    /// Its claims, invoices, refunds and releases, oldest first.
    pub cases: Vec<CaseRow>,
    /// What the partner is told.
    pub callbacks: Vec<CallbackRow>,
    /// How that went, oldest first.
    pub attempts: Vec<AttemptRow>,
    /// What operators did.
    pub audit: Vec<AuditRow>,
    /// What they must or had to look after, oldest first.
    pub tasks: Vec<TaskRow>,
}

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventRow {
    /// What it is about: the order or a case of it.
    pub no: String,
    /// The version it led to.
    pub version: i32,
    /// What happened.
    pub what: String,
    /// Particulars.
    pub detail: serde_json::Value,
    /// The message that caused it.
    pub message_id: String,
    /// Its trace.
    pub trace: String,
    /// When.
    pub at: Timestamp,
}

/// A case of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseRow {
    /// `claim`, `invoice`, `refund` or `release`.
    pub kind: String,
    /// Its number.
    pub no: String,
    /// The partner's number.
    pub business_no: String,
    /// The guarantee it quotes, which may be an earlier edition of the order's.
    pub guarantee_no: String,
    /// Its state.
    pub state: String,
    /// Its version.
    pub version: i32,
    /// When it was accepted.
    pub requested_at: Timestamp,
}

/// An attempt to deliver a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptRow {
    /// The callback.
    pub callback_id: String,
    /// The replay cycle.
    pub cycle: i32,
    /// Which attempt of it.
    pub number: i32,
    /// The partner's interface.
    pub interface: String,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub duration_ms: i64,
    /// HTTP status, 0 for none.
    pub status: i32,
    /// How it went.
    pub outcome: String,
    /// Why.
    pub why: String,
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Particulars.
    pub detail: serde_json::Value,
}

const ALL: TaskFilter = TaskFilter { partner: None, order: None, done_too: true, limit: 1_000 };

const EVENTS: &str = "select no, version, what, detail, message_id, trace, at from events \
    where order_no = $1 order by at, id";

const CASES: &str = "select kind, no, business_no, guarantee_no, state, version, requested_at from (
        select 'claim' kind, no, business_no, guarantee_no, state, version, requested_at from claims where order_no = $1
        union all select 'invoice', no, business_no, guarantee_no, state, version, requested_at from invoices where order_no = $1
        union all select 'refund', no, business_no, guarantee_no, state, version, requested_at from refunds where order_no = $1
        union all select 'release', no, business_no, guarantee_no, state, version, requested_at from releases where order_no = $1
    ) cases order by requested_at, no";

const ATTEMPTS: &str =
    "select a.callback_id, a.cycle, a.number, a.interface, a.at, a.duration_ms, a.status, a.outcome,
        a.why from attempts a join callbacks c on c.id = a.callback_id
    where c.order_no = $1 order by a.at, a.callback_id, a.cycle, a.number";

/// What was done to the order, to one of its cases or to one of its callbacks.
const AUDIT: &str = "select at, who, action, subject, detail from audit where subject = any(
        select $1 union all select no from claims where order_no = $1 union all
        select no from invoices where order_no = $1 union all select no from refunds where order_no = $1 union all
        select no from releases where order_no = $1 union all select id from callbacks where order_no = $1)
    order by at, id";

fn instant(row: &PgRow, column: usize) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::new(row.try_get::<OffsetDateTime, _>(column)?))
}

fn event(vault: &Vault, row: &PgRow) -> Result<EventRow, StoreError> {
    let (no, what, message_id): (String, String, String) =
        (row.try_get(0)?, row.try_get(2)?, row.try_get(4)?);
    let bound = event_row(&no, &message_id, &what);
    Ok(EventRow {
        no,
        version: row.try_get(1)?,
        what,
        detail: vault.read(Place { table: "events", row: &bound }, row, 3)?,
        message_id,
        trace: row.try_get(5)?,
        at: instant(row, 6)?,
    })
}

fn case(_: &Vault, row: &PgRow) -> Result<CaseRow, StoreError> {
    Ok(CaseRow {
        kind: row.try_get(0)?,
        no: row.try_get(1)?,
        business_no: row.try_get(2)?,
        guarantee_no: row.try_get(3)?,
        state: row.try_get(4)?,
        version: row.try_get(5)?,
        requested_at: instant(row, 6)?,
    })
}

fn attempt(vault: &Vault, row: &PgRow) -> Result<AttemptRow, StoreError> {
    let callback_id: String = row.try_get(0)?;
    Ok(AttemptRow {
        why: vault.open_text(sealing::attempt(&callback_id), row.try_get(8)?)?,
        callback_id,
        cycle: row.try_get(1)?,
        number: row.try_get(2)?,
        interface: row.try_get(3)?,
        at: instant(row, 4)?,
        duration_ms: row.try_get(5)?,
        status: row.try_get(6)?,
        outcome: row.try_get(7)?,
    })
}

fn audit(_: &Vault, row: &PgRow) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        at: instant(row, 0)?,
        who: row.try_get(1)?,
        action: row.try_get(2)?,
        subject: row.try_get(3)?,
        detail: row.try_get(4)?,
    })
}

impl Store {
    /// Any order with all that is known of it, for operators.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn story(&self, no: &AcceptanceNo) -> Result<Option<OrderStory>, StoreError> {
        let found = sqlx::query("select body, no from orders where no = $1")
            .bind(no.as_str())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let order = self.aggregate(&row)?;
        let callbacks = format!("{CALLBACK_COLUMNS} and order_no = $1 order by created_at, id");
        Ok(Some(OrderStory {
            order,
            events: self.about(EVENTS.to_owned(), no, event).await?,
            cases: self.about(CASES.to_owned(), no, case).await?,
            callbacks: self.about(callbacks, no, callback_row).await?,
            attempts: self.about(ATTEMPTS.to_owned(), no, attempt).await?,
            audit: self.about(AUDIT.to_owned(), no, audit).await?,
            tasks: self.tasks(&TaskFilter { order: Some(no.clone()), done_too: true, ..ALL }).await?,
        }))
    }

    /// The timeline of what goes by its own number alone: a credit line, a question to a partner in general.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn events(&self, no: &AcceptanceNo) -> Result<Vec<EventRow>, StoreError> {
        self.about(EVENTS.to_owned(), no, event).await
    }

    async fn about<T>(
        &self,
        sql: String,
        no: &AcceptanceNo,
        read: fn(&Vault, &PgRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(no.as_str()).fetch_all(&self.pool).await?;
        rows.iter().map(|row| read(&self.vault, row)).collect()
    }
}
