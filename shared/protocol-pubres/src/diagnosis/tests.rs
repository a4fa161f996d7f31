//! Every slip that WIRE.md, table 001 names, made on purpose, and what is said of it; a line that is recommended makes the
//! request proven.

#[path = "matrix.rs"]
mod matrix;

use super::examine;
use crate::sample::{Dummies, KEK, SECRET, made, now, settings};
use crate::settings::documented;
use bytes::Bytes;
use crypto::canonical::{Changes, Profile};
use crypto::doctor::{Findings, Look};
use crypto::secret::Secret;
use crypto::text;
use http::Request;
use protocol::Inbound;
use serde_json::{Map, Value, json};

fn written() -> Map<String, Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/claimsnotice/opened.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn with(changes: &[(&str, Value)]) -> Map<String, Value> {
    let mut fields = written();
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    fields
}

fn request(body: String) -> Request<Bytes> {
    Request::post("/claimsnotice").body(body.into()).unwrap()
}

/// The fields signed by a profile with a secret, over the tokens as they are written.
fn signed(mut fields: Map<String, Value>, profile: &Profile, secret: &str) -> Map<String, Value> {
    fields.remove("sign");
    let envelope = made("").unwrap().envelope;
    let body = Value::Object(with_sign(fields.clone(), "x")).to_string();
    let reading = envelope.lay_open(body.as_bytes()).unwrap().remove(0);
    let tokens: Vec<_> = reading
        .fields
        .iter()
        .filter(|(name, _)| name != "sign")
        .map(|(name, value)| (name.as_str(), value.token()))
        .collect();
    let sign = profile.sign(&tokens, &Secret::new(secret));
    with_sign(fields, &sign)
}

fn with_sign(mut fields: Map<String, Value>, sign: &str) -> Map<String, Value> {
    fields.insert("sign".into(), json!(sign));
    fields
}

fn looked(lines: &str, body: String, look: &Look<'_>) -> Findings {
    examine(&settings(lines).unwrap(), &Dummies, &request(body), Some(now()), look).unwrap()
}

fn found(lines: &str, fields: &Map<String, Value>) -> Findings {
    let others = [("pubres-other".to_owned(), Secret::new("their-own-secret"))];
    looked(lines, Value::Object(fields.clone()).to_string(), &Look { others: &others, ..Look::default() })
}

#[track_caller]
fn advises(found: &Findings, expected: &str) {
    assert!(found.advice().contains(expected), "{expected}: {found:#?}");
    assert!(!found.is_good() && found.tried.iter().all(|one| !one.text.contains(SECRET)), "{found:#?}");
}

fn profile(knobs: &str) -> Profile {
    toml::from_str::<Changes>(knobs).unwrap().on(&documented())
}

#[test]
fn every_way_of_signing_of_the_trade_is_named_by_the_line_that_makes_it_proven() {
    let odd = [("note", json!("")), ("blank", json!(" x ")), ("sum", json!(20000000)), ("none", Value::Null)];
    let mut all = 0;
    for knobs in [
        "skip = \"none\"",
        "skip = \"null\"",
        "skip = \"none\"\nnull_as = \"null\"",
        "secret = { suffix = \"&key=\" }",
        "secret = { suffix = \"&\" }",
        "secret = { suffix = \"\" }",
        "secret = { prefix = \"&\" }",
        "secret = \"wrap\"",
        "digest = \"hmac_sm3\"",
        "digest = \"md5\"",
        "trim = true",
        "number = \"java_double\"",
        "number = \"fixed2\"",
        "sort = \"ascii_ci\"",
        "digest = \"md5\"\nsecret = { suffix = \"&key=\" }",
        "skip = \"none\"\nsort = \"ascii_ci\"",
    ] {
        let fields = signed(with(&odd), &profile(knobs), SECRET);
        let body = Value::Object(fields.clone()).to_string();
        let open = |lines: &str| made(lines).unwrap().open(&request(body.clone()), now());
        assert!(open("").is_err(), "{knobs}");
        let told = found("", &fields);
        assert_eq!(told.lines.len(), 1, "{knobs}: {told:#?}");
        assert!(open(&told.lines[0]).is_ok(), "{knobs}: {}", told.lines[0]);
        all += 1;
    }
    assert_eq!(all, 16);
}

#[test]
fn what_agrees_is_said_to_agree_as_json_and_as_a_form() {
    let whole = found("", &written());
    assert!(whole.is_good() && whole.tried[0].matches, "{whole:#?}");
    assert!(whole.tried[0].text.starts_with("Reason=") && whole.tried[0].text.ends_with("&appsecret=***"));
    let json = Value::Object(written()).to_string();
    let form =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("requestData", &json).finish();
    assert!(looked("", form, &Look::default()).is_good());
    let unencoded = format!("requestData={}", signed_text(&json));
    assert!(looked("", unencoded, &Look::default()).is_good());
}

/// As a client writes a form that encodes everything but `+`.
fn signed_text(json: &str) -> String {
    json.replace('%', "%25").replace('&', "%26").replace('=', "%3D").replace(' ', "%20")
}

