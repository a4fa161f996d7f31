//! The pubres platform: its side of the flat signed message, and where rulings depart from document 001.

use crate::contract::Contract;
use crate::finserv::{Spoken, post};
use crate::subject::{Coded, Excused, Subject, fixture, names};
use bytes::Bytes;
use crypto::digest::sm3;
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::Request;
use protocol::{Form, Inbound, Outbound, parse_shanghai, print_shanghai};
use protocol_pubres::{Pubres, Settings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const APPKEY: &str = "demo-appkey";
const SECRET: &str = "00000000-0000-0000-0000-000000000000";
const PLATFORM: &str = "P01";

/// A partner instance with these settings besides its identity.
pub(crate) fn instance(appkey: &str, more: &Value) -> Pubres {
    let mut settings =
        json!({ "appkey": appkey, "appsecret": format!("file:{SECRET}"), "instname": "示例担保" });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let id = PartnerId::parse("pubres-demo").unwrap();
    let base = "https://platform.example/rest/{interface}";
    Pubres::new(id, &settings, base, &BTreeMap::new(), &Spoken).unwrap()
}

/// The signature by its definition: what is blank is left out, the rest sorted, then the secret, one SM3.
pub(crate) fn sign(fields: &Map<String, Value>, secret: &str) -> String {
    let spelled = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let sorted: BTreeMap<&str, String> =
        fields.iter().map(|(name, value)| (name.as_str(), spelled(value))).collect();
    let pairs: Vec<String> = sorted
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    text::to_hex(&sm3(format!("{}&appsecret={secret}", pairs.join("&")).as_bytes()))
}

fn write(
    interface: &str,
    plain: &Value,
    at: Timestamp,
    (appkey, secret): (&str, &str),
    without: Option<&str>,
) -> Request<Bytes> {
    let mut fields = plain.as_object().unwrap().clone();
    fields.insert("appkey".into(), json!(appkey));
    fields.insert("timestamp".into(), json!(print_shanghai(at, Form::Dashed)));
    if let Some(field) = without {
        fields.remove(field);
    }
    if without != Some("sign") {
        fields.insert("sign".into(), json!(sign(&fields, secret)));
    }
    let mut request = post(serde_json::to_vec(&fields).unwrap());
    *request.uri_mut() = format!("/{interface}").parse().unwrap();
    request
}

pub(crate) struct Platform(Pubres);

impl Platform {
    pub(crate) fn new() -> Self {
        Self(instance(APPKEY, &json!({ "platform_code": PLATFORM })))
    }
}

impl Subject for Platform {
    fn kind(&self) -> &'static str {
        "pubres"
    }

    fn contract(&self) -> Contract {
        Contract::read(self.kind())
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
        let mut sample: Value =
            serde_json::from_str(&fixture(self.kind(), interface, "opened.json")).unwrap();
        let fields = sample.as_object_mut().unwrap();
        fields.retain(|name, _| !["appkey", "timestamp", "sign"].contains(&name.as_str()));
        // A real list, so that its items can be reached (PR-09).
        let files = fields.get("filelist").map(|list| serde_json::from_str(list.as_str().unwrap()).unwrap());
        fields.extend(files.map(|list: Value| ("filelist".to_owned(), list)));
        sample
    }

    fn demanding(&self, mut sample: Value, field: &str, demanded: bool) -> Value {
        const PARTICULARS: [&str; 7] =
            ["address", "phone", "bank", "account", "mobile", "contactname", "contactaddress"];
        assert!(PARTICULARS.contains(&field), "no one knows when {field} is demanded");
        sample["type"] = json!(if demanded { "1" } else { "0" });
        sample
    }

    fn excused(&self) -> &'static [Excused] {
        // A key that comes before the guarantee cannot quote its number.
        &[Excused { interface: "baohanrestore", field: "baohanno", ruling: "restore before issue" }]
    }

    fn coded(&self) -> &'static [Coded] {
        &[Coded { interface: "invoiceapply", field: "type", codes: "invoiceapply.type" }]
    }

    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes> {
        write(interface, plain, self.now(), (APPKEY, SECRET), None)
    }

    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes> {
        write(interface, &self.sample(interface), self.now(), (APPKEY, SECRET), Some(field))
    }

    fn request_at(&self, interface: &str, at: Timestamp) -> Request<Bytes> {
        write(interface, &self.sample(interface), at, (APPKEY, SECRET), None)
    }

    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)> {
        let strangers = [
            ("unknown appkey", ("demo-appkez", SECRET)),
            ("empty-handed, all keys his own", ("x", "x")),
            ("another's secret", (APPKEY, "00000000-0000-0000-0000-000000000001")),
            ("no secret", (APPKEY, "")),
        ];
        let plain = self.sample(interface);
        strangers.map(|(who, keys)| (who, write(interface, &plain, self.now(), keys, None))).into()
    }

    /// A platform may send again what it once signed (WIRE.md 001).
    fn judges_time(&self) -> bool {
        false
    }

    fn told(&self, answer: &Bytes) -> Vec<String> {
        let within: Value = serde_json::from_slice(answer).unwrap();
        let within = within["data"].as_object().into_iter().flat_map(Map::keys).cloned();
        names(answer).into_iter().chain(within).collect()
    }

    fn opened_callback(&self, callback: &Request<Bytes>) -> Value {
        let mut fields: Map<String, Value> = serde_json::from_slice(callback.body()).unwrap();
        let given = fields.remove("sign").unwrap();
        assert_eq!(given, json!(sign(&fields, SECRET)));
        assert_eq!(fields.remove("appkey").unwrap(), APPKEY);
        let timestamp = print_shanghai(self.now(), Form::Dashed);
        assert_eq!(fields.remove("timestamp").unwrap(), timestamp.as_str());
        fields.into()
    }
}
