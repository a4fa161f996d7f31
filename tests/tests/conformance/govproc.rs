//! The govproc platform: its side of the enciphered message, and where rulings depart from document 003.

use crate::contract::Contract;
use crate::finserv::{Spoken, post};
use crate::subject::{Coded, Excused, Subject, fixture, names};
use bytes::Bytes;
use crypto::aes::Aes;
use crypto::text::{from_base64, to_base64};
use domain::{PartnerId, Timestamp};
use http::Request;
use protocol::{Inbound, Outbound, parse_shanghai};
use protocol_govproc::{Govproc, Settings};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const APP_KEY: &str = "demo";
const SECRET: &str = "0123456789abcdef";

/// A partner instance with these settings in place of or besides its identity.
pub(crate) fn instance(more: &Value) -> Govproc {
    let mut settings = json!({
        "app_key": APP_KEY, "app_secret": format!("file:{SECRET}"), "transport": "sandbox",
        "public_base_url": "https://gateway.example", "link_secret": "file:dummy-link-secret-of-at-least-32-bytes",
        "sellername": "示例担保", "selleraddress": "示例路1号", "sellerphone": "000-00000000",
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let id = PartnerId::parse("govproc-demo").unwrap();
    Govproc::new(id, &settings, "https://platform.example", &BTreeMap::new(), &Spoken).unwrap()
}

/// Where an interface is: the document leaves three of them to us.
fn path(interface: &str) -> &str {
    match interface {
        "queryurl" => "/guarantee/query",
        "pullurl" => "/guarantee/pull",
        "cancelurl" => "/guarantee/cancel",
        path => path,
    }
}

pub(crate) fn with_key(mut request: Request<Bytes>, interface: &str, app_key: &str) -> Request<Bytes> {
    *request.uri_mut() = path(interface).parse().unwrap();
    request.headers_mut().insert("appKey", app_key.parse().unwrap());
    request
}

fn write(interface: &str, plain: &Value, (app_key, secret): (&str, &str)) -> Request<Bytes> {
    let aes = Aes::ecb(secret.as_bytes()).unwrap();
    let data = to_base64(&aes.encrypt(plain.to_string().as_bytes()));
    with_key(post(json!({ "data": data }).to_string()), interface, app_key)
}

fn opened(sealed: &str) -> Value {
    let bytes = Aes::ecb(SECRET.as_bytes()).unwrap().decrypt(from_base64(sealed).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

pub(crate) struct Platform(Govproc);

impl Platform {
    pub(crate) fn new() -> Self {
        Self(instance(&json!({})))
    }
}

impl Subject for Platform {
    fn kind(&self) -> &'static str {
        "govproc"
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
        parse_shanghai("2026-11-22 10:30:00").unwrap()
    }

    fn sample(&self, interface: &str) -> Value {
        let folder = interface.rsplit('/').next().unwrap();
        let mut sample: Value = serde_json::from_str(&fixture(self.kind(), folder, "opened.json")).unwrap();
        // By the name of the document (GP-05).
        if let Some(no) = sample.as_object_mut().unwrap().remove("bhno") {
            sample["baohanno"] = no;
        }
        sample
    }

    fn demanding(&self, _: Value, field: &str, _: bool) -> Value {
        panic!("no one knows when {field} is demanded")
    }

    fn excused(&self) -> &'static [Excused] {
        &[]
    }

    fn coded(&self) -> &'static [Coded] {
        &[Coded { interface: "/guarantee/xmstate", field: "state", codes: "xmstate.state" }]
    }

    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes> {
        write(interface, plain, (APP_KEY, SECRET))
    }

    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes> {
        panic!("{interface}: the shell has no field {field}")
    }

    /// Nothing in a message says when it was written (GP-14).
    fn request_at(&self, interface: &str, _: Timestamp) -> Request<Bytes> {
        self.request(interface, &self.sample(interface))
    }

    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)> {
        let strangers = [
            ("unknown appKey", ("demp", SECRET)),
            ("no appKey", ("", SECRET)),
            ("another's secret", (APP_KEY, "0123456789abcdee")),
            ("empty-handed, all keys his own", ("x", "xxxxxxxxxxxxxxxx")),
        ];
        let plain = self.sample(interface);
        strangers.map(|(who, keys)| (who, write(interface, &plain, keys))).into()
    }

    fn judges_time(&self) -> bool {
        false
    }

    /// AES-ECB without a signature: a changed block is caught by what is checked behind it, or not at all (GP-14).
    fn notices_every_change(&self) -> bool {
        false
    }

    fn told(&self, answer: &Bytes) -> Vec<String> {
        let fields: Value = serde_json::from_slice(answer).unwrap();
        let data = fields["data"].as_str().map(opened);
        let within = data.iter().flat_map(|data| data.as_object().unwrap().keys().cloned());
        names(answer).into_iter().chain(within).collect()
    }

    /// A failure has no `data`, and two interfaces have nothing to put into it.
    fn leaves_out(&self, interface: &str, field: &str, agreed: bool) -> bool {
        match field {
            "stat" | "errcode" | "msg" => false,
            "data" if agreed => ["cancelurl", "/guarantee/xmstate"].contains(&interface),
            _ => !agreed,
        }
    }

    /// BigDecimal and datetime.
    fn is_number(&self, field: &str) -> bool {
        ["paymoney", "paytime", "bhrate", "bhcost", "bhcretime"].contains(&field)
    }

    fn opened_callback(&self, callback: &Request<Bytes>) -> Value {
        assert_eq!(callback.headers()["appkey"], APP_KEY);
        let body: Value = serde_json::from_slice(callback.body()).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1);
        opened(body["data"].as_str().unwrap())
    }
}
