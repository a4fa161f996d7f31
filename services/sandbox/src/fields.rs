//! What a document's table says of the fields of a message, and everything about a message that is not so.

use crypto::text;
use serde_json::{Map, Value};
use time::{Date, PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// `yyyy-MM-dd HH:mm:ss`.
pub(crate) const SECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
/// `yyyy-MM-dd`.
pub(crate) const DAYS: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// When a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Always,
    /// If another field has this value.
    When(&'static str, &'static str),
    /// The key always, the value not.
    Key,
    /// Never.
    Never,
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Any text.
    Text,
    /// One of these.
    Code(&'static [&'static str]),
    /// One of these, as text or as a JSON number.
    Number(&'static [&'static str]),
    /// `yyyy-MM-dd HH:mm:ss`.
    Moment,
    /// `yyyy-MM-dd`.
    Day,
    /// Yuan with two decimals, without exponent, sign or leading zeros.
    Money,
    /// A percentage with its sign: `0.25%`.
    Percent,
    /// An absolute http or https address.
    Address,
    /// A PDF in base64.
    Pdf,
    /// 64 lower-case hexadecimal digits.
    Sha256,
    /// A whole number, as text or as a JSON number.
    Whole,
}

/// A field of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) form: Form,
    /// Characters, where the document limits them and real values can keep it; 0 is no limit.
    pub(crate) longest: usize,
}

pub(crate) const fn field(name: &'static str, need: Need, form: Form, longest: usize) -> Field {
    Field { name, need, form, longest }
}

/// Everything about a message that is not as documented; each sentence begins with the field.
pub(crate) fn problems(fields: &[Field], data: &Map<String, Value>) -> Vec<String> {
    let unknown = data.keys().filter(|name| fields.iter().all(|field| field.name != *name));
    let mut found: Vec<String> = unknown.map(|name| format!("{name} is not in the document")).collect();
    found.extend(
        fields.iter().filter_map(|field| problem(field, data).map(|what| format!("{} {what}", field.name))),
    );
    found
}

/// The text of a field, empty if there is none; a number is its own digits.
pub(crate) fn text_of(data: &Map<String, Value>, name: &str) -> String {
    match data.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn problem(field: &Field, data: &Map<String, Value>) -> Option<&'static str> {
    let wanted = match field.need {
        Need::Always => true,
        Need::When(other, value) => text_of(data, other) == value,
        Need::Key | Need::Never => false,
    };
    let value = match data.get(field.name) {
        None => return (wanted || field.need == Need::Key).then_some("is missing"),
        Some(Value::String(text)) => text.as_str(),
        Some(Value::Number(_)) if field.form == Form::Whole => return None,
        Some(Value::Number(number)) if matches!(field.form, Form::Number(_)) => {
            return amiss(field.form, &number.to_string());
        }
        Some(Value::Null) if !wanted => return None,
        Some(_) => return Some("is not a text"),
    };
    if value.is_empty() {
        return wanted.then_some("is empty");
    }
    if field.longest > 0 && value.chars().count() > field.longest {
        return Some("is too long");
    }
    amiss(field.form, value)
}

fn amiss(form: Form, value: &str) -> Option<&'static str> {
    let (holds, else_it) = match form {
        Form::Text => (true, ""),
        Form::Code(codes) | Form::Number(codes) => {
            (codes.contains(&value), "is none of the documented codes")
        }
        Form::Moment => (PrimitiveDateTime::parse(value, SECONDS).is_ok(), "is not yyyy-MM-dd HH:mm:ss"),
        Form::Day => (Date::parse(value, DAYS).is_ok(), "is not yyyy-MM-dd"),
        Form::Money => (is_money(value), "is not an amount with two decimals"),
        Form::Percent => (value.strip_suffix('%').is_some_and(is_decimal), "is not a percentage"),
        Form::Address => (is_address(value), "is not an http address"),
        Form::Pdf => (is_pdf(value), "is not a PDF in base64"),
        Form::Sha256 => (is_sha256(value), "is not a SHA-256 in lower-case hexadecimal"),
        Form::Whole => (is_digits(value), "is not a whole number"),
    };
    (!holds).then_some(else_it)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(part) && (whole == "0" || !whole.starts_with('0'))
}

fn is_money(text: &str) -> bool {
    is_decimal(text) && text.split_once('.').is_some_and(|(_, fen)| fen.len() == 2)
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_pdf(base64: &str) -> bool {
    text::from_base64(base64).is_ok_and(|bytes| bytes.starts_with(b"%PDF-"))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &[Field] = &[
        field("no", Need::Always, Form::Text, 5),
        field("result", Need::Always, Form::Code(&["0", "1"]), 0),
        field("cost", Need::When("result", "0"), Form::Money, 0),
        field("url", Need::Key, Form::Address, 0),
        field("id", Need::Never, Form::Whole, 0),
        field("type", Need::Never, Form::Number(&["1", "2"]), 0),
    ];

    fn found(value: Value) -> Vec<String> {
        let Value::Object(data) = value else { panic!("an object") };
        problems(TABLE, &data)
    }

    #[test]
    fn a_message_as_documented_has_no_problems() {
        for good in [
            json!({ "no": "1", "result": "0", "cost": "0.50", "url": "http://127.0.0.1/x", "id": 5, "type": 1 }),
            json!({ "no": "一二三四五", "result": "1", "url": "", "id": "5" }),
            json!({ "no": "1", "result": "1", "cost": null, "url": null }),
        ] {
            assert_eq!(found(good), Vec::<String>::new());
        }
    }

    #[test]
    fn each_deviation_is_named() {
        let honest = json!({ "no": "1", "result": "0", "cost": "0.50", "url": "", "id": 5 });
        for (name, value, what) in [
            ("no", json!(""), "no is empty"),
            ("no", json!("123456"), "no is too long"),
            ("no", json!(1), "no is not a text"),
            ("result", json!("2"), "result is none of the documented codes"),
            ("cost", json!(""), "cost is empty"),
            ("cost", json!("00.50"), "cost is not an amount with two decimals"),
            ("cost", json!("1e2"), "cost is not an amount with two decimals"),
            ("url", json!("ftp://x/"), "url is not an http address"),
            ("id", json!("-1"), "id is not a whole number"),
            ("type", json!(3), "type is none of the documented codes"),
            ("more", json!("1"), "more is not in the document"),
        ] {
            let mut changed = honest.clone();
            changed[name] = value;
            assert_eq!(found(changed), [what]);
        }
        assert_eq!(found(json!({ "no": "1", "result": "0" })), ["cost is missing", "url is missing"]);
    }

    #[test]
    fn forms_are_read_strictly() {
        for (form, good, bad) in [
            (Form::Moment, "2026-11-22 09:30:00", "2026-11-22 9:30:00"),
            (Form::Day, "2026-02-28", "2026-2-28"),
            (Form::Percent, "0.25%", "0.0025"),
            (Form::Pdf, "JVBERi0xLjc=", "aGVsbG8="),
            (Form::Sha256, &"0a".repeat(32), &"0A".repeat(32)),
        ] {
            assert_eq!(amiss(form, good), None, "{good}");
            assert!(amiss(form, bad).is_some(), "{bad}");
        }
    }
}
