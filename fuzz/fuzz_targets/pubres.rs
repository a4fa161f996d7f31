//! pubres' `open` against any bytes, before its signature and behind it.
#![no_main]

use crypto::digest::sm3;
use crypto::text::to_hex;
use gateway_fuzz::{Dummies, drive, id, post, request, settings, spelled};
use libfuzzer_sys::fuzz_target;
use protocol_pubres::Pubres;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SECRET: &str = "00000000-0000-0000-0000-000000000000";
const BASE: &str = "https://platform.example/rest/gbsapi/{interface}";

static PARTNER: LazyLock<Pubres> = LazyLock::new(|| {
    let settings = settings(include_str!("../../shared/protocol-pubres/fixtures/settings.toml"));
    Pubres::new(id(), &settings, BASE, &BTreeMap::new(), &Dummies(&[("SECRET", SECRET)])).unwrap()
});

fn seal(interface: &str, mut fields: Map<String, Value>) -> Option<http::Request<bytes::Bytes>> {
    fields.remove("sign");
    fields.insert("appkey".to_owned(), "demo-appkey".into());
    fields.insert("timestamp".to_owned(), "2026-11-22 10:30:00".into());
    let sorted: BTreeMap<&str, String> =
        fields.iter().map(|(name, value)| (name.as_str(), spelled(value))).collect();
    let pairs: Vec<String> = sorted
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let sign = to_hex(&sm3(format!("{}&appsecret={SECRET}", pairs.join("&")).as_bytes()));
    fields.insert("sign".to_owned(), sign.into());
    post(interface, serde_json::to_vec(&fields).ok()?)
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(request) = request(bytes, seal) {
        drive(&*PARTNER, bytes, request, &[SECRET]);
    }
});
