//! Requests that were turned away: bounded in number and age for each partner, sealed, found again by people.

use crate::{Store, StoreError};
use crypto::keyring::Place;
use domain::{PartnerId, Timestamp};
use messages::RejectedRequest;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row as _};
use time::OffsetDateTime;

/// How many are kept of one partner; the oldest make room.
pub const REJECTED_KEPT: i64 = 200;

/// The rest of the statement does not see the new row yet.
const KEEP: &str = "
    with kept as (
        insert into rejected (id, partner, protocol, at, reason, why, size, request)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing)
    delete from rejected where partner = $2 and id in (
        select id from rejected where partner = $2 order by at desc, id desc offset $9)";

const COLUMNS: &str = "select id, partner, protocol, at, reason, why, size from rejected where true";

/// What is told of a rejected request without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedRow {
    /// Its id.
    pub id: String,
    /// The partner whose address it came in by.
    pub partner: String,
    /// The partner's protocol.
    pub protocol: String,
    /// When it arrived.
    pub at: Timestamp,
    /// The kind of rejection.
    pub reason: String,
    /// Why, as the log has it.
    pub why: String,
    /// How large the body was, bytes.
    pub size: i64,
}

fn row(row: &PgRow) -> Result<RejectedRow, StoreError> {
    Ok(RejectedRow {
        id: row.try_get(0)?,
        partner: row.try_get(1)?,
        protocol: row.try_get(2)?,
        at: Timestamp::new(row.try_get::<OffsetDateTime, _>(3)?),
        reason: row.try_get(4)?,
        why: row.try_get(5)?,
        size: row.try_get(6)?,
    })
}

const fn place(id: &str) -> Place<'_> {
    Place { table: "rejected", row: id }
}

impl Store {
    /// Keeps one; the partner's oldest beyond [`REJECTED_KEPT`] go. Kept twice it is there once.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn keep_rejected(&self, request: &RejectedRequest) -> Result<(), StoreError> {
        let plain = serde_json::to_vec(request).map_err(|error| StoreError::Broken(error.to_string()))?;
        sqlx::query(KEEP)
            .bind(&request.id)
            .bind(request.partner.as_str())
            .bind(&request.protocol)
            .bind(request.at.utc())
            .bind(&request.reason)
            .bind(&request.why)
            .bind(i64::try_from(request.size).unwrap_or(i64::MAX))
            .bind(self.vault.bytes(place(&request.id), plain)?)
            .bind(REJECTED_KEPT - 1)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lists them, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn rejected_list(
        &self,
        partner: Option<&PartnerId>,
        limit: u32,
    ) -> Result<Vec<RejectedRow>, StoreError> {
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new(COLUMNS);
        if let Some(partner) = partner {
            query.push(" and partner = ").push_bind(partner.to_string());
        }
        query.push(" order by at desc, id desc limit ").push_bind(i64::from(limit));
        query.build().fetch_all(&self.pool).await?.iter().map(row).collect()
    }

    /// One of them, opened.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away, or the ring lacks its key.
    pub async fn rejected_request(&self, id: &str) -> Result<Option<RejectedRequest>, StoreError> {
        let kept: Option<Vec<u8>> = sqlx::query_scalar("select request from rejected where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(kept) = kept else { return Ok(None) };
        let plain = self.vault.open(place(id), kept)?;
        let broken = |error: serde_json::Error| {
            StoreError::Broken(format!("rejected does not read at {}", error.column()))
        };
        serde_json::from_slice(&plain).map(Some).map_err(broken)
    }
}
