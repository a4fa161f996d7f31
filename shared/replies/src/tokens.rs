//! Access tokens that partners lend us, shared by all processes, and the lock under which one of them fetches a new one.

use crate::{Away, Replies};
use domain::{PartnerId, Private};
use std::time::Duration;

/// Deletes a key if it holds this value, so that nobody takes away what is another's.
const DELETE_OWN: &str =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

fn token(partner: &PartnerId) -> String {
    format!("token:{partner}")
}

fn lock(partner: &PartnerId) -> String {
    format!("token-lock:{partner}")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}

impl Replies {
    /// The token of a partner, if one is held.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn token(&self, partner: &PartnerId) -> Result<Option<Private>, Away> {
        let held: Option<String> = self.run(redis::cmd("GET").arg(token(partner))).await?;
        Ok(held.map(Private::from))
    }

    /// Holds a token for as long as it lives unused.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn keep_token(
        &self,
        partner: &PartnerId,
        value: &Private,
        lives: Duration,
    ) -> Result<(), Away> {
        let mut told = redis::cmd("SET");
        told.arg(token(partner)).arg(value.expose()).arg("PX").arg(millis(lives));
        self.run(&told).await
    }

    /// The token was used: its life begins anew.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn token_used(&self, partner: &PartnerId, lives: Duration) -> Result<(), Away> {
        self.run::<i64>(redis::cmd("PEXPIRE").arg(token(partner)).arg(millis(lives))).await.map(|_| ())
    }

    /// Forgets a token that was not accepted, unless another took its place.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn drop_token(&self, partner: &PartnerId, value: &Private) -> Result<(), Away> {
        self.delete_own(&token(partner), value.expose()).await
    }

    /// True if `owner` may fetch a new token; nobody else may until it lets go or the time is over.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer.
    pub async fn lock_token(&self, partner: &PartnerId, owner: &str, most: Duration) -> Result<bool, Away> {
        let mut told = redis::cmd("SET");
        told.arg(lock(partner)).arg(owner).arg("NX").arg("PX").arg(millis(most));
        let set: Option<String> = self.run(&told).await?;
        Ok(set.is_some())
    }

    /// Lets go.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer; the lock ends by itself.
    pub async fn unlock_token(&self, partner: &PartnerId, owner: &str) -> Result<(), Away> {
        self.delete_own(&lock(partner), owner).await
    }

    async fn delete_own(&self, key: &str, value: &str) -> Result<(), Away> {
        let mut evaluated = redis::cmd("EVAL");
        evaluated.arg(DELETE_OWN).arg(1).arg(key).arg(value);
        self.run::<i64>(&evaluated).await.map(|_| ())
    }
}
