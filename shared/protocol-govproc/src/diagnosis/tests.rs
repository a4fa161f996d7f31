//! Every shape, key form, mode and vector that WIRE.md, table 003 names, and what is said of each; the lines that are
//! recommended make the request proven.

use super::examine;
use crate::sample::{Dummies, SECRET, made, now, settings};
use bytes::Bytes;
use crypto::Iv;
use crypto::aes::Aes;
use crypto::doctor::{Findings, Look};
use crypto::key::{Key, KeyForm};
use crypto::secret::Secret;
use crypto::text::Encoding;
use http::Request;
use protocol::{Caller, Inbound};
use serde_json::json;

const PLAIN: &[u8] = br#"{"orderno":"T1"}"#;

fn key(text: &str, form: KeyForm) -> Key {
    Key::read(&Secret::new(text), form).unwrap()
}

fn sealed(form: KeyForm) -> String {
    Encoding::Base64.encode(&Aes::ecb(&key(SECRET, form)).unwrap().encrypt(PLAIN))
}

fn data(sealed: &str) -> String {
    json!({ "data": sealed }).to_string()
}

fn request(body: &str) -> Request<Bytes> {
    let request = Request::post("/guarantee/queryurl").header("appKey", "demo-app-key");
    request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

fn found(lines: &str, request: &Request<Bytes>) -> Findings {
    let others = [("govproc-other".to_owned(), Secret::new("fedcba9876543210"))];
    examine(&settings(lines).unwrap(), &Dummies, request, &Look { others: &others, ..Look::default() })
        .unwrap()
}

/// Whether the envelope believes it: the interface may still have something to say about its fields.
fn believed(lines: &str, request: &Request<Bytes>) -> bool {
    let opened = made(lines).unwrap().open(request, now());
    opened.err().is_none_or(|rejection| {
        rejection.kind != protocol::RejectionKind::Forged
            && rejection.kind != protocol::RejectionKind::Unreadable
    })
}

#[track_caller]
fn advises(found: &Findings, expected: &str) {
    assert!(found.advice().contains(expected) && !found.is_good(), "{expected}: {found:#?}");
}

#[test]
fn every_key_form_shape_and_mode_is_named_by_the_lines_that_make_it_proven() {
    let ours = key(SECRET, KeyForm::Utf8);
    let cbc = |iv| Encoding::Base64.encode(&Aes::cbc_with(&ours, iv).unwrap().encrypt(PLAIN));
    let given = cbc(Iv::Given(b"fedcba9876543210"));
    let upper = Encoding::HexUpper.encode(&Aes::ecb(&key(SECRET, KeyForm::Sha1prng)).unwrap().encrypt(PLAIN));
    let cases = [
        ("", data(&sealed(KeyForm::Md5)), "key_form = \"md5\""),
        ("", data(&sealed(KeyForm::Md5HexLower)), "key_form = \"md5_hex_lower\""),
        ("", data(&sealed(KeyForm::Md5HexUpper)), "key_form = \"md5_hex_upper\""),
        ("", data(&sealed(KeyForm::Md5Hex16Lower)), "key_form = \"md5_hex16_lower\""),
        ("", data(&sealed(KeyForm::Md5Hex16Upper)), "key_form = \"md5_hex16_upper\""),
        ("", data(&sealed(KeyForm::Sha1prng)), "key_form = \"sha1prng\""),
        ("", data(&upper), "key_form = \"sha1prng\""),
        ("key_form = \"md5\"", data(&sealed(KeyForm::Utf8)), "key_form = \"utf8\""),
        ("iv = \"env:IV\"", data(&given), "cipher = \"cbc\""),
        ("", data(&cbc(Iv::Key)), "cipher = \"cbc\"\nvector = \"key\""),
        ("", data(&cbc(Iv::Prefixed)), "cipher = \"cbc\"\nvector = \"prefixed\""),
        ("cipher = \"cbc\"\nvector = \"key\"", data(&sealed(KeyForm::Utf8)), "cipher = \"ecb\""),
        ("", json!({ "param": sealed(KeyForm::Utf8) }).to_string(), "shape = \"param\""),
        ("", json!({ "params": sealed(KeyForm::Utf8) }).to_string(), "shape = \"params\""),
        (
            "",
            json!({ "encrypt": sealed(KeyForm::Md5) }).to_string(),
            "shape = \"encrypt\"\nkey_form = \"md5\"",
        ),
        ("shape = \"param\"", data(&sealed(KeyForm::Utf8)), "shape = \"data\""),
    ];
    for (lines, body, expected) in cases {
        let request = request(&body);
        assert!(!believed(lines, &request), "{expected}");
        let told = found(lines, &request);
        advises(&told, expected);
        let key = |line: &str| line.split('=').next().map(str::trim).map(str::to_owned);
        let pasted: Vec<&str> = told.lines.iter().map(String::as_str).collect();
        let kept = lines.lines().filter(|line| pasted.iter().all(|new| key(new) != key(line)));
        let mended: Vec<&str> = kept.chain(pasted.iter().copied()).collect();
        assert!(believed(&mended.join("\n"), &request), "{mended:?}");
    }
}

#[test]
fn what_agrees_is_said_to_agree_in_every_form_that_is_taken() {
    let sealed = sealed(KeyForm::Utf8);
    let hex = Encoding::HexLower.encode(&crypto::text::from_base64(&sealed).unwrap());
    for body in [data(&sealed), data(&hex), sealed.clone(), json!(sealed).to_string()] {
        assert!(found("", &request(&body)).is_good(), "{body}");
        assert!(believed("", &request(&body)), "{body}");
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("data", &sealed).finish();
    let asked = Request::get(format!("/guarantee/queryurl?{query}")).header("appKey", "demo-app-key");
    assert!(found("", &asked.body(Bytes::new()).unwrap()).is_good());
}

#[test]
fn accounts_addresses_and_strangers_are_told() {
    let body = data(&sealed(KeyForm::Utf8));
    let headed = |name: &str, value: &str| {
        Request::post("/x").header(name, value).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    };
    advises(&found("", &headed("appKey", "another")), "appKey 请求头与配置不一致");
    advises(&found("", &headed("appKey", "DEMO-APP-KEY")), "仅大小写");
    advises(&found("", &headed("host", "gateway.example")), "缺少 appKey 请求头");
    let alone = Request::post("/").body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    assert!(found("", &alone).is_good(), "a body alone has no headers to judge");
    let mut far = request(&body);
    far.extensions_mut().insert(Caller([198, 51, 100, 1].into()));
    advises(&found("allowed_ips = [\"203.0.113.0/24\"]", &far), "198.51.100.1 不在 settings.allowed_ips");
    let theirs = Aes::ecb(&key("fedcba9876543210", KeyForm::Utf8)).unwrap().encrypt(PLAIN);
    advises(&found("", &request(&data(&Encoding::Base64.encode(&theirs)))), "合作方 govproc-other 的密钥");
    let nobodys = Aes::ecb(&key("ffffffffffffffff", KeyForm::Utf8)).unwrap().encrypt(PLAIN);
    advises(&found("", &request(&data(&Encoding::Base64.encode(&nobodys)))), "均无法解密");
    advises(&found("", &request(r#"{"orderno":"T1"}"#)), "shape = \"plain\"");
    advises(&found("", &request("[]")), "均无法解密");
    advises(&found("", &request("")), "没有密文");
}

/// A callback of ours as the partner sees it: the platform opens it with the key and in the way it thinks right.
#[test]
fn callbacks_are_looked_at_like_requests() {
    let looked = |lines: &str, body: &str| {
        let others = [("govproc-other".to_owned(), Secret::new("fedcba9876543210"))];
        let look = Look { others: &others, outbound: true, expected: None };
        examine(&settings(lines).unwrap(), &Dummies, &request(body), &look).unwrap()
    };
    assert!(looked("", &data(&sealed(KeyForm::Utf8))).is_good());
    advises(&looked("", &data(&sealed(KeyForm::Md5))), "key_form = \"md5\"");
    advises(&looked("shape = \"param\"", &data(&sealed(KeyForm::Utf8))), "shape = \"data\"");
    let theirs = Aes::ecb(&key("fedcba9876543210", KeyForm::Utf8)).unwrap().encrypt(PLAIN);
    advises(&looked("", &data(&Encoding::Base64.encode(&theirs))), "合作方 govproc-other 的密钥");
    let told = format!("{:?}", looked("", &data(&sealed(KeyForm::Md5))));
    assert!(!told.contains(SECRET), "{told}");
}