#[test]
fn nested_lists_are_signed_compact_or_as_they_stand() {
    let body =
        Value::Object(with(&[("filelist", json!([{ "fileurl": "https://p.example/1" }]))])).to_string();
    let loose = body.replace("[{\"fileurl\":", "[ {\"fileurl\": ");
    let mut fields: Map<String, Value> = serde_json::from_str(&loose).unwrap();
    fields.remove("sign");
    let text: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| {
            let raw = if name == "filelist" {
                "[ {\"fileurl\": \"https://p.example/1\"}]".to_owned()
            } else {
                value.as_str().unwrap().to_owned()
            };
            (name.as_str(), raw)
        })
        .collect();
    let text: Vec<(&str, &str)> = text.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let sign = documented().sign(&text, &Secret::new(SECRET));
    let old = written()["sign"].as_str().unwrap().to_owned();
    let told = looked("", loose.replace(&old, &sign), &Look::default());
    advises(&told, "accept_also = [{ nested = \"raw\" }]");
}

#[test]
fn slips_without_a_setting_are_told_in_words() {
    let sent = |signed_as: (&str, Value), sent_as: Value| {
        let mut fields = signed(with(std::slice::from_ref(&signed_as)), &documented(), SECRET);
        fields.insert(signed_as.0.to_owned(), sent_as);
        fields
    };
    let encoded = url::form_urlencoded::byte_serialize("测试".as_bytes()).collect::<String>();
    for (fields, told) in [
        (sent(("note", json!("甲+乙")), json!("甲 乙")), "字段 note 的值在签名后被改动：加号变成了空格"),
        (sent(("note", json!("AB")), json!("ab")), "字段 note 的值在签名后被改动：大小写（签名时为大写）"),
        (
            sent(("note", json!(encoded)), json!("测试")),
            "字段 note 的值在签名后被改动：签名时为URL编码后的值",
        ),
        (sent(("note", json!("")), json!("x")), "字段 note 未参与对方的签名"),
        (
            sent(("payeramount", json!("800000.00")), json!("800000")),
            "字段 payeramount 的值在签名后被改动：数字形式",
        ),
        (sent(("note", json!("a=1&b")), json!("a=1&amp;b")), "HTML转义"),
        (signed(written(), &documented(), "their-own-secret"), "合作方 pubres-other 的密钥"),
        (signed(written(), &documented(), "nobody's"), "所有签名方式均不匹配"),
        (signed(with(&[("appkey", json!("another"))]), &documented(), SECRET), "appkey 与配置不一致"),
        (signed(with(&[("appkey", json!("DEMO-appkey"))]), &documented(), SECRET), "appkey 仅大小写"),
        (signed(with(&[("platformcode", json!("P02"))]), &documented(), SECRET), "platform_code = \"P02\""),
    ] {
        advises(&found("", &fields), told);
    }
    advises(&looked("", "neither".to_owned(), &Look::default()), "请求报文应为JSON格式");
}

#[test]
fn the_secret_among_the_fields_and_the_order_of_the_message_are_told() {
    let mut fields = with(&[("zbrname", json!("某"))]);
    fields.remove("sign");
    let pairs = |fields: &Map<String, Value>| -> Vec<String> {
        fields.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect()
    };
    let sm3 = |text: String| text::to_hex(&crypto::digest::sm3(text.as_bytes()));
    let mut within = fields.clone();
    within.insert("appsecret".into(), json!(SECRET));
    let told = found("", &with_sign(fields.clone(), &sm3(pairs(&within).join("&"))));
    advises(&told, "密钥作为字段 appsecret 参与了排序");
    let mut turned = pairs(&fields);
    turned.reverse();
    let told = found("", &with_sign(fields, &sm3(format!("{}&appsecret={SECRET}", turned.join("&")))));
    advises(&told, "按字段名降序签名");
}

#[test]
fn clock_and_key_of_a_restore_are_looked_at() {
    let late = signed(with(&[("timestamp", json!("2026-11-22 09:30:00"))]), &documented(), SECRET);
    assert!(found("", &late).is_good());
    advises(&found("timestamp_window_s = 600", &late), "timestamp_window_s = 3660");
    let key = |text: &str| signed(with(&[("key", json!(text))]), &documented(), SECRET);
    for good in ["AYP+RWeJq83v/ty6mHZUMg==", "000102030405060708090a0b0c0d0e0f", "0123456789abcdef"] {
        assert!(found("", &key(good)).is_good(), "{good}");
    }
    advises(&found("", &key("short")), "请向对方确认密钥形式");
    let kek = crypto::key::Key::read(&Secret::new(KEK), crypto::key::KeyForm::Utf8).unwrap();
    let wrapped = text::to_base64(&crypto::sm4::Sm4::ecb(&kek).unwrap().encrypt(b"0123456789abcdef"));
    advises(&found("", &key(&wrapped)), "key_wrap = \"file:PATH\"");
    assert!(found("key_wrap = \"env:KEK\"", &key(&wrapped)).is_good());
}

#[test]
fn what_may_be_personal_is_marked_and_a_callback_is_compared_with_what_the_partner_expects() {
    let whole = found("", &written());
    assert!(
        whole.private.contains(&"王示例".to_owned()) && !whole.private.contains(&"demo-appkey".to_owned())
    );
    let expected = signed(written(), &profile("secret = { suffix = \"&key=\" }"), SECRET)["sign"].clone();
    let look = Look { outbound: true, expected: expected.as_str(), others: &[] };
    let told = looked("", Value::Object(written()).to_string(), &look);
    advises(&told, "sign = { secret = { suffix = \"&key=\" } }");
}
