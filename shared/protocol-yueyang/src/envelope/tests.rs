//! The shell: who is believed, and which bodies are read and written.

use super::*;
use crate::Yueyang;
use crate::codes::{OPEN_TIME, ORDER_NO};
use crate::notices::CALLBACKS;
use crate::sample::{made, now};
use crypto::rsa::PrivateKey;
use crypto::secret::Secret;
use protocol::{Call, Inbound};
use serde_json::{Value, json};

const PATH: &str = "/financialAccount/openTimeMaintenance";
const BODY: &str = r#"{"orderNo":"T1","openTime":"2026-12-25 09:30:00"}"#;

fn post(authorization: Option<&str>, body: &str) -> Request<Bytes> {
    let mut request = Request::builder().method(Method::POST).uri(PATH);
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

fn names(user: &str, code: &str) -> String {
    text::to_base64(format!("{user}:{code}").as_bytes())
}

fn ours() -> String {
    format!("Basic {}", names("示例出函机构", "dummy-code"))
}

fn opened(yueyang: &Yueyang, request: &Request<Bytes>) -> Result<Call, Rejection> {
    yueyang.open(request, now())
}

#[test]
fn whoever_has_the_names_is_believed() {
    let yueyang = made("").unwrap();
    let bare = names("示例出函机构", "dummy-code");
    for known in [ours(), format!("basic  {bare} "), format!("BASIC {bare}")] {
        assert!(opened(&yueyang, &post(Some(&known), BODY)).is_ok(), "{known}");
    }
}

#[test]
fn everybody_else_hears_the_same() {
    let yueyang = made("").unwrap();
    let bare = names("示例出函机构", "dummy-code");
    let wrong = [
        Some(format!("Basic {}", names("示例出函机构", "dummy-codf"))),
        Some(format!("Basic {}", names("示例", "dummy-code"))),
        Some(format!("Basic {}", names("", ""))),
        Some("Basic 示例出函机构:dummy-code".to_owned()),
        Some("Basic".to_owned()),
        Some("Basic ".to_owned()),
        Some(format!("Bearer {bare}")),
        Some(format!("Basic{bare}")),
        Some(bare),
        Some(String::new()),
        None,
    ];
    for given in wrong {
        for body in [BODY, "no JSON", ""] {
            let rejection = opened(&yueyang, &post(given.as_deref(), body)).unwrap_err();
            assert_eq!(rejection.kind, RejectionKind::Forged, "{given:?}");
            assert_eq!((rejection.say.as_str(), rejection.interface), (STRANGER, None));
        }
    }
}

#[test]
fn the_settings_change_how_one_introduces_oneself() {
    let bare = names("示例出函机构", "dummy-code");
    let lenient = made("auth = \"bare\"").unwrap();
    assert!(opened(&lenient, &post(Some(&bare), BODY)).is_ok());
    assert!(opened(&lenient, &post(Some(&ours()), BODY)).is_ok());
    assert!(opened(&lenient, &post(Some(&names("x", "y")), BODY)).is_err());
    assert!(opened(&lenient, &post(None, BODY)).is_err());
    let own = made("inbound_user = \"platform\"\ninbound_code = \"env:OTHER\"").unwrap();
    assert!(opened(&own, &post(Some(&ours()), BODY)).is_err());
    let theirs = format!("Basic {}", names("platform", "other-code"));
    assert!(opened(&own, &post(Some(&theirs), BODY)).is_ok());
    let letter = vec![(ORDER_NO.0, "T1".to_owned())];
    let sent = own.envelope.seal(&CALLBACKS[0], &letter, &[0; 16], Uri::from_static("http://p.example/x"));
    assert_eq!(sent.unwrap().headers()[AUTHORIZATION], ours().as_str(), "we keep our own names");
}

#[test]
fn where_one_calls_from_may_stand_for_names_or_beside_them() {
    let from = |caller: Option<[u8; 4]>, authorization: Option<&str>| {
        let mut request = post(authorization, BODY);
        request
            .extensions_mut()
            .extend(caller.map(|caller| extension(Caller(caller.into()))).unwrap_or_default());
        request
    };
    let (near, far) = (Some([10, 1, 2, 3]), Some([10, 2, 2, 3]));
    let unnamed = made("auth = \"none\"\nallowed_ips = [\"10.1.0.0/16\"]").unwrap();
    assert!(opened(&unnamed, &from(near, None)).is_ok());
    let both = made("allowed_ips = [\"10.1.0.0/16\"]").unwrap();
    assert!(opened(&both, &from(near, Some(&ours()))).is_ok());
    assert!(opened(&both, &from(near, None)).is_err());
    for partner in [&unnamed, &both] {
        for caller in [far, None] {
            let rejection = opened(partner, &from(caller, Some(&ours()))).unwrap_err();
            assert_eq!((rejection.kind, rejection.say.as_str()), (RejectionKind::Forged, STRANGER));
        }
    }
}

fn extension(caller: Caller) -> http::Extensions {
    let mut extensions = http::Extensions::new();
    extensions.insert(caller);
    extensions
}

#[test]
fn bodies_are_read_flat_and_wrapped_and_nothing_else_is() {
    let yueyang = made("").unwrap();
    let good = [
        BODY.to_owned(),
        format!("{{\"data\":{BODY}}}"),
        format!("\u{feff} {{\"sign\":null,\"data\": {BODY} }}\n"),
        BODY.replace('}', ",\"data\":\"x\"}"),
    ];
    for body in good {
        assert!(opened(&yueyang, &post(Some(&ours()), &body)).is_ok(), "{body}");
    }
    for body in ["", "x", "[]", "{\"data\":[]}", "{\"data\":{}}", "null", "{\"orderNo\":\"T1\""] {
        let rejection = opened(&yueyang, &post(Some(&ours()), body)).unwrap_err();
        assert_ne!(rejection.kind, RejectionKind::Forged, "{body}");
    }
    let mut request = post(Some(&ours()), BODY);
    *request.method_mut() = Method::GET;
    assert_eq!(opened(&yueyang, &request).unwrap_err().say, "请使用POST方式提交");
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static("/financialAccount/nothing");
    assert_eq!(opened(&yueyang, &request).unwrap_err().kind, RejectionKind::Unknown);
}

/// A message of the fixtures, as somebody else's program put it under the platform's private key.
fn recovered(file: &str) -> String {
    let path = format!("{}/fixtures/variants/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().split_once("\n\n").unwrap().1.to_owned()
}

#[test]
fn a_body_under_the_platform_s_key_is_recovered_or_a_stranger_s() {
    let sealed = made("inbound_body = \"recovered\"").unwrap();
    assert!(Inbound::is_heavy(&sealed) && !Inbound::is_heavy(&made("").unwrap()));
    for file in ["recovered.http", "recovered-bare.http", "recovered-wrapped.http"] {
        let call = opened(&sealed, &post(Some(&ours()), &recovered(file))).unwrap();
        assert_eq!(call.interface.name, &PATH[1..]);
    }
    let good = recovered("recovered.http");
    let half = format!("{}\"}}", &good[..good.len() / 2]);
    for body in [BODY, "", "{\"data\":\"\"}", "{\"data\":\"AAAA\"}", half.as_str(), &good.replace('A', "B")] {
        let rejection = opened(&sealed, &post(Some(&ours()), body)).unwrap_err();
        assert_eq!((rejection.kind, rejection.say.as_str()), (RejectionKind::Forged, STRANGER), "{body}");
    }
    assert!(opened(&made("").unwrap(), &post(Some(&ours()), &good)).is_err());
}

fn written(lines: &str, callback: &Interface) -> Value {
    let letter = vec![(ORDER_NO.0, "T1".to_owned()), (OPEN_TIME.0, "示例\"".to_owned())];
    let envelope = made(lines).unwrap().envelope;
    let sent = envelope.seal(callback, &letter, &[5; 16], Uri::from_static("http://p.example/x")).unwrap();
    assert_eq!(sent.headers()[CONTENT_TYPE], "application/json;charset=UTF-8");
    serde_json::from_slice(sent.body()).unwrap()
}

#[test]
fn callbacks_are_wrapped_flat_or_encrypted() {
    let plain = json!({ "orderNo": "T1", "openTime": "示例\"" });
    let wrapped = json!({ "data": plain });
    let claim = CALLBACKS.iter().find(|row| row.name == "guarantee/compensateNotice").unwrap();
    assert_eq!(written("", claim), wrapped);
    assert_eq!(written("outbound_body = \"flat\"", claim), plain);
    for name in ["guarantee/compensateNotice", "compensateNotice"] {
        let lines = format!("flat = [\"{name}\"]");
        assert_eq!(
            (written(&lines, claim), written(&lines, &CALLBACKS[0])),
            (plain.clone(), wrapped.clone())
        );
    }
    let encrypted = written("outbound_body = \"encrypted\"", claim);
    let key = PrivateKey::read(&Secret::new(include_str!("../../fixtures/platform.pem"))).unwrap();
    let sealed = text::from_base64(encrypted["data"].as_str().unwrap()).unwrap();
    let opened = key.decrypt(&sealed, &[Padding::Pkcs1], 1024).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&opened).unwrap(), plain);
}
