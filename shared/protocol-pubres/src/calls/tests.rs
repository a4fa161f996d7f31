//! From fields to a call and from its outcome to an answer, over all interfaces.

use super::*;
use crate::sample::{made, manner, no, now, plain};
use crate::settings::CodeForm;
use domain::{Command, Refusal, ReleaseReason, Side, Stage};
use http::{Method, Request, StatusCode};
use protocol::{Inbound, Wish};
use serde_json::{Value, json};

/// What a request of an interface wishes, past the shell.
fn asked(name: &str, change: impl FnOnce(&mut Value)) -> Result<Ask, Rejection> {
    let mut fields = plain(name);
    change(&mut fields);
    (named(name).unwrap().read)(&Fields::parse(&fields.to_string()).unwrap(), &manner())
}

fn call(name: &str) -> Call {
    Call { interface: &named(name).unwrap().interface, asks: vec![asked(name, |_| ()).unwrap()] }
}

fn text(response: Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json;charset=UTF-8");
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

fn page(name: &str) -> &'static str {
    if name == "baohanapply" { r#","data":{"redirecturl":""}"# } else { "" }
}

#[test]
fn every_interface_has_one_row_and_its_own_name() {
    let names: std::collections::BTreeSet<_> = INTERFACES.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), INTERFACES.len());
    assert!(INTERFACES.iter().all(|row| row.direction == Direction::Inbound));
    assert!(INTERFACES.iter().all(|row| (row.way == Way::Tell) == (row.name == "baohanapply")));
}

#[test]
fn the_name_spelled_right_is_served_as_the_one_misspelled() {
    let body: Bytes = plain("canclenotice").to_string().into();
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    for path in ["/canclenotice", "/cancelnotice"] {
        *request.uri_mut() = path.parse().unwrap();
        let call = made("").unwrap().open(&request, now()).unwrap();
        assert_eq!(call.interface.name, "canclenotice");
    }
}

