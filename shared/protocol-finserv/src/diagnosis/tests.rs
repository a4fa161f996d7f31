//! Every slip that WIRE.md, table 000 names, made on purpose, and what is said of it.

#[path = "matrix.rs"]
mod matrix;

use super::examine;
use crate::sample::{Dummies, made, now, settings};
use crypto::Iv;
use crypto::aes::Aes;
use crypto::canonical::{Placement, Profile, Skip};
use crypto::doctor::{Findings, Look};
use crypto::key::{Key, KeyForm};
use crypto::secret::Secret;
use crypto::text;
use http::{Request, Uri};
use serde_json::{Map, Value, json};

const PLAIN: &str = r#"{"guarantee_no":"BH1"}"#;
const SECRET: &str = "8993208818338920";

fn written() -> Map<String, Value> {
    let sealed = made("").unwrap().envelope.seal("get_quitInfo", PLAIN.as_bytes(), now(), Uri::default());
    serde_json::from_slice(sealed.body()).unwrap()
}

fn documented() -> Profile {
    Profile { trim: true, ..Profile::default() }
}

fn joined(joiner: &str) -> Profile {
    Profile { secret: Placement::Suffix(joiner.into()), ..documented() }
}

/// The fields signed by a profile, with a secret.
fn signed(mut fields: Map<String, Value>, profile: &Profile, secret: &str) -> Map<String, Value> {
    fields.remove("sign");
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sign = profile.sign(&pairs, &Secret::new(secret));
    fields.insert("sign".into(), json!(sign));
    fields
}

fn with(changes: &[(&str, &str)]) -> Map<String, Value> {
    let mut fields = written();
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
    fields
}

fn looked(lines: &str, body: String, look: &Look<'_>) -> Findings {
    let request = Request::post("/").body(body.into()).unwrap();
    examine(&settings(lines).unwrap(), &Dummies, &request, Some(now()), look).unwrap()
}

fn found(lines: &str, fields: &Map<String, Value>) -> Findings {
    let others = [("finserv-other".to_owned(), Secret::new("their-own-secret"))];
    let look = Look { others: &others, ..Look::default() };
    looked(lines, Value::Object(fields.clone()).to_string(), &look)
}

/// Exactly this, and nothing else, is to be changed.
#[track_caller]
fn advises(found: &Findings, expected: &str) {
    assert!(found.advice().contains(expected), "{expected}: {found:#?}");
    assert!(!found.is_good());
    assert!(found.tried.iter().all(|one| !one.text.contains(SECRET)), "{found:#?}");
}

#[test]
fn what_agrees_is_said_to_agree() {
    let whole = found("", &written());
    assert!(whole.is_good(), "{whole:#?}");
    assert_eq!(whole.tried[0].digest, written()["sign"]);
    assert!(whole.tried[0].text.ends_with("&method=get_quitInfo&***"), "{whole:#?}");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(written().iter().map(|(name, value)| (name, value.as_str().unwrap())))
        .finish();
    assert!(looked("", form, &Look::default()).is_good());
    let also = signed(written(), &joined(""), SECRET);
    assert!(found("accept_also = [{ secret_joiner = \"\" }]", &also).is_good());
}

#[test]
fn every_way_of_signing_of_the_trade_is_named_by_its_setting() {
    let bare = Profile { trim: false, ..documented() };
    let skip = Profile { skip: Skip::Empty, ..documented() };
    let blank = with(&[("access_key", "2088101568338364 ")]);
    let empty = with(&[("version", "")]);
    let both = Profile { skip: Skip::Empty, ..joined("&key=") };
    let mut extra = written();
    extra.insert("platform_id".into(), json!("P1"));
    for (fields, line) in [
        (signed(written(), &joined(""), SECRET), "accept_also = [{ secret_joiner = \"\" }]"),
        (
            signed(written(), &joined("&secret_key="), SECRET),
            "accept_also = [{ secret_joiner = \"&secret_key=\" }]",
        ),
        (signed(written(), &joined("&key="), SECRET), "accept_also = [{ secret_joiner = \"&key=\" }]"),
        (signed(blank, &bare, SECRET), "accept_also = [{ trim = false }]"),
        (signed(empty.clone(), &skip, SECRET), "accept_also = [{ empties = \"skip\" }]"),
        (signed(empty, &both, SECRET), "accept_also = [{ secret_joiner = \"&key=\", empties = \"skip\" }]"),
        (extra, "accept_also = [{ signed_fields = \"documented\" }]"),
    ] {
        advises(&found("", &fields), line);
    }
    // The settings expect something odd; the partner does as the document says.
    advises(&found("sign = { secret_joiner = \"&key=\" }", &written()), "accept_also = [{}]");
}

