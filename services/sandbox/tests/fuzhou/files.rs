//! Files by address: fetched in time, dead after two hours, given anew by 4.1.

use crate::insurer::Insurer;
use crate::settings;
use sandbox::fuzhou::{Bidder, Office, Reader};
use sandbox::{Platform, Receiver, now};
use serde_json::{Value, json};

fn addresses(info: &Value) -> Vec<(String, String)> {
    let data = &info["data"];
    let lists = [&data["guarantee_sign_files"], &data["attach_files"]];
    let files = lists.into_iter().flat_map(|list| list.as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    files.map(|file| (text(&file["file_id"]), text(&file["file_url"]))).collect()
}

fn fetch(insurer: &Insurer, url: &str) -> (String, Vec<u8>) {
    let request = http::Request::get(url).body(bytes::Bytes::new()).unwrap();
    let verdict = insurer.hear(&request);
    let answer = if verdict.problems.is_empty() {
        insurer.reader.agree(&verdict)
    } else {
        insurer.reader.refuse(&verdict, &verdict.problems.join("; "))
    };
    (answer.headers()["content-type"].to_str().unwrap().to_owned(), answer.body().to_vec())
}

#[test]
fn a_file_is_fetched_until_its_address_dies_and_again_under_a_new_one() {
    let insurer = Insurer::new(|_| {});
    let bidder = Bidder::new(4, 1, now());
    insurer.office.offer(&bidder);
    let info = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    let files = addresses(&info);
    assert_eq!(files.len(), 3);
    for (_, url) in &files {
        let (kind, body) = fetch(&insurer, url);
        assert!(kind == "application/pdf" && body.starts_with(b"%PDF-"), "{kind}");
    }
    insurer.office.expire_addresses();
    for (id, url) in &files {
        let (kind, body) = fetch(&insurer, url);
        assert!(kind.starts_with("application/json"));
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["status"], 1006);
        let fresh = insurer.ask("insurer_get_file_url", json!({ "file_id": id }));
        let (kind, _) = fetch(&insurer, fresh["data"]["file_url"].as_str().unwrap());
        assert_eq!(kind, "application/pdf");
    }
    assert_eq!(insurer.ask("insurer_get_file_url", json!({ "file_id": "1" }))["status"], 4401);
}

#[test]
fn addresses_may_be_stale_from_the_start_and_certificates_live_for_ever() {
    let insurer = Insurer::new(|v| v.stale_files = true);
    let bidder = Bidder::new(4, 1, now());
    insurer.office.offer(&bidder);
    let ask = || insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    assert_eq!(fetch(&insurer, &addresses(&ask())[0].1).0, "application/json;charset=utf-8");
    insurer.office.give_stale_addresses(false);
    assert_eq!(fetch(&insurer, &addresses(&ask())[0].1).0, "application/pdf");
    let companies = insurer.ask("insurer_get_order_company_info", json!({ "order_no": bidder.order_no() }));
    insurer.office.expire_addresses();
    for name in ["business_licence_cert", "legal_identity_cert", "legal_identity_opposite_cert"] {
        let url = companies["data"]["principal"][name].as_str().unwrap();
        assert_eq!(fetch(&insurer, url).0, "application/pdf", "{name}");
    }
}

/// The same over a connection, with the platform steered from outside.
#[tokio::test]
async fn files_travel_over_http() {
    let settings = settings(|_| {});
    let office = Office::new(&settings);
    let receiver =
        Receiver::start("127.0.0.1:0", Reader::new(settings, &office).unwrap(), None).await.unwrap();
    office.live_at(&receiver.at(""));
    let mut insurer = Insurer::stranger(|_| {});
    insurer.office = office.clone();
    insurer.reader = Reader::new(crate::settings(|_| {}), &office).unwrap();
    insurer.renew();
    let bidder = Bidder::new(4, 1, now());
    office.offer(&bidder);
    let info = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    let url = &addresses(&info)[0].1;
    // Already installed by the sandbox's own client, if that was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(body.starts_with(b"%PDF-"));
    let steered = http.post(receiver.at("/addresses/expire")).send().await.unwrap();
    assert_eq!(steered.text().await.unwrap(), r#"{"status":200}"#);
    let body = http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert!(body.starts_with(b"{"));
    http.post(receiver.at("/tokens/expire")).send().await.unwrap();
    let refused = insurer.ask("insurer_get_guarantee_info", json!({ "order_no": bidder.order_no() }));
    assert_eq!(refused["status"], 1006);
    let seen: Vec<String> = receiver.ledger().entries().iter().map(|entry| entry.method.clone()).collect();
    assert_eq!(seen, ["file", "steered", "file", "steered"]);
}
