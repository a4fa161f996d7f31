//! Whether the time a request says it was made at can be true (FS-30).

use crate::settings::Clock;
use domain::Timestamp;
use protocol::{Label, Rejection, RejectionKind, parse_shanghai};

/// The check of `created`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CreatedCheck {
    /// How the partner's clock writes hours.
    pub(crate) clock: Clock,
    /// How far ahead of ours it may be, seconds.
    pub(crate) skew: i64,
    /// How old a request may be, seconds; none means any age.
    pub(crate) window: Option<i64>,
}

impl CreatedCheck {
    /// Holds `created` against our clock.
    pub(super) fn check(&self, label: Label, created: &str, now: Timestamp) -> Result<(), Rejection> {
        if self.clock == Clock::Off {
            return Ok(());
        }
        let shown = parse_shanghai(created)
            .ok_or_else(|| Rejection::malformed(label.0, label.1, "时间格式不正确，应为yyyyMMddHHmmss"))?;
        let latest = now.plus_seconds(self.skew);
        let readings = self.readings(shown);
        if readings.iter().all(|&reading| reading > latest) {
            return Err(stale("提交时间(created)不能晚于服务器时间", "created is later than our clock"));
        }
        let earliest = self.window.map(|window| now.plus_seconds(-window));
        let fits = |reading: Timestamp| reading <= latest && earliest.is_none_or(|limit| reading >= limit);
        if readings.into_iter().any(fits) {
            return Ok(());
        }
        Err(stale("提交时间(created)超出允许范围", "created is older than the window"))
    }

    /// Whether a request that arrived at this moment passes.
    pub(crate) fn holds(&self, created: &str, at: Timestamp) -> bool {
        self.check(("created", "提交时间"), created, at).is_ok()
    }

    /// What the partner may have meant: a 12-hour clock shows two o'clock twice a day and midnight as 12.
    fn readings(&self, shown: Timestamp) -> Vec<Timestamp> {
        const HALF_A_DAY: i64 = 12 * 3600;
        match (self.clock, shown.shanghai().hour()) {
            (Clock::TwelveHours, 12) => vec![shown.plus_seconds(-HALF_A_DAY), shown],
            (Clock::TwelveHours, 0..12) => vec![shown, shown.plus_seconds(HALF_A_DAY)],
            _ => vec![shown],
        }
    }
}

fn stale(say: &str, why: &str) -> Rejection {
    Rejection::new(RejectionKind::Stale, say, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        parse_shanghai(text).unwrap()
    }

    fn verdict(check: CreatedCheck, created: &str, now: &str) -> Option<RejectionKind> {
        check.check(("created", "提交时间"), created, at(now)).err().map(|rejection| rejection.kind)
    }

    const DAY: CreatedCheck = CreatedCheck { clock: Clock::Day, skew: 300, window: None };

    #[test]
    fn the_future_is_refused_beyond_the_skew_and_the_past_is_not() {
        assert_eq!(verdict(DAY, "20261122103500", "20261122 103000"), None);
        assert_eq!(verdict(DAY, "20261122103501", "20261122 103000"), Some(RejectionKind::Stale));
        assert_eq!(verdict(DAY, " 20140519181020", "20261122 103000"), None);
        assert_eq!(verdict(DAY, "2026-11-22 10:30:00", "20261122 103000"), None);
        assert_eq!(verdict(DAY, "soon", "20261122 103000"), Some(RejectionKind::Malformed));
    }

    #[test]
    fn a_window_refuses_the_past() {
        let check = CreatedCheck { window: Some(600), ..DAY };
        assert_eq!(verdict(check, "20261122102000", "20261122 103000"), None);
        assert_eq!(verdict(check, "20261122101959", "20261122 103000"), Some(RejectionKind::Stale));
    }

    #[test]
    fn a_twelve_hour_clock_is_read_both_ways() {
        let check = CreatedCheck { clock: Clock::TwelveHours, window: Some(600), ..DAY };
        assert_eq!(verdict(check, "20261122023000", "20261122 143000"), None);
        assert_eq!(verdict(check, "20261122123000", "20261122 003000"), None, "half past midnight");
        assert_eq!(verdict(check, "20261122123000", "20261122 123000"), None, "half past noon");
        assert_eq!(verdict(check, "20261122043000", "20261122 143000"), Some(RejectionKind::Stale));
        assert_eq!(verdict(DAY, "20261122123000", "20261122 003000"), Some(RejectionKind::Stale));
    }

    #[test]
    fn off_looks_at_nothing() {
        let check = CreatedCheck { clock: Clock::Off, ..DAY };
        assert_eq!(verdict(check, "soon", "20261122 103000"), None);
    }
}
