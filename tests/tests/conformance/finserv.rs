//! The finserv platform: its side of the envelope, and where rulings depart from document 000.

use crate::contract::Contract;
use crate::subject::{Coded, Excused, Subject, fixture, names};
use bytes::Bytes;
use crypto::aes::Aes;
use crypto::canonical::Profile;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::{Method, Request};
use protocol::{Form, Inbound, Outbound, parse_shanghai, print_shanghai};
use protocol_finserv::{Finserv, Settings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Secrets for tests: `env:X` is X itself.
pub(crate) struct Spoken;

impl Secrets for Spoken {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        match reference {
            SecretRef::Env(name) => Ok(Secret::new(name.as_str())),
            SecretRef::File(path) => Ok(Secret::new(path.to_string_lossy())),
        }
    }
}

/// A partner instance with these settings besides the keys of the vectors.
pub(crate) fn instance(more: &Value) -> Finserv {
    let mut settings = json!({
        "access_key": ACCESS_KEY, "secret_key": format!("file:{KEY}"), "sign_secret": format!("file:{SECRET}"),
        "iv": format!("file:{IV}"), "merchant_name": "示例担保"
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let settings: Settings = serde_json::from_value(settings).unwrap();
    let id = PartnerId::parse("finserv-demo").unwrap();
    Finserv::new(id, &settings, "https://platform.example/feedback", &BTreeMap::new(), &Spoken).unwrap()
}

const ACCESS_KEY: &str = "2088101568338364";
const KEY: &str = "0123456789abcdef";
const IV: &str = "fedcba9876543210";
const SECRET: &str = "8993208818338920";

/// What one side needs to write and read requests.
struct Keys {
    access_key: &'static str,
    key: &'static str,
    iv: &'static str,
    secret: &'static str,
}

const HONEST: Keys = Keys { access_key: ACCESS_KEY, key: KEY, iv: IV, secret: SECRET };

impl Keys {
    fn aes(&self) -> Aes {
        Aes::cbc(self.key.as_bytes(), self.iv.as_bytes()).unwrap()
    }

    fn sign(&self, fields: &Map<String, Value>) -> String {
        let values: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        Profile { trim: true, ..Profile::default() }.sign(&values, &Secret::new(self.secret))
    }

    fn write(&self, interface: &str, plain: &str, at: Timestamp, without: Option<&str>) -> Request<Bytes> {
        let mut fields = Map::new();
        fields.insert("method".into(), json!(interface));
        fields.insert("access_key".into(), json!(self.access_key));
        fields.insert("created".into(), json!(print_shanghai(at, Form::Compact)));
        fields.insert("data".into(), json!(text::to_base64(&self.aes().encrypt(plain.as_bytes()))));
        if let Some(field) = without {
            fields.remove(field);
        }
        if without != Some("sign") {
            fields.insert("sign".into(), json!(self.sign(&fields)));
        }
        post(serde_json::to_vec(&fields).unwrap())
    }
}

pub(crate) fn post(body: impl Into<Bytes>) -> Request<Bytes> {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    request
}

pub(crate) struct Platform(Finserv);

impl Platform {
    pub(crate) fn new() -> Self {
        Self(instance(&json!({})))
    }
}

impl Subject for Platform {
    fn kind(&self) -> &'static str {
        "finserv"
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
        serde_json::from_str(&fixture(self.kind(), interface, "opened.json")).unwrap()
    }

    fn demanding(&self, mut sample: Value, field: &str, demanded: bool) -> Value {
        match (field, demanded) {
            // FS-02.
            ("open_time", false) | ("contract_sign_time" | "contract_period_validtime", true) => {
                sample["guarantee_type"] = json!("2");
                sample["contract_sign_time"] = json!("20261120 1000");
                sample["contract_period_validtime"] = json!("180日历天");
            }
            ("open_time", true) | ("contract_sign_time" | "contract_period_validtime", false) => {
                sample["guarantee_type"] = json!("1");
            }
            ("address" | "phone" | "bank" | "account", _) => {
                sample["type"] = json!(if demanded { "1" } else { "0" })
            }
            // There is a file, or there is none.
            ("file_name" | "file_type" | "file_url", false) => sample["file_list"] = json!([]),
            ("file_name" | "file_type" | "file_url" | "claim_evidence_list", _) => {}
            other => panic!("no one knows when {other:?} is demanded"),
        }
        sample
    }

    fn excused(&self) -> &'static [Excused] {
        &[
            Excused { interface: "update_bidinfo", field: "notice_url", ruling: "FS-24" },
            Excused { interface: "apply_claim", field: "claim_evidence_list", ruling: "FS-28" },
            Excused { interface: "apply_guarantee", field: "agency", ruling: "FS-32" },
            Excused { interface: "apply_guarantee", field: "agency_code", ruling: "FS-32" },
        ]
    }

    fn coded(&self) -> &'static [Coded] {
        &[
            Coded { interface: "apply_guarantee", field: "guarantee_type", codes: "guarantee_type" },
            Coded { interface: "apply_guarantee", field: "file_type", codes: "file_type" },
            Coded { interface: "apply_cancel", field: "cancel_reason", codes: "cancel_reason" },
            Coded { interface: "apply_invoice", field: "type", codes: "invoice type" },
            Coded { interface: "update_bidinfo", field: "type", codes: "update_bidinfo.type (异常类型)" },
        ]
    }

    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes> {
        HONEST.write(interface, &plain.to_string(), self.now(), None)
    }

    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes> {
        HONEST.write(interface, &self.sample(interface).to_string(), self.now(), Some(field))
    }

    fn request_at(&self, interface: &str, at: Timestamp) -> Request<Bytes> {
        HONEST.write(interface, &self.sample(interface).to_string(), at, None)
    }

    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)> {
        let strangers = [
            ("unknown access_key", Keys { access_key: "2088101568338365", ..HONEST }),
            ("empty-handed, all keys his own", Keys { access_key: "x", key: IV, iv: KEY, secret: KEY }),
            ("another's secret", Keys { secret: "8993208818338921", ..HONEST }),
            ("another's AES key", Keys { key: "0123456789abcdeg", ..HONEST }),
        ];
        let plain = self.sample(interface).to_string();
        strangers.map(|(who, keys)| (who, keys.write(interface, &plain, self.now(), None))).into()
    }

    fn judges_time(&self) -> bool {
        true
    }

    fn told(&self, answer: &Bytes) -> Vec<String> {
        names(answer)
    }

    fn opened_callback(&self, callback: &Request<Bytes>) -> Value {
        let mut fields: Map<String, Value> = serde_json::from_slice(callback.body()).unwrap();
        let sign = fields.remove("sign").unwrap();
        assert_eq!(sign, json!(HONEST.sign(&fields)));
        assert_eq!(fields["access_key"], ACCESS_KEY);
        assert_eq!(fields["created"], print_shanghai(self.now(), Form::Compact));
        let sealed = text::from_base64(fields["data"].as_str().unwrap()).unwrap();
        serde_json::from_slice(&HONEST.aes().decrypt(sealed).unwrap()).unwrap()
    }
}
