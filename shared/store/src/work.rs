//! One message, one transaction: what a handler loads is locked, what it says is collected, and all of it is written at once.

use crate::kept::{Kept, table};
use crate::{MessageKey, Store, StoreError};
use domain::{AcceptanceNo, ChangeTender, Command, FileRole, Held, Notice, Order, Origin, Reply, Timestamp};
use messages::{Envelope, Route};
use serde_json::json;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Transaction};
use std::collections::HashMap;

pub(crate) mod find;
mod pending;

use pending::Pending;
pub(crate) use pending::event_row;

/// A line of an order's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened, past tense: `order_placed`, `claim_approved`.
    pub what: &'static str,
    /// Particulars for operators: states, amounts, reasons; no personal data.
    pub detail: serde_json::Value,
}

/// The unit of work of one message.
#[derive(Debug)]
pub struct Work {
    store: Store,
    // Opened by the first lock; without one the flush alone is the transaction.
    transaction: Option<Transaction<'static, Postgres>>,
    key: MessageKey,
    versions: HashMap<(&'static str, String), u32>,
    pending: Pending,
}

impl Event {
    /// A line without particulars.
    #[must_use]
    pub const fn plain(what: &'static str) -> Self {
        Self { what, detail: serde_json::Value::Null }
    }
}

impl Work {
    pub(crate) fn new(store: Store, key: MessageKey) -> Self {
        let pending = Pending::new(store.vault.clone());
        Self { store, transaction: None, key, versions: HashMap::new(), pending }
    }

    /// The time of everything this unit changes.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.key.at
    }

