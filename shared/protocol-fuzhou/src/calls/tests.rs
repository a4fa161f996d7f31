//! From pushes to calls and back: what all interfaces share.

use super::*;
use crate::sample::{asked, body, manner, plain, rejected};
use domain::{AcceptanceNo, Refusal, Reply};
use serde_json::json;

fn pushes() -> impl Iterator<Item = &'static Served> {
    SERVED
        .iter()
        .filter(|served| !matches!(served.interface.name, "apply-redirect" | "verify-file" | "verify-info"))
}

#[test]
fn a_push_is_acknowledged_in_the_words_of_the_document_and_its_misprints() {
    let accepted = Reply::Accepted { no: AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap() };
    for served in pushes() {
        let ask = asked(served.interface.name, |_| ());
        for ending in [Ending::Done(&ask, &accepted), Ending::Durable(&ask)] {
            assert_eq!(body(&(served.answer)(&ending, &manner(""))), json!({ "status": 200 }));
            let both = manner("ack_aliases = [\"statue\", \"statues\"]");
            let expected = json!({ "status": 200, "statue": 200, "statues": 200 });
            assert_eq!(body(&(served.answer)(&ending, &both)), expected);
        }
    }
}

#[test]
fn what_is_not_durable_is_never_acknowledged() {
    for served in pushes() {
        let name = served.interface.name;
        let ask = asked(name, |_| ());
        let call = Call { interface: &served.interface, asks: vec![ask] };
        for outcomes in [vec![Outcome::Unavailable], Vec::new()] {
            let told = body(&answer(&call, &outcomes, &manner("")));
            assert_eq!(told, json!({ "status": 404, "data": "系统繁忙，请稍后重试" }), "{name}");
        }
        let refusal = Refusal::unknown("订单");
        let told = body(&answer(&call, &[Outcome::Replied(Reply::Refused(refusal))], &manner("")));
        assert_eq!(told, json!({ "status": 1101, "data": "订单不存在" }), "{name}");
    }
}

#[test]
fn every_field_that_the_document_demands_is_named_when_it_is_missing() {
    // FZ-21: receiver_* may be empty; those of a special invoice are tried in its own file.
    const FREE: [&str; 7] = [
        "receiver_name",
        "receiver_phone_num",
        "receiver_address",
        "receiver_email",
        "remark",
        "claim_statement",
        "claim_file",
    ];
    for served in pushes() {
        let name = served.interface.name;
        for field in plain(name).as_object().unwrap().keys().filter(|field| !FREE.contains(&field.as_str())) {
            let rejection = rejected(name, |data| data[field] = json!(" "));
            assert!(rejection.say.ends_with(&format!("({field})不能为空")), "{name} {field}: {rejection:?}");
            assert_eq!(body(&reject(&rejection, &manner("")))["status"], 404);
        }
    }
}

#[test]
fn tables_of_fields_are_those_of_the_samples() {
    for served in &SERVED {
        let sample = plain(served.interface.name);
        let mut told: Vec<&str> = sample.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = served.fields.to_vec();
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known, "{}", served.interface.name);
    }
}

proptest::proptest! {
    #[test]
    fn numbers_never_run_together(a in "[a~/]{0,4}", b in "[a~/]{0,4}", c in "[a~/]{0,4}", d in "[a~/]{0,4}") {
        let same = (&a, &b) == (&c, &d);
        proptest::prop_assert_eq!(joined(&[&a, &b]) == joined(&[&c, &d]), same);
    }
}

#[test]
fn what_is_longer_than_it_can_be_is_refused_by_name() {
    let of = |name: &str, length: usize| {
        let name = name.to_owned();
        move |data: &mut serde_json::Value| data[name.as_str()] = json!("长".repeat(length))
    };
    for (field, longest) in [("order_no", 64), ("block_number", 64), ("principal", 255), ("block_name", 255)]
    {
        asked("order-status-push", of(field, longest));
        let told = rejected("order-status-push", of(field, longest + 1));
        assert_eq!(told.say, format!("参数({field})超过长度限制({longest})"), "FZ-26");
    }
}
