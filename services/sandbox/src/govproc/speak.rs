//! Enciphered bodies and answers of sections 3.1.3 and 3.1.4, written and read as a platform does; nothing is guessed.

use super::settings::{BadSettings, Cipher, Iv, Money, Settings, Shape, Times};
use bytes::Bytes;
use crypto::{aes::Aes, digest, key::Key, secret::Secret};
use http::{Request, header};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// The header that names the platform.
pub(crate) const APP_KEY: &str = "appKey";
pub(crate) const TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const AMOUNTS: [&str; 5] = ["bzjmoney", "paymoney", "bhcost", "bhrate", "money"];
const MOMENTS: [&str; 5] = ["kbttime", "tbjztime", "paytime", "bhcretime", "dealtime"];
const VECTOR: usize = 16;

/// One platform's tongue: its key and habits.
#[derive(Debug)]
pub struct Speaker {
    settings: Settings,
    key: Key,
    vector: Option<Vec<u8>>,
}

/// An answer of either side: 交互通用响应.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Envelope {
    pub(crate) fields: Map<String, Value>,
    /// The opened `data`; empty if there is none.
    pub(crate) data: Map<String, Value>,
    /// What is not as documented.
    pub(crate) problems: Vec<String>,
}

impl Speaker {
    /// Learns to speak.
    ///
    /// # Errors
    /// [`BadSettings`] if no key can be made of appSecret, or the vector is missing or too short.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let habits = &settings.variants;
        let secret = Secret::new(settings.app_secret.clone());
        let key = Key::read(&secret, habits.key_form).map_err(|bad| BadSettings(bad.to_string()))?;
        let vector = match (habits.cipher, habits.iv) {
            (Cipher::Ecb, _) | (_, Iv::Prefixed) => None,
            (_, Iv::Key) => key.get(..VECTOR).map(<[u8]>::to_vec),
            (_, Iv::Given) => Some(settings.iv.clone().unwrap_or_default().into_bytes()),
        };
        let speaker = Self { key, vector, settings };
        speaker.seal(b"{}").ok_or_else(|| {
            BadSettings(
                "app_secret makes no AES key in this key_form, or iv has not 16 characters".to_owned(),
            )
        })?;
        Ok(speaker)
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes a request to this address, its parameters in the body.
    ///
    /// # Errors
    /// If the address is not one.
    pub fn post(&self, url: &str, fields: &Value) -> Result<Request<Bytes>, http::Error> {
        let habits = &self.settings.variants;
        let content_type = habits.content_type.as_deref().unwrap_or("application/json;charset=utf-8");
        let request = Request::post(url).header(header::CONTENT_TYPE, content_type);
        request.header(APP_KEY, &self.settings.app_key).body(Bytes::from(self.body(fields)))
    }

    /// Writes a request to this address, its parameters in the address.
    ///
    /// # Errors
    /// If the address is not one.
    pub fn get(&self, url: &str, fields: &Value) -> Result<Request<Bytes>, http::Error> {
        let member = self.settings.variants.shape.member().unwrap_or("data");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair(member, &self.sealed(fields)).finish();
        let joint = if url.contains('?') { '&' } else { '?' };
        let request = Request::get(format!("{url}{joint}{query}"));
        request.header(APP_KEY, &self.settings.app_key).body(Bytes::new())
    }

