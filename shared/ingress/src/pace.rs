//! How many requests a partner may make: so many a second on the average over a minute, so that a burst is welcome and a flood is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Over so much time the average is taken.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);

/// The pace of one partner; clones share it.
#[derive(Debug, Clone)]
pub struct Pace(Option<Arc<Allowance>>);

#[derive(Debug)]
struct Allowance {
    per_s: u32,
    began: Instant,
    /// What one request uses up, microseconds.
    cost: u64,
    /// Until when everything is used up, microseconds after `began`.
    spent: AtomicU64,
}

impl Pace {
    /// So many requests a second, counted from `now`; `None` is without bound.
    #[must_use]
    pub fn new(requests_per_s: Option<u32>, now: Instant) -> Self {
        Self(requests_per_s.map(|rate| {
            let cost = 1_000_000 / u64::from(rate.max(1));
            Arc::new(Allowance { per_s: rate, began: now, cost: cost.max(1), spent: AtomicU64::new(0) })
        }))
    }

    /// How many requests a second, if there is a bound.
    #[must_use]
    pub fn per_s(&self) -> Option<u32> {
        self.0.as_ref().map(|allowance| allowance.per_s)
    }

    /// Whether one more request is within the pace; if so it is counted.
    #[must_use]
    pub fn admits(&self, now: Instant) -> bool {
        let Some(allowance) = &self.0 else { return true };
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let now = micros(now.saturating_duration_since(allowance.began));
        let next = |spent: u64| {
            let next = spent.max(now).saturating_add(allowance.cost);
            (next <= now.saturating_add(micros(WINDOW))).then_some(next)
        };
        allowance.spent.fetch_update(Relaxed, Relaxed, next).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_may_be_used_up_at_once_and_comes_back_by_and_by() {
        let now = Instant::now();
        let pace = Pace::new(Some(2), now);
        let admitted = |at: Instant| (0..1000).take_while(|_| pace.admits(at)).count();
        assert_eq!(admitted(now), 120);
        assert_eq!(admitted(now), 0);
        assert_eq!(admitted(now + Duration::from_secs(10)), 20);
        assert_eq!(admitted(now + Duration::from_secs(3600)), 120, "no more than a minute is saved");
    }

    #[test]
    fn clones_share_and_none_is_without_bound() {
        let now = Instant::now();
        let pace = Pace::new(Some(1), now);
        let other = pace.clone();
        assert_eq!((0..100).filter(|_| pace.admits(now) || other.admits(now)).count(), 60);
        assert!((0..10_000).all(|_| Pace::new(None, now).admits(now)));
    }
}