    async fn open(&mut self) -> Result<&mut Transaction<'static, Postgres>, StoreError> {
        match &mut self.transaction {
            Some(open) => Ok(open),
            closed => Ok(closed.insert(self.store.pool.begin().await?)),
        }
    }

    /// Reads bodies with the row lock, if the statement takes one, and remembers their versions.
    async fn load<K: Kept>(&mut self, sql: String, binds: &[&str]) -> Result<Vec<K>, StoreError> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = query.bind((*bind).to_owned());
        }
        let rows = query.fetch_all(&mut **self.open().await?).await?;
        self.loaded(&rows)
    }

    fn loaded<K: Kept>(&mut self, rows: &[PgRow]) -> Result<Vec<K>, StoreError> {
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let body: K = self.store.aggregate(row)?;
            let columns = body.row();
            self.pending.known(columns.no, row.try_get(2)?);
            self.versions.insert((table(K::SUBJECT), columns.no.to_owned()), columns.version);
            found.push(body);
        }
        Ok(found)
    }

    async fn load_one<K: Kept>(&mut self, sql: &str, binds: &[&str]) -> Result<Option<K>, StoreError> {
        Ok(self.load(sql.to_owned(), binds).await?.pop())
    }

    /// Keeps an aggregate: a new row, or the next version of one this unit loaded.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if its body cannot be written.
    pub fn save<K: Kept>(&mut self, aggregate: &K) -> Result<(), StoreError> {
        let was = self.versions.get(&(table(K::SUBJECT), aggregate.row().no.to_owned())).copied();
        self.pending.save(&self.key, aggregate, was)
    }

    /// Keeps a change of a section, and to how many orders it was applied.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if it cannot be written.
    pub fn save_tender_change(
        &mut self,
        no: &AcceptanceNo,
        origin: &Origin,
        change: &ChangeTender,
        orders: usize,
    ) -> Result<(), StoreError> {
        self.pending.save_tender_change(&self.key, no, origin, change, orders)
    }

    /// Adds a line to the timeline of the order that an aggregate belongs to.
    pub fn note<K: Kept>(&mut self, about: &K, event: Event) {
        let row = about.row();
        self.pending.note(&self.key, row.order_no, row.no, row.version, event);
    }

    /// Writes down what an operator must look after, in Chinese, about the order that an aggregate belongs to.
    pub fn raise<K: Kept>(&mut self, about: &K, what: &'static str, say: &str) {
        self.pending.raise(&self.key, &about.row(), what, say);
    }

    /// Counts the bond of an order against the credit of this bidder for as long as the order is open or its guarantee
    /// in force.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if it cannot be written.
    pub fn use_credit(&mut self, order: &Order, company_code: &str) -> Result<(), StoreError> {
        self.pending.use_credit(order, company_code)
    }

    /// Adds a line under a number that belongs to no order: a question to a partner in general.
    pub fn note_at(&mut self, no: &AcceptanceNo, event: Event) {
        self.pending.note(&self.key, no.as_str(), no.as_str(), 1, event);
    }

    /// Tells the partner a fact: a callback that is tracked until it is acknowledged, and its message.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if it cannot be written.
    pub fn notify(&mut self, origin: &Origin, notice: Notice) -> Result<(), StoreError> {
        self.pending.notify(&self.key, origin, notice)
    }

    /// Sends a command of our own about an order.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if it cannot be written.
    pub fn tell(&mut self, order: &AcceptanceNo, envelope: &Envelope<Command>) -> Result<(), StoreError> {
        let route = Route::command(&envelope.body, &envelope.origin);
        let payload = envelope.to_bytes().map_err(|error| StoreError::Broken(error.to_string()))?;
        self.pending.send(&self.key, order.as_str(), route, &envelope.id, payload)
    }

    /// The order that a document belongs to, of whichever partner; not locked.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn order_of_held(&self, held: &Held) -> Result<Option<(Order, Option<FileRole>)>, StoreError> {
        self.store.order_of_held(held).await
    }

    /// The traces (`traceparent`) that the loaded orders and cases began with, each in another message than this.
    #[must_use]
    pub fn others(&self) -> Vec<String> {
        self.pending.others(&self.key)
    }

    /// Records what an operator did.
    pub fn audit(&mut self, who: &str, action: &'static str, subject: &str, detail: serde_json::Value) {
        self.pending.audit(&self.key, who, action, subject, &detail);
    }

    /// Records, instead of all that was said so far, that a message nobody waits for was refused; the message may be
    /// judged anew when it comes again.
    pub fn refuse(&mut self, no: &AcceptanceNo, reason: &str) {
        self.pending = Pending::new(self.store.vault.clone());
        let event = Event { what: "refused", detail: json!({ "reason": reason }) };
        self.pending.note(&self.key, no.as_str(), no.as_str(), 0, event);
    }

    /// Writes everything, with the reply that a repeat of the message will get, and commits.
    ///
    /// # Errors
    /// [`StoreError::Raced`] if a copy of the message or another message about the same thing was faster,
    /// [`StoreError::Unavailable`] if the database went away: whether the commit happened is then unknown, and the
    /// inbox tells when the message comes again.
    pub async fn commit(mut self, reply: &Reply) -> Result<(), StoreError> {
        self.pending.remember(&self.key, reply)?;
        self.flush().await
    }

    /// Writes everything without a memory of the message, and commits.
    ///
    /// # Errors
    /// As [`Work::commit`].
    pub async fn commit_unremembered(self) -> Result<(), StoreError> {
        self.flush().await
    }

    async fn flush(self) -> Result<(), StoreError> {
        let expected = self.pending.updates();
        let flush = self.pending.into_flush()?;
        match self.transaction {
            None if flush.is_empty() => Ok(()),
            None if expected > 0 => Err(StoreError::Broken("an update without its lock".to_owned())),
            None => flush.run(&self.store.pool).await.map(drop),
            Some(mut open) => {
                if !flush.is_empty() && flush.run(&mut *open).await? != expected {
                    open.rollback().await?;
                    return Err(StoreError::Raced("version".to_owned()));
                }
                Ok(open.commit().await?)
            }
        }
    }
}
