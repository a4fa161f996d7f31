//! The envelope of 5.1 and 5.2: everything inside `param`, sealed in blocks and signed; written and read as a platform does.

use super::codes::Code;
use super::settings::{BadSettings, BusinessKey, Empties, Settings};
use crate::multipart::{self, Part};
use crate::rsa_blocks::KeyPair;
use bytes::Bytes;
use crypto::{digest, secret::same, text};
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// YmdHis.
pub(crate) const COMPACT: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour][minute][second]");
const BORDER: &str = "----------------fuzhou-form-border";
const FORM: &str = "application/x-www-form-urlencoded";

/// A call of the insurer's whose envelope held.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// Everything inside `param` but `sign`.
    pub(crate) fields: Map<String, Value>,
    pub(crate) token: Option<String>,
    /// The part with a file, if the call is a multipart form.
    pub(crate) file: Option<Part>,
}

/// Why a call is not believed.
#[derive(Debug)]
pub(crate) struct Mistrust {
    pub(crate) method: String,
    pub(crate) code: Code,
}

/// One platform's tongue: its keys and habits.
#[derive(Debug)]
pub(crate) struct Speaker {
    settings: Settings,
    insurer: KeyPair,
    platform: KeyPair,
}

impl Speaker {
    /// Learns to speak.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub(crate) fn new(settings: Settings) -> Result<Self, BadSettings> {
        let pair = |name: &str, pem: &str| {
            KeyPair::from_pem(pem).map_err(|no| BadSettings(format!("{name} cannot be used: {no}")))
        };
        Ok(Self {
            insurer: pair("insurer_key", &settings.insurer_key)?,
            platform: pair("platform_key", &settings.platform_key)?,
            settings,
        })
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Writes a push: signed at this moment, sealed with the insurer's public key; with a file it is a multipart form.
    ///
    /// # Errors
    /// [`BadSettings`] if the insurer's address is none.
    pub(crate) fn write(
        &self,
        method: &str,
        data: &Map<String, Value>,
        pdf: Option<&Bytes>,
        at: OffsetDateTime,
    ) -> Result<http::Request<Bytes>, BadSettings> {
        let mut fields = data.clone();
        if method != "invoice-apply-push" || self.settings.variants.sign_invoice {
            fields.insert(
                "timestamp".to_owned(),
                crate::shanghai(at).format(COMPACT).unwrap_or_default().into(),
            );
            let sign = self.sign(&fields);
            fields.insert("sign".to_owned(), sign.into());
        }
        let plain = Value::Object(fields).to_string();
        let plain = if self.settings.variants.escapes { as_php(&plain) } else { plain };
        let sealed = self.insurer.public().seal(plain.as_bytes(), self.settings.variants.padding);
        let (kind, body) = self.form(&text::to_base64(&sealed), pdf);
        let post = http::Request::post(self.address(method)).header(CONTENT_TYPE, kind);
        post.body(body).map_err(|bad| BadSettings(format!("the address of {method}: {bad}")))
    }

    fn address(&self, method: &str) -> String {
        let named = self.settings.urls.get(method).cloned();
        named.unwrap_or_else(|| format!("{}/{method}", self.settings.gateway.trim_end_matches('/')))
    }

    fn form(&self, param: &str, pdf: Option<&Bytes>) -> (String, Bytes) {
        let habits = &self.settings.variants;
        let encoded: String = url::form_urlencoded::byte_serialize(param.as_bytes()).collect();
        if let Some(pdf) = pdf {
            let param = if habits.encoded_in_multipart { encoded } else { param.to_owned() };
            let parts =
                [Part::text("param", param), Part::pdf("guarantee_pdf", "guarantee.pdf", pdf.clone())];
            return multipart::write(&parts, BORDER);
        }
        let param = match (habits.bare_plus, habits.double_encoding) {
            (true, _) => param.to_owned(),
            (_, true) => url::form_urlencoded::byte_serialize(encoded.as_bytes()).collect(),
            _ => encoded,
        };
        (FORM.to_owned(), format!("param={param}").into())
    }

    /// Reads a call: a form that opens with our key and whose signature holds.
    ///
    /// # Errors
    /// A [`Mistrust`] with the code that the platform answers.
    pub(crate) fn read(&self, request: &http::Request<Bytes>) -> Result<Call, Mistrust> {
        let no = |code: Code| Mistrust { method: String::new(), code };
        let (mut parts, multipart) = parts(request).map_err(|why| no(Code::failed(why)))?;
        let mut take = |name: &str| {
            let at = parts.iter().position(|part| part.name == name)?;
            Some(parts.swap_remove(at))
        };
        let param = take("param").ok_or_else(|| no(Code::failed("param is missing")))?;
        let token = take("access_token").map(|part| String::from_utf8_lossy(&part.body).into_owned());
        let mut fields = self.open(&param.body, token.is_none()).map_err(no)?;
        let method = fields.get("method").and_then(Value::as_str).unwrap_or_default().to_owned();
        let no = |code: Code| Mistrust { method: method.clone(), code };
        let sign = fields.remove("sign").ok_or_else(|| no(Code::of(1001)))?;
        let right = self.sign(&fields);
        if !sign.as_str().is_some_and(|sign| same(sign.as_bytes(), right.as_bytes())) {
            return Err(no(Code::of(1001)));
        }
        let file = parts.pop();
        if !parts.is_empty() || file.is_some() != multipart {
            return Err(no(Code::failed("the form has other parts than documented")));
        }
        Ok(Call { method, fields, token, file })
    }

