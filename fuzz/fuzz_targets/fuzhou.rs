//! fuzhou's `open` against any bytes, outside its cipher and its signature and inside.
#![no_main]

use crypto::canonical::{HexCase, Placement, Profile};
use crypto::rsa::{Padding, PublicKey};
use crypto::secret::Secret;
use crypto::text::to_base64;
use gateway_fuzz::{Dummies, drive, id, request, settings, spelled};
use http::Request;
use libfuzzer_sys::fuzz_target;
use protocol_fuzhou::Fuzhou;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SECRET: &str = "S3CR3T";
const INSURER_PK: &str = include_str!("../../shared/protocol-fuzhou/fixtures/keys/insurer.pub.pem");
const INSURER_SK: &str = include_str!("../../shared/protocol-fuzhou/fixtures/keys/insurer.pem");
const PLATFORM_PK: &str = include_str!("../../shared/protocol-fuzhou/fixtures/keys/platform.pub.pem");
const BASE: &str = "https://platform.example/api/insurer/v1/";

static PARTNER: LazyLock<Fuzhou> = LazyLock::new(|| {
    let settings = settings(include_str!("../../shared/protocol-fuzhou/fixtures/settings.toml"));
    let dummies = Dummies(&[
        ("KEY", "dummy-key"),
        ("SECRET", SECRET),
        ("INSURER_PK", INSURER_PK),
        ("INSURER_SK", INSURER_SK),
        ("PLATFORM_PK", PLATFORM_PK),
    ]);
    Fuzhou::new(id(), &settings, BASE, &BTreeMap::new(), &dummies).unwrap()
});
static KEY: LazyLock<PublicKey> = LazyLock::new(|| PublicKey::read(INSURER_PK).unwrap());

fn seal(interface: &str, mut fields: Map<String, Value>) -> Option<Request<bytes::Bytes>> {
    fields.remove("sign");
    fields.insert("timestamp".to_owned(), "20261122103000".into());
    let (kv, joiner) = (String::new(), String::new());
    let profile = Profile { kv, joiner, secret: Placement::Wrap, hex: HexCase::Upper, ..Profile::default() };
    let values: Vec<(&str, String)> = fields.iter().map(|(name, value)| (name.as_str(), spelled(value))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sign = profile.sign(&values, &Secret::new(SECRET));
    fields.insert("sign".to_owned(), sign.into());
    let plain = Value::Object(fields).to_string();
    let param = to_base64(&KEY.encrypt(plain.as_bytes(), Padding::Pkcs1, &[3; 16]).ok()?);
    let body = format!("param={}", param.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
    let kind = "application/x-www-form-urlencoded";
    Request::post(format!("/{interface}")).header("content-type", kind).body(body.into()).ok()
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(request) = request(bytes, seal) {
        drive(&*PARTNER, bytes, request, &[SECRET]);
    }
});
