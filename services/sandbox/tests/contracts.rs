//! Samples and tables against the documents' contracts, field by field: what the sandbox sends and demands is what they say.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use sandbox::{Platform, Request, Verdict, govproc, interface::Direction, interface::Interface, now, pubres};
use serde_json::{Map, Value};

fn interfaces(kind: &str) -> Vec<Value> {
    let path = format!("{}/../../tests/contracts/{kind}.json", env!("CARGO_MANIFEST_DIR"));
    let contract: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    contract["interfaces"].as_array().unwrap().clone()
}

fn inbound(entry: &Value) -> bool {
    entry["direction"] == "platform->institution"
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// Every field that the document demands is there, none is unknown, none is too long.
fn complete(entry: &Value, sent: &Map<String, Value>) {
    let name = text(entry, "name");
    let fields = entry["request"].as_array().unwrap();
    for field in fields.iter().filter(|field| field["required"] == true && field["repeated_in"].is_null()) {
        let value = sent.get(text(field, "name")).unwrap_or_else(|| panic!("{name} lacks {}", field["name"]));
        assert!(!value.is_null() && value != "", "{name}: {} is empty", field["name"]);
    }
    for (sent, value) in sent {
        let field = fields.iter().find(|field| field["name"] == sent.as_str());
        let field = field.unwrap_or_else(|| panic!("{name}: {sent} is not in the document"));
        let length = value.as_str().map_or(0, |text| text.chars().count()) as u64;
        assert!(field["max_len"].as_u64().is_none_or(|most| length <= most), "{name}: {sent} is too long");
    }
}

fn same_tables(kind: &str, rows: &[Interface]) {
    let entries = interfaces(kind);
    assert_eq!(rows.len(), entries.len());
    for (row, entry) in rows.iter().zip(&entries) {
        let documented = (text(entry, "name"), inbound(entry));
        assert_eq!((row.method, row.direction == Direction::ToInstitution), documented);
        assert!(text(entry, "title_zh").starts_with(row.title), "{entry}");
    }
}

/// The callback endpoint refuses what lacks a field exactly where the document demands it.
fn demands(entry: &Value, good: &Value, hear: impl Fn(&Value) -> Verdict) {
    let name = text(entry, "name");
    let verdict = hear(good);
    assert!(verdict.verified && verdict.problems.is_empty(), "{name}: {verdict:?}");
    for field in entry["request"].as_array().unwrap() {
        let field_name = text(field, "name");
        if ["appkey", "timestamp", "sign"].contains(&field_name) {
            continue;
        }
        assert!(good.get(field_name).is_some(), "the sample of {name} has no {field_name}");
        let mut without = good.clone();
        without.as_object_mut().unwrap().remove(field_name);
        let missed = !hear(&without).problems.is_empty();
        assert_eq!(missed, field["required"] != false, "{name} without {field_name}");
        if let Some(most) = field["max_len"].as_u64() {
            let mut long = good.clone();
            long[field_name] = "9".repeat(usize::try_from(most).unwrap() + 1).into();
            assert!(!hear(&long).problems.is_empty(), "{name}: {field_name} is too long");
        }
    }
}

mod of_pubres {
    use super::*;
    use serde_json::json;

    fn settings() -> pubres::Settings {
        let text = "gateway = 'http://127.0.0.1:1'\nappkey = 'demo'\nappsecret = 's'\nplatformcode = 'P1'\n\
                    sealing = { seed = 'x' }";
        toml::from_str(text).unwrap()
    }

    fn requests(partner: &pubres::Partner) -> Vec<Request> {
        let bidder = pubres::Bidder::new(1, 1, now());
        vec![
            bidder.application(partner.safe()).unwrap(),
            bidder.restore(partner.safe(), "BH1", now()),
            bidder.special_invoice("BH1", "400.00"),
            bidder.invoice("BH1", "400.00"),
            bidder.quit("BH1"),
            bidder.cancel("BH1"),
            bidder.claim("BH1", "20000.00"),
            bidder.give_up(),
        ]
    }

    #[test]
    fn the_table_is_the_documents() {
        same_tables("pubres", &pubres::contract::INTERFACES);
    }

    #[test]
    fn every_request_is_complete() {
        let partner = pubres::Partner::new(settings()).unwrap();
        let mut asked = Vec::new();
        for request in requests(&partner) {
            let written = partner.write(&request).unwrap();
            let sent: Map<String, Value> = serde_json::from_slice(written.body()).unwrap();
            let entries = interfaces("pubres");
            let entry = entries.iter().find(|entry| inbound(entry) && entry["name"] == request.method);
            complete(entry.unwrap(), &sent);
            asked.push(request.method);
        }
        let missing = interfaces("pubres").into_iter().filter(inbound);
        assert_eq!(missing.filter(|entry| !asked.contains(&text(entry, "name"))).count(), 0);
    }

    #[test]
    fn every_callback_is_held_against_its_table() {
        let (speaker, reader) = (pubres::Speaker::new(settings()), pubres::Reader::new(settings()).unwrap());
        let all = json!({
            "applyno": "T1", "baohanno": "BH1", "baohanurl": "http://127.0.0.1:1/d/1", "baohanfile": "JVBERi0xLjc=",
            "payername": "示例公司", "payeraccount": "6200", "instname": "示范担保有限公司",
            "generatetime": "2026-11-22 08:00:00", "rate": "0.005", "cost": "600.00", "applystatus": "1",
            "invoiceurl": "http://127.0.0.1:1/d/3", "invoicecode": "1", "invoiceno": "1",
            "tuibaotime": "2026-11-22 08:00:00",
        });
        for entry in interfaces("pubres").iter().filter(|entry| !inbound(entry)) {
            let url = format!("http://127.0.0.1:1/rest/{}", text(entry, "name"));
            let hear = |fields: &Value| {
                let request = speaker.write_back(&url, fields, now()).unwrap();
                reader.hear(&request, now())
            };
            // 专票可不传: a condition that the callback itself does not tell.
            let entry = without_condition(entry, "invoiceurl");
            demands(&entry, &of_its_fields(&entry, &all), hear);
        }
    }
}

mod of_govproc {
    use super::*;
    use serde_json::json;

    fn settings() -> govproc::Settings {
        toml::from_str("gateway = 'http://127.0.0.1:1'\napp_key = 'demo'\napp_secret = '0123456789abcdef'")
            .unwrap()
    }

    #[test]
    fn the_table_is_the_documents() {
        same_tables("govproc", &govproc::contract::INTERFACES);
        let entries = interfaces("govproc");
        assert!(
            govproc::contract::INTERFACES.iter().zip(&entries).all(|(row, e)| row.section == e["section"])
        );
    }

    #[test]
    fn every_request_is_complete() {
        let bidder = govproc::Bidder::new(1, 1, now());
        let requests = [
            bidder.application(),
            bidder.query(),
            govproc::Bidder::pull("BH1"),
            govproc::Bidder::cancel("BH1"),
            bidder.cost(&settings()),
            bidder.final_state("2"),
        ];
        let entries = interfaces("govproc");
        let mut asked = entries.iter().filter(|entry| inbound(entry));
        for request in &requests {
            let entry = entries.iter().find(|entry| entry["name"] == request.method).unwrap();
            complete(entry, request.data.as_object().unwrap());
        }
        assert!(asked.all(|entry| requests.iter().any(|request| entry["name"] == request.method)));
    }

    #[test]
    fn every_callback_is_held_against_its_table() {
        let (speaker, reader) =
            (govproc::Speaker::new(settings()).unwrap(), govproc::Reader::new(settings()).unwrap());
        let all = json!({
            "orderno": "T1", "paymoney": "600.00", "paytime": 1_763_769_600_000_i64, "type": "1",
            "paybankname": "示例公司", "paybankno": "6200", "bhno": "BH1", "staus": "1", "info": "同意",
            "bhrate": "0.005", "bhcost": "600.00", "sellername": "示范担保有限公司", "selleraddress": "示例市",
            "sellerphone": "0990-0000000", "bhcretime": 1_763_769_600_000_i64, "bhfile": "JVBERi0xLjc=",
            "state": "1",
        });
        for entry in interfaces("govproc").iter().filter(|entry| !inbound(entry)) {
            let url = format!("http://127.0.0.1:1{}", text(entry, "name"));
            let hear = |fields: &Value| reader.hear(&speaker.post(&url, fields).unwrap(), now());
            demands(entry, &of_its_fields(entry, &all), hear);
        }
    }
}

/// The fields of an interface out of a store of sample values.
fn of_its_fields(entry: &Value, all: &Value) -> Value {
    let fields = entry["request"].as_array().unwrap().iter();
    let known = fields.filter_map(|field| {
        let name = text(field, "name");
        Some((name.to_owned(), all.get(name)?.clone()))
    });
    Value::Object(known.collect())
}

/// The entry with this field as one that is never demanded.
fn without_condition(entry: &Value, name: &str) -> Value {
    let mut entry = entry.clone();
    for field in entry["request"].as_array_mut().unwrap() {
        if field["name"] == name {
            field["required"] = false.into();
        }
    }
    entry
}
