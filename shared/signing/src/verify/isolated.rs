//! Checks away from the async threads: a bounded number at once, none for longer than allowed.

use super::{Findings, Limits, Reason, check_until};
use crate::trust::TrustAnchors;
use domain::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Checks documents of strangers. Cloning shares its seats.
#[derive(Debug, Clone)]
pub struct Examiner {
    trust: Arc<TrustAnchors>,
    limits: Limits,
    deadline: Duration,
    seats: Arc<Semaphore>,
}

impl Examiner {
    /// At most `seats` checks at once, each for at most `deadline` (waiting for a seat included).
    #[must_use]
    pub fn new(trust: TrustAnchors, limits: Limits, seats: usize, deadline: Duration) -> Self {
        Self { trust: Arc::new(trust), limits, deadline, seats: Arc::new(Semaphore::new(seats.max(1))) }
    }

    /// Checks a document; what is not known at the deadline counts as bad.
    pub async fn check(&self, bytes: Arc<[u8]>, now: Timestamp) -> Findings {
        let stop = Stop(Arc::default());
        if bytes.len() > self.limits.file_bytes {
            // Not even its hash is worth computing here.
            return worst(Reason::BeyondLimits);
        }
        tokio::time::timeout(self.deadline, self.run(bytes, now, Arc::clone(&stop.0)))
            .await
            .unwrap_or_else(|_| worst(Reason::TookTooLong))
    }

    async fn run(&self, bytes: Arc<[u8]>, now: Timestamp, stop: Arc<AtomicBool>) -> Findings {
        let Ok(seat) = Arc::clone(&self.seats).acquire_owned().await else {
            return worst(Reason::CheckFailed);
        };
        let (trust, limits) = (Arc::clone(&self.trust), self.limits.clone());
        let work = move || {
            // The seat is free when the work has ended, not when nobody waits for it any more.
            let _seat = seat;
            check_until(&bytes, &trust, now, &limits, stop)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| worst(Reason::CheckFailed))
    }
}

/// Whoever stops waiting (deadline, connection gone) stops the work too.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

fn worst(reason: Reason) -> Findings {
    let mut findings = Findings::of(b"");
    findings.sha256.clear();
    findings.object(reason);
    findings
}
