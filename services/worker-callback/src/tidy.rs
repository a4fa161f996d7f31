//! The chores: nothing that must be told is forgotten, nothing is kept for ever.

use domain::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Keep, Store};
use worker::Failure;

/// A callback that is so late, seconds, has fallen through: the broker may hold a waiting message for some minutes more
/// than its rung after an incident, and a backlog takes its time.
const GRACE_S: i64 = 600;
/// Callbacks swept in one round.
const SWEPT: u32 = 500;

/// Seconds between two looks at what is old, unless the last one found much.
const PRUNED_EVERY_S: i64 = 600;

/// When to look for what is old again.
#[derive(Debug, Default)]
pub(crate) struct Chores {
    prune_at: AtomicI64,
}

impl Chores {
    /// One round; returns how many callbacks were overdue.
    pub(crate) async fn round(&self, store: &Store, now: Timestamp) -> Result<i64, Failure> {
        let overdue = store.sweep_overdue(now, GRACE_S, SWEPT).await?;
        if self.prune_at.load(Ordering::Relaxed) <= now.unix_seconds()
            && store.prune(&Keep::default(), now).await? == 0
        {
            self.prune_at.store(now.unix_seconds() + PRUNED_EVERY_S, Ordering::Relaxed);
        }
        Ok(overdue)
    }
}
