//! The eight notices: believed, refused by name, or not believed at all.

use crate::{PLATFORM, pair, settings};
use bytes::Bytes;
use crypto::text;
use http::Request as Http;
use sandbox::rsa_blocks::Padding;
use sandbox::yueyang::{Notices, Reader, Settings, SuccessCode, Variants};
use sandbox::{Platform, Verdict, now};
use serde_json::{Value, json};

pub(crate) fn notice(name: &str, data: &Value) -> Http<Bytes> {
    let pair = text::to_base64("demo:授权码 1".as_bytes());
    Http::post(format!("http://127.0.0.1:1/front/guarantee/{name}"))
        .header("authorization", format!("Basic {pair}"))
        .header("content-type", "application/json")
        .body(data.to_string().into())
        .unwrap()
}

pub(crate) fn heard(change: impl FnOnce(&mut Variants), request: &Http<Bytes>) -> Verdict {
    Reader::new(settings(change)).unwrap().hear(request, now())
}

fn issued() -> Value {
    json!({
        "businessNo": "BD1-0001", "orderNo": "TBaoHan1", "applyTime": "2026-11-22 09:30:00", "guaranteeNo": "BH1",
        "guaranteeFile": text::to_base64(b"%PDF-1.7 x"), "payerName": "示例建设", "payerAccount": "62001",
        "instName": "示范担保", "generateTime": "2026-11-22 09:30:01", "rate": "0.25%", "cost": "500.00",
        "validBeginTime": "2026-11-22 09:30:00", "validEndTime": "2027-11-22 09:30:00", "applyResult": "0",
        "insuranceCode": "91310110666007217T",
    })
}

#[test]
fn a_notice_as_documented_is_believed_and_its_document_kept() {
    let reader = Reader::new(settings(|_| {})).unwrap();
    let verdict = reader.hear(&notice("orderApplyNotice", &json!({ "data": issued() })), now());
    assert!(verdict.verified && verdict.problems.is_empty(), "{verdict:?}");
    assert_eq!(verdict.method, "guarantee/orderApplyNotice");
    let digest = text::to_hex(&crypto::digest::sha256(b"%PDF-1.7 x"));
    assert_eq!(verdict.data["guaranteeFile"], format!("sha256:{digest}"));
    assert_eq!(reader.files().get(&digest).unwrap(), b"%PDF-1.7 x".as_slice());
    assert_eq!(reader.agree(&verdict).body(), r#"{"code":200,"msg":"1条数据接收成功！"}"#);
    let failed = json!({
        "businessNo": "BD1-0001", "orderNo": "TBaoHan1", "applyTime": "2026-11-22 09:30:00", "applyResult": "1",
    });
    assert_eq!(heard(|_| {}, &notice("orderApplyNotice", &json!({ "data": failed }))).problems, [""; 0]);
}

#[test]
fn a_notice_that_is_not_as_documented_is_refused_by_name() {
    for (name, value, problem) in [
        ("applyResult", json!("2"), "applyResult is none of the documented codes"),
        ("guaranteeFile", json!("aGVsbG8="), "guaranteeFile is not a PDF in base64"),
        ("rate", json!("0.0025"), "rate is not a percentage"),
        ("cost", json!(500.0), "cost is not a text"),
        ("applyTime", json!("20261122093000"), "applyTime is not yyyy-MM-dd HH:mm:ss"),
        ("payerName", json!(""), "payerName is empty"),
        ("applyNo", json!("1"), "applyNo is not in the document"),
    ] {
        let mut data = issued();
        data[name] = value;
        let verdict = heard(|_| {}, &notice("orderApplyNotice", &json!({ "data": data })));
        assert!(verdict.verified);
        assert_eq!(verdict.problems, [problem]);
    }
}

#[test]
fn a_stranger_is_not_believed() {
    let honest = notice("orderApplyNotice", &json!({ "data": issued() }));
    let mut anonymous = honest.clone();
    anonymous.headers_mut().remove("authorization");
    let mut impostor = honest.clone();
    impostor.headers_mut().insert("authorization", "Basic ZGVtbzp4".parse().unwrap());
    let mut get = honest.clone();
    *get.method_mut() = http::Method::GET;
    let mut form = honest.clone();
    form.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    for request in [anonymous, impostor, get, form, notice("claimNotice", &json!({ "data": issued() }))] {
        let reader = Reader::new(settings(|_| {})).unwrap();
        let verdict = reader.hear(&request, now());
        assert!(!verdict.verified && verdict.data.is_empty(), "{verdict:?}");
        let answer: Value = serde_json::from_slice(reader.refuse(&verdict, "x").body()).unwrap();
        assert_eq!(answer, json!({ "code": 500, "msg": "身份验证失败！请联系服务商！" }));
    }
    let own = Settings {
        institution_user: Some("institution".to_owned()),
        institution_code: Some("2".to_owned()),
        ..settings(|_| {})
    };
    assert!(!Reader::new(own).unwrap().hear(&honest, now()).verified, "the pair of the other direction");
}

#[test]
fn each_form_of_a_notice_is_taken_where_it_is_expected() {
    let flat = notice("orderApplyNotice", &issued());
    let wrapped = notice("orderApplyNotice", &json!({ "data": issued() }));
    let sealed =
        text::to_base64(&pair(PLATFORM).public().seal(issued().to_string().as_bytes(), Padding::Pkcs1));
    let sealed = notice("orderApplyNotice", &json!({ "data": sealed }));
    for (habit, taken) in [
        (Notices::Wrapped, [false, true, false]),
        (Notices::Flat, [true, false, false]),
        (Notices::Samples, [false, true, false]),
        (Notices::Sealed, [false, false, true]),
    ] {
        let verified =
            [&flat, &wrapped, &sealed].map(|request| heard(|v| v.notices = habit, request).verified);
        assert_eq!(verified, taken, "{habit:?}");
    }
    let claim = notice("compensateNotice", &json!({ "businessNo": "LP1" }));
    assert!(heard(|v| v.notices = Notices::Samples, &claim).verified, "3.12 is flat in the samples");
}

#[test]
fn it_acknowledges_as_told() {
    for (habit, answer) in [
        (SuccessCode::Number, json!({ "code": 200, "msg": "1条数据接收成功！" })),
        (SuccessCode::Text, json!({ "code": "200", "msg": "1条数据接收成功！" })),
        (SuccessCode::State, json!({ "state": 200, "msg": "1条数据接收成功！" })),
    ] {
        let reader = Reader::new(settings(|v| v.success = habit)).unwrap();
        let verdict = reader.hear(&notice("orderApplyNotice", &json!({ "data": issued() })), now());
        assert_eq!(serde_json::from_slice::<Value>(reader.agree(&verdict).body()).unwrap(), answer);
    }
}
