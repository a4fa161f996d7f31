//! What follows from an attempt: done, tried again after a wait, or parked.

use crate::attempt::Tried;
use crate::schedule::Schedule;
use domain::Timestamp;
use messages::AttemptOutcome;
use protocol::Verdict;

/// What is recorded about an attempt, and how long the notice waits before the next, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consequence {
    pub(crate) outcome: AttemptOutcome,
    pub(crate) status: u16,
    pub(crate) why: String,
    pub(crate) wait_s: Option<u64>,
}

/// Draws the consequence of attempt `number` (from 1), which ended at `now`.
pub(crate) fn consequence(tried: Tried, number: u32, schedule: &Schedule, now: Timestamp) -> Consequence {
    let done = |outcome, status, why| Consequence { outcome, status, why, wait_s: None };
    match tried {
        Tried::Told(status, Verdict::Delivered) => done(AttemptOutcome::Delivered, status, String::new()),
        Tried::Told(status, Verdict::Refused(why)) => done(AttemptOutcome::Refused, status, why),
        Tried::Told(status, Verdict::TokenExpired) => {
            let why = "the access token was not accepted".to_owned();
            again(status, why, schedule.wait_after(number, None), now)
        }
        Tried::Told(status, Verdict::Later(why, asked)) => {
            again(status, why, schedule.wait_after(number, asked), now)
        }
        Tried::Missed(why) | Tried::Unready(why) => again(0, why, schedule.wait_after(number, None), now),
        Tried::Silent(why) => done(AttemptOutcome::Silent, 0, why.to_owned()),
        Tried::Unsealable(why) => done(AttemptOutcome::Unsealable, 0, why),
    }
}

fn again(status: u16, why: String, wait_s: Option<u64>, now: Timestamp) -> Consequence {
    let outcome = match wait_s {
        Some(wait) => {
            let next_due = now.plus_seconds(i64::try_from(wait).unwrap_or(i64::MAX));
            AttemptOutcome::Failed { next_due }
        }
        None => AttemptOutcome::Exhausted,
    };
    Consequence { outcome, status, why, wait_s }
}

/// The word for an outcome in logs, metrics and message ids.
pub(crate) const fn word(outcome: &AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Delivered => "delivered",
        AttemptOutcome::Failed { .. } => "failed",
        AttemptOutcome::Refused => "refused",
        AttemptOutcome::Exhausted => "exhausted",
        AttemptOutcome::Unsealable => "unsealable",
        AttemptOutcome::Silent => "silent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at() -> Timestamp {
        Timestamp::try_from("2026-11-22T02:30:00Z".to_owned()).expect("an instant")
    }

    fn of(tried: Tried, number: u32) -> Consequence {
        consequence(tried, number, &Schedule::new(&[15, 30], &[1, 15, 30, 180]).expect("a schedule"), at())
    }

    #[test]
    fn a_failure_waits_by_schedule_until_it_is_spent() {
        let first = of(Tried::Missed("cannot connect".to_owned()), 1);
        assert_eq!(first.outcome, AttemptOutcome::Failed { next_due: at().plus_seconds(15) });
        assert_eq!((first.status, first.wait_s), (0, Some(15)));
        assert_eq!(of(Tried::Missed(String::new()), 2).wait_s, Some(30));
        let third = of(Tried::Missed(String::new()), 3);
        assert_eq!((third.outcome, third.wait_s), (AttemptOutcome::Exhausted, None));
    }

    #[test]
    fn the_partners_wish_is_kept_and_recorded() {
        let later = Verdict::Later("busy".to_owned(), Some(Duration::from_secs(60)));
        let waits = of(Tried::Told(503, later), 1);
        assert_eq!(waits.outcome, AttemptOutcome::Failed { next_due: at().plus_seconds(180) });
        assert_eq!((waits.status, waits.why.as_str()), (503, "busy"));
    }

    #[test]
    fn what_is_final_never_waits() {
        for (tried, outcome) in [
            (Tried::Told(200, Verdict::Delivered), AttemptOutcome::Delivered),
            (Tried::Told(200, Verdict::Refused("no".to_owned())), AttemptOutcome::Refused),
            (Tried::Silent("not told"), AttemptOutcome::Silent),
            (Tried::Unsealable("no address".to_owned()), AttemptOutcome::Unsealable),
        ] {
            let done = of(tried, 1);
            assert_eq!((done.outcome, done.wait_s), (outcome, None));
        }
    }
}