    /// Reads the parameters of a request in this platform's shape.
    ///
    /// # Errors
    /// What does not hold.
    pub(crate) fn read(&self, body: &[u8]) -> Result<Map<String, Value>, &'static str> {
        let not_json = "the body is not JSON of the agreed shape";
        let text = match self.settings.variants.shape {
            Shape::Plain => return serde_json::from_slice(body).map_err(|_| not_json),
            Shape::Bare => String::from_utf8(body.to_vec()).map_err(|_| not_json)?,
            Shape::Literal => serde_json::from_slice(body).map_err(|_| not_json)?,
            shape => {
                let members: Map<String, Value> = serde_json::from_slice(body).map_err(|_| not_json)?;
                let member = shape.member().and_then(|name| members.get(name)?.as_str().map(str::to_owned));
                member.ok_or("the agreed member with the ciphertext is missing")?
            }
        };
        self.open(&text).ok_or("the ciphertext does not open to a JSON object")
    }

    /// Writes an answer of this protocol.
    #[must_use]
    pub fn answer(&self, stat: u8, errcode: &str, msg: &str, data: Option<&Value>) -> Bytes {
        let habits = &self.settings.variants;
        let stat = if habits.stat_text { stat.to_string().into() } else { Value::from(stat) };
        let mut answer = json!({ "stat": stat, "errcode": errcode, "msg": msg });
        if let Some(data) = data {
            answer["data"] = self.sealed(data).into();
        }
        let text = answer.to_string();
        Bytes::from(if habits.whole_answers { self.seal(text.as_bytes()).unwrap_or_default() } else { text })
    }

    /// Reads an answer of this protocol; `None` if it is no JSON object.
    pub(crate) fn read_answer(&self, body: &[u8]) -> Option<Envelope> {
        let fields: Map<String, Value> = if self.settings.variants.whole_answers {
            self.open(std::str::from_utf8(body).ok()?)?
        } else {
            serde_json::from_slice(body).ok()?
        };
        let mut problems = Vec::new();
        let good = fields.get("stat").is_some_and(|stat| stat == 1);
        if !good && fields.get("stat").is_none_or(|stat| stat != 0) {
            problems.push("stat is neither 0 nor 1".to_owned());
        }
        for name in ["errcode", "msg"] {
            if fields.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
                problems.push(format!("{name} is missing"));
            }
        }
        let data = match fields.get("data") {
            None => Map::new(),
            Some(_) if !good => {
                problems.push("data in a failure".to_owned());
                Map::new()
            }
            Some(sealed) => sealed.as_str().and_then(|text| self.open(text)).unwrap_or_else(|| {
                problems.push("data does not open to a JSON object".to_owned());
                Map::new()
            }),
        };
        Some(Envelope { fields, data, problems })
    }

    fn body(&self, fields: &Value) -> String {
        let sealed = self.sealed(fields);
        match self.settings.variants.shape {
            Shape::Bare | Shape::Plain => sealed,
            Shape::Literal => Value::from(sealed).to_string(),
            shape => {
                let mut body = json!({ shape.member().unwrap_or_default(): sealed });
                if self.settings.variants.app_key_in_body {
                    body[APP_KEY] = self.settings.app_key.as_str().into();
                }
                body.to_string()
            }
        }
    }

    /// The parameters in this platform's hand, enciphered.
    fn sealed(&self, fields: &Value) -> String {
        let plain = self.written(fields);
        match self.settings.variants.shape {
            Shape::Plain => plain,
            _ => self.seal(plain.as_bytes()).unwrap_or_default(),
        }
    }

    fn written(&self, fields: &Value) -> String {
        let habits = &self.settings.variants;
        let member = |(name, value): (&String, &Value)| {
            let name = match name.as_str() {
                "kbttime" if habits.kbtime => "kbtime",
                "baohanno" if habits.bhno => "bhno",
                name => name,
            };
            format!("{}:{}", Value::from(name), self.value(name, value))
        };
        let members: Vec<String> = fields.as_object().into_iter().flatten().map(member).collect();
        format!("{{{}}}", members.join(","))
    }

    /// A value as JSON; samples have amounts as text and moments as milliseconds.
    fn value(&self, name: &str, value: &Value) -> String {
        let habits = &self.settings.variants;
        match (value.as_str(), value.as_i64()) {
            (Some(amount), _) if AMOUNTS.contains(&name) && habits.money == Money::Number => {
                if amount.parse::<f64>().is_ok() { amount.to_owned() } else { value.to_string() }
            }
            (_, Some(millis)) if MOMENTS.contains(&name) || name == "kbtime" => moment(millis, habits.times),
            _ => value.to_string(),
        }
    }

    fn seal(&self, plain: &[u8]) -> Option<String> {
        let bytes = match (self.settings.variants.cipher, &self.vector) {
            (Cipher::Ecb, _) => Aes::ecb(&self.key).ok()?.encrypt(plain),
            (Cipher::Cbc, Some(vector)) => Aes::cbc(&self.key, vector).ok()?.encrypt(plain),
            (Cipher::Cbc, None) => {
                let vector = digest::md5(plain);
                [vector.as_slice(), &Aes::cbc(&self.key, &vector).ok()?.encrypt(plain)].concat()
            }
        };
        Some(self.settings.variants.text.encode(&bytes))
    }

    fn open(&self, text: &str) -> Option<Map<String, Value>> {
        let bytes = self.settings.variants.text.decode(text).ok()?;
        let plain = match (self.settings.variants.cipher, &self.vector) {
            (Cipher::Ecb, _) => Aes::ecb(&self.key).ok()?.decrypt(bytes),
            (Cipher::Cbc, Some(vector)) => Aes::cbc(&self.key, vector).ok()?.decrypt(bytes),
            (Cipher::Cbc, None) => {
                let (vector, rest) = bytes.split_at_checked(VECTOR)?;
                Aes::cbc(&self.key, vector).ok()?.decrypt(rest.to_vec())
            }
        };
        serde_json::from_slice(&plain.ok()?).ok()
    }
}

fn moment(millis: i64, times: Times) -> String {
    match times {
        Times::Millis => millis.to_string(),
        Times::MillisText => format!("\"{millis}\""),
        Times::Seconds => (millis / 1000).to_string(),
        Times::Text => {
            let at = OffsetDateTime::from_unix_timestamp(millis / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
            format!("\"{}\"", crate::shanghai(at).format(TIME).unwrap_or_default())
        }
    }
}
