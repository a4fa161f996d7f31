//! After a failure Redis is left alone for a moment, so that not every request waits for the same timeout.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long.
const MOMENT: Duration = Duration::from_millis(500);

/// Whether it is resting.
#[derive(Debug)]
pub(crate) struct Rest {
    since: Instant,
    // Milliseconds after `since`; 0 means no rest.
    until: AtomicU64,
}

impl Rest {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), until: AtomicU64::new(0) }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.until.load(Ordering::Relaxed) <= self.elapsed()
    }

    pub(crate) fn begin(&self) {
        self.until.store(self.elapsed() + MOMENT.as_millis() as u64, Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        // Nearly always nothing to do: a load is cheaper than a store that all cores see.
        if self.until.load(Ordering::Relaxed) != 0 {
            self.until.store(0, Ordering::Relaxed);
        }
    }

    fn elapsed(&self) -> u64 {
        self.since.elapsed().as_millis() as u64
    }
}
