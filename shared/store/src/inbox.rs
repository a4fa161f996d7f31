//! What was taken in before: the same message again is answered as the first time, another content under its id never.

use crate::{Store, StoreError, kept::table};
use crypto::keyring::Place;
use domain::{AcceptanceNo, Origin, Reply, Subject, Timestamp};
use serde_json::value::RawValue;
use sqlx::{AssertSqlSafe, Row as _, types::Json};

/// How a message is known to whoever consumes it.
#[derive(Debug, Clone)]
pub struct MessageKey {
    /// The consumer, for example `worker-apply`: each has its own memory of what it took in.
    pub consumer: &'static str,
    /// The id of the message.
    pub id: String,
    /// SHA-256 of its canonical content.
    pub content_hash: String,
    /// The trace it belongs to, as a W3C `traceparent`; empty if none.
    pub trace: String,
    /// When it was taken in: the time of everything it changes.
    pub at: Timestamp,
}

/// What is known of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recalled {
    /// Nothing: do it.
    New,
    /// It was done, and this was the reply.
    Repeated(Reply),
    /// Its id was used by another content, whose hash is given.
    Conflict(String),
}

impl Store {
    /// Looks a message up. What created an aggregate is recognised by the aggregate itself after its inbox row is gone:
    /// name its subject and number.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn recall(
        &self,
        key: &MessageKey,
        created: Option<(Subject, &AcceptanceNo)>,
    ) -> Result<Recalled, StoreError> {
        let mut sql =
            "select content_hash, reply from inbox where consumer = $1 and message_id = $2".to_owned();
        if let Some((subject, _)) = created {
            sql += " union all select content_hash, null from ";
            sql += table(subject);
            sql += " where no = $3 limit 1";
        }
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(key.consumer).bind(&key.id);
        if let Some((_, no)) = created {
            query = query.bind(no.as_str());
        }
        let Some(row) = query.fetch_optional(&self.pool).await? else { return Ok(Recalled::New) };
        let known: String = row.try_get(0)?;
        if known != key.content_hash {
            return Ok(Recalled::Conflict(known));
        }
        let place = format!("{}/{}", key.consumer, key.id);
        let place = Place { table: "inbox", row: &place };
        let kept: Option<Json<&RawValue>> = row.try_get(1)?;
        let stored: Option<Reply> = kept.map(|_| self.vault.read(place, &row, 1)).transpose()?;
        match (stored, created) {
            (Some(reply), _) => Ok(Recalled::Repeated(reply)),
            (None, Some((_, no))) => Ok(Recalled::Repeated(Reply::Accepted { no: no.clone() })),
            (None, None) => Err(StoreError::Broken("an inbox row without a reply".to_owned())),
        }
    }

    /// Records that a message contradicts what its id stands for; counts further ones.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn note_conflict(
        &self,
        key: &MessageKey,
        known_hash: &str,
        origin: &Origin,
        interface: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into conflicts (consumer, message_id, other_hash, known_hash, partner, interface, first_at, last_at)
             values ($1, $2, $3, $4, $5, $6, $7, $7)
             on conflict (consumer, message_id, other_hash)
             do update set times = conflicts.times + 1, last_at = excluded.last_at",
        )
        .bind(key.consumer)
        .bind(&key.id)
        .bind(&key.content_hash)
        .bind(known_hash)
        .bind(origin.partner.as_str())
        .bind(interface)
        .bind(key.at.utc())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
