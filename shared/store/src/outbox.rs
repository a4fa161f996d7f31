//! Messages that must go out: read in the order of their aggregate, published by the caller while the transaction stays
//! open, deleted once confirmed. A crash in between leaves them for the next reader.

use crate::{Store, StoreError, sealing};
use domain::Timestamp;
use sqlx::{Postgres, Row as _, Transaction, types::Json};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The header of a row that names, beside its own `traceparent`, the one of another trace that brought it about. Not sent.
pub const CAUSE: &str = "tracelink";

/// The oldest unsent row of each aggregate that nobody else is sending. `skip locked` shares the table between relays;
/// `not exists` keeps the later rows of an aggregate back until the earlier one is confirmed.
const NEXT: &str = "
    select o.id, o.exchange, o.routing_key, o.message_id, o.headers, o.payload
    from outbox o
    where not exists (select 1 from outbox p where p.aggregate = o.aggregate and p.id < o.id)
    order by o.id limit $1 for update of o skip locked";

/// The table is mostly empty, so its statistics lie: the plan must be the one for a full table.
const BEGIN: &str = "begin; set local enable_seqscan = off; set local enable_hashjoin = off; \
    set local enable_mergejoin = off; set local enable_sort = off; set local enable_bitmapscan = off";

/// A message to publish.
#[derive(Debug)]
pub struct OutboxRow {
    /// The row, for [`Batch::done`].
    pub id: i64,
    /// Where to.
    pub exchange: String,
    /// Where to.
    pub routing_key: String,
    /// The id of the message: a copy published after a crash has the same.
    pub message_id: String,
    /// Headers, texts only.
    pub headers: BTreeMap<String, String>,
    /// The message.
    pub payload: Vec<u8>,
}

/// Rows that are locked for this reader.
#[derive(Debug)]
pub struct Batch {
    /// What to publish, oldest first, one per aggregate.
    pub rows: Vec<OutboxRow>,
    transaction: Transaction<'static, Postgres>,
}

impl Store {
    /// Locks the next messages. Dropping the batch leaves them for another time.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn outbox_batch(&self, limit: u32) -> Result<Batch, StoreError> {
        let mut transaction = self.pool.begin_with(BEGIN).await?;
        let found = sqlx::query(NEXT).bind(i64::from(limit)).fetch_all(&mut *transaction).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in found {
            let Json(headers) = row.try_get(4)?;
            rows.push(OutboxRow {
                id: row.try_get(0)?,
                exchange: row.try_get(1)?,
                routing_key: row.try_get(2)?,
                payload: self.vault.open(sealing::message(row.try_get(3)?), row.try_get(5)?)?,
                message_id: row.try_get(3)?,
                headers,
            });
        }
        Ok(Batch { rows, transaction })
    }

    /// When the oldest message that has not gone out was written.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn oldest_unsent(&self) -> Result<Option<Timestamp>, StoreError> {
        // By id, not by min(created_at): the first row in the index, however long the table.
        let at: Option<OffsetDateTime> =
            sqlx::query_scalar("select created_at from outbox order by id limit 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(at.map(Timestamp::new))
    }

    /// How many messages have not gone out.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn unsent(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("select count(*) from outbox").fetch_one(&self.pool).await?)
    }
}

impl Batch {
    /// Deletes what the broker confirmed and lets the rest go.
    ///
    /// # Errors
    /// [`StoreError`] if the database went away: the rows will be published again.
    pub async fn done(mut self, confirmed: &[i64]) -> Result<(), StoreError> {
        if confirmed.is_empty() {
            return Ok(self.transaction.rollback().await?);
        }
        sqlx::query("delete from outbox where id = any($1)")
            .bind(confirmed)
            .execute(&mut *self.transaction)
            .await?;
        Ok(self.transaction.commit().await?)
    }
}
