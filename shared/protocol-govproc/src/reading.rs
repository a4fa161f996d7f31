//! Reads deciphered fields strictly: nothing but the document's lengths, digits and codes proves that a cipher without
//! integrity came through whole (GP-14).

use domain::{Money, Timestamp};
use protocol::{Fields, Label, Rejection, parse_shanghai};
use time::OffsetDateTime;

/// The years in which tenders are opened here.
const YEARS: std::ops::Range<i32> = 2000..2100;
/// The last second of a day that is named without an hour.
const DAY: i64 = 86_399;

/// A text that must be there, of at most so many characters, none of them a control character.
pub(crate) fn text(fields: &Fields, label: Label, longest: usize) -> Result<String, Rejection> {
    fields.required(label).and_then(|text| printable(text, label, longest))
}

/// The same under the first of several names that holds one.
pub(crate) fn text_of_any(fields: &Fields, labels: &[Label], longest: usize) -> Result<String, Rejection> {
    let text = fields.text_of_any(labels)?;
    let label = labels.first().copied().unwrap_or_default();
    if text.is_empty() {
        return Err(Rejection::malformed(label.0, label.1, "不能为空"));
    }
    printable(text, label, longest)
}

fn printable(text: String, (name, title): Label, longest: usize) -> Result<String, Rejection> {
    if text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err(Rejection::malformed(name, title, "含有不可打印字符"));
    }
    if text.chars().count() > longest {
        return Err(Rejection::malformed(name, title, &format!("超过{longest}个字符")));
    }
    Ok(text)
}

/// An amount above nothing.
pub(crate) fn amount(fields: &Fields, label: Label) -> Result<Money, Rejection> {
    let amount = fields.money(label)?;
    let positive = Some(amount).filter(|amount| amount.is_positive());
    positive.ok_or_else(|| Rejection::malformed(label.0, label.1, "应大于0"))
}

/// A moment (GP-02): 13 digits are milliseconds, 10 are seconds, as number or text; or a date in Shanghai with
/// separators.
pub(crate) fn moment(fields: &Fields, labels: &[Label]) -> Result<Timestamp, Rejection> {
    let text = text_of_any(fields, labels, 32)?;
    let label = labels.first().copied().unwrap_or_default();
    let read = if text.bytes().all(|byte| byte.is_ascii_digit()) { epoch(&text) } else { clock(&text) };
    let sensible = read.filter(|at| YEARS.contains(&at.shanghai().year()));
    sensible.ok_or_else(|| Rejection::malformed(label.0, label.1, "时间格式不正确"))
}

/// The last moment of a term: a day without an hour ends with its last second.
pub(crate) fn deadline(fields: &Fields, label: Label) -> Result<Timestamp, Rejection> {
    let at = moment(fields, &[label])?;
    let text = fields.text(label)?;
    let is_day = !text.bytes().all(|byte| byte.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() == 8;
    Ok(if is_day { at.plus_seconds(DAY) } else { at })
}

fn epoch(digits: &str) -> Option<Timestamp> {
    let seconds = match digits.len() {
        13 => digits.parse::<i64>().ok()? / 1000,
        10 => digits.parse().ok()?,
        _ => return None,
    };
    OffsetDateTime::from_unix_timestamp(seconds).ok().map(Timestamp::new)
}

fn clock(text: &str) -> Option<Timestamp> {
    parse_shanghai(text).filter(|_| text.contains(['-', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::now;

    const LABEL: Label = ("x", "某");

    fn fields(value: &str) -> Fields {
        Fields::parse(&format!(r#"{{"x":{value}}}"#)).unwrap()
    }

    #[test]
    fn a_moment_comes_in_every_form_of_the_ruling() {
        for value in [
            "1795314600000",
            "\"1795314600000\"",
            "1795314600",
            "\"1795314600\"",
            "\"2026-11-22 10:30:00\"",
            "\"2026-11-22 10:30\"",
            "\"2026/11/22 10:30:00\"",
        ] {
            assert_eq!(moment(&fields(value), &[LABEL]), Ok(now()), "{value}");
        }
    }

    #[test]
    fn what_is_no_moment_is_said_to_be_none() {
        for value in [
            "0",
            "1",
            "179531460000",
            "17953146000000",
            "1.7953146E12",
            "9999999999999",
            "\"20261122\"",
            "true",
        ] {
            let wrong = moment(&fields(value), &[LABEL]).unwrap_err();
            assert_eq!(wrong.say, "某(x)时间格式不正确", "{value}");
        }
        assert_eq!(moment(&fields("null"), &[LABEL]).unwrap_err().say, "某(x)不能为空");
    }

    #[test]
    fn a_deadline_that_names_a_day_is_its_end() {
        let end = deadline(&fields("\"2026-11-22\""), LABEL).unwrap();
        assert_eq!(end, parse_shanghai("2026-11-22 23:59:59").unwrap());
        assert_eq!(deadline(&fields("1795314600000"), LABEL), Ok(now()));
        assert_eq!(deadline(&fields("\"2026-11-22 10:30\""), LABEL), Ok(now()));
    }

    #[test]
    fn a_text_is_printable_and_no_longer_than_documented() {
        assert_eq!(text(&fields("\"四个字符\""), LABEL, 4).unwrap(), "四个字符");
        assert_eq!(text(&fields("\"四个字符\""), LABEL, 3).unwrap_err().say, "某(x)超过3个字符");
        for value in ["\"a\\u0001b\"", "\"a\\nb\"", "\"a\u{fffd}b\""] {
            assert_eq!(text(&fields(value), LABEL, 9).unwrap_err().say, "某(x)含有不可打印字符", "{value}");
        }
    }

    #[test]
    fn an_amount_is_above_nothing() {
        assert_eq!(amount(&fields("20000.50"), LABEL), Ok(Money::from_fen(2_000_050)));
        assert_eq!(amount(&fields("\"20000.5\""), LABEL), Ok(Money::from_fen(2_000_050)));
        assert_eq!(amount(&fields("0.00"), LABEL).unwrap_err().say, "某(x)应大于0");
    }
}
