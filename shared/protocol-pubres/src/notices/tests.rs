//! From notices to requests: what is sent where, and what is not sent.

use super::*;
use crate::Pubres;
use crate::sample::{Dummies, made, now, settings};
use bytes::Bytes;
use domain::PartnerId;
use http::{Method, Request};
use protocol::{Outbound, Sealed};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

static FILE: Bytes = Bytes::from_static(b"%PDF-1.7");

fn notice_with(kind: &str, head: &Value, with: &str) -> Notice {
    let mut fields: Map<String, Value> = serde_json::from_str(&format!("{{{with}}}")).unwrap();
    fields.insert("head".to_owned(), head.clone());
    serde_json::from_value(json!({"type": format!("{kind}.v1"), "with": fields})).unwrap()
}

fn head() -> Value {
    json!({
        "no": "A0123456789ABCDEFGHJ", "business_no": "B1", "order": "A0123456789ABCDEFGHJ", "version": 2,
        "at": "2026-11-22T02:00:00Z",
    })
}

fn notice(kind: &str, with: &str) -> Notice {
    notice_with(kind, &head(), with)
}

fn document() -> String {
    format!(r#""document":{{"sha256":"{}","name":"保函"}}"#, "00".repeat(32))
}

fn issued(head: &Value) -> Notice {
    let money = r#""bond":"800000.00","premium":"4000.00","rate":"0.005""#;
    notice_with("guarantee_issued", head, &format!(r#""guarantee_no":"BH1",{},{money}"#, document()))
}

fn rejected() -> Notice {
    notice("order_rejected", r#""reason":"已过开标时间""#)
}

fn withdrawn(side: &str, approved: bool) -> Notice {
    notice("withdrawal_decided", &format!(r#""side":"{side}","approved":{approved}"#))
}

fn pass(file: &Bytes) -> Pass<'_> {
    Pass {
        now: now(),
        nonce: [0; 16],
        token: None,
        target: None,
        document_url: Some("https://f.example/1"),
        document: Some(file),
    }
}

fn sent(pubres: &Pubres, notice: &Notice, pass: &Pass<'_>) -> Request<Bytes> {
    match pubres.seal(notice, pass).unwrap() {
        Sealed::Send(request) => request,
        Sealed::Silent(why) => panic!("silent: {why}"),
    }
}

/// The fields the partner reads, without those of the shell, once it has believed them.
fn told(pubres: &Pubres, notice: &Notice) -> Value {
    let request = sent(pubres, notice, &pass(&FILE));
    assert_eq!(request.method(), Method::POST);
    assert!(pubres.envelope.open(&request, now()).is_ok());
    let mut fields: Map<String, Value> = serde_json::from_slice(request.body()).unwrap();
    for name in ["appkey", "timestamp", "sign"] {
        assert!(fields.remove(name).is_some());
    }
    fields.into()
}

#[test]
fn a_rejection_is_told_with_every_key_or_kept_silent() {
    let expected = json!({
        "applyno": "B1", "baohanno": "", "baohanurl": "", "baohanfile": "", "payername": "", "payeraccount": "",
        "instname": "示例担保有限公司", "generatetime": "", "rate": "0", "cost": "0", "applystatus": "0",
    });
    assert_eq!(told(&made("").unwrap(), &rejected()), expected);
    let silent = made("silence_rejections = true").unwrap();
    assert!(matches!(silent.seal(&rejected(), &pass(&FILE)), Ok(Sealed::Silent(_))));
    let issue = silent.seal(&issued(&head()), &pass(&FILE));
    assert!(matches!(issue, Ok(Sealed::Send(_))), "an issue is told all the same");
}

#[test]
fn the_payer_is_who_paid_or_else_the_bidder() {
    let payer = |payer: Value| {
        let mut head = head();
        let company = json!({"name": "甲公司", "code": "91"});
        head["brief"] = json!({
            "order_no": "B7", "section_no": "", "section_name": "", "bidder": company, "tenderee": company,
        });
        if !payer.is_null() {
            head["brief"]["payer"] = payer;
        }
        let told = told(&made("").unwrap(), &issued(&head));
        assert_eq!(told["applyno"], "B7");
        (told["payername"].as_str().unwrap().to_owned(), told["payeraccount"].as_str().unwrap().to_owned())
    };
    let named = |name: &str, account: &str| (name.to_owned(), account.to_owned());
    let account = |holder: &str| json!({"holder": holder, "number": "62", "bank": "某银行"});
    assert_eq!(payer(account("乙公司")), named("乙公司", "62"));
    assert_eq!(payer(account("")), named("甲公司", "62"));
    assert_eq!(payer(Value::Null), named("甲公司", "无"));
    assert_eq!(payer(json!({"holder": "乙公司", "number": "", "bank": ""})), named("乙公司", "无"));
}

#[test]
fn a_guarantee_goes_with_its_address_and_its_bytes_or_not_at_all() {
    let pubres = made("").unwrap();
    let revealed = notice("guarantee_revealed", &format!(r#""guarantee_no":"BH1",{}"#, document()));
    for notice in [issued(&head()), revealed] {
        assert!(pubres.carries_document(&notice));
        let fields = told(&pubres, &notice);
        assert_eq!(
            (&fields["baohanurl"], &fields["baohanfile"]),
            (&json!("https://f.example/1"), &json!("JVBERi0xLjc="))
        );
        let without_link = Pass { document_url: None, ..pass(&FILE) };
        let without_bytes = Pass { document: None, ..pass(&FILE) };
        let why = |pass| pubres.seal(&notice, &pass).unwrap_err().0;
        assert!(why(without_link).starts_with("no link to the document"));
        assert!(why(without_bytes).starts_with("the document's bytes are missing"));
    }
    assert!(!pubres.carries_document(&rejected()));
}

#[test]
fn an_invoice_is_told_without_what_it_has_not() {
    let pubres = made("").unwrap();
    let refused = notice("invoice_refused", r#""guarantee_no":"BH1","reason":"税号有误""#);
    assert_eq!(told(&pubres, &refused), json!({"baohanno": "BH1", "applystatus": "0"}));
    let paper = format!(r#""guarantee_no":"BH1","invoice":{{"code":"","number":"2",{}}}"#, document());
    let paper = notice("invoice_issued", &paper);
    let without_link = Pass { document_url: None, ..pass(&FILE) };
    let body = sent(&pubres, &paper, &without_link).into_body();
    let fields: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&fields["invoiceno"], &fields["applystatus"]), (&json!("2"), &json!("1")));
    assert!(fields.get("invoicecode").is_none() && fields.get("invoiceurl").is_none());
}

#[test]
fn a_refund_has_a_time_if_there_was_one() {
    let pubres = made("").unwrap();
    let refund =
        |approved| notice("refund_decided", &format!(r#""guarantee_no":"BH1","approved":{approved}"#));
    let yes =
        json!({"applyno": "B1", "baohanno": "BH1", "applystatus": "1", "tuibaotime": "2026-11-22 10:00:00"});
    let no = json!({"applyno": "B1", "baohanno": "BH1", "applystatus": "0", "tuibaotime": ""});
    assert_eq!([told(&pubres, &refund(true)), told(&pubres, &refund(false))], [yes, no]);
}

#[test]
fn a_withdrawal_is_told_only_if_the_institution_withdrew() {
    let pubres = made("").unwrap();
    assert_eq!(told(&pubres, &withdrawn("institution", true)), json!({"applyno": "B1"}));
    for silent in [withdrawn("partner", true), withdrawn("partner", false), withdrawn("institution", false)] {
        assert_eq!(pubres.callback_for(&silent), None);
        assert!(matches!(pubres.seal(&silent, &pass(&FILE)), Ok(Sealed::Silent(_))));
    }
}

#[test]
fn a_platform_without_the_optional_endpoint_is_not_told() {
    let four = ["baohannotice", "restorenotice", "invoicenotice", "quitnotice"];
    let urls: BTreeMap<String, String> =
        four.map(|name| (name.to_owned(), format!("https://{name}.example/"))).into();
    let id = PartnerId::parse("pubres-demo").unwrap();
    let pubres = Pubres::new(id, &settings("").unwrap(), "https://p.example", &urls, &Dummies).unwrap();
    let withdrawal = withdrawn("institution", true);
    assert!(matches!(pubres.seal(&withdrawal, &pass(&FILE)), Ok(Sealed::Silent(_))));
    assert_eq!(sent(&pubres, &rejected(), &pass(&FILE)).uri(), "https://baohannotice.example/");
    let named = Pass { target: Some("https://p.example/cb?x=1"), ..pass(&FILE) };
    assert_eq!(sent(&pubres, &withdrawal, &named).uri(), "https://p.example/cb?x=1");
    for wrong in ["/cb", "ftp://p.example/", "p.example"] {
        let named = Pass { target: Some(wrong), ..pass(&FILE) };
        assert!(pubres.seal(&withdrawal, &named).is_err(), "{wrong}");
    }
}

#[test]
fn claims_and_releases_have_no_callback() {
    let decided = r#""guarantee_no":"BH1","approved":true"#;
    for kind in ["claim_decided", "release_decided"] {
        let notice = notice(kind, decided);
        assert_eq!(callback_for(&notice), None);
        assert!(matches!(made("").unwrap().seal(&notice, &pass(&FILE)), Ok(Sealed::Silent(_))));
    }
}

proptest::proptest! {
    #[test]
    fn no_reply_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200), status in 100u16..600) {
        let reply = http::Response::builder().status(status).body(Bytes::from(body)).unwrap();
        let _ = judge(&reply);
    }
}
