//! An operator sends callbacks again.

use domain::Timestamp;
use messages::Replay;
use store::{Replayed, Store};
use worker::Failure;

/// Starts a new cycle for each callback that is not under way.
pub(crate) async fn replay(store: &Store, order: &Replay, now: Timestamp) -> Result<Replayed, Failure> {
    Ok(store.replay_callbacks(order, now).await?)
}
