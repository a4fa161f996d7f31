//! What egress reports about every delivery attempt, and what operators order about callbacks.

use domain::{Origin, Timestamp};
use serde::{Deserialize, Serialize};

/// A task for `worker-callback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum CallbackTask {
    /// An attempt was made.
    #[serde(rename = "record_attempt.v1")]
    Record(Attempt),
    /// An operator wants callbacks sent again.
    #[serde(rename = "replay_callbacks.v1")]
    Replay(Replay),
}

/// One attempt to deliver a callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The callback.
    pub callback_id: String,
    /// Whose it is.
    pub origin: Origin,
    /// The partner's name of the callback interface, empty if it was never sealed.
    pub interface: String,
    /// Which attempt, from 1; counted anew after a replay.
    pub number: u32,
    /// Which replay cycle, from 0.
    #[serde(default)]
    pub cycle: u32,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// HTTP status of the reply; 0 if there was none.
    #[serde(default)]
    pub status: u16,
    /// How it went.
    pub outcome: AttemptOutcome,
    /// Why, for operators: no secrets, no personal data.
    #[serde(default)]
    pub why: String,
}

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AttemptOutcome {
    /// The partner acknowledged.
    Delivered,
    /// It will be tried again.
    Failed {
        /// When.
        next_due: Timestamp,
    },
    /// The partner refused for good: parked.
    Refused,
    /// The schedule is spent: parked.
    Exhausted,
    /// The notice cannot be written: parked.
    Unsealable,
    /// The partner is not told this by its protocol or settings: done.
    Silent,
}

/// An operator's order to send callbacks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The callbacks.
    pub callback_ids: Vec<String>,
    /// Who ordered it, for the audit.
    pub by: String,
}
