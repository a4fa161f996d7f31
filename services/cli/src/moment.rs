//! Times as operators read and write them: Shanghai's wall clock.

use domain::Timestamp;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, PrimitiveDateTime, Time};

const SHOWN: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
const SHORT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const MINUTE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]");

/// To the millisecond, for timelines.
pub(crate) fn exactly(at: Timestamp) -> String {
    at.shanghai().format(SHOWN).unwrap_or_default()
}

/// To the second, for lists.
pub(crate) fn shortly(at: Timestamp) -> String {
    at.shanghai().format(SHORT).unwrap_or_default()
}

/// The present instant.
pub(crate) fn now() -> Timestamp {
    Timestamp::new(boot::now())
}

/// Reads `90m`, `24h`, `7d`, a day, a minute in Shanghai, or RFC 3339.
pub(crate) fn since(text: &str) -> Result<Timestamp, String> {
    read(text, now()).ok_or_else(|| {
        "not a time: write 90m, 24h, 7d, 2026-11-22, \"2026-11-22 18:00\" (Shanghai) or RFC 3339".to_owned()
    })
}

fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(seconds) = ago(text) {
        return Some(now.plus_seconds(-seconds));
    }
    if let Ok(day) = Date::parse(text, DAY) {
        return Some(Timestamp::from_shanghai(PrimitiveDateTime::new(day, Time::MIDNIGHT)));
    }
    for form in [MINUTE, SHORT] {
        if let Ok(local) = PrimitiveDateTime::parse(text, form) {
            return Some(Timestamp::from_shanghai(local));
        }
    }
    Timestamp::try_from(text.to_owned()).ok()
}

fn ago(text: &str) -> Option<i64> {
    let (unit, seconds) = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)]
        .into_iter()
        .find(|(unit, _)| text.ends_with(*unit))?;
    let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
    Some(i64::from(count) * seconds)
}

#[cfg(test)]
mod tests {
    use super::{exactly, read};
    use domain::Timestamp;

    #[test]
    fn every_way_of_writing_a_time() {
        let now = Timestamp::try_from("2026-11-22T10:00:00.123456Z".to_owned()).unwrap();
        assert_eq!(exactly(now), "2026-11-22 18:00:00.123");
        let said = |text: &str| read(text, now).map(exactly);
        assert_eq!(said("90m").as_deref(), Some("2026-11-22 16:30:00.123"));
        assert_eq!(said("7d").as_deref(), Some("2026-11-15 18:00:00.123"));
        assert_eq!(said("2026-11-22").as_deref(), Some("2026-11-22 00:00:00.000"));
        assert_eq!(said("2026-11-22 18:00").as_deref(), Some("2026-11-22 18:00:00.000"));
        assert_eq!(said("2026-11-22T10:00:00Z").as_deref(), Some("2026-11-22 18:00:00.000"));
        for nonsense in ["", "h", "-1h", "yesterday", "2026-13-01", "99999999999d", "时"] {
            assert_eq!(said(nonsense), None, "{nonsense}");
        }
    }
}
