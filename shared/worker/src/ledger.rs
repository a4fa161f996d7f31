//! The process that keeps the book of callbacks: many reports in one transaction, and the chores of the whole gateway.

use crate::engine::now;
use crate::health::Vigil;
use crate::memory;
use crate::office::{connected, stop};
use crate::relay::{Relay, Wake};
use crate::tally::Tally;
use crate::{Failure, settings, spans};
use boot::{Boot, Span, Traces};
use broker::{Consumer, Delivery, Publisher, Settled};
use domain::{Noun, Timestamp};
use messages::{Attempt, CallbackTask, RejectionTask, Replay, Route};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use store::{Recorded, Replayed, Store, StoreError};

/// Reports in one transaction.
const GROUP: u16 = 200;
/// Rejected requests in work at the same time: they never crowd out reports.
const FEW: u16 = 4;
/// How long to wait for a group to fill: nobody waits for a report.
const LINGER: Duration = Duration::from_millis(20);

/// What the service does with reports and orders about callbacks.
pub trait Ledger: Send + Sync + 'static {
    /// Records attempts, all or none.
    fn record(
        &self,
        store: &Store,
        attempts: &[Attempt],
    ) -> impl Future<Output = Result<Recorded, Failure>> + Send;

    /// Sends callbacks again.
    fn replay(
        &self,
        store: &Store,
        replay: &Replay,
        now: Timestamp,
    ) -> impl Future<Output = Result<Replayed, Failure>> + Send;

    /// One round of the chores: what is overdue goes out again, what is old is deleted. Returns how many callbacks were
    /// overdue.
    fn tidy(&self, store: &Store, now: Timestamp) -> impl Future<Output = Result<i64, Failure>> + Send;
}

struct Clerk<L> {
    ledger: L,
    store: Store,
    wake: Wake,
    vigil: Vigil,
    tally: Tally,
    traces: Traces,
}

/// Runs the worker of callbacks until it is told to stop.
///
/// # Errors
/// As [`crate::run`].
pub async fn keep<L: Ledger>(boot: Boot, ledger: L) -> anyhow::Result<()> {
    let store = settings::store(&boot)?;
    let broker = settings::broker_settings(&boot)?;
    let replies = settings::replies(&boot)?;
    let publisher = Publisher::start(&broker)?;
    let tally = Tally::new(&boot.metrics);
    let vigil = Vigil::new(boot.health.check("postgres"), boot.stop.clone());
    let wake = Wake::default();
    let clerk = Arc::new(Clerk {
        ledger,
        store: store.clone(),
        wake: wake.clone(),
        vigil: vigil.clone(),
        tally: tally.clone(),
        traces: boot.traces.clone(),
    });
    let relay = Relay { store: store.clone(), tally: tally.clone(), wake, traces: boot.traces.clone() };
    let relaying = boot.health.progress("relay", Duration::from_secs(60));
    let (rabbitmq, redis) = (boot.health.check("rabbitmq"), boot.health.optional("redis"));
    let drain = Duration::from_secs(boot.settings.process.drain_s);
    boot.run(async {
        if !vigil.schema(&store).await {
            return Ok(());
        }
        let book = Arc::clone(&clerk);
        let queue = Route::command_queue(Noun::Callback);
        let consumer = Consumer::batches(&broker, &queue, GROUP, LINGER, move |deliveries| {
            Arc::clone(&book).take(deliveries)
        })?;
        let consumer = Arc::new(consumer);
        let shelf = Arc::clone(&clerk);
        let rejected = Consumer::start(&broker, &Route::rejected_queue(), FEW, move |delivery| {
            Arc::clone(&shelf).shelve(delivery)
        })?;
        let rejected = Arc::new(rejected);
        let connected = connected(&publisher, [Arc::clone(&consumer), Arc::clone(&rejected)]);
        let relaying = tokio::spawn(relay.run(publisher.clone(), vigil.clone(), relaying));
        let chores = tokio::spawn(clerk.chores());
        let memory = tokio::spawn(memory::keep_filled(store.clone(), replies, redis, vigil.clone()));
        vigil.watch(store, rabbitmq, connected, tally).await;
        stop([consumer, rejected], drain).await;
        let (relayed, done, filled) = tokio::join!(relaying, chores, memory);
        relayed.and(done).and(filled)?;
        Ok(())
    })
    .await
}

