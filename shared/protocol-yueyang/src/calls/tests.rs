//! From fields to a call and from its outcome to an answer, over all interfaces.

use super::*;
use crate::sample::{changed, made, manner, no, now, plain};
use crate::settings::CodeForm;
use domain::{Command, CreditStanding, Refusal, Stage, Subject};
use http::{Method, Request, StatusCode};
use protocol::{Caller, Inbound, Wish};
use serde_json::{Value, json};

fn asked(name: &str, change: impl FnOnce(&mut Value)) -> Result<Ask, Rejection> {
    let served = named(name).unwrap();
    let manner = Manner { unsealing: made("").unwrap().manner.unsealing, ..manner() };
    (served.read)(&changed(name, change), &manner, now())
}

fn call(name: &str) -> Call {
    Call { interface: &named(name).unwrap().interface, asks: vec![asked(name, |_| ()).unwrap()] }
}

/// A partner whom everybody at one address may play.
fn open_door(lines: &str) -> Result<crate::Yueyang, Vec<protocol::Problem>> {
    made(&format!("auth = \"none\"\nallowed_ips = [\"192.0.2.1\"]\n{lines}"))
}

fn post(name: &str, body: &Value) -> Request<Bytes> {
    let request = Request::builder().method(Method::POST).uri(format!("/{name}"));
    request.extension(Caller([192, 0, 2, 1].into())).body(Bytes::from(body.to_string())).unwrap()
}

fn text(response: Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json;charset=UTF-8");
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

fn told(name: &str, outcomes: &[Outcome]) -> Value {
    serde_json::from_str(&text(answer(&call(name), outcomes, &manner()))).unwrap()
}

fn refused(refusal: Refusal) -> Outcome {
    Outcome::Replied(Reply::Refused(refusal))
}

/// `data` of an answer: what yes and no look like.
fn data(form: Form, good: bool) -> Value {
    match form {
        Form::Plain | Form::Batch => Value::Null,
        Form::Page => json!(""),
        Form::Verdict => json!(if good { "0" } else { "1" }),
    }
}

#[test]
fn every_interface_has_one_row_and_its_own_name() {
    let names: std::collections::BTreeSet<_> = INTERFACES.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), INTERFACES.len());
    assert!(INTERFACES.iter().all(|row| row.direction == Direction::Inbound));
}

#[test]
fn accepted_is_two_hundred_and_failed_five_hundred_with_every_field() {
    for served in SERVED.iter().filter(|served| served.form != Form::Batch) {
        let (name, form) = (served.interface.name, served.form);
        let yes = told(name, &[Outcome::Replied(Reply::Accepted { no: no() })]);
        assert_eq!((&yes["code"], &yes["msg"]), (&json!(200), &json!("操作成功")), "{name}");
        assert_eq!(yes["data"], data(form, true), "{name}");
        for outcomes in [vec![Outcome::Unavailable], vec![]] {
            let busy = told(name, &outcomes);
            assert_eq!(
                (&busy["code"], &busy["msg"]),
                (&json!(500), &json!("系统繁忙，请稍后重试")),
                "{name}"
            );
            assert_eq!(busy["data"], data(form, false), "{name}");
        }
    }
}

#[test]
fn a_refusal_is_a_failure_but_of_a_revocation_an_answer() {
    for served in SERVED.iter().filter(|served| served.form != Form::Batch) {
        let (name, form) = (served.interface.name, served.form);
        let no = told(name, &[refused(Refusal::not_now("已有审核结果"))]);
        let code = if form == Form::Verdict { 200 } else { 500 };
        assert_eq!((&no["code"], &no["msg"]), (&json!(code), &json!("已有审核结果")), "{name}");
        assert_eq!(no["data"], data(form, false), "{name}");
    }
}

#[test]
fn what_takes_too_long_is_accepted_only_where_a_callback_tells_the_outcome() {
    let pending = |row: &&Interface| told(row.name, &[Outcome::Pending(no())]);
    let accepted = INTERFACES.iter().filter(|row| pending(row)["code"] == json!(200)).map(|row| row.name);
    let expected = [
        "doOrderApply",
        "orderCancelApply",
        "creditApply",
        "cancelApply",
        "compensateApply",
        "invoiceApply",
        "refundApply",
    ];
    assert_eq!(accepted.collect::<Vec<_>>(), expected.map(|name| format!("financialAccount/{name}")));
    let failed = told("financialAccount/restoreApply", &[Outcome::Pending(no())]);
    assert_eq!(failed, json!({ "code": 500, "msg": "处理中，请稍后重试" }));
}

#[test]
fn closing_an_order_is_received_unless_nobody_can_tell_the_outcome() {
    let name = "financialAccount/orderCancelApply";
    let accepted = || Outcome::Replied(Reply::Accepted { no: no() });
    let received = |count| json!({ "code": 200, "msg": format!("{count}条数据接收成功！") });
    assert_eq!(told(name, &[accepted()]), received(1));
    assert_eq!(told(name, &[accepted(), Outcome::Pending(no())]), received(2));
    for bad in [refused(Refusal::unknown("订单")), refused(Refusal::not_now("已出具")), Outcome::Unavailable]
    {
        assert_eq!(told(name, &[accepted(), bad])["code"], json!(500));
    }
    assert_eq!(told(name, &[])["code"], json!(500));
}

