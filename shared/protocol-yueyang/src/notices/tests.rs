//! From notices to the fields of their callbacks: what the fixtures leave out.

use super::*;
use crate::sample::{made, manner, now};
use bytes::Bytes;
use protocol::{Outbound, Sealed};
use serde_json::{Value, json};
use std::collections::BTreeMap;

static FILE: Bytes = Bytes::from_static(b"%PDF-1.7");

fn notice(kind: &str, head: Value, mut with: Value) -> Notice {
    with["head"] = head;
    serde_json::from_value(json!({ "type": format!("{kind}.v1"), "with": with })).unwrap()
}

fn head() -> Value {
    json!({
        "no": "A0123456789ABCDEFGHJ", "business_no": "B1", "order": "A0123456789ABCDEFGHJ", "version": 2,
        "at": "2026-11-22T02:00:00Z",
    })
}

fn document() -> Value {
    json!({ "sha256": "00".repeat(32), "name": "保函" })
}

fn pass(document: Option<&Bytes>) -> Pass<'_> {
    Pass {
        now: now(),
        nonce: [0; 16],
        token: None,
        target: None,
        document_url: Some("https://f.example/1"),
        document,
    }
}

fn told(notice: &Notice) -> BTreeMap<&'static str, String> {
    write(notice, &pass(Some(&FILE)), &manner()).unwrap().into_iter().collect()
}

fn issued(head: Value) -> Notice {
    let with = json!({
        "guarantee_no": "BH1", "document": document(), "bond": "500000.00", "premium": "123456.78", "rate": "0.005",
        "valid_from": "2026-12-01T00:00:00Z",
    });
    notice("guarantee_issued", head, with)
}

#[test]
fn a_rejection_is_told_with_every_key() {
    let told = told(&notice("order_rejected", head(), json!({ "reason": "已过开标时间" })));
    assert_eq!(told.len(), 15);
    let given: BTreeMap<_, _> = told.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let expected = [
        ("applyResult", "1"),
        ("applyTime", "2026-11-22 10:00:00"),
        ("businessNo", "B1"),
        ("insuranceCode", "91110000DEMO00003X"),
        ("orderNo", "B1"),
    ];
    assert_eq!(given, expected.into_iter().map(|(name, text)| (name, text.to_owned())).collect());
}

#[test]
fn the_payer_is_who_paid_or_else_the_bidder() {
    let bidder = std::cell::Cell::new("甲公司");
    let payer = |payer: Value| {
        let mut head = head();
        let company = json!({ "name": bidder.get(), "code": "91" });
        head["brief"] = json!({
            "order_no": "B7", "section_no": "", "section_name": "", "bidder": company, "tenderee": company,
        });
        if !payer.is_null() {
            head["brief"]["payer"] = payer;
        }
        let mut told = told(&issued(head));
        assert_eq!(
            (told["orderNo"].as_str(), told["businessNo"].as_str()),
            ("B7", "B7"),
            "no number of its own"
        );
        (told.remove("payerName").unwrap(), told.remove("payerAccount").unwrap())
    };
    let named = |name: &str, account: &str| (name.to_owned(), account.to_owned());
    assert_eq!(payer(json!({ "holder": "乙公司", "number": "62", "bank": "" })), named("乙公司", "62"));
    assert_eq!(payer(json!({ "holder": "", "number": "62", "bank": "" })), named("甲公司", "62"));
    assert_eq!(payer(Value::Null), named("甲公司", "无"));
    bidder.set("rcb+kCo8jY6s33X4qUrDZ2pVKW3Y19Ev3kUa6+fq/bI=");
    assert_eq!(payer(Value::Null), named("无", "无"), "ciphertext names nobody");
}

#[test]
fn amounts_are_whole_and_times_are_those_that_are_known() {
    let told = told(&issued(head()));
    assert_eq!((told["cost"].as_str(), told["rate"].as_str()), ("123456.78", "0.50%"));
    assert_eq!((told["validBeginTime"].as_str(), told["validEndTime"].as_str()), ("2026-12-01 08:00:00", ""));
}

#[test]
fn a_guarantee_without_its_bytes_is_not_told() {
    let revealed =
        notice("guarantee_revealed", head(), json!({ "guarantee_no": "BH1", "document": document() }));
    for notice in [issued(head()), revealed] {
        assert!(carries_document(&notice));
        assert!(write(&notice, &pass(None), &manner()).is_err());
    }
}

#[test]
fn refusals_are_one_with_their_reason() {
    let case = |kind: &str, reason: &str| {
        told(&notice(
            kind,
            head(),
            json!({ "guarantee_no": "BH1", "approved": false, "reason": reason, "amount": "5.00" }),
        ))
    };
    let claim = case("claim_decided", "证据不足");
    assert_eq!((claim["operateResult"].as_str(), claim["compensateResult"].as_str()), ("1", "1"));
    assert_eq!((claim["compensateResultDesc"].as_str(), claim["payerAmount"].as_str()), ("证据不足", ""));
    let release = case("release_decided", "");
    assert_eq!((release["operateResult"].as_str(), release["cancelResultDesc"].as_str()), ("1", "注销失败"));
    let credit = json!({ "company": { "name": "甲公司", "code": "91" }, "reason": "征信不足" });
    let credit = told(&notice("credit_decided", head(), credit));
    assert_eq!((credit["creditResult"].as_str(), credit["validEndTime"].as_str()), ("1", ""));
    let invoice =
        told(&notice("invoice_refused", head(), json!({ "guarantee_no": "BH1", "reason": "抬头有误" })));
    assert_eq!((invoice["invoiceResult"].as_str(), invoice["type"].as_str()), ("1", "0"));
    assert_eq!((invoice["invoiceUrl"].as_str(), invoice["invoiceNo"].as_str()), ("", ""));
}

#[test]
fn whoever_the_claim_names_is_told_rather_than_ours() {
    let with = |contact: Value| {
        let with = json!({ "guarantee_no": "BH1", "approved": true, "amount": "5.00", "contact": contact });
        let told = told(&notice("claim_decided", head(), with));
        (told["applyUserName"].clone(), told["applyUserPhone"].clone())
    };
    assert_eq!(with(json!({ "name": "王示例", "phone": "139" })), ("王示例".into(), "139".into()));
    assert_eq!(with(json!({ "name": "" })), ("赵示例".into(), "010-00000000".into()));
    assert_eq!(with(Value::Null), ("赵示例".into(), "010-00000000".into()));
}

#[test]
fn what_the_document_does_not_know_stays_here() {
    let progressed = notice("order_progressed", head(), json!({ "step": { "step": "confirmed" } }));
    let yueyang = made("").unwrap();
    assert_eq!(yueyang.callback_for(&progressed), None);
    assert!(matches!(yueyang.seal(&progressed, &pass(None)), Ok(Sealed::Silent(_))));
}

#[test]
fn an_address_that_the_partner_named_comes_first() {
    let yueyang = made("").unwrap();
    let released = notice("release_decided", head(), json!({ "guarantee_no": "BH1", "approved": true }));
    let sent = |target: Option<&str>| match yueyang.seal(&released, &Pass { target, ..pass(None) }) {
        Ok(Sealed::Send(request)) => Some(request.uri().to_string()),
        _ => None,
    };
    assert_eq!(sent(None).as_deref(), Some("http://platform.example:6900/front/guarantee/cancelNotice"));
    assert_eq!(sent(Some("https://q.example/x")).as_deref(), Some("https://q.example/x"));
    assert_eq!(sent(Some("x")), None);
}
