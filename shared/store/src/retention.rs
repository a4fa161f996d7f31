//! Deleting what is old: whole months of what is kept so, and the rest a little at a time. Orders and cases stay: they
//! recognise late repeats for ever.

use crate::months::MONTHLY;
use crate::{Store, StoreError};
use domain::Timestamp;
use sqlx::AssertSqlSafe;

/// For how many days to keep what may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// What was taken in; longer than anything can wait in a queue or be parked.
    pub inbox_days: u32,
    /// Timelines and attempts: until the last of their month is so old.
    pub events_days: u32,
    /// Contradicting messages.
    pub conflicts_days: u32,
    /// Rejected requests.
    pub rejected_days: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { inbox_days: 90, events_days: 1095, conflicts_days: 365, rejected_days: 14 }
    }
}

/// Rows a statement deletes at most, so that no lock lasts.
const PORTION: i64 = 5_000;

impl Store {
    /// Makes the coming months, drops the old ones, and deletes one portion of everything else that is old. Returns how many
    /// months and rows went; call again until it is 0.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn prune(&self, keep: &Keep, now: Timestamp) -> Result<u64, StoreError> {
        self.keep_months(now).await?;
        let before = |days: u32| now.plus_seconds(-i64::from(days) * 86_400);
        let mut gone = 0;
        for table in MONTHLY {
            gone += self.drop_months(table, before(keep.events_days)).await?;
        }
        for (table, column, days) in [
            ("inbox", "received_at", keep.inbox_days),
            ("events_other", "at", keep.events_days),
            ("attempts_other", "callback_at", keep.events_days),
            ("conflicts", "last_at", keep.conflicts_days),
            ("rejected", "at", keep.rejected_days),
        ] {
            let sql = format!(
                "delete from {table} where ctid = any(array(select ctid from {table} where {column} < $1 limit $2))"
            );
            let statement = sqlx::query(AssertSqlSafe(sql)).bind(before(days).utc()).bind(PORTION);
            let done = statement.execute(&self.pool).await?;
            gone += done.rows_affected();
        }
        Ok(gone)
    }
}
