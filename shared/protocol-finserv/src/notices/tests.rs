//! From notices to requests: what is sent where, and what is not sent.

use super::*;
use crate::Finserv;
use crate::sample::{BASE, Dummies, made, now, settings};
use domain::PartnerId;
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use protocol::{Outbound, Sealed};
use std::collections::BTreeMap;

fn notice(kind: &str, with: &str) -> Notice {
    let head = r#"{"no":"A0123456789ABCDEFGHJ","business_no":"B1","order":"A0123456789ABCDEFGHJ","version":2,"at":"2026-11-22T02:00:00Z"}"#;
    serde_json::from_str(&format!(r#"{{"type":"{kind}.v1","with":{{"head":{head},{with}}}}}"#)).unwrap()
}

fn issued() -> Notice {
    let document = format!(r#"{{"sha256":"{}","name":"保函"}}"#, "00".repeat(32));
    let money = r#""bond":"800000.00","premium":"4000.00","rate":"0.005""#;
    notice("guarantee_issued", &format!(r#""guarantee_no":"BH1","document":{document},{money}"#))
}

fn rejected() -> Notice {
    notice("order_rejected", r#""reason":"已过开标时间""#)
}

fn pass<'a>(target: Option<&'a str>, document_url: Option<&'a str>) -> Pass<'a> {
    Pass { now: now(), nonce: [0; 16], token: None, target, document_url, document: None }
}

fn sent(finserv: &Finserv, notice: &Notice, pass: &Pass<'_>) -> Request<bytes::Bytes> {
    match finserv.seal(notice, pass).unwrap() {
        Sealed::Send(request) => request,
        Sealed::Silent(why) => panic!("silent: {why}"),
    }
}

/// What the partner reads in a request of ours.
fn plain(finserv: &Finserv, request: &Request<bytes::Bytes>) -> String {
    finserv.envelope.open(request, now()).unwrap().plain().to_owned()
}

#[test]
fn a_rejection_is_told_with_every_key_or_kept_silent() {
    let finserv = made("").unwrap();
    let request = sent(&finserv, &rejected(), &pass(None, None));
    let expected = r#"{"accept_no":"A0123456789ABCDEFGHJ","approve_status":"2","guarantee_no":"","guarantee_url":"","merchant_name":"示例担保","fee":"","rate":"","error":"已过开标时间"}"#;
    assert_eq!(plain(&finserv, &request), expected);
    let silent = made("silence_rejections = true").unwrap();
    assert!(matches!(silent.seal(&rejected(), &pass(None, None)), Ok(Sealed::Silent(_))));
    let link = pass(None, Some("https://f.example/1"));
    assert!(matches!(silent.seal(&issued(), &link), Ok(Sealed::Send(_))), "an issue is told all the same");
}

#[test]
fn a_refused_invoice_has_no_callback() {
    let refused = notice("invoice_refused", r#""guarantee_no":"BH1","reason":"税号有误""#);
    let finserv = made("").unwrap();
    assert_eq!(finserv.callback_for(&refused), None);
    assert!(matches!(finserv.seal(&refused, &pass(None, None)), Ok(Sealed::Silent(_))));
}

#[test]
fn an_issue_without_link_is_not_sent() {
    let told = made("").unwrap().seal(&issued(), &pass(None, None)).unwrap_err();
    assert!(told.0.starts_with("no link to the document"), "{told:?}");
}

#[test]
fn the_address_is_the_partners_then_its_interfaces_then_the_one_for_all() {
    let urls = BTreeMap::from([("feedback_quit".to_owned(), "https://other.example/q".to_owned())]);
    let id = PartnerId::parse("finserv-demo").unwrap();
    let finserv = Finserv::new(id, &settings("").unwrap(), BASE, &urls, &Dummies).unwrap();
    let refund = notice("refund_decided", r#""guarantee_no":"BH1","approved":true"#);
    let to = |notice: &Notice, target| sent(&finserv, notice, &pass(target, None)).uri().to_string();
    assert_eq!(to(&rejected(), None), BASE);
    assert_eq!(to(&refund, None), "https://other.example/q");
    assert_eq!(to(&refund, Some("https://p.example/cb?x=1")), "https://p.example/cb?x=1");
    for wrong in ["/cb", "ftp://p.example/", "p.example"] {
        assert!(finserv.seal(&refund, &pass(Some(wrong), None)).is_err(), "{wrong}");
    }
}

#[test]
fn a_request_says_what_its_body_is() {
    let kinds = [
        ("json", "application/json;charset=UTF-8"),
        ("form", "application/x-www-form-urlencoded;charset=UTF-8"),
    ];
    for (word, kind) in kinds {
        let finserv = made(&format!("body = \"{word}\"\nrate_form = \"percent\"")).unwrap();
        let request = sent(&finserv, &issued(), &pass(None, Some("https://f.example/1")));
        assert_eq!(
            (request.method(), request.headers()[CONTENT_TYPE].as_bytes()),
            (&Method::POST, kind.as_bytes())
        );
        assert!(plain(&finserv, &request).contains(r#""guarantee_url":"https://f.example/1","merchant_name":"示例担保","fee":"4000.00","rate":"0.5%""#));
    }
}

#[test]
fn every_callback_is_reached_by_a_notice() {
    let decided = r#""guarantee_no":"BH1","approved":false,"reason":"无""#;
    let invoice = format!(
        r#""guarantee_no":"BH1","invoice":{{"code":"1","number":"2","document":{{"sha256":"{}","name":"i"}}}}"#,
        "00".repeat(32)
    );
    let notices = [
        issued(),
        notice("release_decided", decided),
        notice("claim_decided", decided),
        notice("invoice_issued", &invoice),
        notice("refund_decided", decided),
    ];
    let reached = notices.map(|notice| callback_for(&notice).unwrap().name);
    assert_eq!(reached, CALLBACKS.map(|row| row.name));
}

proptest::proptest! {
    #[test]
    fn no_reply_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200), status in 100u16..600) {
        let reply = http::Response::builder().status(status).body(bytes::Bytes::from(body)).unwrap();
        let _ = judge(&reply);
    }
}
