//! Instants as certificates and timestamps write them; a GeneralizedTime of RFC 3161 may have fractions of a second.

use super::{Element, NotDer, Parsed, tag};
use domain::Timestamp;
use time::{Date, Month, PrimitiveDateTime, Time};

/// Reads a UTCTime or a GeneralizedTime, both in UTC (`Z`).
pub(crate) fn read(element: Element<'_>) -> Parsed<Timestamp> {
    let text = std::str::from_utf8(element.body).map_err(|_| NotDer)?.strip_suffix('Z').ok_or(NotDer)?;
    if !text.is_ascii() {
        return Err(NotDer);
    }
    match element.tag {
        tag::UTC_TIME if text.len() == 12 => {
            let year = number(&text[..2])?;
            // RFC 5280, 4.1.2.5.1.
            at(if year < 50 { 2000 + year } else { 1900 + year }, &text[2..], 0)
        }
        tag::GENERALIZED_TIME => {
            let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
            if whole.len() != 14 {
                return Err(NotDer);
            }
            at(number(&whole[..4])?, &whole[4..], fraction.map_or(Ok(0), microseconds)?)
        }
        _ => Err(NotDer),
    }
}

fn at(year: u32, rest: &str, micro: u32) -> Parsed<Timestamp> {
    let part = |at: usize| rest.get(at..at + 2).ok_or(NotDer).and_then(number).map(|number| number as u8);
    let month = Month::try_from(part(0)?).map_err(|_| NotDer)?;
    let year = i32::try_from(year).map_err(|_| NotDer)?;
    let date = Date::from_calendar_date(year, month, part(2)?).map_err(|_| NotDer)?;
    let time = Time::from_hms_micro(part(4)?, part(6)?, part(8)?, micro).map_err(|_| NotDer)?;
    Ok(Timestamp::new(PrimitiveDateTime::new(date, time).assume_utc()))
}

/// Digits after the point; more than six are cut.
fn microseconds(digits: &str) -> Parsed<u32> {
    if digits.is_empty() || digits.len() > 12 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(NotDer);
    }
    number(&format!("{digits:0<6}")[..6])
}

fn number(digits: &str) -> Parsed<u32> {
    if digits.bytes().all(|digit| digit.is_ascii_digit()) {
        digits.parse().map_err(|_| NotDer)
    } else {
        Err(NotDer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tag: u8, text: &str) -> Parsed<String> {
        read(Element { tag, body: text.as_bytes(), whole: &[] }).map(|at| at.to_string())
    }

    #[test]
    fn both_forms_and_fractions_are_read() {
        assert_eq!(said(tag::UTC_TIME, "261122200112Z").unwrap(), "2026-11-22T20:01:12Z");
        assert_eq!(said(tag::UTC_TIME, "991231235959Z").unwrap(), "1999-12-31T23:59:59Z");
        assert_eq!(said(tag::GENERALIZED_TIME, "20261122200112Z").unwrap(), "2026-11-22T20:01:12Z");
        assert_eq!(said(tag::GENERALIZED_TIME, "20261122200112.5Z").unwrap(), "2026-11-22T20:01:12.5Z");
        assert_eq!(
            said(tag::GENERALIZED_TIME, "20261122200112.1234567Z").unwrap(),
            "2026-11-22T20:01:12.123456Z"
        );
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "20261322200112Z",
            "20261122200112",
            "20261122200112.Z",
            "20261122200112+0800",
            "2026112220011Z",
            "é0261122200112Z",
        ] {
            assert!(said(tag::GENERALIZED_TIME, text).is_err(), "{text}");
        }
        assert!(said(tag::UTC_TIME, "2611222001Z").is_err());
        assert!(said(tag::UTC_TIME, "é61122200112Z").is_err());
        assert!(said(tag::UTC_TIME, "1é1122200112Z").is_err());
    }
}