#[test]
fn what_is_accepted_is_one_and_what_is_refused_nought_with_every_field() {
    for row in &INTERFACES {
        let told = |outcome| text(answer(&call(row.name), &[outcome], &manner()));
        let page = page(row.name);
        let yes = told(Outcome::Replied(Reply::Accepted { no: no() }));
        assert_eq!(yes, format!(r#"{{"code":"1","message":"成功"{page}}}"#));
        let refused = told(Outcome::Replied(Reply::Refused(Refusal::unknown("保函"))));
        assert_eq!(refused, format!(r#"{{"code":"0","message":"保函不存在"{page}}}"#));
        let busy = told(Outcome::Unavailable);
        assert_eq!(busy, format!(r#"{{"code":"0","message":"系统繁忙，请稍后重试"{page}}}"#));
        assert_eq!(text(answer(&call(row.name), &[], &manner())), busy, "no outcome at all is no success");
    }
}

#[test]
fn what_takes_too_long_is_accepted_only_where_a_callback_tells_the_outcome() {
    let accepted = |row: &&Interface| {
        let told = text(answer(&call(row.name), &[Outcome::Pending(no())], &manner()));
        let page = page(row.name);
        let later = format!(r#"{{"code":"0","message":"处理中，请稍后重试"{page}}}"#);
        assert!(told == later || told.starts_with(r#"{"code":"1""#), "{told}");
        told != later
    };
    let names: Vec<_> = INTERFACES.iter().filter(accepted).map(|row| row.name).collect();
    assert_eq!(names, ["baohanapply", "invoiceapply", "quitapply"]);
}

#[test]
fn a_rejection_is_answered_in_the_form_of_its_interface() {
    let rejection = |name: &str| {
        let wrong = asked(name, |data| data["applyno"] = json!("")).unwrap_err();
        text(reject(&wrong.by(&named(name).unwrap().interface), &manner()))
    };
    let say = r#"{"code":"0","message":"业务流水号(applyno)不能为空""#;
    assert_eq!(rejection("baohanapply"), format!(r#"{say},"data":{{"redirecturl":""}}}}"#));
    assert_eq!(rejection("claimsnotice"), format!("{say}}}"));
    let stranger = text(reject(&Rejection::forged("x"), &manner()));
    assert_eq!(stranger, r#"{"code":"0","message":"身份验证失败"}"#);
}

#[test]
fn the_settings_give_the_code_its_form_and_the_bidder_a_page() {
    let own = Manner {
        code: CodeForm::Int,
        redirect_url: "https://guarantee.example/{no}?from=p".to_owned(),
        ..manner()
    };
    let told = |outcome| text(answer(&call("baohanapply"), &[outcome], &own));
    let no = no();
    assert_eq!(
        told(Outcome::Replied(Reply::Accepted { no: no.clone() })),
        format!(
            r#"{{"code":1,"message":"成功","data":{{"redirecturl":"https://guarantee.example/{no}?from=p"}}}}"#
        )
    );
    assert_eq!(
        told(Outcome::Unavailable),
        r#"{"code":0,"message":"系统繁忙，请稍后重试","data":{"redirecturl":""}}"#
    );
}

#[test]
fn a_request_without_a_number_of_its_own_is_known_by_its_content() {
    let key = |name: &str, field: &str, value: &str| {
        asked(name, |data| data[field] = json!(value)).unwrap().business_key
    };
    for (name, field) in [("quitapply", "reason"), ("invoiceapply", "bank"), ("claimsnotice", "Reason")] {
        assert_ne!(key(name, field, "a"), key(name, field, "b"));
        assert_ne!(key(name, "applyno", "A/B"), key(name, "applyno", "A"));
        let repeated = ["2026-11-22 10:30:00", "2026-11-22 10:31:00"].map(|at| key(name, "timestamp", at));
        assert_eq!(repeated[0], repeated[1]);
    }
    assert_eq!(key("canclenotice", "baohanno", "B/1"), "TB20261122000001/B~11");
    for name in ["baohanapply", "baohanrestore", "giveupapply"] {
        assert_eq!(key(name, "timestamp", "x"), "TB20261122000001");
    }
}

#[test]
fn each_case_says_when_it_is_allowed_and_nobody_is_named() {
    let stage = |name: &str| match asked(name, |_| ()).unwrap().wish {
        Wish::Command(Command::RequestRefund(about)) => (about.stage, about.by),
        Wish::Command(Command::RequestRelease(about)) => {
            assert_eq!(about.request.reason, ReleaseReason::Other);
            (about.stage, about.by)
        }
        Wish::Command(Command::RequestClaim(about)) => (about.stage, about.by),
        Wish::Command(Command::RequestInvoice(about)) => (about.stage, about.by),
        other => panic!("not a case: {other:?}"),
    };
    let at = |stage| (stage, String::new());
    assert_eq!(stage("quitapply"), at(Some(Stage::BeforeOpening)));
    assert_eq!(stage("canclenotice"), at(Some(Stage::AfterOpening)));
    assert_eq!(stage("claimsnotice"), at(Some(Stage::AfterOpening)));
    assert_eq!(stage("invoiceapply"), at(None));
}

#[test]
fn the_platform_withdraws_on_its_own_side() {
    let Wish::Command(Command::WithdrawOrder(withdraw)) = asked("giveupapply", |_| ()).unwrap().wish else {
        panic!("no withdrawal")
    };
    assert_eq!((withdraw.side, withdraw.no), (Side::Partner, None));
}

proptest::proptest! {
    #[test]
    fn numbers_never_run_together(a in "[a~/]{0,4}", b in "[a~/]{0,4}", c in "[a~/]{0,4}", d in "[a~/]{0,4}") {
        let same = (&a, &b) == (&c, &d);
        proptest::prop_assert_eq!(joined(&[&a, &b]) == joined(&[&c, &d]), same);
    }
}
