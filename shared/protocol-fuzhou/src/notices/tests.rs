//! From notices to calls: what is said where, what is not said, and what replies teach.

use super::*;
use crate::Fuzhou;
use crate::sample::{BASE, Dummies, made, pass, settings};
use crypto::rsa::{Padding, PrivateKey};
use crypto::secret::Secret;
use domain::{Fact, PartnerId, Product};
use protocol::Outbound;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HEAD: &str = r#"{"no":"A0123456789ABCDEFGHJ","business_no":"B1","order":"A0123456789ABCDEFGHJ","version":2,"at":"2026-11-22T02:00:00Z"}"#;

fn notice(kind: &str, with: Value) -> Notice {
    let mut with = with;
    let mut head: Value = serde_json::from_str(HEAD).unwrap();
    head["brief"] = json!({
        "order_no": "B1", "section_no": "S1", "section_name": "标段", "bidder": { "name": "甲", "code": "" },
        "tenderee": { "name": "乙", "code": "" },
    });
    with["head"] = head;
    serde_json::from_value(json!({ "type": format!("{kind}.v1"), "with": with })).unwrap()
}

fn sealed(notice: &Notice) -> Result<Request<Bytes>, String> {
    match made("").unwrap().seal(notice, &pass()) {
        Ok(Sealed::Send(request)) => Ok(request),
        Ok(Sealed::Silent(why)) => Err(why.to_owned()),
        Err(why) => Err(why.0),
    }
}

/// What the platform, which holds the private half, reads in a call of ours.
fn said(notice: &Notice) -> Value {
    let request = sealed(notice).unwrap();
    let (_, param) = url::form_urlencoded::parse(request.body()).find(|(name, _)| name == "param").unwrap();
    let key = PrivateKey::read(&Secret::new(include_str!("../../fixtures/keys/insurer.pem"))).unwrap();
    let plain = key.decrypt(&text::from_base64(&param).unwrap(), &[Padding::Pkcs1], 1 << 16).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

fn some(said: &Value, names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| said[name].clone()).collect()
}

const STEP: [&str; 6] = ["order_do_type", "status", "price", "guarantee_end_date", "real_pay", "note"];

#[test]
fn every_step_of_an_order_has_its_type_and_what_it_demands() {
    let step = |step: Value| some(&said(&notice("order_progressed", json!({ "step": step }))), &STEP);
    let none = Value::Null;
    assert_eq!(
        step(json!({ "step": "confirmed" })),
        [json!(1), json!("1"), none.clone(), none.clone(), none.clone(), none.clone()]
    );
    assert_eq!(
        step(json!({ "step": "surveyed" })),
        [json!(2), json!("1"), none.clone(), none.clone(), none.clone(), json!("尽调通过")]
    );
    let quoted = json!({ "step": "quoted", "premium": "4000.00", "valid_until": "2027-04-24T15:59:59Z" });
    assert_eq!(
        step(quoted),
        [json!(3), json!("1"), json!("4000.00"), json!("2027-04-24"), none.clone(), none.clone()]
    );
    let paid = json!({ "step": "paid", "amount": "4000.00", "paid_at": "2026-11-22T02:00:00Z" });
    assert_eq!(step(paid), [json!(4), json!("1"), none.clone(), none.clone(), json!("4000.00"), none]);
}

#[test]
fn a_quote_without_an_end_cannot_be_written() {
    let quoted = notice("order_progressed", json!({ "step": { "step": "quoted", "premium": "4000.00" } }));
    assert!(sealed(&quoted).unwrap_err().contains("guarantee_end_date"));
}

#[test]
fn a_no_and_a_cancellation_always_have_a_note() {
    let names = ["order_do_type", "status", "note"];
    for (reason, note) in [("已过开标时间", "已过开标时间"), (" ", "审核不通过")] {
        let rejected = notice("order_rejected", json!({ "reason": reason }));
        assert_eq!(some(&said(&rejected), &names), [json!(1), json!("2"), json!(note)]);
    }
    for (reason, note) in [("客户要求", "客户要求"), ("", "出函机构取消订单")] {
        let with = json!({ "side": "institution", "approved": true, "reason": reason });
        assert_eq!(
            some(&said(&notice("withdrawal_decided", with)), &names),
            [json!(1), json!("3"), json!(note)]
        );
    }
}

