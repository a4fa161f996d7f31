//! Every slip that WIRE.md, table 002 names, made on purpose, and what is said of it; the lines that are recommended make the
//! request believed.

use super::examine;
use crate::sample::{Dummies, made, now, plain, settings};
use bytes::Bytes;
use crypto::doctor::{Findings, Look};
use crypto::rsa::PrivateKey;
use crypto::secret::Secret;
use crypto::text;
use http::Request;
use protocol::{Caller, Inbound};
use serde_json::json;

const PATH: &str = "/financialAccount/openTimeMaintenance";
const BODY: &str = r#"{"orderNo":"T1","openTime":"2026-12-25 09:30:00"}"#;
const USER: &str = "示例出函机构";

fn names(user: &[u8], code: &str) -> String {
    text::to_base64(&[user, b":", code.as_bytes()].concat())
}

fn ours() -> String {
    format!("Basic {}", names(USER.as_bytes(), "dummy-code"))
}

fn post(authorization: &str, body: &str) -> Request<Bytes> {
    let request = Request::post(PATH).header("host", "gateway.example");
    let request =
        if authorization.is_empty() { request } else { request.header("authorization", authorization) };
    let mut request = request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    request.extensions_mut().insert(Caller([203, 0, 113, 7].into()));
    request
}

fn looked(lines: &str, request: &Request<Bytes>, outbound: bool) -> Findings {
    let others = [("yueyang-other".to_owned(), Secret::new("their-own-code"))];
    let look = Look { others: &others, outbound, ..Look::default() };
    examine(&settings(lines).unwrap(), &Dummies, request, &look).unwrap()
}

fn found(lines: &str, request: &Request<Bytes>) -> Findings {
    looked(lines, request, false)
}

#[track_caller]
fn advises(found: &Findings, expected: &str) {
    assert!(found.advice().contains(expected) && !found.is_good(), "{expected}: {found:#?}");
    assert!(!format!("{found:?}").contains("dummy-code"), "{found:#?}");
}

