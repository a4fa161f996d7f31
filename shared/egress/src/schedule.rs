//! When a callback that was not acknowledged is tried again: a list of waits, each of them a rung the broker has.

use std::time::Duration;

/// A schedule that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no wait of {wait} s; a retry schedule may only name {known:?}")]
pub struct BadSchedule {
    wait: u64,
    known: Vec<u64>,
}

/// The waits after the first, second … attempt, in seconds. An empty one means a single attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    waits: Vec<u64>,
    /// Every wait there is, shortest first.
    rungs: Vec<u64>,
}

impl Schedule {
    /// Checks a partner's list of waits against the rungs that exist, in seconds.
    ///
    /// # Errors
    /// The first wait for which there is no rung.
    pub fn new(waits: &[u64], rungs: &[u64]) -> Result<Self, BadSchedule> {
        let mut rungs = rungs.to_vec();
        rungs.sort_unstable();
        match waits.iter().find(|wait| !rungs.contains(wait)) {
            Some(&wait) => Err(BadSchedule { wait, known: rungs }),
            None => Ok(Self { waits: waits.to_vec(), rungs }),
        }
    }

    /// The wait after attempt `number` (from 1) failed, in seconds; `None` when the schedule is spent. A partner that
    /// asked for more time (`Retry-After`) is not called sooner, as far as the longest rung reaches.
    #[must_use]
    pub fn wait_after(&self, number: u32, asked: Option<Duration>) -> Option<u64> {
        let planned = *self.waits.get(usize::try_from(number.checked_sub(1)?).ok()?)?;
        let Some(asked) = asked else { return Some(planned) };
        let enough = self.rungs.iter().copied().find(|&rung| Duration::from_secs(rung) >= asked);
        Some(planned.max(enough.or(self.rungs.last().copied()).unwrap_or(planned)))
    }

    /// The wait for a message that was not tried although `made` attempts are behind it: the rung it would take if the
    /// next attempt failed, the last one of the schedule at its end, and the shortest rung if there is no schedule.
    #[must_use]
    pub fn wait_untried(&self, made: u32) -> u64 {
        let current = usize::try_from(made).ok().and_then(|made| self.waits.get(made));
        current.or(self.waits.last()).or(self.rungs.first()).copied().unwrap_or(1)
    }

    /// The wait for a message whose partner has all hands full: short at first, longer for what was moved often, so that
    /// a long backlog does not circle through the broker every second.
    #[must_use]
    pub fn wait_in_queue(&self, moves: u32) -> u64 {
        let step = match moves {
            0..=2 => 0,
            3..=9 => 1,
            _ => 2,
        };
        self.rungs.get(step).or(self.rungs.last()).copied().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNGS: [u64; 6] = [1, 15, 30, 180, 1800, 3600];

    fn documented() -> Schedule {
        Schedule::new(&[15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600], &RUNGS).expect("a good schedule")
    }

    #[test]
    fn ten_attempts_in_a_little_over_three_hours() {
        let waits: Vec<u64> = (1..).map_while(|number| documented().wait_after(number, None)).collect();
        assert_eq!(waits.len(), 9);
        assert_eq!(waits.iter().sum::<u64>(), 11_040);
    }

    #[test]
    fn a_partner_that_asks_for_time_gets_it() {
        let after = |number, seconds| documented().wait_after(number, Some(Duration::from_secs(seconds)));
        assert_eq!(after(1, 16), Some(30));
        assert_eq!(after(1, 30), Some(30));
        assert_eq!(after(1, 86_400), Some(3600));
        assert_eq!(after(5, 1), Some(1800), "asking for less does not shorten the schedule");
        assert_eq!(after(10, 1), None, "asking does not lengthen the schedule");
    }

    #[test]
    fn what_was_not_tried_waits_on_its_own_rung() {
        assert_eq!(documented().wait_untried(0), 15);
        assert_eq!(documented().wait_untried(3), 180);
        assert_eq!(documented().wait_untried(99), 3600);
        assert_eq!(Schedule::new(&[], &RUNGS).expect("empty").wait_untried(0), 1);
    }

    #[test]
    fn a_long_backlog_circles_slower_and_slower() {
        let waits: Vec<u64> =
            [0, 2, 3, 9, 10, u32::MAX].map(|moves| documented().wait_in_queue(moves)).into();
        assert_eq!(waits, [1, 1, 15, 15, 30, 30]);
    }

    #[test]
    fn a_wait_without_a_rung_is_a_mistake() {
        let bad = Schedule::new(&[15, 20], &RUNGS).expect_err("no rung of 20 s");
        assert!(bad.to_string().contains("20 s"), "{bad}");
    }

    #[test]
    fn attempts_are_counted_from_one() {
        assert_eq!(documented().wait_after(0, None), None);
    }
}
