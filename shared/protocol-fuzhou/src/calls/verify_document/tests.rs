//! 2.6: which file gets which code, and what is said of one that is known.

use super::*;
use crate::Fuzhou;
use crate::sample::{body, made, manner, now, push, refused};
use domain::{FileFindings, Refusal};
use http::Request;
use protocol::{Call, Inbound};
use serde_json::Value;
use std::sync::Arc;

const PDF: &[u8] = b"%PDF-1.7\nany";

fn opened(fuzhou: &Fuzhou, file: Option<&[u8]>, fields: &Value) -> Result<Call, Rejection> {
    let request = push(fuzhou, "verify-file", fields);
    let Some(file) = file else { return fuzhou.open(&request, now()) };
    let (_, param) = url::form_urlencoded::parse(request.body()).next().unwrap();
    let head = |name: &str| format!("--e\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
    let whole = [
        head("param").as_bytes(),
        param.as_bytes(),
        b"\r\n",
        head("guarantee_pdf").as_bytes(),
        file,
        b"\r\n--e--\r\n",
    ]
    .concat();
    let request = Request::post("/verify-file").header("content-type", "multipart/form-data; boundary=e");
    fuzhou.open(&request.body(whole.into()).unwrap(), now())
}

fn code(fuzhou: &Fuzhou, opened: Result<Call, Rejection>) -> u64 {
    body(&fuzhou.answer(Err(&opened.unwrap_err())))["status"].as_u64().unwrap()
}

#[test]
fn what_is_wrong_with_the_file_has_its_code() {
    let fuzhou = made("pdf_limit_bytes = 64").unwrap();
    let fields = json!({ "serial_num": "806" });
    let told = |file: Option<&[u8]>| code(&fuzhou, opened(&fuzhou, file, &fields));
    assert_eq!(told(None), 2601);
    assert_eq!(told(Some(b"")), 2601);
    assert_eq!(told(Some(b"PK\x03\x04")), 2602);
    assert_eq!(told(Some(&[PDF, [b' '; 64].as_slice()].concat())), 2603);
    assert_eq!(code(&fuzhou, opened(&fuzhou, Some(PDF), &json!({ "serial_num": "" }))), 2600);
    let forged = Request::post("/verify-file").body("param=AAAA".into()).unwrap();
    assert_eq!(code(&fuzhou, fuzhou.open(&forged, now())), 2607);
    let empty = Request::post("/verify-file").body(Bytes::new()).unwrap();
    assert_eq!(code(&fuzhou, fuzhou.open(&empty, now())), 2604);
}

#[test]
fn the_verifier_sees_the_file_and_its_findings_are_asked_with() {
    let fuzhou = made("").unwrap().verifying(Arc::new(|file| FileFindings {
        sha256: file.len().to_string(),
        signer: "谁".to_owned(),
        ..FileFindings::default()
    }));
    let call = opened(&fuzhou, Some(PDF), &json!({ "serial_num": "806" })).unwrap();
    let Wish::Query(Query::VerifyDocument { serial_no, findings }) = &call.asks[0].wish else {
        panic!("{call:?}")
    };
    assert_eq!((serial_no.as_str(), findings.sha256.as_str(), findings.signer.as_str()), ("806", "12", "谁"));
}

fn verified(record: bool, findings: &Value) -> VerifiedDocument {
    let reply: Value =
        serde_json::from_str(include_str!("../../../fixtures/verify-file/reply.json")).unwrap();
    let mut verified = reply["with"].clone();
    for (name, value) in findings.as_object().unwrap() {
        verified["findings"][name] = value.clone();
    }
    if !record {
        verified.as_object_mut().unwrap().remove("record");
    }
    serde_json::from_value(verified).unwrap()
}

fn asked(serial: &str) -> Ask {
    let fuzhou = made("").unwrap();
    opened(&fuzhou, Some(PDF), &json!({ "serial_num": serial })).unwrap().asks.remove(0)
}

#[test]
fn ours_is_told_from_changed_and_from_foreign() {
    let ask = asked("806097210890174");
    let told = |record, findings: Value| {
        let reply = Reply::Verified(Box::new(verified(record, &findings)));
        let answer = body(&answer(&Ending::Done(&ask, &reply), &manner("")));
        (answer["status"].as_u64().unwrap(), answer["data"]["is_modified"].as_u64())
    };
    assert_eq!(told(true, json!({})), (200, Some(2)));
    assert_eq!(
        told(true, json!({ "is_modified": true, "signer": "", "signature_valid": false })),
        (200, Some(2))
    );
    assert_eq!(told(false, json!({ "is_modified": true })), (200, Some(1)));
    assert_eq!(told(false, json!({ "signature_valid": false })), (200, Some(1)));
    assert_eq!(told(false, json!({})), (2605, None), "a sound signature, but none of ours");
    assert_eq!(told(false, json!({ "signer": "", "is_modified": true })), (2605, None));
}

#[test]
fn the_document_of_another_guarantee_is_not_the_one_that_was_asked_for() {
    let ask = asked("1");
    let reply = Reply::Verified(Box::new(verified(true, &json!({}))));
    assert_eq!(body(&answer(&Ending::Done(&ask, &reply), &manner("")))["status"], 2605);
}

#[test]
fn every_other_ending_has_its_code() {
    let ask = asked("1");
    let told = |ending: &Ending<'_>| body(&answer(ending, &manner("")))["status"].as_u64().unwrap();
    assert_eq!(told(&refused(&ask, &Refusal::unknown("保函"))), 2605);
    assert_eq!(told(&refused(&ask, &Refusal::not_now("稍后"))), 2609);
    assert_eq!(told(&Ending::Busy), 2608);
    assert_eq!(told(&Ending::Rejected(&Rejection::new(RejectionKind::Unwelcome, "过大", "x"))), 2603);
    assert_eq!(told(&Ending::Rejected(&Rejection::new(RejectionKind::Stale, "x", "x"))), 2609);
}
