//! Every way of enciphering and carrying that WIRE.md's table 003 names, as OpenSSL wrote it: opened, and by no other key.

use crate::finserv::post;
use crate::govproc::{instance, with_key};
use bytes::Bytes;
use domain::Timestamp;
use http::{Method, Request};
use protocol::{Inbound, RejectionKind, parse_shanghai};
use protocol_govproc::Govproc;
use serde_json::{Map, Value, json};

fn messages() -> (String, Vec<Value>) {
    let path = format!("{}/vectors/govproc.json", env!("CARGO_MANIFEST_DIR"));
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let messages = value["messages"].as_array().unwrap().clone();
    assert!(messages.len() >= 28, "only {}", messages.len());
    (value["iv"].as_str().unwrap().to_owned(), messages)
}

/// The settings that read what a platform with these habits writes; nothing of how it writes moments, amounts and names
/// has to be set.
fn reader(message: &Value, iv: &str) -> Govproc {
    let mut settings = Map::new();
    for (habit, value) in message["variants"].as_object().unwrap() {
        let knob = match habit.as_str() {
            "cipher" | "key_form" | "shape" => habit.as_str(),
            "iv" => "vector",
            "text" | "times" | "money" | "kbtime" | "bhno" | "app_key_in_body" => continue,
            other => panic!("no knob for {other}"),
        };
        settings.insert(knob.to_owned(), value.clone());
    }
    settings
        .insert("app_secret".to_owned(), json!(format!("file:{}", message["app_secret"].as_str().unwrap())));
    settings.insert("iv".to_owned(), json!(format!("file:{iv}")));
    instance(&settings.into())
}

fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

fn posted(message: &Value, interface: &str) -> Request<Bytes> {
    with_key(post(message["body"].as_str().unwrap().to_owned()), interface, "demo")
}

fn gotten(message: &Value, interface: &str) -> Request<Bytes> {
    let mut request = with_key(post(String::new()), interface, "demo");
    *request.method_mut() = Method::GET;
    let address = format!("{}?{}", request.uri(), message["query"].as_str().unwrap());
    *request.uri_mut() = address.parse().unwrap();
    request
}

fn key(govproc: &Govproc, request: &Request<Bytes>) -> Result<String, RejectionKind> {
    let opened = govproc.open(request, now());
    opened.map(|call| call.asks[0].business_key.clone()).map_err(|rejection| rejection.kind)
}

#[test]
fn every_way_is_read_by_its_settings_in_body_and_address() {
    let (iv, messages) = messages();
    for message in &messages {
        let govproc = reader(message, &iv);
        for (interface, number) in [("queryurl", "T1"), ("pullurl", "BH1")] {
            assert_eq!(key(&govproc, &posted(message, interface)), Ok(number.to_owned()), "{message}");
            assert_eq!(key(&govproc, &gotten(message, interface)), Ok(number.to_owned()), "{message}");
        }
    }
}

/// One secret of 32 hexadecimal digits makes seven keys: which one is said, never found out.
#[test]
fn no_key_is_guessed() {
    let (iv, messages) = messages();
    let ambiguous: Vec<&Value> = messages
        .iter()
        .filter(|message| message["app_secret"] == "000102030405060708090a0b0c0d0e0f")
        .collect();
    assert!(ambiguous.len() >= 7, "only {}", ambiguous.len());
    for (at, message) in ambiguous.iter().enumerate() {
        let govproc = reader(message, &iv);
        for (other, stranger) in ambiguous.iter().enumerate() {
            let opened = key(&govproc, &posted(stranger, "queryurl"));
            let expected = if at == other { Ok("T1".to_owned()) } else { Err(RejectionKind::Forged) };
            assert_eq!(opened, expected, "{} by {}", stranger["name"], message["name"]);
        }
    }
}