impl<L: Ledger> Clerk<L> {
    /// Takes a group of messages: the reports in one transaction, the rest one by one.
    async fn take(self: Arc<Self>, deliveries: Vec<Delivery>) -> Vec<Settled> {
        let mut steps: Vec<Span> =
            deliveries.iter().map(|delivery| spans::handling(&self.traces, delivery)).collect();
        let tasks: Vec<Option<CallbackTask>> =
            deliveries.iter().map(|delivery| self.read(delivery)).collect();
        let attempts: Vec<Attempt> = tasks
            .iter()
            .filter_map(|task| match task {
                Some(CallbackTask::Record(attempt)) => Some(attempt.clone()),
                _ => None,
            })
            .collect();
        let recorded = self.record(&attempts).await;
        let mut verdicts = Vec::with_capacity(tasks.len());
        for (task, step) in tasks.iter().zip(&mut steps) {
            let verdict = match task {
                None => Settled::Park,
                Some(CallbackTask::Record(_)) => recorded,
                Some(CallbackTask::Replay(replay)) => self.replay(replay).await,
            };
            spans::settled(step, task.as_ref(), verdict);
            verdicts.push(verdict);
        }
        verdicts
    }

    fn read(&self, delivery: &Delivery) -> Option<CallbackTask> {
        serde_json::from_slice(&delivery.body)
            .inspect_err(|why| {
                let (line, column) = (why.line(), why.column());
                tracing::error!(message = %delivery.id, line, column, "a report does not read, it is parked");
                self.tally.count("callback_task", "parked");
            })
            .ok()
    }

    async fn record(&self, attempts: &[Attempt]) -> Settled {
        if attempts.is_empty() {
            return Settled::Ack;
        }
        let settled = self.patiently(|| self.ledger.record(&self.store, attempts)).await;
        settled.map_or_else(
            |verdict| verdict,
            |recorded| {
                let new = u64::try_from(recorded.new).unwrap_or_default();
                let known = (attempts.len() as u64).saturating_sub(new);
                self.tally.attempts.with(["new"]).inc_by(new);
                self.tally.attempts.with(["known"]).inc_by(known);
                self.tally.kept(&recorded.kept);
                Settled::Ack
            },
        )
    }

    /// Keeps a request that an ingress turned away; one that does not read is dropped, for nothing hangs on it.
    async fn shelve(self: Arc<Self>, delivery: Delivery) -> Settled {
        let Ok(RejectionTask::Keep(request)) = serde_json::from_slice(&delivery.body) else {
            tracing::warn!(message = %delivery.id, "a rejected request does not read, it is not kept");
            return Settled::Ack;
        };
        let keep = || async { Ok(self.store.keep_rejected(&request).await?) };
        let settled = self.patiently(keep).await;
        settled.map_or_else(
            // It would be parked for nothing.
            |verdict| if verdict == Settled::Park { Settled::Ack } else { verdict },
            |()| {
                self.tally.count("keep_rejected", "done");
                Settled::Ack
            },
        )
    }

    async fn replay(&self, replay: &Replay) -> Settled {
        let settled = self.patiently(|| self.ledger.replay(&self.store, replay, now())).await;
        settled.map_or_else(
            |verdict| verdict,
            |replayed| {
                let (again, ordered) = (replayed.ids.len(), replay.callback_ids.len());
                tracing::info!(again, ordered, by = replay.by, "{again} of {ordered} callbacks go out again");
                self.tally.count("replay_callbacks", "done");
                self.wake.now();
                Settled::Ack
            },
        )
    }

    /// Tries until the database does it, or the messages must go back.
    async fn patiently<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, Settled>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut held = self.vigil.hold();
        loop {
            match attempt().await {
                Ok(done) => return Ok(done),
                Err(Failure::Store(error @ (StoreError::Unavailable(_) | StoreError::Raced(_)))) => {
                    if !held.without_database(&error.to_string()).await {
                        return Err(Settled::Requeue);
                    }
                }
                Err(failure) => {
                    tracing::error!(why = %failure, "reports are parked: {failure}");
                    return Err(Settled::Park);
                }
            }
        }
    }

    /// Tidies up every few seconds until the process is to stop.
    async fn chores(self: Arc<Self>) {
        while self.vigil.rest(Duration::from_secs(5)).await {
            let at = now();
            match self.ledger.tidy(&self.store, at).await {
                Ok(0) => {}
                Ok(overdue) => {
                    tracing::warn!(overdue, "{overdue} callbacks were overdue and go out again");
                    self.wake.now();
                }
                Err(why) => tracing::debug!(%why, "chores are put off"),
            }
            if let Ok(due) = self.store.oldest_due().await {
                let late = due.map_or(0, |due| at.unix_seconds() - due.unix_seconds());
                self.tally.overdue.set(late.max(0));
            }
            if let Ok(waiting) = self.store.waiting(at).await {
                self.tally.waiting.show(&waiting);
            }
        }
    }
}
