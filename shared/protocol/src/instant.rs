//! The date forms of the documents; none names a zone, all mean Asia/Shanghai.

use domain::Timestamp;
use time::{Date, Month, PrimitiveDateTime, Time};

/// How an instant is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `20261122103000`.
    Compact,
    /// `20261122 1030`.
    CompactMinute,
    /// `2026-11-22 10:30:00`.
    Dashed,
}

/// Reads any of the forms that occur: 8, 12 or 14 digits (day, minute, second) with separators (blank, `-`, `/`, `:`,
/// `T`, `.`) anywhere between them; hours are 0 to 23.
#[must_use]
pub fn parse_shanghai(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '/' | ':' | 'T')) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if !matches!(digits.len(), 8 | 12 | 14) {
        return None;
    }
    let number =
        |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |part| part.parse::<u16>().ok());
    let small = |from: usize| number(from, from + 2).and_then(|n| u8::try_from(n).ok());
    let month = Month::try_from(small(4)?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(0, 4)?), month, small(6)?).ok()?;
    let clock = Time::from_hms(small(8)?, small(10)?, small(12)?).ok()?;
    Some(Timestamp::from_shanghai(PrimitiveDateTime::new(date, clock)))
}

/// Prints an instant as a wall clock in Shanghai shows it.
#[must_use]
pub fn print_shanghai(at: Timestamp, form: Form) -> String {
    let local = at.shanghai();
    let (y, mo, d) = (local.year(), u8::from(local.month()), local.day());
    let (h, mi, s) = (local.hour(), local.minute(), local.second());
    match form {
        Form::Compact => format!("{y:04}{mo:02}{d:02}{h:02}{mi:02}{s:02}"),
        Form::CompactMinute => format!("{y:04}{mo:02}{d:02} {h:02}{mi:02}"),
        Form::Dashed => format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}"),
    }
}
