//! The platform as a server: believes a callback only if appKey, cipher, fields and formats are the document's.

use super::contract::{Field, Form, INTERFACES, Need, callback_fields};
use super::settings::{BadSettings, Money, Settings, Times, Variants};
use super::speak::{APP_KEY, Speaker, TIME};
use crate::receiver::{Platform, Verdict};
use bytes::Bytes;
use crypto::{digest, secret::same, text};
use http::{Method, Request, Response, header};
use serde_json::{Map, Value};
use time::{OffsetDateTime, PrimitiveDateTime};

/// Reads the three callbacks of one platform.
#[derive(Debug)]
pub struct Reader {
    speaker: Speaker,
}

impl Reader {
    /// A reader with this platform's key and habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the key cannot be used.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)? })
    }

    fn read(&self, request: &Request<Bytes>) -> Result<Map<String, Value>, &'static str> {
        if request.method() != Method::POST {
            return Err("the method is not POST");
        }
        let app_key = request.headers().get(APP_KEY).ok_or("the header appKey is missing")?;
        if !same(app_key.as_bytes(), self.speaker.settings().app_key.as_bytes()) {
            return Err("appKey is not ours");
        }
        self.speaker.read(request.body())
    }

    fn reply(&self, stat: u8, errcode: &str, msg: &str) -> Response<Bytes> {
        let mut reply = Response::new(self.speaker.answer(stat, errcode, msg, None));
        let json = header::HeaderValue::from_static("application/json;charset=utf-8");
        reply.headers_mut().insert(header::CONTENT_TYPE, json);
        reply
    }
}

impl Platform for Reader {
    fn hear(&self, request: &Request<Bytes>, _now: OffsetDateTime) -> Verdict {
        let settings = self.speaker.settings();
        let method = INTERFACES.iter().map(|row| row.method).find(|method| {
            callback_fields(method).is_some() && settings.path(method) == request.uri().path()
        });
        let read = match method {
            None => Err("no interface of this platform is at this path"),
            Some(_) => self.read(request),
        };
        let method = method.unwrap_or_default();
        match read {
            Ok(data) => {
                let fields = callback_fields(method).unwrap_or_default();
                let problems = problems(fields, &data, &settings.variants);
                let key = key(method, &data);
                Verdict { method: method.to_owned(), key, verified: true, problems, data: without_file(data) }
            }
            Err(why) => Verdict {
                method: method.to_owned(),
                key: String::new(),
                verified: false,
                problems: vec![why.to_owned()],
                data: Map::new(),
            },
        }
    }

    fn agree(&self, _heard: &Verdict) -> Response<Bytes> {
        self.reply(1, "000070", "操作成功")
    }

    fn refuse(&self, _heard: &Verdict, why: &str) -> Response<Bytes> {
        self.reply(0, "000071", why)
    }
}

/// What makes two callbacks the same for the platform.
fn key(method: &str, data: &Map<String, Value>) -> String {
    let part = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    let told = [part("type"), part("staus"), part("state")].concat();
    format!("{method} {} {} {told}", part("orderno"), part("bhno"))
}

/// The ledger keeps what a file was, not the file.
fn without_file(mut data: Map<String, Value>) -> Map<String, Value> {
    if let Some(file) = data.remove("bhfile") {
        let file = text::from_base64(file.as_str().unwrap_or_default()).unwrap_or_default();
        data.insert("bhfile_sha256".to_owned(), text::to_hex(&digest::sha256(&file)).into());
        data.insert("bhfile_bytes".to_owned(), file.len().into());
    }
    data
}

/// Everything about fields that is not as documented.
pub(crate) fn problems(fields: &[Field], data: &Map<String, Value>, habits: &Variants) -> Vec<String> {
    let known = |name: &str| {
        fields.iter().any(|field| field.name == name)
            || (name == "status" && habits.both_spellings && data.get("staus") == data.get("status"))
    };
    let unknown = data.keys().filter(|name| !known(name));
    let mut found: Vec<String> = unknown.map(|name| format!("{name} is not in the document")).collect();
    found.extend(fields.iter().filter_map(|field| {
        let wanted = match field.need {
            Need::Always => true,
            Need::When(other, value) => data.get(other).is_some_and(|found| found == value),
            Need::Key | Need::Never => false,
        };
        problem(field, data.get(field.name), wanted, habits).map(|what| format!("{} {what}", field.name))
    }));
    found
}

fn problem(field: &Field, value: Option<&Value>, wanted: bool, habits: &Variants) -> Option<&'static str> {
    let value = match value {
        None => return (wanted || field.need == Need::Key).then_some("is missing"),
        Some(value) if value.is_null() || value == "" => return wanted.then_some("is empty"),
        Some(value) => value,
    };
    let text = value.as_str();
    let wrong = |good: bool, what: &'static str| (!good).then_some(what);
    match field.form {
        Form::Text(longest) => match text {
            None => Some("is not a string"),
            Some(text) => wrong(text.chars().count() <= longest, "is too long"),
        },
        Form::Code(codes) => wrong(text.is_some_and(|text| codes.contains(&text)), "is not one of its codes"),
        Form::Int(codes) => {
            wrong(value.as_i64().is_some_and(|code| codes.contains(&code)), "is not one of its numbers")
        }
        Form::Money | Form::Rate => {
            wrong(is_amount(field.form, value, habits.money), "is not a BigDecimal as agreed")
        }
        Form::Time => wrong(is_moment(value, habits.times), "is not a moment as agreed"),
        Form::Address => wrong(text.is_some_and(is_address), "is not an http address"),
        Form::File => match text.map(text::from_base64) {
            Some(Ok(file)) => wrong(file.starts_with(b"%PDF-"), "is not a PDF"),
            _ => Some("is not base64 in one line"),
        },
    }
}

fn is_amount(form: Form, value: &Value, money: Money) -> bool {
    let number = match (money, value) {
        (Money::Number, Value::Number(number)) => number.as_f64(),
        (Money::Text, Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    number.is_some_and(|number: f64| number >= 0.0 && (form == Form::Money || number < 1.0))
}

fn is_moment(value: &Value, times: Times) -> bool {
    let digits = |length: usize, text: &str| text.len() == length && text.bytes().all(|c| c.is_ascii_digit());
    match (times, value) {
        (Times::Millis, Value::Number(number)) => digits(13, &number.to_string()),
        (Times::Seconds, Value::Number(number)) => digits(10, &number.to_string()),
        (Times::MillisText, Value::String(text)) => digits(13, text),
        (Times::Text, Value::String(text)) => PrimitiveDateTime::parse(text, TIME).is_ok(),
        _ => false,
    }
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
