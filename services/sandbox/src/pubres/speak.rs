//! The flat signed message of this document, written and read as a platform does: SM3 over sorted fields and the secret.

use super::orders::TIME;
use super::settings::{Body, Digest, FileList, Numbers, Settings, Variants};
use bytes::Bytes;
use crypto::{digest, secret::same, text};
use http::{Request, header};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use time::{OffsetDateTime, PrimitiveDateTime};

/// How far the moment of signing may be from the moment of arrival: a callback is signed when it is sent.
const SKEW_SECONDS: i64 = 300;
/// Fields that carry amounts.
const AMOUNTS: [&str; 3] = ["bzjamount", "amount", "payeramount"];
/// Block of SM3, bytes, for HMAC.
const BLOCK: usize = 64;
/// Optional fields of the requests: what a platform that sends empties sends empty.
const OPTIONAL: [(&str, &[&str]); 3] = [
    ("baohanapply", &["jbrname", "jbrphone", "zbrorgnum"]),
    (
        "invoiceapply",
        &["address", "phone", "bank", "account", "email", "mobile", "contactname", "contactaddress"],
    ),
    ("claimsnotice", &["payeraccount", "payeramount", "filelist", "Reason"]),
];

/// A message whose signature held: its fields without the envelope (appkey, timestamp, sign).
pub type Heard = Map<String, Value>;

/// Why a message is not believed; said openly, for whoever tests against the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Mistrust(pub String);

/// One platform's tongue: its keys and habits.
#[derive(Debug)]
pub struct Speaker {
    settings: Settings,
}

/// A field on its way out: its JSON and what of it is signed.
struct Said {
    json: String,
    signed: String,
}

impl Speaker {
    /// Learns to speak.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes a request to this address: the business fields, platformcode and the envelope, signed.
    ///
    /// # Errors
    /// If the address is not one.
    pub fn write(
        &self,
        url: &str,
        method: &str,
        fields: &Value,
        at: OffsetDateTime,
    ) -> Result<Request<Bytes>, http::Error> {
        let habits = &self.settings.variants;
        let mut said = self.business(method, fields);
        for (name, value) in &habits.extras {
            said.insert(name.clone(), Said::text(value));
        }
        said.insert("platformcode".to_owned(), Said::text(&self.settings.platformcode));
        self.seal(url, said, at)
    }

    /// Writes a message of the other side, with exactly these fields and the envelope: what an institution would send.
    ///
    /// # Errors
    /// If the address is not one.
    pub fn write_back(
        &self,
        url: &str,
        fields: &Value,
        at: OffsetDateTime,
    ) -> Result<Request<Bytes>, http::Error> {
        self.seal(url, self.business("", fields), at)
    }

    /// Reads a callback: right appkey, right signature, signed just now.
    ///
    /// # Errors
    /// A [`Mistrust`] that says what does not hold.
    pub fn read(&self, request: &Request<Bytes>, at: OffsetDateTime) -> Result<Heard, Mistrust> {
        let mut fields = parse(request)?;
        let no = |why: &str| Mistrust(why.to_owned());
        let Some(Value::String(sign)) = fields.remove("sign") else {
            return Err(no("sign is missing"));
        };
        if fields.get("appkey").and_then(Value::as_str) != Some(self.settings.appkey.as_str()) {
            return Err(no("appkey is not ours"));
        }
        let signed = fields.iter().map(|(name, value)| (name.as_str(), as_signed(value)));
        let ours = self.sign(signed.collect());
        // Digits of either case: whoever writes capitals reads small letters too.
        if !same(sign.to_ascii_lowercase().as_bytes(), ours.to_ascii_lowercase().as_bytes()) {
            return Err(no("sign does not hold"));
        }
        let timestamp = fields.remove("timestamp").unwrap_or_default();
        punctual(timestamp.as_str().unwrap_or_default(), at).map_err(no)?;
        fields.remove("appkey");
        Ok(fields)
    }

    /// The business fields in this platform's hand.
    fn business(&self, method: &str, fields: &Value) -> BTreeMap<String, Said> {
        let habits = &self.settings.variants;
        let mut said = BTreeMap::new();
        for (name, value) in fields.as_object().into_iter().flatten() {
            let small = habits.small_reason && name == "Reason";
            let name = if small { "reason" } else { name.as_str() };
            said.insert(name.to_owned(), self.field(name, value));
        }
        let optional = OPTIONAL.iter().find(|(of, _)| habits.empties && *of == method);
        for name in optional.map_or(&[] as &[&str], |(_, names)| *names) {
            said.entry((*name).to_owned()).or_insert_with(|| Said::text(""));
        }
        said
    }

