//! Whether the time a push says it was made at can be true; by default it is only noted (WIRE.md, table 004).

use domain::Timestamp;
use protocol::{Label, Rejection, RejectionKind, parse_shanghai};

/// The check of `timestamp`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClockCheck {
    /// How far ahead of our clock it may be, seconds; none means any.
    pub(crate) skew: Option<i64>,
    /// How old a push may be, seconds; none means any age.
    pub(crate) window: Option<i64>,
}

impl ClockCheck {
    /// Holds a timestamp against our clock.
    pub(super) fn check(self, label: Label, text: &str, now: Timestamp) -> Result<(), Rejection> {
        let at = parse_shanghai(text)
            .ok_or_else(|| Rejection::malformed(label.0, label.1, "时间格式不正确，应为YmdHis"))?;
        if self.skew.is_some_and(|skew| at > now.plus_seconds(skew)) {
            return Err(stale("时间戳(timestamp)不能晚于服务器时间", "timestamp is later than our clock"));
        }
        if self.window.is_some_and(|window| at < now.plus_seconds(-window)) {
            return Err(stale("时间戳(timestamp)超出允许范围", "timestamp is older than the window"));
        }
        Ok(())
    }
}

fn stale(say: &str, why: &str) -> Rejection {
    Rejection::new(RejectionKind::Stale, say, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(check: ClockCheck, text: &str) -> Option<RejectionKind> {
        let now = parse_shanghai("20261122103000").unwrap();
        check.check(("timestamp", "时间戳"), text, now).err().map(|rejection| rejection.kind)
    }

    #[test]
    fn any_moment_is_believed_unless_the_settings_say_otherwise() {
        for text in ["20181015114423", "20361015114423", "2026-11-22 10:30:00"] {
            assert_eq!(verdict(ClockCheck::default(), text), None, "{text}");
        }
        assert_eq!(verdict(ClockCheck::default(), "soon"), Some(RejectionKind::Malformed));
    }

    #[test]
    fn bounds_are_kept_to_the_second() {
        let check = ClockCheck { skew: Some(300), window: Some(600) };
        let verdicts = ["20261122103500", "20261122103501", "20261122102000", "20261122101959"]
            .map(|text| verdict(check, text));
        let stale = Some(RejectionKind::Stale);
        assert_eq!(verdicts, [None, stale, None, stale]);
    }
}
