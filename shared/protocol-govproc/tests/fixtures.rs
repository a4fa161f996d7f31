//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::aes::Aes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use crypto::text;
use domain::{AcceptanceNo, Notice, PartnerId, Query, Timestamp};
use http::{Request, Response};
use protocol::{
    Direction, Inbound, Interface, Outbound, Outcome, Pass, Sealed, Verdict, Way, Wish, parse_shanghai,
};
use protocol_govproc::Govproc;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

const BASE: &str = "https://platform.example";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(match reference.to_string().as_str() {
            "env:SECRET" => "0123456789abcdef",
            "env:LINK" => "dummy-link-secret-of-32-bytes-and-more",
            other => panic!("the fixtures have no {other}"),
        }))
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// `/api/guarantee/paystate` is in the folder `paystate`.
fn stage(interface: &Interface, file: &str) -> String {
    let path = folder().join(interface.name.rsplit('/').next().unwrap()).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn govproc() -> Govproc {
    let settings = toml::from_str(&fs::read_to_string(folder().join("settings.toml")).unwrap()).unwrap();
    let id = PartnerId::parse("govproc-demo").unwrap();
    Govproc::new(id, &settings, BASE, &BTreeMap::new(), &Dummies).unwrap()
}

fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

/// First line, headers, body.
fn message(text: &str) -> (&str, Vec<(&str, &str)>, Bytes) {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let first = lines.next().unwrap();
    (first, lines.map(|line| line.split_once(": ").unwrap()).collect(), Bytes::from(body.to_owned()))
}

fn request(text: &str) -> Request<Bytes> {
    let (first, headers, body) = message(text);
    let [method, target, _] = first.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body).unwrap()
}

/// What is wished, as the fixture has it; the number of an order is ours to derive.
fn wished(interface: &Interface, wish: &Wish) -> (Value, Value) {
    match wish {
        Wish::Command(command) => {
            (serde_json::to_value(command).unwrap(), json(&stage(interface, "command.json")))
        }
        Wish::Query(query) => {
            let no = AcceptanceNo::of(
                &PartnerId::parse("govproc-demo").unwrap(),
                "/guarantee/apply",
                "ZC20261122000001",
            );
            let expected = stage(interface, "query.json").replace("OF-ORDER", no.as_str());
            (serde_json::to_value(query).unwrap(), json(&expected))
        }
    }
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let govproc = govproc();
    assert_eq!(govproc.interfaces().len(), 6);
    for interface in govproc.interfaces() {
        let name = interface.name;
        let request = request(&stage(interface, "request.http"));
        let call = govproc.open(&request, now()).unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"));
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        let (wish, expected) = wished(interface, &ask.wish);
        assert_eq!(wish, expected, "{name}");
        assert_eq!(ask.callback, None, "{name}");
        let reply = serde_json::from_str(&stage(interface, "reply.json")).unwrap();
        let answer = govproc.answer_to(&request, now(), Ok((&call, &[Outcome::Replied(reply)])));
        let stored = stage(interface, "answer.http");
        let (first, headers, body) = message(&stored);
        assert_eq!(first, format!("HTTP/1.1 {}", answer.status()), "{name}");
        assert_eq!(headers, [("content-type", answer.headers()["content-type"].to_str().unwrap())], "{name}");
        assert_eq!(answer.body(), &body, "{name}");
    }
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let govproc = govproc();
    assert_eq!(govproc.callbacks().len(), 3);
    for interface in govproc.callbacks() {
        let name = interface.name;
        let notice: Notice = serde_json::from_str(&stage(interface, "notice.json")).unwrap();
        assert_eq!(govproc.callback_for(&notice), Some(interface));
        let file = FILE;
        let document = govproc.carries_document(&notice).then_some(&file);
        let pass =
            Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url: None, document };
        let Ok(Sealed::Send(sent)) = govproc.seal(&notice, &pass) else { panic!("{name} is not sent") };
        let golden = request(&stage(interface, "request.http"));
        assert_eq!(
            (sent.method(), sent.uri(), sent.headers()),
            (golden.method(), golden.uri(), golden.headers())
        );
        assert_eq!(sent.body(), golden.body(), "{name}");
        let stored = stage(interface, "reply.http");
        let (_, _, body) = message(&stored);
        let verdict = match govproc.judge(&notice, &Response::new(body)) {
            Verdict::TokenExpired => panic!("govproc has no tokens"),
            Verdict::Delivered => "delivered".to_owned(),
            Verdict::Refused(why) => format!("refused: {why}"),
            Verdict::Later(why, _) => format!("later: {why}"),
        };
        assert_eq!(verdict, stage(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn every_folder_is_an_interface() {
    let govproc = govproc();
    let all = govproc.interfaces().iter().chain(govproc.callbacks());
    let known: Vec<&str> = all.filter_map(|interface| interface.name.rsplit('/').next()).collect();
    let folders = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let found: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert!(found.iter().all(|name| known.contains(&name.as_str())), "{found:?}");
    assert_eq!(found.len(), 9);
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
    let govproc = govproc();
    let served: Vec<String> = govproc.interfaces().iter().chain(govproc.callbacks()).map(row).collect();
    let readme = include_str!("../README.md");
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("| 3.2.")).collect();
    assert_eq!(listed, served);
}

/// The worked example of the README, line by line.
#[test]
fn the_worked_example_is_true_to_the_byte() {
    let readme = include_str!("../README.md");
    let (_, example) = readme.split_once("```text\n").unwrap();
    let lines: Vec<&str> = example.split_once("\n```").unwrap().0.lines().collect();
    let [plain, sealed, sent, account, body, answered, told] = lines.as_slice() else { panic!("{lines:?}") };
    let (sealed, key) = sealed.strip_prefix("→ ").unwrap().split_once(" under ").unwrap();
    let aes = Aes::ecb(key.as_bytes()).unwrap();
    assert_eq!(text::to_base64(&aes.encrypt(plain.as_bytes())), sealed);
    assert_eq!(json(body)["data"], sealed);

    let request = request(&format!("{sent}\n{account}\n\n{body}"));
    let call = govproc().open(&request, now()).unwrap();
    let Wish::Query(Query::Cost { bond }) = call.asks[0].wish else { panic!("{call:?}") };
    let rate = domain::Rate::parse("0.005").unwrap();
    let reply = domain::Reply::Cost { premium: rate.of(bond), rate };
    let answer = govproc().answer_to(&request, now(), Ok((&call, &[Outcome::Replied(reply)])));
    assert_eq!(answer.body(), answered.strip_prefix("→ ").unwrap());
    let data = json(answered.strip_prefix("→ ").unwrap())["data"].as_str().unwrap().to_owned();
    let opened = aes.decrypt(text::from_base64(&data).unwrap()).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), told.strip_prefix("= ").unwrap());
}
