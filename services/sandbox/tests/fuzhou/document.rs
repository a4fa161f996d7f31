//! The sandbox's own tables against the machine-readable contract: every field of every interface, both ways.

use crate::insurer::{Insurer, STEPS, document, guarantee, step};
use sandbox::fuzhou::contract::{Direction, INTERFACES};
use sandbox::fuzhou::{Bidder, OrderStatus, Partner};
use sandbox::{Request, now};
use serde_json::{Map, Value, json};

fn contract() -> Vec<Map<String, Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/contracts/fuzhou.json");
    let contract: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    contract["interfaces"].as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect()
}

fn row(method: &str) -> Map<String, Value> {
    let own = INTERFACES.iter().find(|own| own.method == method).unwrap_or_else(|| panic!("{method}"));
    contract().into_iter().find(|row| row["section"] == own.section).unwrap()
}

fn names(row: &Map<String, Value>, side: &str, location: &str) -> Vec<String> {
    let fields = row[side].as_array().unwrap().iter().filter(|field| field["location"] == location);
    fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn its_tables_are_those_of_the_contract() {
    let contract = contract();
    assert_eq!(contract.len(), INTERFACES.len());
    for (row, own) in contract.iter().zip(INTERFACES) {
        assert_eq!(row["section"], own.section);
        assert!(row["title_zh"].as_str().unwrap().starts_with(own.title), "{}", own.method);
        let ours = row["direction"] == "platform->institution";
        assert_eq!(ours, own.direction == Direction::ToInstitution, "{}", own.method);
        if !ours {
            assert_eq!(row["name"], own.method);
        }
    }
}

fn pushes() -> Vec<Request> {
    let bidder = Bidder::new(1, 1, now());
    vec![
        bidder.redirect("http://127.0.0.1/orders"),
        bidder.status(OrderStatus::WaitTuneUp, OrderStatus::Cancel),
        Bidder::verify_file("806097000000001"),
        Bidder::verify_info("BH1", "806097000000001"),
        bidder.invoice(),
        bidder.postpone(7),
        bidder.claim("BH1", "5000.00"),
    ]
}

#[test]
fn every_field_of_a_push_is_sent() {
    for request in pushes() {
        let mut expected = names(&row(request.method), "request", "param");
        expected.retain(|name| name != "sign" && name != "timestamp");
        let mut sent: Vec<String> = request.data.as_object().unwrap().keys().cloned().collect();
        expected.sort();
        sent.sort();
        assert_eq!(sent, expected, "{}", request.method);
    }
}

/// Whatever a call lacks is missed, if the contract demands it; whatever the contract has is known.
#[test]
fn every_field_of_a_call_is_looked_for() {
    let insurer = Insurer::new(|_| {});
    for own in INTERFACES.iter().filter(|own| own.direction == Direction::ToPlatform) {
        let fields = row(own.method)["request"].as_array().unwrap().clone();
        let inside = fields.iter().filter(|field| field["location"] == "param");
        let business: Vec<&Value> = inside
            .filter(|field| {
                let shared = ["method", "sign", "timestamp", "btc_id", "enter_institution_type"];
                !shared.contains(&field["name"].as_str().unwrap())
            })
            .collect();
        let verdict = insurer.hear(&insurer.call(own.method, json!({}), None));
        assert!(verdict.verified, "{}: {:?}", own.method, verdict.problems);
        for field in &business {
            let name = field["name"].as_str().unwrap();
            let missed = verdict.problems.iter().any(|problem| problem.contains(name));
            let demanded = field["required"] == true
                || (own.method, name) == ("insurer_apply_guarantee_result", "status");
            assert_eq!(missed, demanded, "{} {name}: {:?}", own.method, verdict.problems);
        }
        let all: Map<String, Value> =
            business.iter().map(|field| (field["name"].as_str().unwrap().to_owned(), json!("x"))).collect();
        let verdict = insurer.hear(&insurer.call(own.method, Value::Object(all), None));
        let unknown = verdict.problems.iter().find(|problem| problem.contains("is not in the document"));
        assert_eq!(unknown, None, "{}", own.method);
    }
}

/// Every answer has every field that the contract gives it, lists included.
#[tokio::test]
async fn every_field_of_an_answer_is_given() {
    let insurer = Insurer::new(|_| {});
    let bidder = Bidder::new(1, 1, now());
    let partner = Partner::new(crate::settings(|_| {}), &insurer.office).unwrap();
    insurer.office.offer(&bidder);
    let order = json!({ "order_no": bidder.order_no() });
    let info = insurer.ask("insurer_get_guarantee_info", order.clone());
    let file = info["data"]["attach_files"][0]["file_id"].clone();
    let mut answers = vec![
        (
            "get_access_token",
            insurer.ask("get_access_token", json!({ "api_key": "key", "api_secret": "S3CR3T" })),
        ),
        ("insurer_get_guarantee_info", info),
        ("insurer_get_order_company_info", insurer.ask("insurer_get_order_company_info", order)),
        ("insurer_get_file_url", insurer.ask("insurer_get_file_url", json!({ "file_id": file }))),
        (
            "insurer_get_branch_insurers",
            insurer.ask("insurer_get_branch_insurers", json!({ "insurer_name": "x" })),
        ),
    ];
    for (order_do_type, more) in STEPS() {
        let told = step(&bidder, order_do_type, more);
        answers.push(("insurer_apply_guarantee_result", insurer.ask("insurer_apply_guarantee_result", told)));
    }
    answers.push(("insurer_push_guarantee", insurer.issue(&bidder, "BH1", b"%PDF-1")));
    assert!(
        partner.send(&bidder.postpone(7)).await.is_err() && partner.send(&bidder.invoice()).await.is_err()
    );
    assert!(partner.send(&bidder.claim("BH1", "1.00")).await.is_err(), "nobody listens there");
    let mut update = guarantee(&bidder, "BH2", b"%PDF-2");
    let more = json!({ "guarantee_no_old": "BH1", "date1": "2027-01-01", "date2": "2027-05-01" });
    update.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let file = document("guarantee_pdf", b"%PDF-2");
    answers
        .push(("insurer_push_guarantee_update", insurer.push("insurer_push_guarantee_update", update, file)));
    let hash = guarantee(&bidder, "", b"%PDF-3")["guarantee_pdf_hash"].clone();
    let invoice = json!({ "invoice_id": bidder.invoice().text("invoice_id"), "invoice_pdf_hash": hash });
    let file = document("invoice_pdf", b"%PDF-3");
    answers.push(("insurer_push_invoice", insurer.push("insurer_push_invoice", invoice, file)));
    let claim = json!({ "claim_no": bidder.claim_no(), "guarantee_no": "BH1", "do_type": "ACCEPT" });
    answers.push(("update_claim", insurer.ask("update_claim", claim)));
    let claim = json!({
        "claim_no": bidder.claim_no(), "guarantee_no": "BH1", "principal": bidder.principal(),
        "creditor": bidder.creditor(), "guarantor": "x",
    });
    answers.push(("get_claim_detail", insurer.ask("get_claim_detail", claim)));

    for own in INTERFACES.iter().filter(|own| own.direction == Direction::ToPlatform) {
        let of_it: Vec<&Value> =
            answers.iter().filter(|(method, _)| *method == own.method).map(|(_, answer)| answer).collect();
        assert!(!of_it.is_empty(), "{} was never called", own.method);
        for answer in of_it {
            complete(&row(own.method), answer);
        }
    }
}

fn complete(row: &Map<String, Value>, answer: &Value) {
    assert_eq!(answer["status"], 200, "{}: {answer}", row["name"]);
    for field in row["response"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        let data = &answer["data"];
        let there = match (field["location"].as_str(), field["repeated_in"].as_str()) {
            (Some("body"), _) => answer.get(name).is_some(),
            (_, Some("data")) => data.as_array().unwrap().iter().all(|item| item.get(name).is_some()),
            (_, Some(list)) => data[list].as_array().unwrap().iter().all(|item| item.get(name).is_some()),
            _ => match name.split_once('[') {
                Some((outer, inner)) => data[outer].get(inner.trim_end_matches(']')).is_some(),
                None => data.get(name).is_some(),
            },
        };
        assert!(there, "{} lacks {name}: {answer}", row["name"]);
    }
}
