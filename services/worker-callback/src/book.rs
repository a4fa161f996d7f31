//! Which task goes to which use case.

use crate::tidy::Chores;
use crate::{record, replay};
use domain::Timestamp;
use messages::{Attempt, Replay};
use store::{Recorded, Replayed, Store};
use worker::{Failure, Ledger};

/// The book of callbacks.
#[derive(Debug, Default)]
pub(crate) struct Book {
    chores: Chores,
}

impl Ledger for Book {
    async fn record(&self, store: &Store, attempts: &[Attempt]) -> Result<Recorded, Failure> {
        record::record(store, attempts).await
    }

    async fn replay(&self, store: &Store, order: &Replay, now: Timestamp) -> Result<Replayed, Failure> {
        replay::replay(store, order, now).await
    }

    async fn tidy(&self, store: &Store, now: Timestamp) -> Result<i64, Failure> {
        self.chores.round(store, now).await
    }
}
