//! What does not add up: what should long be done, by what stands in the tables alone.

use crate::{Store, StoreError};
use domain::Timestamp;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use time::OffsetDateTime;

/// Something that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What kind: `order_waits`, `order_stuck`, `case_waits`, `credit_waits`, `callback_overdue`, `callback_parked`,
    /// `outbox_stuck`, `month_missing`.
    pub what: String,
    /// The partner; empty if it is nobody's in particular.
    pub partner: String,
    /// The order, case, callback or message.
    pub no: String,
    /// Its state, kind or reason.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
}

/// A document that an order, an earlier edition of it or a case names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedDocument {
    /// The order or the case.
    pub no: String,
    /// The number of the guarantee.
    pub guarantee_no: String,
    /// The document.
    pub sha256: String,
}

/// For how long things may be under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// What waits for a person: decisions, premiums.
    pub people_s: i64,
    /// What machines do: issuing, publishing, what is due.
    pub machines_s: i64,
}

/// $1 now, $2 patience with people, $3 with machines, $4 how many of each.
const GAPS: [&str; 7] = [
    "select case when state = 'paid' then 'order_stuck' else 'order_waits' end, partner, no, state, updated_at from orders
     where state in ('announced', 'reviewing', 'awaiting_payment', 'paid')
       and updated_at < $1 - make_interval(secs => case when state = 'paid' then $3 else $2 end)
     order by updated_at limit $4",
    "select 'case_waits', partner, no, kind, updated_at from (
        select partner, no, 'claim' kind, updated_at from claims where state = 'reviewing'
        union all select partner, no, 'invoice', updated_at from invoices where state = 'reviewing'
        union all select partner, no, 'refund', updated_at from refunds where state = 'reviewing'
        union all select partner, no, 'release', updated_at from releases where state = 'reviewing') cases
     where updated_at < $1 - make_interval(secs => $2) and $3 >= 0 order by updated_at limit $4",
    "select 'credit_waits', partner, no, state, updated_at from credit_lines
     where state = 'reviewing' and updated_at < $1 - make_interval(secs => $2) and $3 >= 0 order by updated_at limit $4",
    "select 'callback_overdue', partner, id, event, next_due from callbacks c
     where state = 'pending' and next_due < $1 - make_interval(secs => $3) and $2 >= 0
       and not exists (select from outbox o where o.message_id = c.id) order by next_due limit $4",
    "select 'callback_parked', partner, id, event, created_at from callbacks
     where state = 'parked' and $1 is not null and $2 >= 0 and $3 >= 0 order by created_at limit $4",
    "select 'outbox_stuck', coalesce(split_part(routing_key, '.', 2), ''), message_id, exchange || ' ' || routing_key, created_at
     from outbox where created_at < $1 - make_interval(secs => $3) and $2 >= 0 order by id limit $4",
    "select 'month_missing', '', part, 'partition', $1 from (
        select parent || '_' || to_char(($1 at time zone 'UTC') + interval '1 month', 'YYYYMM') part
        from unnest(array['events', 'attempts']) parent) coming
     where to_regclass(part) is null and $2 >= 0 and $3 >= 0 limit $4",
];

/// The documents of orders, of their earlier editions, and of cases.
const DOCUMENTS: &str = "select no, guarantee_no, document_sha256 from (
        select no, guarantee_no, document_sha256 from orders where document_sha256 is not null
        union all select order_no, guarantee_no, document_sha256 from editions
        union all select no, guarantee_no, document_sha256 from claims where document_sha256 is not null
        union all select no, guarantee_no, document_sha256 from invoices where document_sha256 is not null
        union all select no, guarantee_no, document_sha256 from refunds where document_sha256 is not null
        union all select no, guarantee_no, document_sha256 from releases where document_sha256 is not null) documents
    where (no, document_sha256) > ($1, $2) order by no, document_sha256 limit $3";

fn gap(row: &PgRow) -> Result<Gap, StoreError> {
    Ok(Gap {
        what: row.try_get(0)?,
        partner: row.try_get(1)?,
        no: row.try_get(2)?,
        state: row.try_get(3)?,
        since: Timestamp::new(row.try_get::<OffsetDateTime, _>(4)?),
    })
}

impl Store {
    /// Everything that does not add up, oldest first within each kind, at most `limit` of each.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn gaps(&self, patience: Patience, now: Timestamp, limit: u32) -> Result<Vec<Gap>, StoreError> {
        let mut gaps = Vec::new();
        for sql in GAPS {
            let rows = sqlx::query(sql)
                .bind(now.utc())
                .bind(patience.people_s as f64)
                .bind(patience.machines_s as f64)
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
            for row in &rows {
                gaps.push(gap(row)?);
            }
        }
        Ok(gaps)
    }

    /// The documents that orders name, from behind one of them on; the earlier editions too.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn named_documents(
        &self,
        after: Option<&NamedDocument>,
        limit: u32,
    ) -> Result<Vec<NamedDocument>, StoreError> {
        let (no, sha256) = after.map_or(("", ""), |after| (after.no.as_str(), after.sha256.as_str()));
        let rows =
            sqlx::query(DOCUMENTS).bind(no).bind(sha256).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        let read = |row: &PgRow| {
            let guarantee_no: Option<String> = row.try_get(1)?;
            let guarantee_no = guarantee_no.unwrap_or_default();
            Ok(NamedDocument { no: row.try_get(0)?, guarantee_no, sha256: row.try_get(2)? })
        };
        rows.iter().map(read).collect()
    }
}
