//! What only grows is kept by the month: partitions are made ahead of their time, and dropped whole when all in them is old.

use crate::{Store, StoreError};
use domain::Timestamp;
use sqlx::AssertSqlSafe;

/// The tables that are kept by the month; the partition of each that holds what has no month is called `…_other`.
pub(crate) const MONTHLY: [&str; 2] = ["events", "attempts"];
/// Months that are there before they begin.
const AHEAD: i32 = 2;
/// Whoever changes partitions gives way: there will be another time.
const BEGIN: &str = "begin; set local lock_timeout = '1s'";

/// Partitions of `$1` in which everything is older than `$2`.
const OLD: &str = "
    select part from (select inhrelid::regclass::text part from pg_inherits where inhparent = $1::text::regclass) parts
    where part ~ '_[0-9]{6}$'
      and (to_date(right(part, 6), 'YYYYMM')::timestamp + interval '1 month') at time zone 'UTC' <= $2 order by part";

impl Store {
    /// Makes the partitions of this month and the next ones; what came too early for its month moves into it.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away, or somebody does not let go of a table.
    pub(crate) async fn keep_months(&self, now: Timestamp) -> Result<(), StoreError> {
        for table in MONTHLY {
            for ahead in 0..=AHEAD {
                let sql =
                    "select keep_month($1, ($2 at time zone 'UTC' + make_interval(months => $3))::date)";
                let mut transaction = self.pool.begin_with(BEGIN).await?;
                sqlx::query(sql).bind(table).bind(now.utc()).bind(ahead).execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Drops the partitions of a table in which everything is older than this; returns how many those were.
    ///
    /// # Errors
    /// [`StoreError`] as above; what was not dropped is at another time.
    pub(crate) async fn drop_months(&self, table: &str, before: Timestamp) -> Result<u64, StoreError> {
        let old: Vec<String> =
            sqlx::query_scalar(OLD).bind(table).bind(before.utc()).fetch_all(&self.pool).await?;
        for part in &old {
            let mut transaction = self.pool.begin_with(BEGIN).await?;
            let sql = AssertSqlSafe(format!("drop table if exists {part}"));
            sqlx::query(sql).execute(&mut *transaction).await?;
            transaction.commit().await?;
        }
        Ok(old.len() as u64)
    }

    /// The tables that a table consists of, by name: its partitions, or itself.
    pub(crate) async fn parts(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let sql = "select inhrelid::regclass::text from pg_inherits where inhparent = $1::text::regclass";
        let mut parts: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(&self.pool).await?;
        if parts.is_empty() {
            parts.push(table.to_owned());
        }
        parts.sort();
        Ok(parts)
    }
}
