//! When a partner cannot be reached at all, its callbacks wait instead of knocking one by one until each has timed out.

use std::time::Duration;
use tokio::time::Instant;

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRule {
    /// It opens after so many failures in a row to reach the partner; 0 means never.
    pub failures: u32,
    /// Then nothing is tried for this long, and after it one callback at a time until one gets through.
    pub pause: Duration,
}

impl Default for BreakerRule {
    fn default() -> Self {
        Self { failures: 20, pause: Duration::from_secs(30) }
    }
}

/// The breaker of one partner.
#[derive(Debug)]
pub struct Breaker {
    rule: BreakerRule,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    Probing { until: Instant },
}

impl Breaker {
    /// A closed one.
    #[must_use]
    pub const fn new(rule: BreakerRule) -> Self {
        Self { rule, state: State::Closed { failures: 0 } }
    }

    /// Whether trying a callback now would be in vain; asks only, changes nothing.
    #[must_use]
    pub fn holds(&self, now: Instant) -> bool {
        match self.state {
            State::Closed { .. } => false,
            State::Open { until } | State::Probing { until } => now < until,
        }
    }

    /// Whether a callback may be tried now, which then must be. While open, the first one after the pause may: it is the probe; a probe
    /// that never reported back is replaced after another pause.
    pub fn admits(&mut self, now: Instant) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { .. } | State::Probing { .. } if self.holds(now) => false,
            State::Open { .. } | State::Probing { .. } => {
                self.state = State::Probing { until: now + self.rule.pause };
                true
            }
        }
    }

    /// The partner was reached, whatever it said.
    pub const fn reached(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// The partner was not reached, or did not answer in time. True if this opened the breaker.
    pub fn missed(&mut self, now: Instant) -> bool {
        let open = State::Open { until: now + self.rule.pause };
        match self.state {
            State::Closed { failures } if self.rule.failures == 0 || failures + 1 < self.rule.failures => {
                self.state = State::Closed { failures: failures.saturating_add(1).min(u32::MAX - 1) };
                false
            }
            State::Closed { .. } => {
                self.state = open;
                true
            }
            State::Probing { .. } => {
                self.state = open;
                false
            }
            // An attempt that began before it opened: the pause is not prolonged by it.
            State::Open { .. } => false,
        }
    }

    /// What was admitted turned out not to go to the partner at all: the next one may be the probe.
    pub fn untried(&mut self) {
        if let State::Probing { .. } = self.state {
            self.state = State::Open { until: Instant::now() };
        }
    }

    /// Whether callbacks are held back.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: BreakerRule = BreakerRule { failures: 3, pause: Duration::from_secs(30) };

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::new(RULE);
        let opens: Vec<bool> = (0..3).map(|_| breaker.missed(now)).collect();
        assert_eq!(opens, [false, false, true]);
        breaker
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let now = Instant::now();
        let mut breaker = Breaker::new(RULE);
        for _ in 0..10 {
            breaker.missed(now);
            breaker.missed(now);
            breaker.reached();
        }
        assert!(!breaker.is_open() && breaker.admits(now));
    }

    #[test]
    fn an_open_one_lets_a_single_probe_through_after_the_pause() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert!(!breaker.admits(now + Duration::from_secs(29)));
        let later = now + RULE.pause;
        assert!(breaker.admits(later), "the probe");
        assert!(!breaker.admits(later), "only one");
        breaker.reached();
        assert!(breaker.admits(later) && breaker.admits(later) && !breaker.is_open());
    }

    #[test]
    fn a_failed_probe_opens_it_again() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let later = now + RULE.pause;
        assert!(breaker.admits(later));
        assert!(!breaker.missed(later), "it was not closed");
        assert!(!breaker.admits(later + Duration::from_secs(29)));
        assert!(breaker.admits(later + RULE.pause));
    }

    #[test]
    fn a_probe_that_vanished_is_replaced() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert!(breaker.admits(now + RULE.pause));
        assert!(breaker.admits(now + RULE.pause * 2));
    }

    #[test]
    fn stragglers_do_not_prolong_the_pause() {
        let now = Instant::now();
        let mut breaker = opened(now);
        breaker.missed(now + Duration::from_secs(20));
        assert!(breaker.admits(now + RULE.pause));
    }

    #[test]
    fn zero_means_never() {
        let mut breaker = Breaker::new(BreakerRule { failures: 0, ..RULE });
        let now = Instant::now();
        assert!((0..1000).all(|_| !breaker.missed(now) && breaker.admits(now)));
    }
}
