//! govproc's `open` against any bytes, outside its cipher and inside.
#![no_main]

use crypto::aes::Aes;
use crypto::text::to_base64;
use gateway_fuzz::{Dummies, drive, id, post, request, settings};
use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use protocol_govproc::Govproc;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SECRET: &str = "0123456789abcdef";
const LINK: &str = "dummy-link-secret-of-32-bytes-and-more";

static PARTNER: LazyLock<Govproc> = LazyLock::new(|| {
    let settings = settings(include_str!("../../shared/protocol-govproc/fixtures/settings.toml"));
    let dummies = Dummies(&[("SECRET", SECRET), ("LINK", LINK)]);
    Govproc::new(id(), &settings, "https://platform.example", &BTreeMap::new(), &dummies).unwrap()
});

fn seal(interface: &str, plain: Map<String, Value>) -> Option<http::Request<bytes::Bytes>> {
    let data = Aes::ecb(SECRET.as_bytes()).ok()?.encrypt(Value::Object(plain).to_string().as_bytes());
    let mut request = post(interface, json!({ "data": to_base64(&data) }).to_string().into_bytes())?;
    request.headers_mut().insert("appkey", HeaderValue::from_static("demo-app-key"));
    Some(request)
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(request) = request(bytes, seal) {
        drive(&*PARTNER, bytes, request, &[SECRET, LINK]);
    }
});
