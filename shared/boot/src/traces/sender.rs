//! The one task of a process that sends spans: batches by size and time, patience with a collector that is away, an end.

use super::parcel::{Parcel, Posted};
use super::span::Ended;
use crate::clock::random;
use crate::metrics::Counter;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout_at};

/// Spans in one batch.
const BATCH: usize = 512;
/// How long a batch is gathered.
const GATHER: Duration = Duration::from_secs(2);
/// The first pause after a failure; each one is twice as long, up to the longest.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a batch is tried, whatever the collector asks for. The next ones wait behind it, in bounded room.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) struct Sender {
    pub(super) queue: mpsc::Receiver<Ended>,
    pub(super) closed: watch::Receiver<bool>,
    pub(super) parcel: Parcel,
    pub(super) exported: Counter,
    pub(super) refused: Counter,
    pub(super) undelivered: Counter,
}

impl Sender {
    /// Sends until it is told to close and the queue is empty, or nobody is left to hand in.
    pub(super) async fn run(mut self) {
        let mut away = false;
        while let Some(batch) = self.gather().await {
            let count = batch.len() as u64;
            match self.deliver(&batch, &mut away).await {
                Posted::Taken(rejected) => {
                    let rejected = rejected.min(count);
                    self.exported.inc_by(count - rejected);
                    self.refused.inc_by(rejected);
                }
                Posted::Refused(status) => {
                    tracing::warn!(
                        status = status.as_u16(),
                        spans = count,
                        "the collector of traces refuses spans"
                    );
                    self.refused.inc_by(count);
                }
                Posted::Later(_) => {
                    self.undelivered.inc_by(count);
                }
            }
        }
    }

    fn is_closing(&self) -> bool {
        *self.closed.borrow()
    }

    /// The next batch: what comes within a moment of the first, or what is left when closing.
    async fn gather(&mut self) -> Option<Vec<Ended>> {
        let mut batch = Vec::new();
        let mut until = None;
        while batch.len() < BATCH {
            if self.is_closing() {
                self.queue.close();
            }
            let room = BATCH - batch.len();
            let more = async {
                tokio::select! {
                    got = self.queue.recv_many(&mut batch, room) => Some(got),
                    // Told to close: look at the queue again, without waiting.
                    _ = self.closed.wait_for(|closing| *closing), if !*self.closed.borrow() => None,
                }
            };
            let got = match until {
                None => more.await,
                Some(until) => match timeout_at(until, more).await {
                    Ok(got) => got,
                    Err(_) => break,
                },
            };
            if got == Some(0) {
                break;
            }
            until = until.or_else(|| (!batch.is_empty()).then(|| Instant::now() + GATHER));
        }
        (!batch.is_empty()).then_some(batch)
    }

    /// Tries until the collector has said something final, or it has taken too long. When closing, once.
    async fn deliver(&mut self, batch: &[Ended], away: &mut bool) -> Posted {
        let (give_up, mut pause) = (Instant::now() + PATIENCE, PAUSE);
        loop {
            let closing = self.is_closing();
            let posted = self.parcel.post(batch).await;
            let Posted::Later(asked) = posted else {
                if std::mem::take(away) {
                    tracing::info!("the collector of traces answers again");
                }
                return posted;
            };
            if !std::mem::replace(away, true) {
                tracing::warn!(
                    "the collector of traces does not take spans now: they are kept for a while, then dropped"
                );
            }
            if closing || Instant::now() >= give_up {
                return posted;
            }
            let wait = asked.map_or_else(|| jittered(pause), |asked| asked.min(PATIENCE));
            pause = (pause * 2).min(LONGEST_PAUSE);
            tokio::select! {
                () = sleep_until(Instant::now() + wait) => {}
                _ = self.closed.wait_for(|closing| *closing) => {}
            }
        }
    }
}

/// Between half of it and all of it, so that processes do not come back in step.
fn jittered(pause: Duration) -> Duration {
    let [chance] = random::<1>();
    pause / 2 + pause.mul_f64(f64::from(chance) / 510.0)
}
