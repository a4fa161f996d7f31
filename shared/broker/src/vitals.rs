//! Counters of one process's dealings with the broker, for health and metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::NotPublished;

/// Upper bounds of the confirm latency buckets, in milliseconds; a last bucket holds the rest.
pub const LATENCY_BOUNDS_MS: [u64; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/// Live counters; [`Vitals::snapshot`] reads them all.
#[derive(Debug, Default)]
pub(crate) struct Vitals {
    pub(crate) confirmed: AtomicU64,
    rejected: AtomicU64,
    unroutable: AtomicU64,
    unknown: AtomicU64,
    busy: AtomicU64,
    pub(crate) reconnects: AtomicU64,
    pub(crate) deliveries: AtomicU64,
    pub(crate) redeliveries: AtomicU64,
    pub(crate) acked: AtomicU64,
    pub(crate) requeued: AtomicU64,
    pub(crate) parked: AtomicU64,
    latency_sum_us: AtomicU64,
    latency_buckets: [AtomicU64; LATENCY_BOUNDS_MS.len() + 1],
}

/// The counters at one moment; all but the two flags and `running` only grow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// At least one connection stands.
    pub connected: bool,
    /// Connections stand, but the broker takes nothing (memory or disk alarm).
    pub blocked: bool,
    /// Messages the broker has confirmed.
    pub confirmed: u64,
    /// Messages it refused.
    pub rejected: u64,
    /// Messages no queue took.
    pub unroutable: u64,
    /// Messages nobody knows about.
    pub unknown: u64,
    /// Messages turned away before they were sent.
    pub busy: u64,
    /// Connections lost and built again.
    pub reconnects: u64,
    /// Messages received.
    pub deliveries: u64,
    /// Of these, received before by someone.
    pub redeliveries: u64,
    /// Messages settled as done.
    pub acked: u64,
    /// Messages given back.
    pub requeued: u64,
    /// Messages parked as poison.
    pub parked: u64,
    /// Handlers at work now.
    pub running: u64,
    /// Sum of the times from publish to confirm, in microseconds.
    pub confirm_sum_us: u64,
    /// Confirms by latency, not cumulative, bounded by [`LATENCY_BOUNDS_MS`].
    pub confirm_buckets: Vec<u64>,
}

impl Vitals {
    pub(crate) fn note(&self, outcome: Result<(), NotPublished>, spent: Duration) {
        let counter = match outcome {
            Ok(()) => &self.confirmed,
            Err(NotPublished::Rejected) => &self.rejected,
            Err(NotPublished::Unroutable) => &self.unroutable,
            Err(NotPublished::Unknown) => &self.unknown,
            Err(NotPublished::Busy) => &self.busy,
        };
        counter.fetch_add(1, Relaxed);
        if outcome.is_ok() {
            let millis = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX);
            let bucket = LATENCY_BOUNDS_MS.partition_point(|bound| *bound < millis);
            self.latency_buckets[bucket].fetch_add(1, Relaxed);
            self.latency_sum_us.fetch_add(u64::try_from(spent.as_micros()).unwrap_or(u64::MAX), Relaxed);
        }
    }

    pub(crate) fn snapshot(&self, connected: bool, blocked: bool) -> Snapshot {
        Snapshot {
            connected,
            blocked,
            confirmed: self.confirmed.load(Relaxed),
            rejected: self.rejected.load(Relaxed),
            unroutable: self.unroutable.load(Relaxed),
            unknown: self.unknown.load(Relaxed),
            busy: self.busy.load(Relaxed),
            reconnects: self.reconnects.load(Relaxed),
            deliveries: self.deliveries.load(Relaxed),
            redeliveries: self.redeliveries.load(Relaxed),
            acked: self.acked.load(Relaxed),
            requeued: self.requeued.load(Relaxed),
            parked: self.parked.load(Relaxed),
            running: 0,
            confirm_sum_us: self.latency_sum_us.load(Relaxed),
            confirm_buckets: self.latency_buckets.iter().map(|bucket| bucket.load(Relaxed)).collect(),
        }
    }
}