    /// 1.1 is sealed with api_rsa_pk, everything else with the key for business (FZ-02).
    fn open(&self, param: &[u8], for_token: bool) -> Result<Map<String, Value>, Code> {
        let habits = &self.settings.variants;
        let by_api = for_token || habits.business_key == BusinessKey::Api;
        let pair = if by_api { &self.platform } else { &self.insurer };
        let sealed = std::str::from_utf8(param).ok().and_then(|param| text::from_base64(param).ok());
        let opened = sealed.and_then(|sealed| pair.open(&sealed, habits.accept_padding).ok());
        opened.and_then(|plain| serde_json::from_slice(&plain).ok()).ok_or_else(|| Code::of(1000))
    }

    /// `MD5_UPPER(secret + k1v1k2v2… + secret)` over everything but `sign`, by name.
    pub(crate) fn sign(&self, fields: &Map<String, Value>) -> String {
        let habits = &self.settings.variants;
        let mut pairs: Vec<(&String, &Value)> = fields.iter().filter(|(name, _)| *name != "sign").collect();
        pairs.sort_by_key(|(name, _)| name.as_bytes());
        let signed: String = pairs
            .into_iter()
            .filter(|(_, value)| habits.empties == Empties::Included || !is_false(value))
            .map(|(name, value)| format!("{name}{}", as_signed(value, habits.null_word)))
            .collect();
        let secret = &self.settings.api_secret;
        text::to_hex(&digest::md5(format!("{secret}{signed}{secret}").as_bytes())).to_ascii_uppercase()
    }
}

/// The parts of a form, whichever kind it is, and whether it is a multipart form.
fn parts(request: &http::Request<Bytes>) -> Result<(Vec<Part>, bool), &'static str> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() != http::Method::POST {
        return Err("请求方式 is post");
    }
    if multipart::announced(kind) {
        return Ok((multipart::read(kind, request.body())?, true));
    }
    if !kind.starts_with(FORM) {
        return Err("Content-Type is neither a form nor a multipart form");
    }
    let pairs = url::form_urlencoded::parse(request.body());
    let parts: Vec<Part> =
        pairs.map(|(name, value)| Part::text(&name, value.into_owned().into_bytes())).collect();
    let once = |part: &Part| parts.iter().filter(|other| other.name == part.name).count() == 1;
    if parts.iter().all(once) { Ok((parts, false)) } else { Err("a field of the form is there twice") }
}

fn as_signed(value: &Value, null_word: bool) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null if !null_word => String::new(),
        other => other.to_string(),
    }
}

/// What PHP takes for false.
fn is_false(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(yes) => !yes,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// JSON as PHP writes it: ASCII only, and every slash escaped.
fn as_php(json: &str) -> String {
    let mut written = String::with_capacity(json.len() * 2);
    for letter in json.chars() {
        match letter {
            '/' => written.push_str("\\/"),
            letter if letter.is_ascii() => written.push(letter),
            letter => {
                let mut pair = [0; 2];
                for unit in letter.encode_utf16(&mut pair) {
                    written.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dummy_keys::{FUZHOU_API, FUZHOU_INSURER};
    use serde_json::json;

    fn speaker(change: impl FnOnce(&mut super::super::Variants)) -> Speaker {
        let table = toml::toml! {
            gateway = "http://127.0.0.1:1/"
            api_key = "key"
            api_secret = "S3CR3T"
            insurer_key = ""
            platform_key = ""
        };
        let settings: Settings = table.try_into().unwrap();
        let keys =
            Settings { insurer_key: FUZHOU_INSURER.into(), platform_key: FUZHOU_API.into(), ..settings };
        Speaker::new(keys.with(change)).unwrap()
    }

    /// WIRE.md section 6: both rules for empty values.
    #[test]
    fn signs_as_the_insurers_java_and_the_older_php_do() {
        let fields = json!({
            "btc_id": 223, "enter_institution_type": 4, "method": "insurer_apply_guarantee_result", "note": "",
            "order_no": "1813037628", "status": "1", "timestamp": "20201109162639", "sign": "whatever",
        });
        let fields = fields.as_object().unwrap();
        assert_eq!(speaker(|_| {}).sign(fields), "744760A123CB030B26D94A0A0764A51C");
        assert_eq!(
            speaker(|v| v.empties = Empties::Dropped).sign(fields),
            "327DB88B9B10EC66006392659EEAAC8B"
        );
    }

    #[test]
    fn null_is_nothing_or_a_word() {
        let [null, empty, word] = [Value::Null, json!(""), json!("null")].map(|value| {
            let fields = json!({ "a": value, "b": "1" });
            (
                speaker(|_| {}).sign(fields.as_object().unwrap()),
                speaker(|v| v.null_word = true).sign(fields.as_object().unwrap()),
            )
        });
        assert_eq!(null.0, empty.0);
        assert_eq!(null.1, word.1);
        assert_ne!(null.0, null.1);
    }

    #[test]
    fn php_escapes_say_the_same() {
        let plain = json!({ "地址/路": "示例😀市", "quoted": "a\"b\\c" });
        let written = as_php(&plain.to_string());
        assert!(written.is_ascii() && written.contains("\\u793a") && written.contains("\\/"), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), plain);
    }
}
