//! finserv's `open` against any bytes, before its signature and behind it.
#![no_main]

use crypto::aes::Aes;
use crypto::canonical::Profile;
use crypto::secret::Secret;
use crypto::text::to_base64;
use gateway_fuzz::{Dummies, drive, id, post, request, settings, spelled};
use libfuzzer_sys::fuzz_target;
use protocol_finserv::Finserv;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const KEY: &str = "0123456789abcdef";
const IV: &str = "fedcba9876543210";
const SIGN: &str = "8993208818338920";

static PARTNER: LazyLock<Finserv> = LazyLock::new(|| {
    let settings = settings(include_str!("../../shared/protocol-finserv/fixtures/settings.toml"));
    let dummies = Dummies(&[("KEY", KEY), ("IV", IV), ("SIGN", SIGN)]);
    Finserv::new(id(), &settings, "https://platform.example/feedback", &BTreeMap::new(), &dummies).unwrap()
});

fn seal(interface: &str, plain: Map<String, Value>) -> Option<http::Request<bytes::Bytes>> {
    let data = Aes::cbc(KEY.as_bytes(), IV.as_bytes()).ok()?.encrypt(Value::Object(plain).to_string().as_bytes());
    let mut fields = json!({
        "method": interface, "access_key": "2088101568338364", "created": "20261122103000", "data": to_base64(&data),
    });
    let fields = fields.as_object_mut()?;
    let values: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.clone(), spelled(value))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sign = Profile { trim: true, ..Profile::default() }.sign(&values, &Secret::new(SIGN));
    fields.insert("sign".to_owned(), Value::String(sign));
    post("", serde_json::to_vec(&fields).ok()?)
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(request) = request(bytes, seal) {
        drive(&*PARTNER, bytes, request, &[KEY, IV, SIGN]);
    }
});
