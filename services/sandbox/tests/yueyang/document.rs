//! The sandbox's own tables against the machine-readable contract.

use crate::notices::{heard, notice};
use sandbox::yueyang::Bidder;
use sandbox::yueyang::contract::{Direction, INTERFACES};
use sandbox::{Request, now};
use serde_json::{Map, Value, json};

fn contract() -> Vec<Map<String, Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/contracts/yueyang.json");
    let contract: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    contract["interfaces"].as_array().unwrap().iter().map(|row| row.as_object().unwrap().clone()).collect()
}

fn requests() -> Vec<Request> {
    let bidder = Bidder::new(1, 1, now());
    vec![
        bidder.application(),
        bidder.withdraw(),
        bidder.credit(1),
        bidder.restore("BH1", "key"),
        bidder.cancel("BH1", 1),
        bidder.claim("BH1", 1),
        bidder.special_invoice("BH1", "500.00"),
        bidder.refund("BH1", 1),
        bidder.revoke_credit(1),
        bidder.revoke_refund(1),
        bidder.revoke_claim(1),
        bidder.revoke_cancel(1),
        bidder.query_credit(),
        bidder.opens(now()),
        bidder.closes(now()),
    ]
}

#[test]
fn its_tables_are_those_of_the_contract() {
    let contract = contract();
    assert_eq!(contract.len(), INTERFACES.len());
    for (row, own) in contract.iter().zip(INTERFACES) {
        assert_eq!((row["section"].as_str(), row["name"].as_str()), (Some(own.section), Some(own.method)));
        assert!(row["title_zh"].as_str().unwrap().starts_with(own.title), "{}", own.method);
        let ours = row["direction"] == "platform->institution";
        assert_eq!(ours, own.direction == Direction::ToInstitution, "{}", own.method);
    }
}

/// Every field of every request is sent; every field of every notice is known, and missed if it is required.
#[test]
fn every_field_of_the_contract_is_sent_or_looked_for() {
    let requests = requests();
    for row in contract() {
        let name = row["name"].as_str().unwrap();
        let fields = row["request"].as_array().unwrap();
        if row["direction"] == "platform->institution" {
            let request =
                requests.iter().find(|request| request.method == name).unwrap_or_else(|| panic!("{name}"));
            let sent: Vec<&String> = request.data.as_object().unwrap().keys().collect();
            assert!(
                fields.iter().all(|field| sent.iter().any(|sent| field["name"] == **sent)),
                "{name}: {sent:?}"
            );
            assert_eq!(fields.len(), sent.len(), "{name}");
            continue;
        }
        let verdict = heard(|_| {}, &notice(&name["guarantee/".len()..], &json!({ "data": {} })));
        for field in fields {
            let field_name = field["name"].as_str().unwrap();
            let missed = verdict.problems.contains(&format!("{field_name} is missing"));
            let key_only =
                name == "guarantee/invoiceNotice" && matches!(field_name, "invoiceCode" | "invoiceNo");
            assert_eq!(
                missed,
                field["required"] == true || key_only,
                "{name} {field_name}: {:?}",
                verdict.problems
            );
        }
    }
}
