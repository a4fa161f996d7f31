//! From notices to requests: what is sent where, and what is not sent.

use super::*;
use crate::Govproc;
use crate::sample::{BASE, Dummies, id, made, now, settings};
use bytes::Bytes;
use http::{Request, Response};
use protocol::{Outbound, Sealed, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn notice(kind: &str, with: Value) -> Notice {
    let head = json!({"no": "A0123456789ABCDEFGHJ", "business_no": "T1", "order": "A0123456789ABCDEFGHJ",
        "version": 2, "at": "2026-11-22T02:00:00Z"});
    let mut with = with;
    with["head"] = head;
    serde_json::from_value(json!({"type": format!("{kind}.v1"), "with": with})).unwrap()
}

fn decided(kind: &str, approved: bool) -> Notice {
    notice(kind, json!({"guarantee_no": "BH1", "approved": approved, "reason": "无"}))
}

fn issued() -> Notice {
    let document = json!({"sha256": "00".repeat(32), "name": "保函"});
    notice(
        "guarantee_issued",
        json!({"guarantee_no": "BH1", "document": document, "bond": "800000.00",
        "premium": "4000.00", "rate": "0.005"}),
    )
}

fn pass<'a>(target: Option<&'a str>, document: Option<&'a Bytes>) -> Pass<'a> {
    Pass { now: now(), nonce: [0; 16], token: None, target, document_url: None, document }
}

fn sent(govproc: &Govproc, notice: &Notice) -> Request<Bytes> {
    let file = Bytes::from_static(b"%PDF-");
    match govproc.seal(notice, &pass(None, Some(&file))).unwrap() {
        Sealed::Send(request) => request,
        Sealed::Silent(why) => panic!("silent: {why}"),
    }
}

fn plain(lines: &str) -> Govproc {
    made(&format!("transport = \"sandbox\"\nshape = \"plain\"\n{lines}")).unwrap()
}

fn told(govproc: &Govproc, notice: &Notice) -> Value {
    serde_json::from_slice(sent(govproc, notice).body()).unwrap()
}

#[test]
fn a_failure_is_told_with_every_required_key() {
    let seller = json!({"sellername": "示例担保有限公司", "selleraddress": "某市某区示例路1号", "sellerphone": "000-00000000"});
    for (failed, info) in [
        (notice("order_rejected", json!({"reason": "已过投标截止时间"})), "申请未通过：已过投标截止时间"),
        (notice("withdrawal_decided", json!({"side": "institution", "approved": true})), "申请已放弃"),
    ] {
        let mut expected = json!({"orderno": "T1", "bhno": "", "staus": "0", "info": info, "bhrate": 0,
            "bhcost": 0.00, "bhfile": ""});
        expected.as_object_mut().unwrap().extend(seller.as_object().unwrap().clone());
        assert_eq!(told(&plain(""), &failed), expected);
        let both = told(&plain("both_spellings = true"), &failed);
        assert_eq!((&both["staus"], &both["status"]), (&json!("0"), &json!("0")));
    }
}

#[test]
fn a_premium_that_went_back_names_no_account() {
    let returned = notice("premium_returned", json!({"guarantee_no": "BH1", "amount": "4000.00"}));
    let expected = json!({"orderno": "T1", "paymoney": 4000.00, "paytime": 1_795_312_800_000_u64, "type": "2",
        "paybankname": "", "paybankno": ""});
    assert_eq!(told(&plain(""), &returned), expected);
}

#[test]
fn an_end_is_told_by_its_kind_and_a_refusal_not_at_all() {
    let govproc = plain("");
    assert_eq!(told(&govproc, &decided("refund_decided", true)), json!({"bhno": "BH1", "state": "0"}));
    assert_eq!(told(&govproc, &decided("release_decided", true)), json!({"bhno": "BH1", "state": "1"}));
    let invoice = notice("invoice_refused", json!({"guarantee_no": "BH1", "reason": "无"}));
    let quoted = notice("order_progressed", json!({"step": {"step": "quoted", "premium": "4000.00"}}));
    let withdrawn = notice("withdrawal_decided", json!({"side": "partner", "approved": false}));
    let silent = [
        decided("refund_decided", false),
        decided("release_decided", false),
        decided("claim_decided", true),
        invoice,
        quoted,
        withdrawn,
    ];
    for notice in silent {
        assert_eq!(govproc.callback_for(&notice), None, "{notice:?}");
        assert!(matches!(govproc.seal(&notice, &pass(None, None)), Ok(Sealed::Silent(SILENT))));
    }
}

#[test]
fn a_guarantee_without_its_bytes_is_not_sent() {
    let govproc = made("").unwrap();
    assert!(
        govproc.carries_document(&issued()) && !govproc.carries_document(&decided("refund_decided", true))
    );
    let told = govproc.seal(&issued(), &pass(None, None)).unwrap_err();
    assert!(told.0.starts_with("the document's bytes are missing"), "{told:?}");
}

#[test]
fn amounts_and_moments_are_written_as_the_partner_reads_them() {
    let texts = told(&plain("amounts = \"text\"\ntimes = \"text\""), &issued());
    assert_eq!([&texts["bhrate"], &texts["bhcost"]], ["0.005", "4000.00"]);
    assert_eq!(texts["bhcretime"], "2026-11-22 10:00:00");
    let body = sent(&plain(""), &issued()).into_body();
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains(r#""bhrate":0.005,"bhcost":4000.00,"#), "{body}");
}

#[test]
fn the_account_travels_in_the_header_and_in_the_body_if_wanted() {
    let request = sent(&made("app_key_in_body = true").unwrap(), &issued());
    assert_eq!(request.headers()["appkey"], "demo-app-key");
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["appKey"], "demo-app-key");
    assert!(body["data"].is_string() && !format!("{request:?}").contains("\"demo-app-key\","));
    let kind = sent(&made("content_type = \"text/plain\"").unwrap(), &issued());
    assert_eq!(kind.headers()["content-type"], "text/plain");
}

#[test]
fn the_address_is_the_interfaces_own_or_beneath_the_one_for_all() {
    let urls = BTreeMap::from([("/api/guarantee/release".to_owned(), "https://other.example/r".to_owned())]);
    let govproc = Govproc::new(id(), &settings("").unwrap(), &format!("{BASE}/x/"), &urls, &Dummies).unwrap();
    let to = |notice: &Notice| sent(&govproc, notice).uri().to_string();
    assert_eq!(to(&decided("refund_decided", true)), "https://other.example/r");
    assert_eq!(to(&issued()), "https://platform.example/x/api/guarantee/applynotify");
    let named = govproc.seal(&decided("refund_decided", true), &pass(Some("ftp://p.example/"), None));
    assert!(named.is_err());
}

#[test]
fn stat_decides_and_errcode_does_not() {
    let govproc = made("").unwrap();
    let judge = |status: u16, body: &str| {
        let reply = Response::builder().status(status).body(Bytes::from(body.to_owned())).unwrap();
        govproc.judge(&issued(), &reply)
    };
    for body in
        [r#"{"stat":1,"errcode":"000071"}"#, r#"{"stat":" 1 "}"#, "\u{feff}{\"stat\":1,\"data\":\"AA\"}"]
    {
        assert_eq!(judge(200, body), Verdict::Delivered, "{body}");
    }
    for body in [
        r#"{"stat":0,"msg":"系统维护"}"#,
        r#"{"stat":2}"#,
        r#"{"stat":true}"#,
        r#"{"errcode":"000000"}"#,
        "1",
        "",
    ] {
        assert!(matches!(judge(200, body), Verdict::Later(_, None)), "{body}");
    }
    assert!(matches!(judge(500, r#"{"stat":1}"#), Verdict::Later(_, None)));
    let refused = judge(200, r#"{"stat":"0","errcode":"000099","msg":"请勿重复\n推送"}"#);
    assert_eq!(refused, Verdict::Refused("stat 0, errcode 000099: 请勿重复推送".to_owned()));
    let mut busy = Response::builder().status(503).header("retry-after", "7").body(Bytes::new()).unwrap();
    let wait = |reply: &Response<Bytes>| match govproc.judge(&issued(), reply) {
        Verdict::Later(_, wait) => wait.map(|wait| wait.as_secs()),
        other => panic!("{other:?}"),
    };
    assert_eq!(wait(&busy), Some(7));
    *busy.status_mut() = http::StatusCode::BAD_GATEWAY;
    assert_eq!(wait(&busy), None);
}

proptest::proptest! {
    #[test]
    fn no_reply_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200), status in 100u16..600) {
        let reply = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        let _ = made("whole_answers = true").unwrap().judge(&issued(), &reply);
    }
}
