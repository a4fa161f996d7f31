//! From bodies to wishes, and from outcomes to answers.

use super::*;
use crate::Govproc;
use crate::sample::{self, made, manner, no, now, plain};
use bytes::Bytes;
use domain::{AcceptanceNo, Command, DocumentCopy, DocumentRef, OrderState, OrderStatus, Query, Refusal};
use http::{Request, Response};
use protocol::Inbound;
use serde_json::{Value, json};

/// A partner whose messages are not enciphered.
fn open_partner(lines: &str) -> Govproc {
    let plain = "transport = \"sandbox\"\nshape = \"plain\"";
    made(&format!("{plain}\n{lines}")).unwrap()
}

fn post(path: &str, body: &Value) -> Request<Bytes> {
    let request = Request::post(path).header("appKey", "demo-app-key");
    request.body(Bytes::from(body.to_string())).unwrap()
}

fn wish(call: Call) -> Wish {
    call.asks.into_iter().next().unwrap().wish
}

fn told(answer: &Response<Bytes>) -> Value {
    let mut answer: Value = serde_json::from_slice(answer.body()).unwrap();
    if let Some(data) = answer.get("data").and_then(Value::as_str) {
        answer["data"] = serde_json::from_str(data).unwrap();
    }
    answer
}

fn answered(govproc: &Govproc, path: &str, body: &Value, outcome: Outcome) -> Value {
    let request = post(path, body);
    let call = govproc.open(&request, now()).unwrap();
    told(&govproc.answer_to(&request, now(), Ok((&call, &[outcome]))))
}

fn status(state: OrderState) -> OrderStatus {
    OrderStatus { state, ..OrderStatus::reviewing(no()) }
}

#[test]
fn a_question_about_an_order_finds_the_number_under_which_it_was_accepted() {
    let govproc = open_partner("");
    let (apply, query) = (plain("/guarantee/apply"), plain("queryurl"));
    let placed = govproc.open(&post("/guarantee/apply", &apply), now()).unwrap();
    let expected = AcceptanceNo::of(&sample::id(), placed.interface.name, &placed.asks[0].business_key);
    let asked = wish(govproc.open(&post(QUERY_PATH, &query), now()).unwrap());
    assert!(matches!(asked, Wish::Query(Query::OrderStatus { no }) if no == expected));
}

#[test]
fn three_interfaces_may_be_asked_by_get_and_no_other() {
    let govproc = open_partner("");
    let get = |path: &str| {
        let request = Request::get(path).header("appkey", "demo-app-key").body(Bytes::new()).unwrap();
        govproc.open(&request, now()).map(|call| call.interface.name).map_err(|rejection| rejection.say)
    };
    assert_eq!(get("/guarantee/query?orderno=T1"), Ok("queryurl"));
    assert_eq!(get("/guarantee/query?data=%7B%22orderno%22%3A%22T1%22%7D"), Ok("queryurl"));
    assert_eq!(get("/guarantee/pull?baohanno=BH1"), Ok("pullurl"));
    for path in ["/guarantee/cancel?baohanno=BH1", "/guarantee/cost?bzjmoney=1&orgcode=JG0001"] {
        assert_eq!(get(path), Err("请使用POST方式提交".to_owned()), "{path}");
    }
    assert_eq!(get("/guarantee/other?x=1"), Err("接口不存在，请核对请求地址".to_owned()));
}

#[test]
fn an_order_is_told_by_number_words_and_time() {
    let govproc = open_partner("query_bhno = false");
    let ask = |status: OrderStatus| {
        answered(&govproc, QUERY_PATH, &plain("queryurl"), Outcome::Replied(Reply::Order(status)))
    };
    let expected =
        json!({"stat":1,"errcode":"000000","msg":"操作成功","data":{"status":2,"describe":"待支付保费"}});
    assert_eq!(ask(status(OrderState::AwaitingPayment)), expected);
    let rejected = OrderStatus {
        reason: "已过投标截止时间".into(),
        changed_at: Some(now()),
        ..status(OrderState::Rejected)
    };
    let expected =
        json!({"status":0,"describe":"申请未通过：已过投标截止时间","dealtime":1_795_314_600_000_u64});
    assert_eq!(ask(rejected)["data"], expected);
    let long = OrderStatus { reason: "长".repeat(600), ..status(OrderState::Rejected) };
    assert_eq!(ask(long)["data"]["describe"].as_str().unwrap().chars().count(), 512);
}

