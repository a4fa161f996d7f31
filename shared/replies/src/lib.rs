#![doc = include_str!("../README.md")]

mod pace;
mod rest;
mod tokens;

use domain::AcceptanceNo;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Cmd, FromRedisValue, Pipeline};
use rest::Rest;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// The mark that a miss can be believed.
const COMPLETE: &str = "idem:complete";
/// How long a number is remembered, seconds: 7 days.
pub const REMEMBERED_S: u64 = 7 * 86_400;

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recall {
    /// It was accepted with the content of this hash.
    Known(String),
    /// It was not accepted in the last seven days.
    New,
    /// Redis is away or has forgotten: ask who knows.
    Unsure,
}

/// Redis did not do it, now.
#[derive(Debug, thiserror::Error)]
pub enum Away {
    /// The address does not read.
    #[error("the address of Redis does not read")]
    Address,
    /// It is resting after a failure.
    #[error("Redis failed a moment ago")]
    Resting,
    /// No answer in time.
    #[error("no answer from Redis in time")]
    Slow,
    /// It refused or the connection broke; the text names the kind, no values.
    #[error("Redis: {0}")]
    Failed(String),
}

/// The memory. Cloning shares the connection.
#[derive(Clone)]
pub struct Replies(Arc<Inner>);

struct Inner {
    connection: ConnectionManager,
    patience: Duration,
    rest: Rest,
    // A number could not be written: the mark is no longer true, and taking it away is owed.
    owes: AtomicBool,
}

fn key(no: &str) -> String {
    format!("idem:{no}")
}

impl Replies {
    /// Prepares the connection; must be called inside a tokio runtime. Connects by itself, again and again.
    ///
    /// # Errors
    /// [`Away::Address`] alone.
    pub fn connect(url: &str, patience: Duration) -> Result<Self, Away> {
        let client = redis::Client::open(url).map_err(|_| Away::Address)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_response_timeout(Some(patience))
            .set_connection_timeout(Some(patience.max(Duration::from_millis(200))));
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(|_| Away::Address)?;
        let (rest, owes) = (Rest::new(), AtomicBool::new(false));
        Ok(Self(Arc::new(Inner { connection, patience, rest, owes })))
    }

    /// What is known of a number; one round trip.
    pub async fn recall(&self, no: &AcceptanceNo) -> Recall {
        if self.0.owes.load(Ordering::Relaxed) && self.withdraw_mark().await.is_err() {
            return Recall::Unsure;
        }
        let mut asked = redis::cmd("MGET");
        asked.arg(key(no.as_str())).arg(COMPLETE);
        match self.run::<(Option<String>, Option<String>)>(&asked).await {
            Ok((Some(hash), _)) => Recall::Known(hash),
            Ok((None, Some(_))) => Recall::New,
            Ok((None, None)) | Err(_) => Recall::Unsure,
        }
    }

    /// Remembers that a number was accepted with this content, unless it is remembered already. If that fails, nobody
    /// believes a miss until Redis has been filled again.
    pub async fn remember(&self, no: &AcceptanceNo, hash: &str) {
        let mut told = redis::cmd("SET");
        told.arg(key(no.as_str())).arg(hash).arg("NX").arg("EX").arg(REMEMBERED_S);
        if self.run::<Option<String>>(&told).await.is_err() {
            self.0.owes.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a miss can be believed.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn is_complete(&self) -> Result<bool, Away> {
        self.run(redis::cmd("EXISTS").arg(COMPLETE)).await
    }

    /// Writes numbers and hashes as the database has them, in one round trip; give a thousand or so at a time.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer; whoever fills begins again.
    pub async fn refill(&self, accepted: &[(String, String)]) -> Result<(), Away> {
        if accepted.is_empty() {
            return Ok(());
        }
        let mut all = Pipeline::with_capacity(accepted.len());
        for (no, hash) in accepted {
            all.cmd("SET").arg(key(no)).arg(hash).arg("EX").arg(REMEMBERED_S).ignore();
        }
        let mut connection = self.0.connection.clone();
        // A thousand writes may take longer than one answer, and nobody waits for them.
        let filled = timeout(self.0.patience * 40, all.query_async::<()>(&mut connection));
        filled.await.map_err(|_| Away::Slow)?.map_err(|error| failed(&error))
    }

    /// Marks that everything accepted in the last seven days is in here.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn mark_complete(&self) -> Result<(), Away> {
        self.run(redis::cmd("SET").arg(COMPLETE).arg(1)).await
    }

    /// Whether Redis answered when it was last asked.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.0.rest.is_over()
    }

    /// Asks Redis for a sign of life, resting or not.
    pub async fn probe(&self) -> bool {
        self.ask::<String>(&redis::cmd("PING")).await.is_ok()
    }

    async fn withdraw_mark(&self) -> Result<(), Away> {
        self.run::<i64>(redis::cmd("DEL").arg(COMPLETE)).await?;
        self.0.owes.store(false, Ordering::Relaxed);
        Ok(())
    }

    async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        if self.0.rest.is_over() { self.ask(command).await } else { Err(Away::Resting) }
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        let mut connection = self.0.connection.clone();
        let answered = match timeout(self.0.patience, command.query_async(&mut connection)).await {
            Err(_) => Err(Away::Slow),
            Ok(Err(error)) => Err(failed(&error)),
            Ok(Ok(value)) => Ok(value),
        };
        match &answered {
            Ok(_) => self.0.rest.end(),
            Err(_) => self.0.rest.begin(),
        }
        answered
    }
}

fn failed(error: &redis::RedisError) -> Away {
    Away::Failed(error.category().to_owned())
}

impl std::fmt::Debug for Replies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replies").field("up", &self.is_up()).finish_non_exhaustive()
    }
}
