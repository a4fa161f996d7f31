//! The envelope of sections 2.1 to 2.4 (method, access_key, created, data, sign), written and read as a platform does.

use super::settings::{AesKeyForm, BadSettings, Body, Clock, Settings, Times, Variants};
use bytes::Bytes;
use crypto::{aes::Aes, digest, secret::same, text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description,
};

const CREATED: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day][hour][minute][second]");
const CREATED_12: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour repr:12][minute][second]");
/// How far the moment of signing may be from the moment of arrival: a callback is signed when it is sent.
const SKEW_SECONDS: i64 = 300;
/// How often a MIME encoder breaks its lines.
const MIME_COLUMNS: usize = 76;

/// A signed request, ready to be posted any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Content-Type.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

/// A request whose signature held.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// method.
    pub method: String,
    /// The deciphered content of data.
    pub data: Map<String, Value>,
}

/// Why a request is not believed; said openly, for whoever tests against the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Mistrust {
    /// The method it claimed, if it could be read.
    pub method: String,
    /// What does not hold.
    pub why: String,
}

/// One platform's tongue: its keys and habits.
#[derive(Debug)]
pub struct Speaker {
    settings: Settings,
    aes: Aes,
}

impl Speaker {
    /// Learns to speak.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys have the wrong length or form.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let written = settings.aes_key.as_ref().unwrap_or(&settings.secret_key);
        let key = match settings.aes_key_form {
            AesKeyForm::Utf8 => written.as_bytes().to_vec(),
            AesKeyForm::Base64 => {
                text::from_base64(written).map_err(|_| BadSettings("aes_key is not base64".to_owned()))?
            }
        };
        let aes = Aes::cbc(&key, settings.iv.as_bytes()).map_err(|bad| BadSettings(bad.to_string()))?;
        Ok(Self { settings, aes })
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes a request: `data` is one object, or an array of them where a batch is meant.
    #[must_use]
    pub fn write(&self, method: &str, data: &Value, at: OffsetDateTime) -> Letter {
        let habits = &self.settings.variants;
        let plain = self.in_our_hand(data).to_string();
        let sealed = text::to_base64(&self.aes.encrypt(plain.as_bytes()));
        let blank = if habits.stray_blanks { " " } else { "" };
        let mut fields: BTreeMap<String, String> = habits.extras.clone();
        fields.insert("method".to_owned(), method.to_owned());
        fields.insert("access_key".to_owned(), format!("{blank}{}", self.settings.access_key));
        fields.insert("created".to_owned(), format!("{blank}{}{blank}", created(at, habits.clock)));
        fields.insert("data".to_owned(), if habits.line_breaks { broken(&sealed) } else { sealed });
        let sign = self.sign(&fields);
        fields.insert("sign".to_owned(), sign);
        envelope(&fields, habits)
    }

    /// Reads a callback: right keys, right signature, signed just now, `data` that deciphers to one object.
    ///
    /// # Errors
    /// A [`Mistrust`] that says what does not hold.
    pub fn read(&self, content_type: &str, body: &[u8], at: OffsetDateTime) -> Result<Heard, Mistrust> {
        let mut fields = parse(content_type, body).map_err(|why| mistrust("", why))?;
        let method = fields.get("method").cloned().unwrap_or_default();
        let no = |why: &str| mistrust(&method, why);
        let sign = fields.remove("sign").ok_or_else(|| no("sign is missing"))?;
        if fields.get("access_key") != Some(&self.settings.access_key) {
            return Err(no("access_key is not ours"));
        }
        // Digits of either case: whoever writes capitals reads small letters too.
        if !same(sign.to_ascii_lowercase().as_bytes(), self.sign(&fields).to_ascii_lowercase().as_bytes()) {
            return Err(no("sign does not hold"));
        }
        punctual(fields.get("created").map_or("", String::as_str), at).map_err(no)?;
        let sealed = fields.get("data").ok_or_else(|| no("data is missing"))?;
        let data = self.open(sealed).ok_or_else(|| no("data does not decipher to a JSON object"))?;
        Ok(Heard { method, data })
    }