#[test]
fn a_batch_is_read_whole_or_not_at_all() {
    let one = plain("financialAccount/orderCancelApply");
    let open =
        |body: Value| open_door("").unwrap().open(&post("financialAccount/orderCancelApply", &body), now());
    assert_eq!(open(one.clone()).unwrap().asks.len(), 1);
    assert_eq!(open(json!([one, one, one])).unwrap().asks.len(), 3);
    assert_eq!(open(json!({ "data": [one, one] })).unwrap().asks.len(), 2);
    assert!(open(json!([one, { "applyNo": "" }])).is_err() && open(json!([])).is_err());
}

#[test]
fn standings_are_answered_by_their_number() {
    let standing =
        |standing| told("financialAccount/queryCredit", &[Outcome::Replied(Reply::Credit(standing))]);
    assert_eq!(
        standing(CreditStanding::Granted),
        json!({ "code": 1, "msg": "成功（已授信，可直接办理银行保函）" })
    );
    assert_eq!(standing(CreditStanding::None), json!({ "code": 2, "msg": "未授信" }));
    assert_eq!(standing(CreditStanding::TooLittle), json!({ "code": 3, "msg": "额度不满足" }));
    assert_eq!(standing(CreditStanding::Refused), json!({ "code": 4, "msg": "授信失败" }));
}

#[test]
fn only_a_bank_gives_credit() {
    let (insurer, bank) = (open_door("institution = \"insurer\"").unwrap(), open_door("").unwrap());
    for row in &INTERFACES {
        let request = post(row.name, &plain(row.name));
        assert!(bank.open(&request, now()).is_ok(), "{}", row.name);
        let opened = insurer.open(&request, now());
        if row.name.to_lowercase().contains("credit") {
            let rejection = opened.map(drop).unwrap_err();
            let answer: Value = serde_json::from_str(&text(insurer.answer(Err(&rejection)))).unwrap();
            assert_eq!((&answer["code"], &answer["msg"]), (&json!(500), &json!("授信接口未开通")));
            assert_eq!(answer["data"] == json!("1"), row.name.ends_with("Revocation"));
        } else {
            assert!(opened.is_ok(), "{}", row.name);
        }
    }
}

#[test]
fn a_rejection_is_answered_in_the_form_of_its_interface() {
    for served in &SERVED {
        let rejection = Rejection::malformed("x", "某字段", "不能为空").by(&served.interface);
        let answer: Value = serde_json::from_str(&text(reject(&rejection, &manner()))).unwrap();
        assert_eq!((&answer["code"], &answer["msg"]), (&json!(500), &json!("某字段(x)不能为空")));
        assert_eq!(answer["data"], data(served.form, false));
    }
    let stranger = text(reject(&Rejection::forged("x"), &manner()));
    assert_eq!(stranger, r#"{"code":500,"msg":"身份验证失败"}"#);
}

#[test]
fn the_settings_give_the_code_its_form_and_the_bidder_a_page() {
    let own = Manner {
        answer_code: CodeForm::String,
        redirect_url: "https://guarantee.example/{no}?from=p".to_owned(),
        ..manner()
    };
    let yes = [Outcome::Replied(Reply::Accepted { no: no() })];
    let answer = text(answer(&call("financialAccount/doOrderApply"), &yes, &own));
    let page = format!("https://guarantee.example/{}?from=p", no());
    assert_eq!(answer, format!(r#"{{"code":"200","msg":"操作成功","data":"{page}"}}"#));
}

#[test]
fn a_case_says_when_it_is_allowed_and_by_which_numbers_it_is_found() {
    let case = |name: &str| {
        let ask = asked(&format!("financialAccount/{name}"), |data| data["applyNo"] = json!("T8")).unwrap();
        let (business_no, order_no, stage, by) = match ask.wish {
            Wish::Command(Command::RequestRefund(about)) => {
                (about.business_no, about.order_no, about.stage, about.by)
            }
            Wish::Command(Command::RequestRelease(about)) => {
                (about.business_no, about.order_no, about.stage, about.by)
            }
            Wish::Command(Command::RequestClaim(about)) => {
                assert_eq!((about.request.amount, about.request.account.as_ref()), (None, None));
                (about.business_no, about.order_no, about.stage, about.by)
            }
            Wish::Command(Command::RequestInvoice(about)) => {
                (about.business_no, about.order_no, about.stage, about.by)
            }
            other => panic!("not a case: {other:?}"),
        };
        assert_eq!((order_no.as_str(), by.as_str()), ("T8", ""));
        assert_eq!(business_no, ask.business_key);
        stage
    };
    assert_eq!(case("refundApply"), Some(Stage::BeforeOpening));
    assert_eq!(case("cancelApply"), Some(Stage::AfterOpening));
    assert_eq!(case("compensateApply"), Some(Stage::AfterOpening));
    assert_eq!(case("invoiceApply"), None);
}

#[test]
fn each_revocation_takes_back_its_own_kind() {
    let subject = |name: &str| match asked(&format!("financialAccount/{name}"), |_| ()).unwrap().wish {
        Wish::Command(Command::RevokeCase(revoke)) => revoke.subject,
        other => panic!("no revocation: {other:?}"),
    };
    let all =
        ["creditRevocation", "refundRevocation", "compensateRevocation", "cancelRevocation"].map(subject);
    assert_eq!(all, [Subject::Credit, Subject::Refund, Subject::Claim, Subject::Release]);
    let without = |name: &str| asked(name, |data| data["reason"] = json!(""));
    assert!(without("financialAccount/refundRevocation").is_ok());
    assert_eq!(without("financialAccount/cancelRevocation").unwrap_err().say, "注销撤回原因(reason)不能为空");
}
