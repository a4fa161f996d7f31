//! Every slip that WIRE.md, table 004 names, made on purpose, and what is said of it; the lines that are recommended make the
//! push proven.

#[path = "matrix.rs"]
mod matrix;

use super::examine;
use crate::envelope::Opened;
use crate::sample::{Dummies, made, now, plain, settings};
use bytes::Bytes;
use crypto::canonical::{HexCase, Number, Placement, Profile, Skip};
use crypto::doctor::{Findings, Look};
use crypto::rsa::{Padding, PrivateKey, PublicKey};
use crypto::secret::Secret;
use crypto::text;
use http::Request;
use protocol::{Caller, Inbound, RejectionKind};
use serde_json::{Map, Value, json};

const KIND: &str = "application/x-www-form-urlencoded";
const OURS: &str = include_str!("../../fixtures/keys/insurer.pub.pem");
const THEIRS: &str = include_str!("../../fixtures/keys/platform.pub.pem");

fn documented() -> Profile {
    Profile {
        kv: String::new(),
        joiner: String::new(),
        secret: Placement::Wrap,
        hex: HexCase::Upper,
        ..Profile::default()
    }
}

fn fields(changes: &[(&str, Value)]) -> Map<String, Value> {
    let mut fields = plain("delay-open-push").as_object().unwrap().clone();
    fields.remove("sign");
    fields.insert("timestamp".into(), json!("20261122103000"));
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    fields
}

fn signed(mut fields: Map<String, Value>, profile: &Profile, secret: &str) -> Map<String, Value> {
    let opened = Opened::read(&Value::Object(fields.clone()).to_string()).unwrap();
    let sign = profile.sign(&opened.signed(), &Secret::new(secret));
    fields.insert("sign".into(), json!(sign));
    fields
}

fn sealed(fields: &Map<String, Value>, key: &str, padding: Padding) -> String {
    let plain = Value::Object(fields.clone()).to_string();
    text::to_base64(&PublicKey::read(key).unwrap().encrypt(plain.as_bytes(), padding, &[3; 16]).unwrap())
}

fn form(param: &str) -> Request<Bytes> {
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("param", param).finish();
    Request::post("/delay-open-push").header("content-type", KIND).body(body.into()).unwrap()
}

fn push(fields: &Map<String, Value>) -> Request<Bytes> {
    form(&sealed(fields, OURS, Padding::Pkcs1))
}

fn looked(lines: &str, request: &Request<Bytes>, look: &Look<'_>) -> Findings {
    examine(&settings(lines).unwrap(), &Dummies, request, Some(now()), look).unwrap()
}

fn found(lines: &str, request: &Request<Bytes>) -> Findings {
    let others = [("fuzhou-other".to_owned(), Secret::new("their-own-secret"))];
    looked(lines, request, &Look { others: &others, ..Look::default() })
}

/// Whether the envelope believes it: fields may still be wrong.
fn believed(lines: &str, request: &Request<Bytes>) -> bool {
    let opened = made(lines).unwrap().open(request, now());
    opened.err().is_none_or(|rejection| rejection.kind == RejectionKind::Malformed)
}

#[track_caller]
fn advises(found: &Findings, expected: &str) {
    assert!(found.advice().contains(expected) && !found.is_good(), "{expected}: {found:#?}");
    assert!(!format!("{found:?}").contains("S3CR3T"), "{found:#?}");
}

#[test]
fn what_agrees_is_said_to_agree_however_it_is_encoded() {
    let good = signed(fields(&[]), &documented(), "S3CR3T");
    let told = found("", &push(&good));
    assert!(told.is_good() && told.tried[0].matches, "{told:#?}");
    assert!(told.tried[0].text.starts_with("***") && told.tried[0].text.ends_with("***"));
    let base64 = sealed(&good, OURS, Padding::Pkcs1);
    let twice: String = url::form_urlencoded::byte_serialize(base64.as_bytes()).collect();
    for (param, note) in [(twice, "多做了一次URL编码"), (base64.replace('+', " "), "变成了空格")]
    {
        let told = found("", &form(&param));
        assert!(told.is_good(), "{told:#?}");
        assert!(
            !base64.contains('+') || told.remarks.iter().any(|remark| remark.say.contains(note)),
            "{told:#?}"
        );
        assert!(believed("", &form(&param)));
    }
    let parts =
        format!("--edge\r\nContent-Disposition: form-data; name=\"param\"\r\n\r\n{base64}\r\n--edge--\r\n");
    let kind = "multipart/form-data; boundary=edge";
    let request = Request::post("/").header("content-type", kind).body(Bytes::from(parts)).unwrap();
    assert!(found("", &request).is_good());
}

#[test]
fn every_padding_and_way_of_signing_with_a_setting_is_named_by_the_line_that_makes_it_proven() {
    let odd = [("note", json!("")), ("zero", json!("0")), ("none", Value::Null)];
    let extra = "extra_fields = [\"note\", \"zero\", \"none\"]\n";
    let drop = Profile { skip: Skip::PhpFalsy, ..documented() };
    let word = Profile { null_as: crypto::canonical::NullAs::Word, ..documented() };
    let good = signed(fields(&[]), &documented(), "S3CR3T");
    let only = "accept_also = []\n";
    for (request, expected) in [
        (push(&signed(fields(&odd), &drop, "S3CR3T")), "accept_also = [{ empties = \"drop\" }]"),
        (push(&signed(fields(&odd), &word, "S3CR3T")), "accept_also = [{ null_as = \"null\" }]"),
        (form(&sealed(&good, OURS, Padding::OaepSha1)), "accept_padding = [\"oaep_sha1\"]"),
        (
            form(&sealed(&good, OURS, Padding::OaepSha256Mgf1Sha1)),
            "accept_padding = [\"oaep_sha256_mgf1_sha1\"]",
        ),
    ] {
        let lines = format!("{extra}{only}");
        assert!(!believed(&lines, &request), "{expected}");
        advises(&found(&lines, &request), expected);
        assert!(believed(&format!("{extra}{expected}"), &request), "{expected}");
    }
}