#[test]
fn the_platform_is_not_told_of_what_it_did_or_does_not_know() {
    for (side, approved) in [("partner", true), ("partner", false), ("institution", false)] {
        let withdrawal = notice("withdrawal_decided", json!({ "side": side, "approved": approved }));
        assert!(callback_for(&withdrawal).is_some() && sealed(&withdrawal).is_err());
    }
    let case = json!({ "guarantee_no": "BH1", "approved": true });
    let unknown = [
        notice("release_decided", case.clone()),
        notice("refund_decided", case),
        notice("invoice_refused", json!({ "guarantee_no": "BH1", "reason": "x" })),
        notice("premium_returned", json!({ "guarantee_no": "BH1", "amount": "1.00" })),
    ];
    for notice in unknown {
        assert_eq!(callback_for(&notice), None);
        assert_eq!(sealed(&notice).unwrap_err(), "the protocol has no call for it");
    }
}

#[test]
fn every_step_of_a_claim_has_its_word() {
    let word = |notice: &Notice| some(&said(notice), &["claim_no", "do_type", "refuse_reason"]);
    let progressed = |step: Value| notice("claim_progressed", json!({ "guarantee_no": "BH1", "step": step }));
    let decided = |approved: bool, reason: &str| {
        notice("claim_decided", json!({ "guarantee_no": "BH1", "approved": approved, "reason": reason }))
    };
    let (no, none) = (json!("B1"), Value::Null);
    assert_eq!(word(&progressed(json!({ "step": "accepted" }))), [no.clone(), json!("ACCEPT"), none.clone()]);
    let paid = json!({ "step": "paid_out", "amount": "1.00" });
    assert_eq!(word(&progressed(paid)), [no.clone(), json!("FINISH_INDEMNITY"), none.clone()]);
    assert_eq!(word(&decided(true, "好")), [no.clone(), json!("AGREE_INDEMNITY"), none]);
    assert_eq!(word(&decided(false, "无")), [no.clone(), json!("REFUSE_INDEMNITY"), json!("无")]);
    assert_eq!(word(&decided(false, "")), [no, json!("REFUSE_INDEMNITY"), json!("不符合赔付条件")]);
}

#[test]
fn a_document_that_is_not_at_hand_is_not_announced() {
    let document = json!({ "sha256": "00".repeat(32), "name": "x" });
    let issued = notice(
        "guarantee_issued",
        json!({
            "guarantee_no": "BH1", "document": document, "bond": "1.00", "premium": "1.00", "rate": "0.005"
        }),
    );
    assert!(made("").unwrap().carries_document(&issued));
    assert_eq!(sealed(&issued).unwrap_err(), "the document of the notice is not at hand");
}

#[test]
fn each_method_may_have_an_address_of_its_own() {
    let urls = BTreeMap::from([("update_claim".to_owned(), "https://other.example/c".to_owned())]);
    let id = PartnerId::parse("fuzhou-demo").unwrap();
    let fuzhou = Fuzhou::new(id, &settings("").unwrap(), BASE, &urls, &Dummies).unwrap();
    let to = |notice: &Notice| match fuzhou.seal(notice, &pass()) {
        Ok(Sealed::Send(request)) => request.uri().to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        to(&notice("claim_decided", json!({ "guarantee_no": "1", "approved": true }))),
        "https://other.example/c"
    );
    assert_eq!(to(&notice("order_rejected", json!({ "reason": "x" }))), BASE);
    let asked = fuzhou.ask_token(&pass()).unwrap().unwrap();
    assert_eq!(asked.uri(), BASE);
}

fn inquiry(topic: Value) -> Notice {
    notice("inquiry", json!({ "topic": topic }))
}

fn told(notice: &Notice, data: Value) -> (Verdict, Vec<Learnt>) {
    let body = json!({ "status": 200, "data": data }).to_string();
    let reply = Response::new(Bytes::from(body));
    let fuzhou = made("").unwrap();
    (fuzhou.judge(notice, &reply), fuzhou.learn(notice, &reply))
}