    fn field(&self, name: &str, value: &Value) -> Said {
        let habits = &self.settings.variants;
        match value {
            Value::String(text) if AMOUNTS.contains(&name) => match (habits.numbers, text.parse::<f64>()) {
                (Numbers::Token, Ok(_)) => Said { json: text.clone(), signed: text.clone() },
                (Numbers::JavaDouble, Ok(number)) => Said { json: text.clone(), signed: java_double(number) },
                _ => Said::text(text),
            },
            Value::String(text) if name == "filelist" && habits.filelist == FileList::Array => {
                Said { json: text.clone(), signed: text.clone() }
            }
            Value::String(text) => Said::text(text),
            other => Said { json: other.to_string(), signed: as_signed(other) },
        }
    }

    fn seal(
        &self,
        url: &str,
        mut said: BTreeMap<String, Said>,
        at: OffsetDateTime,
    ) -> Result<Request<Bytes>, http::Error> {
        let timestamp = crate::shanghai(at).format(TIME).unwrap_or_default();
        said.insert("appkey".to_owned(), Said::text(&self.settings.appkey));
        said.insert("timestamp".to_owned(), Said::text(&timestamp));
        let sign = self.sign(said.iter().map(|(name, said)| (name.as_str(), said.signed.clone())).collect());
        said.insert("sign".to_owned(), Said::text(&sign));
        let members: Vec<String> =
            said.iter().map(|(name, said)| format!("{}:{}", Value::from(name.as_str()), said.json)).collect();
        posted(url, format!("{{{}}}", members.join(",")), &self.settings.variants)
    }

    /// The signature over these fields, `sign` not among them.
    fn sign(&self, mut fields: Vec<(&str, String)>) -> String {
        let habits = &self.settings.variants;
        if habits.caseless {
            fields.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        } else {
            fields.sort_by_key(|(name, _)| *name);
        }
        let pairs: Vec<String> = fields
            .iter()
            .filter(|(_, value)| habits.keep_empty || !value.trim().is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let (fields, secret) = (pairs.join("&"), self.settings.appsecret.as_str());
        let digest = match habits.digest {
            Digest::AppSecret => digest::sm3(format!("{fields}&appsecret={secret}").as_bytes()),
            Digest::Key => digest::sm3(format!("{fields}&key={secret}").as_bytes()),
            Digest::Suffix => digest::sm3(format!("{fields}{secret}").as_bytes()),
            Digest::Prefix => digest::sm3(format!("{secret}&{fields}").as_bytes()),
            Digest::Hmac => hmac_sm3(secret.as_bytes(), fields.as_bytes()),
        };
        let hex = text::to_hex(&digest);
        if habits.upper { hex.to_ascii_uppercase() } else { hex }
    }
}

impl Said {
    fn text(value: &str) -> Self {
        Self { json: Value::from(value).to_string(), signed: value.to_owned() }
    }
}

fn posted(url: &str, json: String, habits: &Variants) -> Result<Request<Bytes>, http::Error> {
    let (honest, body) = match habits.body {
        Body::Json => ("application/json;charset=UTF-8", json),
        Body::Form => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            ("application/x-www-form-urlencoded", form.append_pair("requestData", &json).finish())
        }
    };
    let content_type = habits.content_type.as_deref().unwrap_or(honest);
    Request::post(url).header(header::CONTENT_TYPE, content_type).body(Bytes::from(body))
}

fn parse(request: &Request<Bytes>) -> Result<Map<String, Value>, Mistrust> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let broken = |_| Mistrust("the body is not one JSON object".to_owned());
    if content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let mut pairs = url::form_urlencoded::parse(request.body());
        let data = pairs.find(|(name, _)| name == "requestData");
        let (_, json) = data.ok_or_else(|| Mistrust("requestData is missing".to_owned()))?;
        return serde_json::from_str(&json).map_err(broken);
    }
    serde_json::from_slice(request.body()).map_err(broken)
}

/// What of a value is signed: a text as it is, nothing of null, anything else as compact JSON.
fn as_signed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn punctual(timestamp: &str, at: OffsetDateTime) -> Result<(), &'static str> {
    let written =
        PrimitiveDateTime::parse(timestamp, TIME).map_err(|_| "timestamp is not yyyy-MM-dd HH:mm:ss")?;
    let away = (written.assume_offset(crate::shanghai(at).offset()) - at).whole_seconds().abs();
    if away > SKEW_SECONDS { Err("timestamp is more than five minutes from our clock") } else { Ok(()) }
}

/// How Java prints a double: between a thousandth and ten million in full, otherwise with an exponent; never without a fraction.
fn java_double(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let (mantissa, exponent) = (format!("{number:E}"), String::new());
    let (digits, power) = mantissa.split_once('E').unwrap_or((&mantissa, &exponent));
    let fraction = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{fraction}E{power}")
}

fn hmac_sm3(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    let hashed = digest::sm3(key);
    let key = if key.len() > BLOCK { &hashed[..] } else { key };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let inner = digest::sm3(&[&block.map(|byte| byte ^ 0x36)[..], text].concat());
    digest::sm3(&[&block.map(|byte| byte ^ 0x5c)[..], &inner].concat())
}