fn under_rsa(file: &str) -> String {
    let path = format!("{}/fixtures/variants/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().split_once("\n\n").unwrap().1.to_owned()
}

#[test]
fn what_agrees_is_said_to_agree() {
    let wrapped = format!("{{\"data\":{BODY}}}");
    for body in [BODY, &wrapped, &format!("[{BODY}]")] {
        assert!(found("", &post(&ours(), body)).is_good(), "{body}");
    }
    let application = found("", &post(&ours(), &plain("doOrderApply").to_string()));
    assert!(application.is_good(), "{application:#?}");
    let note = application.remarks.iter().find(|remark| remark.say.contains("密文字段")).unwrap();
    assert!(
        note.say.contains("投标企业名称(bidderName)：明文") && note.say.contains("(projectNo)：RSA密文"),
        "{note:?}"
    );
    assert!(application.private.contains(&"示例建设工程有限公司".to_owned()));
}

#[test]
fn everything_that_is_wrong_with_names_is_told_apart() {
    let code = |user: &str, code: &str| format!("Basic {}", names(user.as_bytes(), code));
    let gbk = [0xCA, 0xBE, 0xC0, 0xFD, 0xB3, 0xF6, 0xBA, 0xAF, 0xBB, 0xFA, 0xB9, 0xB9];
    for (lines, header, expected) in [
        ("", names(USER.as_bytes(), "dummy-code"), "auth = \"bare\""),
        ("user = \"u\"", "Basic u:dummy-code".to_owned(), "没有做base64编码"),
        ("", code(USER, "dummy-codf"), "用户名正确，授权码与配置不一致"),
        ("", code(USER, "DUMMY-CODE"), "授权码仅大小写不同"),
        ("", code(USER, "dummy-code\n"), "授权码首尾有多余空白"),
        ("", code(USER, "their-own-code"), "合作方 yueyang-other"),
        ("", code("示例", "dummy-code"), "授权码正确，用户名与配置不一致"),
        ("", code("示例出函机构 ", "dummy-code"), "用户名仅大小写或首尾空白不同"),
        ("", code("x", "y"), "用户名与授权码均与配置不一致"),
        ("", format!("Basic {}", names(&gbk, "dummy-code")), "GBK"),
        ("", format!("Basic {}", text::to_base64(b"nothing")), "没有冒号"),
        ("inbound_user = \"front\"\ninbound_code = \"env:OTHER\"", ours(), "另一方向的用户名"),
        ("", String::new(), "缺少 Authorization"),
    ] {
        let request = post(&header, BODY);
        assert!(made(lines).unwrap().open(&request, now()).is_err(), "{expected}");
        advises(&found(lines, &request), expected);
    }
    let bare = post(&names(USER.as_bytes(), "dummy-code"), BODY);
    assert!(made("auth = \"bare\"").unwrap().open(&bare, now()).is_ok());
    assert!(found("auth = \"bare\"", &bare).is_good());
    advises(&found("allowed_ips = [\"192.0.2.0/24\"]", &post(&ours(), BODY)), "203.0.113.7 不在");
    assert!(found("auth = \"none\"\nallowed_ips = [\"203.0.113.0/24\"]", &post("", BODY)).is_good());
}

#[test]
fn a_callback_goes_with_our_own_names() {
    let lines = "inbound_user = \"front\"\ninbound_code = \"env:OTHER\"";
    let theirs = format!("Basic {}", names(b"front", "other-code"));
    assert!(looked(lines, &post(&ours(), BODY), true).is_good());
    assert!(found(lines, &post(&theirs, BODY)).is_good());
    advises(&looked(lines, &post(&theirs, BODY), true), "另一方向的用户名");
    let key = PrivateKey::read(&Secret::new(include_str!("../../fixtures/platform.pem"))).unwrap();
    let sealed = key.public().encrypt(BODY.as_bytes(), crypto::rsa::Padding::Pkcs1, &[1; 16]).unwrap();
    let body = json!({ "data": text::to_base64(&sealed) }).to_string();
    let told = looked("", &post(&ours(), &body), true);
    assert!(
        told.is_good() && told.remarks.iter().any(|remark| remark.say.contains("只有平台的私钥能解")),
        "{told:#?}"
    );
}

#[test]
fn bodies_under_rsa_are_recognised() {
    for file in ["recovered.http", "recovered-wrapped.http", "recovered-bare.http"] {
        let request = post(&ours(), &under_rsa(file));
        advises(&found("", &request), "inbound_body = \"recovered\"");
        let told = found("inbound_body = \"recovered\"", &request);
        assert!(told.is_good(), "{told:#?}");
    }
    advises(&found("inbound_body = \"recovered\"", &post(&ours(), BODY)), "inbound_body = \"plain\"");
    let key = PrivateKey::read(&Secret::new(include_str!("../../fixtures/platform.pem"))).unwrap();
    let sealed = key.public().encrypt(BODY.as_bytes(), crypto::rsa::Padding::Pkcs1, &[1; 16]).unwrap();
    let wrapped = |bytes: &[u8]| post(&ours(), &json!({ "data": text::to_base64(bytes) }).to_string());
    advises(&found("", &wrapped(&sealed)), "用公钥而不是私钥加密");
    advises(&found("", &wrapped(&sealed[..100])), "不是RSA整块");
    advises(
        &found("", &wrapped(&[7; 384])),
        if key.modulus_len() == 128 { "还原失败" } else { "另一把密钥" },
    );
    advises(&found("", &post(&ours(), "neither json nor base64!")), "既不是JSON");
}

#[test]
fn released_keys_are_recognised_by_their_form() {
    let body = |key: &str| {
        let mut fields = plain("restoreApply");
        fields["secretKey"] = json!(key);
        post(&ours(), &fields.to_string())
    };
    assert!(found("", &post(&ours(), &plain("restoreApply").to_string())).is_good());
    for symmetric in ["0123456789abcdef", "000102030405060708090a0b0c0d0e0f", "AYP+RWeJq83v/ty6mHZUMg=="] {
        assert!(found("", &body(symmetric)).is_good(), "{symmetric}");
        advises(&found("symmetric = []", &body(symmetric)), "symmetric = [\"sm4_ecb\", \"aes_ecb\"]");
    }
    advises(&found("", &body("某")), "secretKey 无法识别");
    advises(&found("", &body(&text::to_base64(&[7; 256]))), "platform_key = \"file:PATH\"");
}