fn application(data: Value) -> Result<domain::LearntApplication, String> {
    match told(&inquiry(json!({ "topic": "application" })), data) {
        (Verdict::Delivered, mut learnt) => match learnt.remove(0) {
            Learnt::Fact(Fact::Application(application)) => Ok(*application),
            other => panic!("{other:?}"),
        },
        (Verdict::Later(why, None), learnt) if learnt.is_empty() => Err(why),
        other => panic!("{other:?}"),
    }
}

fn bare() -> Value {
    json!({ "order_no": "B1", "guarantee_amount": "10000000.00", "principal": "甲" })
}

#[test]
fn the_documents_own_example_is_understood() {
    let example = json!({
        "btc_name": "深圳公共资源交易中心", "order_no": "B1", "ktype": "4", "block_number": "",
        "block_name": "希望小学维修", "gtype": "4", "address": "广东省广州市", "bid_deadline": "1970-01-01 08:00",
        "valid_day": "15", "guarantee_amount": "10000000.00", "guarantee_start_date": "2019-06-15",
        "guarantee_end_date": "2019-06-30", "creditor": "乙", "creditor_name": null, "principal": "甲",
        "principal_name": "王刚", "principal_phone": "18720124569", "guarantor": "机构测试1", "file1_id": "", "file1": "",
        "file2_id": "511694", "file2": "https://a.example/1", "file3_id": "", "file3": "", "file4_id": "", "file4": "",
    });
    let learnt = application(example).unwrap();
    let order = &learnt.application;
    let Product::Bid { opening, validity_days } = order.product else { panic!("{order:?}") };
    assert_eq!((opening, validity_days), (None, Some(15)), "a deadline in 1970 is unknown");
    let (from, until) = order.term.unwrap();
    assert_eq!(
        (crate::codes::day(from).as_str(), crate::codes::day(until).as_str()),
        ("2019-06-15", "2019-06-30")
    );
    assert_eq!(order.remarks.len(), 2, "{:?}", order.remarks);
    assert_eq!(learnt.files.len(), 1);
    assert_eq!((learnt.files[0].0.as_str(), learnt.files[0].1.kind.as_str()), ("511694", "other:file2"));
    assert!(learnt.particulars.contains(&("工程类型".to_owned(), "监理".into())));
}

#[test]
fn nothing_but_number_amount_and_bidder_has_to_be_there() {
    let learnt = application(bare()).unwrap();
    assert_eq!((learnt.application.term, learnt.files.len()), (None, 0));
    for (name, wrong) in [
        ("order_no", json!("B2")),
        ("guarantee_amount", json!("")),
        ("guarantee_amount", json!("0")),
        ("guarantee_amount", json!("1.234")),
        ("principal", json!(null)),
    ] {
        let mut data = bare();
        data[name] = wrong;
        assert!(application(data).is_err(), "{name}");
    }
    assert!(application(json!([])).is_err());
    assert!(application(json!(null)).is_err());
}

#[test]
fn a_term_that_is_not_given_is_computed_with_twenty_eight_days() {
    let term = |more: Value| {
        let mut data = bare();
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let learnt = application(data).unwrap();
        let days = |(from, until)| [crate::codes::day(from), crate::codes::day(until)].join(" ");
        (learnt.application.term.map(days), learnt.application.remarks.len())
    };
    let some = |text: &str| Some(text.to_owned());
    let full = json!({ "bid_deadline": "2026-12-27 09:00", "valid_day": "90" });
    assert_eq!(term(full), (some("2026-12-27 2027-04-24"), 0));
    let given =
        json!({ "bid_deadline": "2026-12-27 09:00", "valid_day": "90", "guarantee_end_date": "2027-5-1" });
    assert_eq!(term(given), (some("2026-12-27 2027-05-01"), 0));
    let short =
        json!({ "bid_deadline": "2026-12-27 09:00", "valid_day": "90", "guarantee_end_date": "2027-04-23" });
    assert_eq!(term(short), (some("2026-12-27 2027-04-23"), 1));
    let backwards = json!({ "bid_deadline": "2026-12-27 09:00", "guarantee_end_date": "2026-12-26" });
    assert_eq!(term(backwards), (None, 1));
    assert_eq!(term(json!({ "bid_deadline": "2026-12-27 09:00" })), (None, 0));
}

