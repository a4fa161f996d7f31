//! The platform as a server: believes a callback only if envelope, signature, fields and formats are the document's.

use super::contract::{Field, Form, Need, callback_fields};
use super::settings::{BadSettings, Settings};
use super::speak::Speaker;
use crate::receiver::{Platform, Verdict, json_reply};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

/// Reads the five callbacks of one platform.
#[derive(Debug)]
pub struct Reader {
    speaker: Speaker,
}

impl Reader {
    /// A reader with this platform's keys and habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)? })
    }
}

impl Platform for Reader {
    fn hear(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        let content_type = request.headers().get("content-type").and_then(|value| value.to_str().ok());
        match self.speaker.read(content_type.unwrap_or_default(), request.body(), now) {
            Ok(heard) => {
                let problems = problems(&heard.method, &heard.data);
                Verdict {
                    key: key(&heard.method, &heard.data),
                    method: heard.method,
                    verified: true,
                    problems,
                    data: heard.data,
                }
            }
            Err(mistrust) => Verdict {
                key: String::new(),
                method: mistrust.method,
                verified: false,
                problems: vec![mistrust.why],
                data: Map::new(),
            },
        }
    }

    fn agree(&self, _heard: &Verdict) -> Response<Bytes> {
        json_reply(&json!({ "result": "success", "msg": "成功" }))
    }

    fn refuse(&self, _heard: &Verdict, why: &str) -> Response<Bytes> {
        json_reply(&json!({ "result": "fail", "msg": why }))
    }
}

/// What makes two callbacks the same for the platform. Where the request has no number of its own (3.5.3, FS-27) a refused
/// refund may be followed by an approved one: there the outcome tells them apart.
fn key(method: &str, data: &Map<String, Value>) -> String {
    let request = if data.contains_key("accept_no") { "accept_no" } else { "approve_status" };
    format!("{method} {} {} {}", text(data, request), text(data, "guarantee_no"), text(data, "invoice_no"))
}

/// Everything about `data` that is not as documented.
fn problems(method: &str, data: &Map<String, Value>) -> Vec<String> {
    let Some(fields) = callback_fields(method) else {
        return vec![format!("method {method:?} is no callback of this platform")];
    };
    let approved = text(data, "approve_status") == "1";
    let refused = text(data, "approve_status") == "2";
    let unknown = data.keys().filter(|name| fields.iter().all(|field| field.name != *name));
    let mut found: Vec<String> = unknown.map(|name| format!("{name} is not in the document")).collect();
    found.extend(fields.iter().filter_map(|field| {
        let wanted = match field.need {
            Need::Always => true,
            Need::WhenApproved => approved,
            Need::Reason => refused,
            Need::Never => false,
        };
        problem(field, data.get(field.name), wanted).map(|what| format!("{} {what}", field.name))
    }));
    found
}

fn problem(field: &Field, value: Option<&Value>, wanted: bool) -> Option<&'static str> {
    let key_needed = wanted || field.need == Need::WhenApproved;
    let value = match value {
        None => return key_needed.then_some("is missing"),
        Some(Value::String(text)) => text.as_str(),
        Some(_) => return Some("is not a String"),
    };
    if value.is_empty() {
        return wanted.then_some("is empty");
    }
    if value.chars().count() > field.longest {
        return Some("is too long");
    }
    match field.form {
        Form::Text => None,
        Form::Outcome => (!matches!(value, "1" | "2")).then_some("is neither 1 nor 2"),
        Form::Address => (!is_address(value)).then_some("is not an http address"),
        Form::Money => (!is_money(value)).then_some("is not an amount with two decimals"),
        Form::Fraction => (!is_fraction(value)).then_some("is not a decimal fraction"),
    }
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_money(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    let plain = |whole: &str| whole == "0" || !whole.starts_with('0');
    text.split_once('.')
        .is_some_and(|(yuan, fen)| digits(yuan) && plain(yuan) && digits(fen) && fen.len() == 2)
}

fn is_fraction(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    text.strip_prefix("0.").is_some_and(digits)
}

fn text<'a>(data: &'a Map<String, Value>, name: &str) -> &'a str {
    data.get(name).and_then(Value::as_str).unwrap_or_default()
}