    /// Times and numbers inside `data` as this platform writes them; samples have the document's own forms.
    fn in_our_hand(&self, data: &Value) -> Value {
        match data {
            Value::Array(batch) => batch.iter().map(|one| self.in_our_hand(one)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.field(name, value))).collect()
            }
            other => other.clone(),
        }
    }

    fn field(&self, name: &str, value: &Value) -> Value {
        let habits = &self.settings.variants;
        match (name, value.as_str()) {
            ("open_time" | "contract_sign_time" | "next_open_time", Some(text)) => match habits.times {
                Times::Spaced => value.clone(),
                Times::Tight => text.replace(' ', "").into(),
                Times::Seconds => format!("{}00", text.replace(' ', "")).into(),
            },
            ("tender_bond" | "tender_expire" | "amount", Some(text)) if habits.numbers => {
                serde_json::from_str(text).unwrap_or_else(|_| value.clone())
            }
            _ => value.clone(),
        }
    }

    fn open(&self, sealed: &str) -> Option<Map<String, Value>> {
        let plain = self.aes.decrypt(text::from_base64(sealed).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    fn sign(&self, fields: &BTreeMap<String, String>) -> String {
        let habits = &self.settings.variants;
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| (name, if habits.trim { value.trim() } else { value.as_str() }))
            .filter(|(_, value)| !(habits.skip_empty && value.is_empty()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let signed = format!("{}{}{}", pairs.join("&"), habits.joint.text(), self.settings.secret_key);
        let digest = digest::md5(signed.as_bytes());
        digest
            .iter()
            .map(|byte| if habits.upper { format!("{byte:02X}") } else { format!("{byte:02x}") })
            .collect()
    }
}

fn envelope(fields: &BTreeMap<String, String>, habits: &Variants) -> Letter {
    let (honest, body) = match habits.body {
        Body::Json => ("application/json;charset=utf-8", serde_json::json!(fields).to_string()),
        Body::Form => {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            ("application/x-www-form-urlencoded", body)
        }
    };
    Letter {
        content_type: habits.content_type.clone().unwrap_or_else(|| honest.to_owned()),
        body: Bytes::from(body),
    }
}

fn parse(content_type: &str, body: &[u8]) -> Result<BTreeMap<String, String>, &'static str> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return Ok(url::form_urlencoded::parse(body).into_owned().collect());
    }
    serde_json::from_slice(body).map_err(|_| "the body is not one JSON object of texts")
}

fn created(at: OffsetDateTime, clock: Clock) -> String {
    let form = if clock == Clock::H24 { CREATED } else { CREATED_12 };
    crate::shanghai(at).format(form).unwrap_or_default()
}

fn punctual(created: &str, at: OffsetDateTime) -> Result<(), &'static str> {
    let written = PrimitiveDateTime::parse(created, CREATED).map_err(|_| "created is not yyyyMMddHHmmss")?;
    let away = (written.assume_offset(crate::shanghai(at).offset()) - at).whole_seconds().abs();
    if away > SKEW_SECONDS { Err("created is more than five minutes from our clock") } else { Ok(()) }
}

fn broken(base64: &str) -> String {
    let lines: Vec<String> = base64
        .as_bytes()
        .chunks(MIME_COLUMNS)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    lines.join("\r\n")
}

