//! The platform as a server: one path per callback, each believed only if signature, fields and formats are the document's.

use super::contract::{Endpoint, Field, Form, Need};
use super::orders::TIME;
use super::settings::{BadSettings, Settings};
use super::speak::Speaker;
use crate::receiver::{Platform, Verdict, json_reply};
use bytes::Bytes;
use crypto::{digest, text};
use http::{Method, Request, Response};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, PrimitiveDateTime};

/// Reads the five callbacks of one platform.
#[derive(Debug)]
pub struct Reader {
    speaker: Speaker,
}

impl Reader {
    /// A reader with this platform's keys and habits.
    ///
    /// # Errors
    /// [`BadSettings`] if two callbacks share a path.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let shared = super::contract::ENDPOINTS.iter().find(|one| {
            settings.endpoint(&settings.path(one.name)).is_some_and(|found| found.name != one.name)
        });
        match shared {
            Some(one) => Err(BadSettings(format!("paths: {} shares its path with another", one.name))),
            None => Ok(Self { speaker: Speaker::new(settings) }),
        }
    }

    fn believe(&self, endpoint: &Endpoint, mut data: Map<String, Value>) -> Verdict {
        let problems = problems(endpoint, &data);
        let key = key(endpoint.name, &data);
        if let Some(file) = data.remove("baohanfile") {
            let file = text::from_base64(file.as_str().unwrap_or_default()).unwrap_or_default();
            data.insert("baohanfile_sha256".to_owned(), text::to_hex(&digest::sha256(&file)).into());
            data.insert("baohanfile_bytes".to_owned(), file.len().into());
        }
        Verdict { method: endpoint.name.to_owned(), key, verified: true, problems, data }
    }
}

impl Platform for Reader {
    fn hear(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Verdict {
        let Some(endpoint) = self.speaker.settings().endpoint(request.uri().path()) else {
            return disbelief("", "no interface of this platform is at this path".to_owned());
        };
        if request.method() != Method::POST {
            return disbelief(endpoint.name, "提交请求使用Post方式".to_owned());
        }
        match self.speaker.read(request, now) {
            Ok(data) => self.believe(endpoint, data),
            Err(mistrust) => disbelief(endpoint.name, mistrust.0),
        }
    }

    fn agree(&self, _heard: &Verdict) -> Response<Bytes> {
        self.reply("1", "操作成功")
    }

    fn refuse(&self, _heard: &Verdict, why: &str) -> Response<Bytes> {
        self.reply("0", why)
    }
}

impl Reader {
    fn reply(&self, code: &str, message: &str) -> Response<Bytes> {
        let habits = &self.speaker.settings().variants;
        let code = if habits.code_number { json!(u8::from(code == "1")) } else { code.into() };
        let name = if habits.msg { "msg" } else { "message" };
        json_reply(&json!({ "code": code, name: message }))
    }
}

fn disbelief(method: &str, why: String) -> Verdict {
    Verdict {
        method: method.to_owned(),
        key: String::new(),
        verified: false,
        problems: vec![why],
        data: Map::new(),
    }
}

/// What makes two callbacks the same for the platform; a refused request may be followed by an approved one.
fn key(method: &str, data: &Map<String, Value>) -> String {
    let part = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{method} {} {} {} {}", part("applyno"), part("baohanno"), part("applystatus"), part("invoiceno"))
}

/// Everything about a callback that is not as documented.
fn problems(endpoint: &Endpoint, data: &Map<String, Value>) -> Vec<String> {
    let approved = data.get("applystatus").is_none_or(|status| status == "1");
    let unknown = data.keys().filter(|name| endpoint.fields.iter().all(|field| field.name != *name));
    let mut found: Vec<String> = unknown.map(|name| format!("{name} is not in the document")).collect();
    found.extend(endpoint.fields.iter().filter_map(|field| {
        problem(field, data.get(field.name), approved).map(|what| format!("{} {what}", field.name))
    }));
    found
}

fn problem(field: &Field, value: Option<&Value>, approved: bool) -> Option<&'static str> {
    let value = match value {
        None => return (field.need != Need::Never).then_some("is missing"),
        Some(Value::String(text)) => text.as_str(),
        Some(_) => return Some("is not a string"),
    };
    if value.is_empty() {
        let wanted = field.need == Need::Always || (field.need == Need::WhenApproved && approved);
        return wanted.then_some("is empty");
    }
    if value.chars().count() > field.longest {
        return Some("is too long");
    }
    match field.form {
        Form::Text => None,
        Form::Outcome => (!matches!(value, "0" | "1")).then_some("is neither 0 nor 1"),
        Form::Address => (!is_address(value)).then_some("is not an http address"),
        Form::Number => (!is_number(value)).then_some("is not a number"),
        Form::Time => PrimitiveDateTime::parse(value, TIME).is_err().then_some("is not yyyy-MM-dd HH:mm:ss"),
        Form::File => match text::from_base64(value) {
            Err(_) => Some("is not base64 in one line"),
            Ok(file) => (!file.starts_with(b"%PDF-")).then_some("is not a PDF"),
        },
    }
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    text.split_once('.').map_or_else(|| digits(text), |(whole, fraction)| digits(whole) && digits(fraction))
}
