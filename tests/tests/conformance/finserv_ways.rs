//! Every way of writing a finserv request that WIRE.md's table 000 names, as a program that is not ours wrote it.

use crate::finserv::{instance, post};
use domain::{CaseQuery, GuaranteeNo, Query};
use protocol::{Call, Inbound, Rejection, RejectionKind, Wish, parse_shanghai};
use protocol_finserv::Finserv;
use serde_json::{Value, json};

fn vectors(part: &str, least: usize) -> Vec<Value> {
    let path = format!("{}/vectors/finserv.json", env!("CARGO_MANIFEST_DIR"));
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = value[part].as_array().unwrap().clone();
    assert!(vectors.len() >= least, "{part} holds only {}", vectors.len());
    vectors
}

fn opened_at(finserv: &Finserv, body: &Value, now: &str) -> Result<Call, Rejection> {
    finserv.open(&post(body.as_str().unwrap().to_owned()), parse_shanghai(now).unwrap())
}

fn opened(finserv: &Finserv, body: &Value) -> Result<Call, Rejection> {
    opened_at(finserv, body, "20261122103000")
}

fn is_the_query(call: &Call) {
    let query = CaseQuery { guarantee_no: GuaranteeNo::quoted("BH20261122ABCDEFGHJKMNPQ"), no: None };
    let [ask] = call.asks.as_slice() else { panic!("{call:?}") };
    assert!(matches!(&ask.wish, Wish::Query(Query::RefundStatus(asked)) if *asked == query), "{call:?}");
}

#[test]
fn each_recipe_proves_its_own_requests_alone() {
    let vectors = vectors("signed", 24);
    for vector in &vectors {
        let finserv = instance(&json!({ "sign": vector["recipe"] }));
        for other in &vectors {
            for body in [&other["json"], &other["form"]] {
                match opened(&finserv, body) {
                    Ok(call) if other == vector => is_the_query(&call),
                    Err(rejection) if other != vector => assert_eq!(rejection.kind, RejectionKind::Forged),
                    wrong => panic!("{} under {}: {wrong:?}", other["recipe"], vector["recipe"]),
                }
            }
        }
        assert_eq!(finserv.proved(), [2]);
    }
}

#[test]
fn each_recipe_is_accepted_also_and_counted() {
    let vectors = vectors("signed", 24);
    for (index, vector) in vectors.iter().enumerate() {
        let own = &vectors[(index + 1) % vectors.len()];
        let unused = &vectors[(index + 2) % vectors.len()];
        let accept_also = json!([unused["recipe"], vector["recipe"]]);
        let finserv = instance(&json!({ "sign": own["recipe"], "accept_also": accept_also }));
        is_the_query(&opened(&finserv, &vector["json"]).unwrap());
        is_the_query(&opened(&finserv, &own["form"]).unwrap());
        assert_eq!(finserv.proved(), [1, 0, 1], "{}", vector["recipe"]);
    }
}

#[test]
fn keys_of_every_length_are_read_in_every_form() {
    for vector in vectors("keyed", 9) {
        let named = |key: &str| format!("file:{}", vector[key].as_str().unwrap());
        let finserv = instance(&json!({
            "aes_key": named("aes_key"), "key_form": vector["key_form"], "iv": named("iv"), "iv_form": vector["iv_form"]
        }));
        is_the_query(
            &opened(&finserv, &vector["body"]).unwrap_or_else(|no| panic!("{}: {no:?}", vector["name"])),
        );
    }
}

#[test]
fn every_spelling_is_read() {
    let finserv = instance(&json!({}));
    for vector in vectors("spelled", 11) {
        is_the_query(
            &opened(&finserv, &vector["body"]).unwrap_or_else(|no| panic!("{}: {no:?}", vector["name"])),
        );
    }
}

#[test]
fn a_clock_of_twelve_hours_is_read_if_the_settings_say_so() {
    let loose = instance(&json!({ "created": "12h", "created_window_s": 600 }));
    let strict = instance(&json!({ "created_window_s": 600 }));
    let blind = instance(&json!({ "created": "off", "created_window_s": 600 }));
    for vector in vectors("twelve_hours", 2) {
        let at = |finserv: &Finserv| opened_at(finserv, &vector["body"], vector["now"].as_str().unwrap());
        is_the_query(&at(&loose).unwrap());
        is_the_query(&at(&blind).unwrap());
        assert_eq!(at(&strict).unwrap_err().kind, RejectionKind::Stale, "{}", vector["name"]);
    }
}
