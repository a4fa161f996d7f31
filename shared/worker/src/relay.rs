//! Sends what must go out: reads the outbox in the order of each order, publishes with confirms, deletes what was confirmed.

use crate::health::Vigil;
use crate::spans;
use crate::tally::Tally;
use boot::{Progress, Traces};
use broker::{Message, NotPublished, Publisher};
use std::sync::Arc;
use std::time::Duration;
use store::{OutboxRow, Store, StoreError};
use tokio::sync::Notify;

/// Messages in one batch.
const BATCH: u32 = 200;
/// How often to look without being woken: another process may have written.
const POLL: Duration = Duration::from_millis(250);
/// For a whole batch; the rows stay locked meanwhile.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(10);
/// How long more rows are gathered before the next batch while rows keep coming one by one: a batch costs the database
/// the same for one row as for many.
const GATHER: Duration = Duration::from_millis(5);
/// A batch of at least so many is worth its price: the next one follows at once.
const WORTHWHILE: usize = 20;
/// After a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// Tells the relay of this process that something was committed.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

/// The relay.
#[derive(Debug, Clone)]
pub struct Relay {
    pub(crate) store: Store,
    pub(crate) tally: Tally,
    pub(crate) wake: Wake,
    pub(crate) traces: Traces,
}

impl Wake {
    /// Something was committed.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

impl Relay {
    /// Works until the process is to stop.
    pub(crate) async fn run(self, publisher: Publisher, vigil: Vigil, progress: Progress) {
        loop {
            progress.tick();
            let pause = match self.pass(&publisher).await {
                Ok(0) => POLL,
                // Alone, a row leaves at once; among others it waits for company.
                Ok(1..WORTHWHILE) => GATHER,
                Ok(_) => Duration::ZERO,
                Err(why) => {
                    tracing::debug!(why, "the relay pauses");
                    PAUSE
                }
            };
            if pause.is_zero() {
                continue;
            }
            tokio::select! {
                more = vigil.rest(pause) => if !more { return },
                () = self.wake.0.notified(), if pause == POLL => {}
            }
        }
    }

    /// Sends one batch and returns how many rows are done with.
    ///
    /// # Errors
    /// Why nothing could be read, sent or deleted; what was not deleted is sent again, with the same ids.
    pub async fn pass(&self, publisher: &Publisher) -> Result<usize, String> {
        let text = |error: StoreError| error.to_string();
        let mut batch = self.store.outbox_batch(BATCH).await.map_err(text)?;
        if batch.rows.is_empty() {
            batch.done(&[]).await.map_err(text)?;
            return Ok(0);
        }
        let mut rows = std::mem::take(&mut batch.rows);
        let steps: Vec<_> = rows.iter_mut().map(|row| spans::publishing(&self.traces, row)).collect();
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let outcomes =
            publisher.publish_batch(rows.into_iter().map(message).collect(), CONFIRMED_WITHIN).await;
        let mut confirmed = Vec::with_capacity(ids.len());
        let mut trouble = None;
        for ((id, outcome), step) in ids.into_iter().zip(outcomes).zip(steps) {
            spans::published(step, outcome);
            match outcome {
                Ok(()) => confirmed.push(id),
                Err(why) => trouble = Some(self.note(why)),
            }
        }
        self.tally.relayed.with(["confirmed"]).inc_by(confirmed.len() as u64);
        let sent = confirmed.len();
        batch.done(&confirmed).await.map_err(text)?;
        match trouble {
            Some(why) => Err(why.to_string()),
            None => Ok(sent),
        }
    }

    fn note(&self, why: NotPublished) -> NotPublished {
        self.tally.relayed.with(["unconfirmed"]).inc();
        why
    }
}

fn message(row: OutboxRow) -> Message {
    let mut message = Message::durable(row.exchange, row.routing_key, row.message_id, row.payload);
    message.headers = row.headers.into_iter().collect();
    message
}