#[test]
fn an_answer_to_another_question_is_none() {
    let detail = inquiry(
        json!({ "topic": "claim_detail", "claim_no": "C1", "guarantee_no": "1", "principal": "甲", "creditor": "乙" }),
    );
    for (notice, data) in [
        (&detail, json!({ "claim_no": "C2" })),
        (&detail, json!({})),
        (&inquiry(json!({ "topic": "file_address", "file_id": "1" })), json!({ "file_url": "ftp://x" })),
        (&inquiry(json!({ "topic": "companies" })), json!({ "creditor": {} })),
        (&inquiry(json!({ "topic": "insurers", "name": "" })), json!("没有")),
    ] {
        let (verdict, learnt) = told(notice, data);
        assert!(matches!(verdict, Verdict::Later(..)) && learnt.is_empty(), "{verdict:?}");
    }
    assert!(
        matches!(told(&detail, json!({ "claim_no": "C1" })), (Verdict::Delivered, learnt) if learnt.len() == 1)
    );
}

#[test]
fn a_list_of_nobody_is_an_answer() {
    let (verdict, learnt) = told(&inquiry(json!({ "topic": "insurers", "name": "x" })), json!([]));
    assert_eq!((verdict, learnt), (Verdict::Delivered, vec![Learnt::Fact(Fact::Insurers(Vec::new()))]));
}

#[test]
fn a_file_is_asked_for_plainly_and_read_to_its_limit() {
    let attachment = json!({ "name": "x", "kind": "evidence", "url": "https://platform.example/v1?param=1" });
    let file = inquiry(json!({ "topic": "file", "file_id": "", "attachment": attachment }));
    let request = sealed(&file).unwrap();
    assert_eq!((request.method().as_str(), request.headers().len(), request.body().len()), ("GET", 0, 0));
    let fuzhou = made("file_limit_bytes = 77").unwrap();
    assert_eq!(fuzhou.longest_reply(&file), Some(77));
    assert_eq!(fuzhou.longest_reply(&inquiry(json!({ "topic": "companies" }))), None);
}

#[test]
fn every_callback_but_the_token_is_reached_by_a_notice() {
    let topics = [
        json!({ "topic": "application" }),
        json!({ "topic": "claim_detail", "claim_no": "1", "guarantee_no": "1", "principal": "", "creditor": "" }),
        json!({ "topic": "file_address", "file_id": "1" }),
        json!({ "topic": "insurers", "name": "" }),
        json!({ "topic": "companies" }),
    ];
    let document = json!({ "sha256": "00".repeat(32), "name": "x" });
    let mut notices: Vec<Notice> = topics.into_iter().map(inquiry).collect();
    notices.push(notice("order_rejected", json!({ "reason": "" })));
    notices.push(notice(
        "guarantee_issued",
        json!({
        "guarantee_no": "1", "document": document, "bond": "1.00", "premium": "1.00", "rate": "0.005" }),
    ));
    notices.push(notice(
        "guarantee_reissued",
        json!({
        "old_no": "1", "guarantee_no": "2", "document": document, "valid_from": "2026-11-22T02:00:00Z" }),
    ));
    notices.push(notice(
        "invoice_issued",
        json!({
        "guarantee_no": "1", "invoice": { "code": "1", "number": "2", "document": document } }),
    ));
    notices.push(notice("claim_decided", json!({ "guarantee_no": "1", "approved": true })));
    let mut reached: Vec<&str> = notices.iter().map(|notice| callback_for(notice).unwrap().name).collect();
    reached.push("get_access_token");
    let mut known: Vec<&str> = CALLBACKS.iter().map(|row| row.name).collect();
    reached.sort_unstable();
    known.sort_unstable();
    assert_eq!(reached, known);
}
