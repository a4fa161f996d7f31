//! What operators must look after: raised by workers, done by people.

use crate::sealing::Vault;
use crate::{Store, StoreError};
use crypto::keyring::Place;
use domain::{AcceptanceNo, PartnerId, Timestamp};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row as _};
use time::OffsetDateTime;

/// A task is done once; the first who says so stands in the book.
const DONE: &str = "
    with done as (
        update tasks set done_at = $2, done_by = $3 where id = $1 and done_at is null returning *),
    noted as (
        insert into audit (at, who, action, subject, detail)
        select $2, $3, 'finish_task', no, jsonb_build_object('task', id, 'what', what) from done)
    select id, partner, order_no, no, what, say, raised_at, done_at, done_by from done";

/// Something an operator must look after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskRow {
    /// Its number.
    pub id: i64,
    /// The partner it concerns.
    pub partner: String,
    /// The order.
    pub order_no: String,
    /// The order or the case of it.
    pub no: String,
    /// What it is: `remark`, `to_release`.
    pub what: String,
    /// What is to be done, in Chinese.
    pub say: String,
    /// Since when.
    pub raised_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<String>,
}

/// Which tasks to list; all of these must hold.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// About this order.
    pub order: Option<AcceptanceNo>,
    /// Also what is done.
    pub done_too: bool,
    /// At most so many, oldest first.
    pub limit: u32,
}

fn task(vault: &Vault, row: &PgRow) -> Result<TaskRow, StoreError> {
    let (no, what): (String, String) = (row.try_get(3)?, row.try_get(4)?);
    let bound = format!("{no}/{what}");
    let done_at: Option<OffsetDateTime> = row.try_get(7)?;
    Ok(TaskRow {
        id: row.try_get(0)?,
        partner: row.try_get(1)?,
        order_no: row.try_get(2)?,
        say: vault.open_text(Place { table: "tasks", row: &bound }, row.try_get(5)?)?,
        no,
        what,
        raised_at: Timestamp::new(row.try_get(6)?),
        done_at: done_at.map(Timestamp::new),
        done_by: row.try_get(8)?,
    })
}

impl Store {
    /// Lists tasks, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Vec<TaskRow>, StoreError> {
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
            "select id, partner, order_no, no, what, say, raised_at, done_at, done_by from tasks where true",
        );
        if let Some(partner) = &filter.partner {
            query.push(" and partner = ").push_bind(partner.to_string());
        }
        if let Some(order) = &filter.order {
            query.push(" and order_no = ").push_bind(order.to_string());
        }
        if !filter.done_too {
            query.push(" and done_at is null");
        }
        query.push(" order by raised_at, id limit ").push_bind(i64::from(filter.limit));
        query.build().fetch_all(&self.pool).await?.iter().map(|row| task(&self.vault, row)).collect()
    }

    /// Says that a task is done, audited; nothing if there is no such task or it was done before.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn finish_task(
        &self,
        id: i64,
        who: &str,
        now: Timestamp,
    ) -> Result<Option<TaskRow>, StoreError> {
        let row = sqlx::query(DONE).bind(id).bind(now.utc()).bind(who).fetch_optional(&self.pool).await?;
        row.as_ref().map(|row| task(&self.vault, row)).transpose()
    }
}