#[test]
fn slips_without_a_setting_are_told_in_words() {
    let upper = |fields: Map<String, Value>| signed(fields, &documented(), SECRET);
    let mut cased = upper(with(&[("method", "GET_QUITINFO")]));
    cased.insert("method".into(), json!("get_quitInfo"));
    let mut plain = with(&[("data", PLAIN)]);
    plain = upper(plain);
    plain.insert("data".into(), written()["data"].clone());
    let mut null = upper(with(&[("version", "null")]));
    null.insert("version".into(), Value::Null);
    let mut coded = upper(with(&[("platform_id", "%E6%B5%8B")]));
    coded.insert("platform_id".into(), json!("测"));
    let mut number = upper(with(&[("version", "4.00")]));
    number.insert("version".into(), json!(4));
    for (fields, told) in [
        (cased, "字段 method 的值在签名后被改动：大小写（签名时为大写）"),
        (plain, "签名时 data 用的是加密前的明文"),
        (null, "字段 version 的值在签名后被改动：签名时为文字null"),
        (coded, "字段 platform_id 的值在签名后被改动：签名时为URL编码后的值"),
        (number, "字段 version 的值在签名后被改动：数字形式（签名时带两位小数）"),
        (signed(written(), &documented(), "their-own-secret"), "合作方 finserv-other 的密钥"),
        (signed(written(), &documented(), "nobody's"), "所有签名方式均不匹配"),
        (signed(with(&[("access_key", "another")]), &documented(), SECRET), "access_key 与配置不一致"),
    ] {
        advises(&found("", &fields), told);
    }
    let order = "created=1&method=m";
    advises(&looked("", order.to_owned(), &Look::default()), "缺少 method、access_key");
}

#[test]
fn wrong_order_and_charset_are_told() {
    let fields = with(&[("title", "测试")]);
    let text = |order: &[&str]| {
        let pairs: Vec<String> =
            order.iter().map(|name| format!("{name}={}", fields[*name].as_str().unwrap())).collect();
        format!("{}&{SECRET}", pairs.join("&"))
    };
    let body = |order: &[&str], sign: String| {
        let mut pairs: Vec<String> =
            order.iter().map(|name| format!("\"{name}\":{}", fields[*name])).collect();
        pairs.push(format!("\"sign\":\"{sign}\""));
        format!("{{{}}}", pairs.join(","))
    };
    let order = ["title", "method", "access_key", "data", "created"];
    let md5 = |bytes: &[u8]| text::to_hex(&crypto::digest::md5(bytes));
    let told = looked("", body(&order, md5(text(&order).as_bytes())), &Look::default());
    advises(&told, "按报文中的字段顺序签名");
    let sorted = ["access_key", "created", "data", "method", "title"];
    let gbk = text(&sorted).into_bytes();
    let gbk = String::from_utf8(gbk).unwrap();
    let (before, after) = gbk.split_once("测试").unwrap();
    let gbk = [before.as_bytes(), b"\xb2\xe2\xca\xd4", after.as_bytes()].concat();
    advises(&looked("", body(&sorted, md5(&gbk)), &Look::default()), "GBK");
}

#[test]
fn data_broken_into_lines_is_repaired_as_the_gateway_repairs_it() {
    let mut fields = written();
    let data = fields["data"].as_str().unwrap().to_owned();
    fields.insert("data".into(), json!(format!("{}\r\n{}", &data[..20], &data[20..])));
    let found = found("", &fields);
    assert!(found.is_good() && found.remarks.iter().any(|remark| remark.say.contains("折行")), "{found:#?}");
}

#[test]
fn clocks_that_are_wrong_are_told_apart() {
    let at = |created: &str| signed(with(&[("created", created)]), &documented(), SECRET);
    // It is half past ten.
    for (lines, created, expected) in [
        ("", "20261122223000", "created = \"12h\""),
        ("", "20261122104000", "created_skew_s = 660"),
        ("created_window_s = 600", "20261122100000", "created_window_s = 1860"),
        ("created_window_s = 600", "20261121223000", "created = \"12h\""),
        ("", "soon", "created 的格式不正确"),
    ] {
        advises(&found(lines, &at(created)), expected);
    }
    assert!(found("", &at("20140519181020")).is_good(), "any age is allowed");
}

#[test]
fn every_way_of_ciphering_is_told() {
    let sealed = |aes: Aes| {
        let data = text::to_base64(&aes.encrypt(PLAIN.as_bytes()));
        signed(with(&[("data", &data)]), &documented(), SECRET)
    };
    let key = |text: &str, form| Key::read(&Secret::new(text), form).unwrap();
    let iv = b"fedcba9876543210";
    let ours = key("0123456789abcdef", KeyForm::Utf8);
    let cases = [
        ("", sealed(Aes::cbc(&key("0123456789abcdef", KeyForm::Md5), iv).unwrap()), "key_form = \"md5\""),
        ("", sealed(Aes::cbc(&key(SECRET, KeyForm::Utf8), iv).unwrap()), "data 可用 sign_secret"),
        ("aes_key = \"env:SIGN\"", sealed(Aes::cbc(&ours, iv).unwrap()), "请删除或更正 settings.aes_key"),
        ("", sealed(Aes::ecb(&ours).unwrap()), "对方使用ECB"),
        ("", sealed(Aes::cbc_with(&ours, Iv::Key).unwrap()), "对方以密钥前16字节作iv"),
        ("", sealed(Aes::cbc(&ours, &[0; 16]).unwrap()), "16个零字节"),
        ("", sealed(Aes::ecb(&key("ffffffffffffffff", KeyForm::Utf8)).unwrap()), "均无法解密"),
    ];
    for (lines, fields, expected) in cases {
        advises(&found(lines, &fields), expected);
    }
}

#[test]
fn what_we_send_is_compared_with_what_the_partner_expects() {
    let expected = signed(written(), &joined(""), SECRET)["sign"].as_str().unwrap().to_owned();
    let look = Look { outbound: true, expected: Some(&expected), others: &[] };
    let found = looked("", Value::Object(written()).to_string(), &look);
    advises(&found, "sign = { secret_joiner = \"\" }");
    assert!(!found.advice().contains("accept_also"));
    let ours = Look { outbound: true, ..Look::default() };
    assert!(looked("", Value::Object(written()).to_string(), &ours).is_good());
}
