//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{Notice, PartnerId, Timestamp};
use http::{Method, Request, Response};
use protocol::{
    Direction, Inbound, Interface, Outbound, Outcome, Pass, Sealed, Verdict, Way, Wish, parse_shanghai,
};
use protocol_finserv::Finserv;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(match reference.to_string().as_str() {
            "env:KEY" => "0123456789abcdef",
            "env:IV" => "fedcba9876543210",
            "env:SIGN" => "8993208818338920",
            other => panic!("the fixtures have no {other}"),
        }))
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn stage(interface: &Interface, file: &str) -> String {
    let path = folder().join(interface.name).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn finserv() -> Finserv {
    let settings = toml::from_str(&fs::read_to_string(folder().join("settings.toml")).unwrap()).unwrap();
    let id = PartnerId::parse("finserv-demo").unwrap();
    Finserv::new(id, &settings, "https://platform.example/feedback", &BTreeMap::new(), &Dummies).unwrap()
}

fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

/// First line, Content-Type, body.
fn message(text: &str) -> (String, String, Bytes) {
    let (head, body) = text.split_once("\n\n").unwrap();
    let (first, kind) = head.split_once("\nContent-Type: ").unwrap();
    (first.to_owned(), kind.to_owned(), Bytes::copy_from_slice(body.as_bytes()))
}

fn request(text: &str) -> Request<Bytes> {
    let (first, kind, body) = message(text);
    let target = first.strip_prefix("POST ").and_then(|rest| rest.strip_suffix(" HTTP/1.1")).unwrap();
    Request::builder().method(Method::POST).uri(target).header("content-type", kind).body(body).unwrap()
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let finserv = finserv();
    assert_eq!(finserv.interfaces().len(), 11);
    for interface in finserv.interfaces() {
        let name = interface.name;
        let call =
            finserv.open(&request(&stage(interface, "request.http")), now()).unwrap_or_else(|rejection| {
                panic!("{name}: {rejection:?}");
            });
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        match &ask.wish {
            Wish::Command(command) => {
                assert_eq!(
                    serde_json::to_value(command).unwrap(),
                    json(&stage(interface, "command.json")),
                    "{name}"
                );
            }
            Wish::Query(query) => {
                assert_eq!(
                    serde_json::to_value(query).unwrap(),
                    json(&stage(interface, "query.json")),
                    "{name}"
                );
            }
        }
        let plain = json(&stage(interface, "opened.json"));
        assert_eq!(ask.callback.as_deref(), plain["callback"].as_str(), "{name}");
        let reply = serde_json::from_str(&stage(interface, "reply.json")).unwrap();
        let answer = finserv.answer(Ok((&call, &[Outcome::Replied(reply)])));
        let (first, kind, body) = message(&stage(interface, "answer.http"));
        assert_eq!(first, format!("HTTP/1.1 {}", answer.status()), "{name}");
        assert_eq!(answer.headers()["content-type"], kind.as_str(), "{name}");
        assert_eq!(answer.body(), &body, "{name}");
    }
    assert_eq!(finserv.proved(), [11]);
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let finserv = finserv();
    assert_eq!(finserv.callbacks().len(), 5);
    for interface in finserv.callbacks() {
        let name = interface.name;
        let notice: Notice = serde_json::from_str(&stage(interface, "notice.json")).unwrap();
        assert_eq!(finserv.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let pass =
            Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document: None };
        let Ok(Sealed::Send(sent)) = finserv.seal(&notice, &pass) else { panic!("{name} is not sent") };
        let golden = request(&stage(interface, "request.http"));
        assert_eq!(
            (sent.method(), sent.uri(), sent.headers()),
            (golden.method(), golden.uri(), golden.headers())
        );
        assert_eq!(sent.body(), golden.body(), "{name}");
        let (_, _, body) = message(&stage(interface, "reply.http"));
        let verdict = match finserv.judge(&notice, &Response::new(body)) {
            Verdict::TokenExpired => panic!("finserv has no tokens"),
            Verdict::Delivered => "delivered".to_owned(),
            Verdict::Refused(why) => format!("refused: {why}"),
            Verdict::Later(why, _) => format!("later: {why}"),
        };
        assert_eq!(verdict, stage(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn every_folder_is_an_interface() {
    let finserv = finserv();
    let known: Vec<&str> =
        finserv.interfaces().iter().chain(finserv.callbacks()).map(|interface| interface.name).collect();
    let folders = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut count = 0;
    for entry in folders {
        let name = entry.file_name().into_string().unwrap();
        assert!(known.contains(&name.as_str()), "{name}");
        count += 1;
    }
    assert_eq!(count, 16);
}

#[test]
fn the_readme_lists_what_the_code_serves() {
    let row = |interface: &Interface| {
        let direction = match interface.direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        };
        let way = match interface.way {
            Way::Tell => "tell",
            Way::Ask => "ask",
            Way::Query => "query",
            Way::Notice => "notice",
        };
        format!(
            "| {} | `{}` | {} | {direction} | {way} |",
            interface.section, interface.name, interface.title
        )
    };
    let finserv = finserv();
    let mut served: Vec<String> = finserv.interfaces().iter().chain(finserv.callbacks()).map(row).collect();
    served.sort();
    let readme = include_str!("../README.md");
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("| 3.")).collect();
    assert_eq!(listed, served);
}
