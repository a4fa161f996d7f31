//! The wire of a miniature insurer for fuzhou: its calls over HTTP, and what it opens.

use super::fuzhou::Fields;
use bytes::Bytes;
use crypto::{digest, text};
use http::Request;
use sandbox::dummy_keys::{FUZHOU_API, FUZHOU_INSURER};
use sandbox::multipart::{self, Part};
use sandbox::now;
use sandbox::rsa_blocks::{KeyPair, Padding};
use serde_json::{Value, json};
use std::sync::Mutex;
use time::macros::format_description;

/// rsa_pk with rsa_sk, and the pair of api_rsa_pk.
pub(super) const KEYS: [&str; 2] = [FUZHOU_INSURER, FUZHOU_API];

/// The way to the platform.
pub(super) struct Wire {
    http: reqwest::Client,
    url: String,
    token: Mutex<Option<String>>,
}

/// The text of a field; a number is its own digits.
pub(super) fn text_of(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

impl Wire {
    pub(super) fn new(url: String) -> Self {
        // Already installed by the sandbox's own client, if that was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { http: reqwest::Client::builder().no_proxy().build().unwrap(), url, token: Mutex::default() }
    }

    /// What a push says, and the document with it.
    pub(super) fn opened(request: &Request<Bytes>) -> (Fields, Bytes) {
        let kind = request.headers()["content-type"].to_str().unwrap();
        let (param, pdf) = if multipart::announced(kind) {
            let mut parts = multipart::read(kind, request.body()).unwrap();
            let pdf = parts.remove(1).body;
            (String::from_utf8(parts.remove(0).body.to_vec()).unwrap(), pdf)
        } else {
            let (_, param) = url::form_urlencoded::parse(request.body()).next().unwrap();
            (param.into_owned(), Bytes::new())
        };
        let sealed = text::from_base64(&param).unwrap();
        let plain = KeyPair::from_pem(KEYS[0]).unwrap().open(&sealed, Padding::Pkcs1).unwrap();
        (serde_json::from_slice(&plain).unwrap(), pdf)
    }

    pub(super) async fn fetch(&self, url: &str) -> Bytes {
        self.http.get(url).send().await.unwrap().bytes().await.unwrap()
    }

    /// A call without a document.
    pub(super) async fn ask(&self, method: &str, data: Value) -> Value {
        self.post(method, data, None).await
    }

    /// A call with a document, whose digest is named.
    pub(super) async fn push(&self, method: &str, mut data: Value, part: &str, pdf: &'static [u8]) -> Value {
        data[format!("{part}_hash")] = text::to_hex(&digest::sha256(pdf)).into();
        self.post(method, data, Some(Part::pdf(part, "1.pdf", pdf))).await
    }

    async fn post(&self, method: &str, data: Value, file: Option<Part>) -> Value {
        let known = self.token.lock().unwrap().clone();
        let token = match known {
            Some(token) => token,
            None => self.renewed().await,
        };
        let param = sealed(method, data, KEYS[0]);
        let mut parts = vec![Part::text("param", param), Part::text("access_token", token)];
        parts.extend(file);
        let (kind, body) = multipart_or_form(&parts);
        self.sent(kind, body).await
    }

    async fn renewed(&self) -> String {
        let data = json!({ "api_key": "key", "api_secret": "s" });
        let (kind, body) =
            multipart_or_form(&[Part::text("param", sealed("get_access_token", data, KEYS[1]))]);
        let answer = self.sent(kind, body).await;
        let token = text_of(&answer["data"], "access_token");
        *self.token.lock().unwrap() = Some(token.clone());
        token
    }

    async fn sent(&self, kind: String, body: Bytes) -> Value {
        let answer = self.http.post(&self.url).header("content-type", kind).body(body).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}

fn multipart_or_form(parts: &[Part]) -> (String, Bytes) {
    if parts.len() > 2 {
        return multipart::write(parts, "border");
    }
    let pairs = parts.iter().map(|part| (&part.name, std::str::from_utf8(&part.body).unwrap()));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    ("application/x-www-form-urlencoded".to_owned(), body.into())
}

fn sealed(method: &str, data: Value, key: &str) -> String {
    let mut fields = data.as_object().unwrap().clone();
    let stamp = format_description!("[year][month][day][hour][minute][second]");
    fields.insert("method".to_owned(), method.into());
    fields.insert("timestamp".to_owned(), now().format(stamp).unwrap().into());
    if method != "get_access_token" {
        fields.insert("btc_id".to_owned(), "223".into());
        fields.insert("enter_institution_type".to_owned(), "4".into());
    }
    let mut names: Vec<&String> = fields.keys().collect();
    names.sort();
    let signed: String =
        names.into_iter().map(|name| format!("{name}{}", fields[name].as_str().unwrap())).collect();
    let sign = text::to_hex(&digest::md5(format!("s{signed}s").as_bytes())).to_uppercase();
    fields.insert("sign".to_owned(), sign.into());
    let public = KeyPair::from_pem(key).unwrap().public();
    text::to_base64(&public.seal(Value::Object(fields).to_string().as_bytes(), Padding::Pkcs1))
}
