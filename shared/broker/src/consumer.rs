//! Consuming that survives the broker, hands each message to a handler, and drains when told to stop.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::delivery::{Delivery, Settled};
use crate::session::{Phase, Session};
use crate::vitals::{Snapshot, Vitals};
use crate::{Settings, Trouble};

pub(crate) type Handler = Arc<dyn Fn(Vec<Delivery>) -> BoxFuture<'static, Vec<Settled>> + Send + Sync>;

/// A running consumer of one queue. Dropping it ends it at once; what was in work comes again to someone.
pub struct Consumer {
    watch: Arc<Watch>,
    task: JoinHandle<()>,
}

/// What the consumer's owner and its sessions tell each other.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) phase: watch::Sender<Phase>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) consuming: AtomicBool,
    pub(crate) running: AtomicUsize,
}

/// How deliveries are grouped for the handler.
#[derive(Clone, Copy)]
pub(crate) enum Grouping {
    /// One by one, as many at a time as were prefetched.
    Single,
    /// Up to `max` together, waiting up to `linger` for the group to fill; one group at a time.
    Batches { max: usize, linger: Duration },
}

impl Consumer {
    /// Hands every message of `queue` to `handler`, at most `prefetch` at a time.
    ///
    /// A handler that panics gives its message back; after the queue's delivery limit it is parked.
    ///
    /// # Errors
    /// Only for an address that cannot be read; everything else is tried for ever.
    pub fn start<H, F>(settings: &Settings, queue: &str, prefetch: u16, handler: H) -> Result<Self, Trouble>
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Settled> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |mut deliveries: Vec<Delivery>| {
            let handled = deliveries.pop().map(&handler);
            async move {
                match handled {
                    Some(handled) => vec![handled.await],
                    None => Vec::new(),
                }
            }
            .boxed()
        });
        Self::spawn(settings, queue, prefetch.max(1), Grouping::Single, handler)
    }

    /// Hands the messages of `queue` to `handler` in groups of up to `max`, waiting up to `linger` for a group
    /// to fill. The verdicts belong to the deliveries in order; a missing one means [`Settled::Requeue`].
    ///
    /// # Errors
    /// Only for an address that cannot be read; everything else is tried for ever.
    pub fn batches<H, F>(
        settings: &Settings,
        queue: &str,
        max: u16,
        linger: Duration,
        handler: H,
    ) -> Result<Self, Trouble>
    where
        H: Fn(Vec<Delivery>) -> F + Send + Sync + 'static,
        F: Future<Output = Vec<Settled>> + Send + 'static,
    {
        let max = max.max(1);
        let handler: Handler = Arc::new(move |deliveries| handler(deliveries).boxed());
        // A second group fills while the first is in work.
        let grouping = Grouping::Batches { max: usize::from(max), linger };
        Self::spawn(settings, queue, max.saturating_mul(2), grouping, handler)
    }

    fn spawn(
        settings: &Settings,
        queue: &str,
        prefetch: u16,
        grouping: Grouping,
        handler: Handler,
    ) -> Result<Self, Trouble> {
        settings.address()?;
        let watch = Arc::new(Watch::default());
        let session = Session {
            settings: settings.clone(),
            queue: queue.to_owned(),
            prefetch,
            grouping,
            handler,
            watch: Arc::clone(&watch),
        };
        Ok(Self { watch, task: tokio::spawn(session.keep()) })
    }

    /// Takes nothing more until [`Consumer::resume`], for when something the handler needs is away. What is
    /// prefetched goes back to the queue once the handlers at work have finished.
    pub fn pause(&self) {
        self.shift(Phase::Running, Phase::Paused);
    }

    /// Consumes again.
    pub fn resume(&self) {
        self.shift(Phase::Paused, Phase::Running);
    }

    /// Cancels the consumer, lets handlers finish, and gives up what is not finished `within`.
    /// Says whether everything was finished.
    pub async fn stop(mut self, within: Duration) -> bool {
        self.watch.phase.send_replace(Phase::Stopping);
        timeout(within, &mut self.task).await.is_ok()
    }

    /// Counters and state, for health and metrics; connected means that the broker is handing out messages.
    #[must_use]
    pub fn vitals(&self) -> Snapshot {
        let consuming = self.watch.consuming.load(Ordering::Acquire);
        let running = self.watch.running.load(Ordering::Acquire) as u64;
        Snapshot { running, ..self.watch.vitals.snapshot(consuming, false) }
    }

    fn shift(&self, from: Phase, to: Phase) {
        self.watch.phase.send_if_modified(|phase| {
            let shifts = *phase == from;
            if shifts {
                *phase = to;
            }
            shifts
        });
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
