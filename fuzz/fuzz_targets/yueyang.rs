//! yueyang's `open` against any bytes: with its name and password, and without.
#![no_main]

use crypto::text::to_base64;
use gateway_fuzz::{Dummies, drive, id, post, request, settings};
use http::header::{AUTHORIZATION, HeaderValue};
use libfuzzer_sys::fuzz_target;
use protocol_yueyang::Yueyang;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const CODE: &str = "dummy-code";
const PLATFORM: &str = include_str!("../../shared/protocol-yueyang/fixtures/variants/platform.b64");
const BASE: &str = "http://platform.example:6900/front/";

static PARTNER: LazyLock<Yueyang> = LazyLock::new(|| {
    let settings = settings(include_str!("../../shared/protocol-yueyang/fixtures/settings.toml"));
    let dummies = Dummies(&[("CODE", CODE), ("PLATFORM", PLATFORM)]);
    Yueyang::new(id(), &settings, BASE, &BTreeMap::new(), &dummies).unwrap()
});

fn seal(interface: &str, fields: Map<String, Value>) -> Option<http::Request<bytes::Bytes>> {
    let mut request = post(interface, serde_json::to_vec(&fields).ok()?)?;
    let introduction = format!("Basic {}", to_base64(format!("示例出函机构:{CODE}").as_bytes()));
    request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_str(&introduction).ok()?);
    Some(request)
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(request) = request(bytes, seal) {
        drive(&*PARTNER, bytes, request, &[CODE]);
    }
});
