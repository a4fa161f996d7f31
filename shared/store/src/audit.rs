//! What operators did, as a chain: every entry holds the digest of the one before, so that none can be changed, left out or
//! put in between unnoticed. What is cut off at the end shows to whoever noted an earlier head.

use crate::{Store, StoreError};
use domain::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row as _};
use time::OffsetDateTime;

/// Entries read at a time.
const PORTION: i64 = 5_000;

const COLUMNS: &str =
    "select seq, prev, hash, at, who, action, subject, detail::text from audit where seq > ";

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// The digest of the one before; 64 zeros for the first.
    pub prev: String,
    /// Its digest.
    pub hash: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Particulars, JSON as the database spells it.
    pub detail: String,
}

/// Which entries to list; all of these must hold.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// By this person.
    pub who: Option<String>,
    /// To this order, case or callback.
    pub subject: Option<String>,
    /// Not older than this.
    pub since: Option<Timestamp>,
    /// At most so many, newest first.
    pub limit: u32,
}

/// What came of verifying the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries that hold.
    pub entries: i64,
    /// The digest of the last one: to be noted where the database cannot reach.
    pub head: String,
    /// What is wrong: the place, and what; none if the chain holds.
    pub broken: Option<(i64, &'static str)>,
    /// Whether the head that was asked for is in the chain; none if none was.
    pub knows: Option<bool>,
}

impl AuditEntry {
    /// The digest that it should have; the database reckons the same (`audit_digest`).
    #[must_use]
    pub fn digest(&self) -> String {
        let micros = self.at.utc().unix_timestamp_nanos() / 1_000;
        let mut text = format!("{}|{}|{micros}", self.prev, self.seq);
        for part in [&self.who, &self.action, &self.subject, &self.detail] {
            text.push_str(&format!("|{}:{part}", part.len()));
        }
        hex::encode(Sha256::digest(text))
    }
}

fn entry(row: &PgRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        seq: row.try_get(0)?,
        prev: row.try_get(1)?,
        hash: row.try_get(2)?,
        at: Timestamp::new(row.try_get::<OffsetDateTime, _>(3)?),
        who: row.try_get(4)?,
        action: row.try_get(5)?,
        subject: row.try_get(6)?,
        detail: row.try_get(7)?,
    })
}

impl Store {
    /// Writes that an operator did something outside of any unit of work.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn audited(
        &self,
        at: Timestamp,
        who: &str,
        action: &'static str,
        subject: &str,
        detail: &serde_json::Value,
    ) -> Result<(), StoreError> {
        sqlx::query("insert into audit (at, who, action, subject, detail) values ($1, $2, $3, $4, $5)")
            .bind(at.utc())
            .bind(who)
            .bind(action)
            .bind(subject)
            .bind(detail)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lists entries, newest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn audit_list(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query: QueryBuilder<Postgres> = QueryBuilder::new(COLUMNS);
        query.push("0");
        if let Some(who) = &filter.who {
            query.push(" and who = ").push_bind(who.clone());
        }
        if let Some(subject) = &filter.subject {
            query.push(" and subject = ").push_bind(subject.clone());
        }
        if let Some(since) = filter.since {
            query.push(" and at >= ").push_bind(since.utc());
        }
        query.push(" order by seq desc limit ").push_bind(i64::from(filter.limit));
        query.build().fetch_all(&self.pool).await?.iter().map(entry).collect()
    }

    /// Goes through the whole chain; `known` is a head that was noted earlier.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn verify_audit(&self, known: Option<&str>) -> Result<Verified, StoreError> {
        let mut found =
            Verified { entries: 0, head: "0".repeat(64), broken: None, knows: known.map(|_| false) };
        loop {
            let mut query: QueryBuilder<Postgres> = QueryBuilder::new(COLUMNS);
            query.push_bind(found.entries).push(" order by seq limit ").push_bind(PORTION);
            let rows = query.build().fetch_all(&self.pool).await?;
            if rows.is_empty() {
                return Ok(found);
            }
            for row in &rows {
                let entry = entry(row)?;
                let wrong = match (
                    entry.seq == found.entries + 1,
                    entry.prev == found.head,
                    entry.digest() == entry.hash,
                ) {
                    (false, ..) => Some("an entry is missing before it"),
                    (_, false, _) => Some("it does not follow on the entry before"),
                    (.., false) => Some("it was changed"),
                    _ => None,
                };
                if let Some(wrong) = wrong {
                    return Ok(Verified { broken: Some((entry.seq, wrong)), ..found });
                }
                if known == Some(entry.hash.as_str()) {
                    found.knows = Some(true);
                }
                found.entries = entry.seq;
                found.head = entry.hash;
            }
        }
    }
}
