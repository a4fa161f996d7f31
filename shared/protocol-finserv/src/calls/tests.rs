//! From data to a call and from its outcome to an answer, over all interfaces.

use super::*;
use crate::sample::{made, manner, no, now, plain};
use domain::Refusal;
use http::{StatusCode, Uri};
use protocol::Inbound;

fn opened(method: &str, plain: &str) -> Result<Call, Rejection> {
    let finserv = made("").unwrap();
    finserv.open(&finserv.envelope.seal(method, plain.as_bytes(), now(), Uri::default()), now())
}

fn text(response: Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json;charset=UTF-8");
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

#[test]
fn every_interface_has_one_row_and_its_own_name() {
    let names: std::collections::BTreeSet<_> = INTERFACES.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), INTERFACES.len());
    assert!(INTERFACES.iter().all(|row| row.direction == Direction::Inbound && row.way != Way::Notice));
}

#[test]
fn a_pending_command_is_accepted_and_a_pending_query_is_not_answered() {
    for row in &INTERFACES {
        let call = opened(row.name, &plain(row.name)).unwrap();
        let told = text(answer(&call, &[Outcome::Pending(no())], &manner()));
        let expected =
            if row.way == Way::Query { "处理中，请稍后重试" } else { "\"result\":\"success\"" };
        assert!(told.contains(expected), "{}: {told}", row.name);
        assert_eq!(told.contains(no().as_str()), told.contains("accept_no") && row.way != Way::Query);
    }
}

#[test]
fn nothing_durable_and_a_refusal_are_failures_with_every_field() {
    for row in &INTERFACES {
        let call = opened(row.name, &plain(row.name)).unwrap();
        let told = |outcome| text(answer(&call, &[outcome], &manner()));
        let busy = told(Outcome::Unavailable);
        assert!(busy.contains(r#""result":"fail""#) && busy.contains("系统繁忙，请稍后重试"), "{busy}");
        let refused = told(Outcome::Replied(Reply::Refused(Refusal::unknown("保函"))));
        assert_eq!(refused, busy.replace("系统繁忙，请稍后重试", "保函不存在"));
    }
}

#[test]
fn a_rejection_is_answered_in_the_form_of_its_interface() {
    let rejection = opened("apply_guarantee", "{}").unwrap_err();
    let told = text(reject(&rejection, &manner()));
    assert_eq!(
        told,
        r#"{"result":"fail","accept_no":"","page_flow":"","msg":"业务申请码(apply_no)不能为空"}"#
    );
    let rejection = opened("get_quitInfo", "[]").unwrap_err();
    let told = text(reject(&rejection, &manner()));
    assert_eq!(told, r#"{"result":"fail","approve_status":"","msg":"业务数据不是合法的JSON对象"}"#);
}

#[test]
fn no_outcome_at_all_is_no_success() {
    let call = opened("guarantee_quit", &plain("guarantee_quit")).unwrap();
    assert_eq!(text(answer(&call, &[], &manner())), r#"{"result":"fail","msg":"系统繁忙，请稍后重试"}"#);
}

/// Two refunds in one request.
fn batch() -> String {
    let one = plain("guarantee_quit");
    let other = one.replace("BA20261122000005", "BA20261122000006");
    format!("[{one},{other}]")
}

#[test]
fn a_batch_is_many_asks_and_one_answer() {
    let call = opened("guarantee_quit", &batch()).unwrap();
    let keys: Vec<&str> = call.asks.iter().map(|ask| ask.business_key.as_str()).collect();
    assert_eq!(
        keys,
        ["BA20261122000005/BH20261122ABCDEFGHJKMNPQ", "BA20261122000006/BH20261122ABCDEFGHJKMNPQ"]
    );
    let yes = || Outcome::Replied(Reply::Accepted { no: no() });
    let told = |outcomes: &[Outcome]| text(answer(&call, outcomes, &manner()));
    assert_eq!(told(&[yes(), Outcome::Pending(no())]), r#"{"result":"success","msg":""}"#);
    let one = told(&[yes(), Outcome::Replied(Reply::Refused(Refusal::unknown("保函")))]);
    assert_eq!(one, r#"{"result":"fail","msg":"BA20261122000006：保函不存在"}"#);
    let both = told(&[Outcome::Unavailable, Outcome::Unavailable]);
    let busy = "系统繁忙，请稍后重试";
    assert_eq!(
        both,
        format!(r#"{{"result":"fail","msg":"BA20261122000005：{busy}；BA20261122000006：{busy}"}}"#)
    );
}

#[test]
fn a_missing_outcome_in_a_batch_is_no_success() {
    let call = opened("guarantee_quit", &batch()).unwrap();
    let told = text(answer(&call, &[Outcome::Replied(Reply::Accepted { no: no() })], &manner()));
    assert!(told.contains("fail"), "{told}");
}

#[test]
fn a_wrong_item_of_a_batch_is_named_by_its_place() {
    let one = plain("guarantee_quit");
    let other = one.replace("流标", " ");
    let rejection = opened("guarantee_quit", &format!("[{one},{other}]")).unwrap_err();
    assert_eq!(rejection.say, "第2条：退保原因说明(memo)不能为空");
    assert_eq!(opened("update_bidinfo", "[]").unwrap_err().say, "业务数据为空数组");
}

#[test]
fn what_takes_no_batch_says_so() {
    let list = format!("[{}]", plain("apply_cancel"));
    assert_eq!(opened("apply_cancel", &list).unwrap_err().say, "业务数据不是合法的JSON对象");
}

proptest::proptest! {
    #[test]
    fn numbers_never_run_together(a in "[a~/]{0,4}", b in "[a~/]{0,4}", c in "[a~/]{0,4}", d in "[a~/]{0,4}") {
        let same = (&a, &b) == (&c, &d);
        proptest::prop_assert_eq!(joined(&[&a, &b]) == joined(&[&c, &d]), same);
    }
}