#[test]
fn ways_of_signing_without_a_setting_are_told_in_words() {
    let with = |secret| Profile { secret, ..documented() };
    let spaced = Profile { kv: "=".into(), joiner: "&".into(), ..documented() };
    let fixed = Profile { number: Number::Fixed2, ..documented() };
    let price = || fields(&[("price", json!(240))]);
    let cases = [
        (signed(fields(&[]), &with(Placement::Suffix(String::new())), "S3CR3T"), "密钥只在最后"),
        (signed(fields(&[]), &with(Placement::Prefix(String::new())), "S3CR3T"), "密钥只在最前"),
        (signed(fields(&[]), &spaced, "S3CR3T"), "以k=v&k=v书写"),
        (signed(price(), &fixed, "S3CR3T"), "数字按两位小数"),
        (signed(fields(&[]), &documented(), "their-own-secret"), "合作方 fuzhou-other 的密钥"),
        (signed(fields(&[]), &documented(), "nobody's"), "所有签名方式均不匹配"),
        (fields(&[]), "报文没有 sign"),
        (signed(fields(&[("timestamp", json!("soon"))]), &documented(), "S3CR3T"), "timestamp 的格式不正确"),
    ];
    for (fields, expected) in cases {
        advises(&found("", &push(&fields)), expected);
    }
    let mut php = signed(fields(&[("price", json!("240"))]), &documented(), "S3CR3T");
    php.insert("price".into(), json!("240.00"));
    advises(&found("", &push(&php)), "字段 price 的值在签名后被改动：数字形式");
    let mut token = signed(fields(&[]), &documented(), "S3CR3T");
    token.insert("access_token".into(), json!("abc"));
    advises(&found("", &push(&token)), "字段 access_token 未参与对方的签名");
}

#[test]
fn keys_that_do_not_fit_are_told_apart() {
    let good = signed(fields(&[]), &documented(), "S3CR3T");
    advises(&found("", &form(&sealed(&good, THEIRS, Padding::Pkcs1))), "对方使用了别的公钥");
    advises(
        &found("rsa_pk = \"env:PLATFORM_PK\"", &form(&sealed(&good, THEIRS, Padding::Pkcs1))),
        "不是同一对密钥",
    );
    let bytes = text::from_base64(&sealed(&good, OURS, Padding::Pkcs1)).unwrap();
    advises(&found("", &form(&text::to_base64(&bytes[..bytes.len() - 1]))), "被截断，或不是RSA");
    advises(&found("", &form(&text::to_base64(&bytes[..128]))), "对方的密钥可能为 [1024] 位");
    advises(&found("", &form("!!!")), "param 不是base64密文");
    advises(&found("", &form("")), "param 为空");
    let bare = Request::post("/").body(Bytes::from_static(b"{}")).unwrap();
    advises(&found("", &bare), "应为表单");
    let private = PrivateKey::read(&Secret::new(include_str!("../../fixtures/keys/insurer.pem"))).unwrap();
    let by = private.encrypt_recoverable(Value::Object(good).to_string().as_bytes()).unwrap();
    advises(&found("", &form(&text::to_base64(&by))), "用私钥加密的");
    let listed = private.public().encrypt(b"[1]", Padding::Pkcs1, &[1; 16]).unwrap();
    assert!(!found("", &form(&text::to_base64(&listed))).is_good());
}

#[test]
fn clocks_and_invoices_without_a_signature_are_told() {
    let late = push(&signed(fields(&[("timestamp", json!("20261122104000"))]), &documented(), "S3CR3T"));
    assert!(found("", &late).is_good());
    advises(&found("timestamp_skew_s = 60", &late), "timestamp_skew_s = 660");
    let early = push(&signed(fields(&[("timestamp", json!("20261122102000"))]), &documented(), "S3CR3T"));
    advises(&found("timestamp_window_s = 60", &early), "timestamp_window_s = 660");
    let mut invoice = push(&fields(&[("invoice_id", json!("1"))]));
    assert!(found("", &invoice).is_good(), "from an unknown place it may be good");
    invoice.extensions_mut().insert(Caller([198, 51, 100, 9].into()));
    advises(&found("", &invoice), "unsigned_from = [\"198.51.100.9\"]");
    invoice.extensions_mut().insert(Caller([192, 0, 2, 7].into()));
    assert!(found("", &invoice).is_good());
    advises(&found("require_sign = true", &invoice), "require_sign = true");
}

#[test]
fn calls_of_ours_are_compared_with_what_the_platform_expects() {
    let good = signed(fields(&[("note", json!(""))]), &documented(), "S3CR3T");
    let drop = Profile { skip: Skip::PhpFalsy, ..documented() };
    let expected = signed(fields(&[("note", json!(""))]), &drop, "S3CR3T")["sign"].clone();
    let look = Look { outbound: true, expected: expected.as_str(), others: &[] };
    advises(&looked("accept_also = []", &push(&good), &look), "sign = { empties = \"drop\" }");
    let ours = Look { outbound: true, ..Look::default() };
    let told = looked("", &form(&sealed(&good, THEIRS, Padding::Pkcs1)), &ours);
    assert!(told.remarks.iter().any(|remark| remark.say.contains("只有平台能解")), "{told:#?}");
    let oaep = looked("", &form(&sealed(&good, OURS, Padding::OaepSha1)), &ours);
    advises(&oaep, "padding = \"oaep_sha1\"");
}