#[test]
fn what_is_accepted_and_what_is_still_on_its_way_get_the_same_links() {
    let govproc = open_partner("success_code = \"000070\"");
    let apply = |outcome| answered(&govproc, "/guarantee/apply", &plain("/guarantee/apply"), outcome);
    let accepted = apply(Outcome::Replied(Reply::Accepted { no: no() }));
    assert_eq!(accepted, apply(Outcome::Pending(no())));
    assert_eq!(accepted["errcode"], "000070");
    assert_eq!(accepted["data"]["cancelurl"], "https://gateway.example/govproc-demo/guarantee/cancel");
    let silent = open_partner("cancel = false");
    let answer = answered(&silent, "/guarantee/apply", &plain("/guarantee/apply"), Outcome::Pending(no()));
    assert_eq!(answer["data"]["cancelurl"], "", "没有此接口值为空");
    let rejection = silent.open(&post(CANCEL_PATH, &plain("cancelurl")), now()).unwrap_err();
    assert_eq!(rejection.say, "不支持在线注销，请联系金融机构");
}

#[test]
fn a_no_brings_its_code_and_no_data() {
    let govproc = open_partner("");
    let ask = |outcome| answered(&govproc, "/guarantee/apply", &plain("/guarantee/apply"), outcome);
    let no = |code: &str, say: &str| json!({"stat": 0, "errcode": code, "msg": say});
    let refused = |refusal| ask(Outcome::Replied(Reply::Refused(refusal)));
    assert_eq!(refused(Refusal::conflict()), no("200002", CONFLICT));
    assert_eq!(refused(Refusal::unknown("保函")), no("200001", "保函不存在"));
    assert_eq!(ask(Outcome::Unavailable), no("300001", BUSY));
    let strange = Reply::Cost { premium: domain::Money::ZERO, rate: domain::Rate::ZERO };
    assert_eq!(ask(Outcome::Replied(strange)), no("300001", BUSY));
    let pending = answered(&govproc, QUERY_PATH, &plain("queryurl"), Outcome::Pending(sample::no()));
    assert_eq!(pending, no("300002", IN_PROGRESS));
    let malformed = post("/guarantee/cost", &json!({"bzjmoney": "1", "orgcode": "JG0002"}));
    let rejection = govproc.open(&malformed, now()).unwrap_err();
    let answer = told(&govproc.answer_to(&malformed, now(), Err(&rejection)));
    assert_eq!(answer, no("100005", "机构编号(orgcode)与约定的不一致"));
}

#[test]
fn a_guarantee_is_pulled_under_either_name() {
    let govproc = open_partner("");
    for name in ["baohanno", "bhno"] {
        let asked = wish(govproc.open(&post(PULL_PATH, &json!({ name: "BH1" })), now()).unwrap());
        assert!(
            matches!(asked, Wish::Query(Query::Document { guarantee_no }) if guarantee_no.as_str() == "BH1")
        );
    }
    let document = DocumentRef { sha256: "00".repeat(32), name: "长".repeat(200) };
    let copy = Reply::Document(DocumentCopy { document, content: "JVBERi0=".to_owned() });
    let answer = answered(&govproc, PULL_PATH, &json!({"baohanno": "BH1"}), Outcome::Replied(copy));
    assert_eq!(answer["data"], json!({"name": "长".repeat(128), "file": "JVBERi0=", "remark": ""}));
    let missing = govproc.open(&post(PULL_PATH, &json!({})), now()).unwrap_err();
    assert_eq!(missing.say, "保函编号(baohanno)不能为空");
}

#[test]
fn a_tender_that_ends_is_told_for_its_section() {
    let govproc = open_partner("");
    let call = govproc.open(&post("/guarantee/xmstate", &plain("/guarantee/xmstate")), now()).unwrap();
    let Wish::Command(Command::ChangeTender(change)) = wish(call) else { panic!("not a change") };
    assert_eq!((change.business_no.as_str(), change.section_no.as_str()), ("", "SC20261122-1"));
}

#[test]
fn keys_of_several_numbers_cannot_run_together() {
    assert_ne!(joined(&["a/b", "c"]), joined(&["a", "b/c"]));
    assert_ne!(joined(&["a~1b"]), joined(&["a/b"]));
    assert_eq!(order_no(&manner(), "T1"), order_no(&manner(), "T1"));
}
