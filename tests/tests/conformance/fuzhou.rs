//! The fuzhou platform: its side of the envelope, and where rulings depart from document 004.

use crate::contract::{Contract, Entry};
use crate::subject::{Coded, Excused, Subject, fixture, names};
use bytes::Bytes;
use crypto::canonical::{HexCase, Placement, Profile, Token};
use crypto::rsa::{Padding, PrivateKey, PublicKey};
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::Request;
use protocol::{Form, Inbound, Outbound, parse_shanghai, print_shanghai};
use protocol_fuzhou::Fuzhou;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SECRET: &str = "S3CR3T";
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";
/// What stands around the business fields; `sign` is not named when it is missing, for that would tell a stranger that
/// the rest opened.
const SHELL: [&str; 8] = [
    "access_token",
    "param",
    "guarantee_pdf",
    "invoice_pdf",
    "method",
    "timestamp",
    "btc_id",
    "enter_institution_type",
];

fn pem(name: &str) -> String {
    fixture("fuzhou", "keys", name)
}

struct Keys;

impl Secrets for Keys {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(match reference.to_string().as_str() {
            "env:INSURER_PK" => pem("insurer.pub.pem"),
            "env:INSURER_SK" => pem("insurer.pem"),
            "env:PLATFORM_PK" => pem("platform.pub.pem"),
            "env:SECRET" => SECRET.to_owned(),
            _ => "dummy".to_owned(),
        }))
    }
}

/// What one side needs to write a push.
struct Side {
    key: &'static str,
    secret: &'static str,
    padding: Padding,
    signs: bool,
}

const HONEST: Side = Side { key: "insurer.pub.pem", secret: SECRET, padding: Padding::Pkcs1, signs: true };

