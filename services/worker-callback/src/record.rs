//! Egress reports attempts.

use messages::{Attempt, AttemptOutcome};
use store::{Recorded, Store};
use worker::Failure;

/// Records them together, and says in the log which callbacks were given up.
pub(crate) async fn record(store: &Store, attempts: &[Attempt]) -> Result<Recorded, Failure> {
    let recorded = store.record_attempts(attempts).await?;
    for attempt in attempts {
        let why = match attempt.outcome {
            AttemptOutcome::Refused => "the partner refused it",
            AttemptOutcome::Exhausted => "the schedule is spent",
            AttemptOutcome::Unsealable => "it cannot be written",
            AttemptOutcome::Delivered | AttemptOutcome::Failed { .. } | AttemptOutcome::Silent => continue,
        };
        tracing::warn!(
            callback = attempt.callback_id,
            partner = %attempt.origin.partner,
            "a callback is parked: {why}; `baohan callbacks replay` sends it again"
        );
    }
    Ok(recorded)
}