fn mistrust(method: &str, why: &str) -> Mistrust {
    Mistrust { method: method.to_owned(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Joint;
    use super::*;
    use serde_json::json;

    fn settings() -> Settings {
        toml::from_str(
            r#"gateway = "http://127.0.0.1:1/"
               access_key = "2088101568338364"
               secret_key = "8993208818338920"
               iv = "fedcba9876543210""#,
        )
        .unwrap()
    }

    fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// WIRE.md section 6: the document's own inputs under the right algorithm.
    #[test]
    fn signs_as_the_document_means_it() {
        let fields = fields(&[
            ("method", "create_account"),
            ("access_key", "2088101568338364"),
            ("created", " 20140519181020"),
            ("data", "fdvfhthfjfge4451gdsgsf "),
        ]);
        let speaker = Speaker::new(settings()).unwrap();
        assert_eq!(speaker.sign(&fields), "bf76e5c0b0b5433a0136366c59426c6f");
    }

    /// WIRE.md section 6: Java and Rust agree on this ciphertext.
    #[test]
    fn enciphers_as_java_does() {
        let settings = Settings { aes_key: Some("0123456789abcdef".to_owned()), ..settings() };
        let speaker = Speaker::new(settings).unwrap();
        let letter = speaker.write("x", &json!({ "orderno": "T1", "qyname": "测试企业" }), crate::now());
        let sent: BTreeMap<String, String> = serde_json::from_slice(&letter.body).unwrap();
        assert_eq!(sent["data"], "+m3sXMeHiXP6ScaID2Pfe1BbU++uGtZnF+j9Ukuz1PSXXwrmOsXyRBw4DrIUblCv");
    }

    #[test]
    fn hears_what_it_says_in_every_habit_a_callback_may_have() {
        let changes: [fn(&mut Variants); 6] = [
            |_| {},
            |habits| habits.joint = Joint::Bare,
            |habits| habits.joint = Joint::Key,
            |habits| habits.upper = true,
            |habits| habits.body = Body::Form,
            |habits| habits.skip_empty = true,
        ];
        for change in changes {
            let speaker = Speaker::new(settings().with(change)).unwrap();
            let letter = speaker.write("feedback_quit", &json!({ "message": "好+ &=" }), crate::now());
            let heard = speaker.read(&letter.content_type, &letter.body, crate::now()).unwrap();
            assert_eq!((heard.method.as_str(), &heard.data["message"]), ("feedback_quit", &json!("好+ &=")));
        }
    }

    #[test]
    fn believes_nothing_that_was_touched() {
        let speaker = Speaker::new(settings()).unwrap();
        let now = crate::now();
        let letter = speaker.write("feedback_quit", &json!({ "message": "" }), now);
        let honest: BTreeMap<String, String> = serde_json::from_slice(&letter.body).unwrap();
        for name in honest.keys() {
            let mut touched = honest.clone();
            touched.insert(name.clone(), format!("{}0", honest[name]));
            let body = json!(touched).to_string();
            assert!(speaker.read("application/json", body.as_bytes(), now).is_err(), "{name} was touched");
            touched.remove(name);
            let body = json!(touched).to_string();
            assert!(speaker.read("application/json", body.as_bytes(), now).is_err(), "{name} was removed");
        }
        let other = Speaker::new(settings().with(|habits| habits.joint = Joint::Bare)).unwrap();
        assert!(other.read(&letter.content_type, &letter.body, now).is_err(), "another recipe");
        let later = now + time::Duration::seconds(SKEW_SECONDS + 2);
        assert!(speaker.read(&letter.content_type, &letter.body, later).is_err(), "signed long ago");
    }

    #[test]
    fn deviates_as_told() {
        let speaker = Speaker::new(settings().with(|habits| {
            habits.times = Times::Tight;
            habits.numbers = true;
            habits.line_breaks = true;
            habits.extras = fields(&[("version", "1.0")]);
        }))
        .unwrap();
        let data = json!([{ "open_time": "20300101 0930", "tender_bond": "20000.50" }]);
        let letter = speaker.write("apply_guarantee", &data, crate::now());
        let sent: BTreeMap<String, String> = serde_json::from_slice(&letter.body).unwrap();
        assert_eq!(sent["version"], "1.0");
        assert!(sent["data"].contains("\r\n"));
        let plain = speaker.aes.decrypt(text::from_base64_tolerant(&sent["data"]).unwrap()).unwrap();
        let plain: Value = serde_json::from_slice(&plain).unwrap();
        assert_eq!(plain, json!([{ "open_time": "203001010930", "tender_bond": 20000.50 }]));
    }

    #[test]
    fn says_which_key_is_wrong_but_not_the_key() {
        let wrong = Speaker::new(Settings { secret_key: "short-and-secret".repeat(2) + "x", ..settings() });
        let said = wrong.unwrap_err().to_string();
        assert!(said.contains("AES key") && !said.contains("short-and-secret"), "{said}");
    }
}
