//! The rules decide what they can, and leave the rest to an operator.

use super::*;
use crate::{Applicant, Contact, Tender};

fn at(second: i64) -> Timestamp {
    Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).unwrap().plus_seconds(second)
}

fn policy(json: &str) -> Policy {
    let text = format!(r#"{{"orders":"auto","rate_card":{{"rate":"0.005","minimum":"100.00"}}{json}}}"#);
    serde_json::from_str(&text).unwrap()
}

fn application(bond: &str, area: &str) -> PlaceOrder {
    PlaceOrder {
        business_no: "1".to_owned(),
        product: Product::Bid { opening: Some(at(60)), validity_days: Some(90) },
        applicant: Applicant::default(),
        tender: Tender { area: area.to_owned(), ..Tender::default() },
        bond: Money::parse(bond).unwrap(),
        contact: Contact::default(),
        attachments: Vec::new(),
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    }
}

fn refused(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Decided(Decision::Refuse { .. }))
}

#[test]
fn who_says_nothing_leaves_claims_to_an_operator() {
    let policy = policy("");
    assert_eq!(policy.judge_claim(Money::from_fen(1)), Judgement::Waits);
    assert!(policy.asks_payment());
}

#[test]
fn past_its_opening_nothing_is_guaranteed_whoever_decides() {
    for orders in [Mode::Auto, Mode::Manual] {
        let policy = Policy { orders, ..policy("") };
        assert!(refused(&policy.judge_order(&application("1.00", ""), at(60))), "{orders:?}");
        assert!(!refused(&policy.judge_order(&application("1.00", ""), at(59))), "{orders:?}");
    }
}

#[test]
fn limits_and_areas_hold() {
    let policy =
        policy(r#","auto":{"max_bond":"100.00","max_claim":"50.00","areas":["3501"]},"claims":"auto""#);
    let approve = Judgement::Decided(Decision::Approve);
    assert_eq!(policy.judge_order(&application("100.00", "350102"), at(0)), approve);
    assert_eq!(policy.judge_order(&application("100.01", "350102"), at(0)), Judgement::Waits);
    assert!(refused(&policy.judge_order(&application("1.00", "4401"), at(0))));
    assert_eq!(policy.judge_order(&application("1.00", ""), at(0)), approve, "no area named");
    assert_eq!(policy.judge_claim(Money::parse("50.00").unwrap()), approve);
    assert_eq!(policy.judge_claim(Money::parse("50.01").unwrap()), Judgement::Waits);
}

#[test]
fn a_premium_is_never_below_the_minimum() {
    let card = policy("").rate_card;
    assert_eq!(card.premium(Money::parse("20000.00").unwrap()).to_string(), "100.00");
    assert_eq!(card.premium(Money::parse("20001.00").unwrap()).to_string(), "100.01");
}