fn sign(fields: &Map<String, Value>, secret: &str) -> String {
    let (kv, joiner) = (String::new(), String::new());
    let profile = Profile { kv, joiner, secret: Placement::Wrap, hex: HexCase::Upper, ..Profile::default() };
    let spell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let spelled: Vec<(&str, String)> =
        fields.iter().map(|(name, value)| (name.as_str(), spell(value))).collect();
    let tokens: Vec<(&str, Token<'_>)> =
        spelled.iter().map(|(name, value)| (*name, Token::Text(value))).collect();
    profile.sign(&tokens, &Secret::new(secret))
}

fn part(name: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
    [head.as_bytes(), body, b"\r\n"].concat()
}

impl Side {
    fn write(&self, interface: &str, plain: &Value, at: Timestamp, without: Option<&str>) -> Request<Bytes> {
        let mut fields = plain.as_object().unwrap().clone();
        fields.insert("timestamp".into(), json!(print_shanghai(at, Form::Compact)));
        fields.retain(|name, _| without != Some(name.as_str()));
        if self.signs {
            fields.insert("sign".into(), json!(sign(&fields, self.secret)));
        }
        let key = PublicKey::read(&pem(self.key)).unwrap();
        let plain = Value::Object(fields).to_string();
        let param = text::to_base64(&key.encrypt(plain.as_bytes(), self.padding, &[3; 16]).unwrap());
        let (kind, body) = enclosed(interface, &param, |name| without != Some(name));
        Request::post(format!("/{interface}")).header("content-type", kind).body(body.into()).unwrap()
    }
}

/// The form around `param`: with a PDF for 2.6.
fn enclosed(interface: &str, param: &str, has: impl Fn(&str) -> bool) -> (&'static str, Vec<u8>) {
    if interface != "verify-file" {
        let name = if has("param") { "param" } else { "else" };
        let form = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, param).finish();
        return ("application/x-www-form-urlencoded", form.into_bytes());
    }
    let mut body = Vec::new();
    if has("param") {
        body.extend(part("param", "", param.as_bytes()));
    }
    if has("guarantee_pdf") {
        let more = "; filename=\"a.pdf\"\r\nContent-Type: application/pdf";
        body.extend(part("guarantee_pdf", more, PDF));
    }
    body.extend(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge", body)
}

/// The name under which an interface is known: its method, else the last part of its address (FZ-12).
fn known_as(section: &str, name: &str) -> String {
    let address = match section {
        "2.1" => "apply-redirect",
        "2.2" => "order-status-push",
        "2.6" => "verify-file",
        "2.7" => "verify-info",
        "2.8" => "invoice-apply-push",
        "2.10" => "delay-open-push",
        _ => name,
    };
    address.to_owned()
}

fn contract() -> Contract {
    let mut contract = Contract::read("fuzhou");
    for entry in &mut contract.interfaces {
        entry.name = known_as(&entry.section, &entry.name);
        entry.folder.clone_from(&entry.name);
        entry.request.retain(|field| field.name != "sign");
        for field in &mut entry.request {
            field.envelope = SHELL.contains(&field.name.as_str());
        }
    }
    contract
}

pub(crate) struct Platform(Fuzhou);

impl Platform {
    pub(crate) fn new() -> Self {
        let mut settings: toml::Table = fixture("fuzhou", "", "settings.toml").parse().unwrap();
        settings.insert("timestamp_skew_s".into(), 300.into());
        let id = PartnerId::parse("fuzhou-demo").unwrap();
        let url = "https://platform.example/api/insurer/v1/";
        Self(Fuzhou::new(id, &settings.try_into().unwrap(), url, &BTreeMap::new(), &Keys).unwrap())
    }
}

impl Subject for Platform {
    fn kind(&self) -> &'static str {
        "fuzhou"
    }

    fn contract(&self) -> Contract {
        contract()
    }

    fn inbound(&self) -> &dyn Inbound {
        &self.0
    }

    fn outbound(&self) -> &dyn Outbound {
        &self.0
    }

    fn now(&self) -> Timestamp {
        parse_shanghai("20261122103000").unwrap()
    }

    fn sample(&self, interface: &str) -> Value {
        serde_json::from_str(&fixture(self.kind(), interface, "opened.json")).unwrap()
    }

    fn demanding(&self, mut sample: Value, field: &str, demanded: bool) -> Value {
        const PARTICULARS: [&str; 4] =
            ["bank_name", "bank_account", "registered_address", "link_phone_number"];
        assert!(PARTICULARS.contains(&field), "no one knows when {field} is demanded");
        sample["invoice_type"] = json!(if demanded { "2" } else { "1" });
        sample
    }

    fn excused(&self) -> &'static [Excused] {
        const fn free(field: &'static str) -> Excused {
            Excused { interface: "invoice-apply-push", field, ruling: "FZ-21" }
        }
        const FREE: [Excused; 4] = [
            free("receiver_name"),
            free("receiver_phone_num"),
            free("receiver_address"),
            free("receiver_email"),
        ];
        &FREE
    }

    fn coded(&self) -> &'static [Coded] {
        &[
            Coded { interface: "delay-open-push", field: "type", codes: "delay-open type" },
            Coded { interface: "invoice-apply-push", field: "invoice_type", codes: "invoice_type" },
            Coded { interface: "invoice-apply-push", field: "is_electron", codes: "is_electron" },
        ]
    }

    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes> {
        HONEST.write(interface, plain, self.now(), None)
    }

    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes> {
        HONEST.write(interface, &self.sample(interface), self.now(), Some(field))
    }

    fn request_at(&self, interface: &str, at: Timestamp) -> Request<Bytes> {
        HONEST.write(interface, &self.sample(interface), at, None)
    }

    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)> {
        let strangers = [
            ("sealed for another", Side { key: "platform.pub.pem", ..HONEST }),
            ("another's secret", Side { secret: "S3CR3U", ..HONEST }),
            ("another padding", Side { padding: Padding::OaepSha256Mgf1Sha1, ..HONEST }),
            ("without a signature", Side { signs: false, ..HONEST }),
        ];
        let plain = self.sample(interface);
        strangers.map(|(who, side)| (who, side.write(interface, &plain, self.now(), None))).into()
    }

    /// By a setting: by default time is only noted (WIRE.md 004).
    fn judges_time(&self) -> bool {
        true
    }

    fn told(&self, answer: &Bytes) -> Vec<String> {
        if answer.starts_with(b"<!DOCTYPE html>") {
            return Vec::new();
        }
        let within: Value = serde_json::from_slice(answer).unwrap();
        if within["status"] != 200 {
            return vec!["status".to_owned()];
        }
        let within = within["data"].as_object().into_iter().flat_map(Map::keys).cloned();
        // FZ-15: only in the examples.
        let all = names(answer).into_iter().chain(within);
        all.filter(|name| !["timestamp", "proposer"].contains(&name.as_str())).collect()
    }

    fn opened_callback(&self, callback: &Request<Bytes>) -> Value {
        let key = PrivateKey::read(&Secret::new(pem("insurer.pem"))).unwrap();
        let sealed = text::from_base64(&param(callback)).unwrap();
        let plain = key.decrypt(&sealed, &[Padding::Pkcs1], 1 << 16).unwrap();
        let mut fields: Map<String, Value> = serde_json::from_slice(&plain).unwrap();
        let given = fields.remove("sign").unwrap();
        assert_eq!(given, json!(sign(&fields, SECRET)));
        assert_eq!(fields["timestamp"], print_shanghai(self.now(), Form::Compact));
        assert_eq!((&fields["btc_id"], &fields["enter_institution_type"]), (&json!(223), &json!(4)));
        let method = fields["method"].as_str().unwrap().to_owned();
        fields.retain(|name, _| !SHELL.contains(&name.as_str()));
        let documented = contract();
        let entry: &Entry = documented.outbound().find(|entry| entry.name == method).unwrap();
        // Integers are numbers; what is empty is not sent, so that every rule about empty values agrees (FZ-04).
        for value in fields.values_mut().filter(|value| value.is_number()) {
            *value = json!(value.to_string());
        }
        for field in entry.request.iter().filter(|field| !field.envelope) {
            fields.entry(field.name.clone()).or_insert_with(|| json!(""));
        }
        fields.into()
    }

    /// As it is under the cipher: `sign` and the rest of the shell are there, what is empty is not (FZ-04).
    fn written(&self, entry: &Entry, callback: &Request<Bytes>) -> Vec<String> {
        let own = self.asked_by_the_engine().contains(&entry.name.as_str());
        let key = pem(if own { "platform.pem" } else { "insurer.pem" });
        let key = PrivateKey::read(&Secret::new(key)).unwrap();
        let sealed = text::from_base64(&param(callback)).unwrap();
        names(&key.decrypt(&sealed, &[Padding::Pkcs1], 1 << 16).unwrap())
    }

    fn asked_by_the_engine(&self) -> &'static [&'static str] {
        &["get_access_token"]
    }

    fn unsigned_files(&self) -> &'static [&'static str] {
        &["verify-file"]
    }

    /// A failure has its code, and a reason where the table has no field for one.
    fn leaves_out(&self, _: &str, field: &str, agreed: bool) -> bool {
        !agreed && field != "status"
    }
}

fn param(callback: &Request<Bytes>) -> String {
    let kind = callback.headers()["content-type"].to_str().unwrap();
    let Some(edge) = kind.strip_prefix("multipart/form-data; boundary=") else {
        let form: BTreeMap<_, _> = url::form_urlencoded::parse(callback.body()).into_owned().collect();
        return form["param"].clone();
    };
    let body = std::str::from_utf8(callback.body()).unwrap();
    let (_, rest) = body.split_once("name=\"param\"\r\n\r\n").unwrap();
    rest.split_once(&format!("\r\n--{edge}")).unwrap().0.to_owned()
}
