//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::Iv;
use crypto::sealed::{Cipher, RestoreKey, Wrapping, open_field};
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, Notice, PartnerId, Reply, Timestamp};
use http::{Method, Request, Response};
use protocol::{
    Call, Direction, Inbound, Interface, Outbound, Outcome, Pass, Sealed, Verdict, Way, Wish, parse_shanghai,
};
use protocol_yueyang::Yueyang;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

const BASE: &str = "http://platform.example:6900/front/";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(match reference.to_string().as_str() {
            "env:CODE" => "dummy-code",
            "env:PLATFORM" => include_str!("../fixtures/variants/platform.b64"),
            other => panic!("the fixtures have no {other}"),
        }))
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// What stands behind `financialAccount/` or `guarantee/`.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap()
}

fn stage(interface: &Interface, file: &str) -> String {
    let path = folder().join(short(interface.name)).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn yueyang() -> Yueyang {
    let settings = toml::from_str(&fs::read_to_string(folder().join("settings.toml")).unwrap()).unwrap();
    let id = PartnerId::parse("yueyang-demo").unwrap();
    Yueyang::new(id, &settings, BASE, &BTreeMap::new(), &Dummies).unwrap()
}

fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

/// First line, head, body.
fn message(text: &str) -> (&str, Vec<(&str, &str)>, Bytes) {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let first = lines.next().unwrap();
    (
        first,
        lines.map(|line| line.split_once(": ").unwrap()).collect(),
        Bytes::copy_from_slice(body.as_bytes()),
    )
}

fn request(text: &str) -> Request<Bytes> {
    let (first, head, body) = message(text);
    let target = first.strip_prefix("POST ").and_then(|rest| rest.strip_suffix(" HTTP/1.1")).unwrap();
    let request = Request::builder().method(Method::POST).uri(target);
    head.into_iter().fold(request, |request, (name, value)| request.header(name, value)).body(body).unwrap()
}

fn wishes(call: &Call) -> Value {
    let wish = |wish: &Wish| match wish {
        Wish::Command(command) => serde_json::to_value(command).unwrap(),
        Wish::Query(query) => serde_json::to_value(query).unwrap(),
    };
    let mut all: Vec<Value> = call.asks.iter().map(|ask| wish(&ask.wish)).collect();
    if all.len() == 1 { all.remove(0) } else { Value::Array(all) }
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let yueyang = yueyang();
    assert_eq!(yueyang.interfaces().len(), 15);
    for interface in yueyang.interfaces() {
        let name = interface.name;
        let call = yueyang.open(&request(&stage(interface, "request.http")), now());
        let call = call.unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"));
        assert_eq!(call.interface, interface);
        assert_eq!(wishes(&call), json(&stage(interface, "command.json")), "{name}");
        assert!(call.asks.iter().all(|ask| ask.callback.is_none()), "{name}");
        let reply: Reply = serde_json::from_str(&stage(interface, "reply.json")).unwrap();
        let outcomes: Vec<Outcome> = call.asks.iter().map(|_| Outcome::Replied(reply.clone())).collect();
        let answer = yueyang.answer(Ok((&call, &outcomes)));
        let golden = stage(interface, "answer.http");
        let (first, head, body) = message(&golden);
        assert_eq!(first, format!("HTTP/1.1 {}", answer.status()), "{name}");
        assert_eq!(head, [("Content-Type", answer.headers()["content-type"].to_str().unwrap())], "{name}");
        assert_eq!(answer.body(), &body, "{name}");
    }
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let yueyang = yueyang();
    assert_eq!(yueyang.callbacks().len(), 8);
    for interface in yueyang.callbacks() {
        let name = interface.name;
        let notice: Notice = serde_json::from_str(&stage(interface, "notice.json")).unwrap();
        assert_eq!(yueyang.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let file = FILE;
        let document = yueyang.carries_document(&notice).then_some(&file);
        let pass = Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document };
        let Ok(Sealed::Send(sent)) = yueyang.seal(&notice, &pass) else { panic!("{name} is not sent") };
        let golden = request(&stage(interface, "request.http"));
        assert_eq!(
            (sent.method(), sent.uri(), sent.headers()),
            (golden.method(), golden.uri(), golden.headers())
        );
        assert_eq!(sent.body(), golden.body(), "{name}");
        let reply = stage(interface, "reply.http");
        let verdict = match yueyang.judge(&notice, &Response::new(message(&reply).2)) {
            Verdict::TokenExpired => panic!("yueyang has no tokens"),
            Verdict::Delivered => "delivered".to_owned(),
            Verdict::Refused(why) => format!("refused: {why}"),
            Verdict::Later(why, _) => format!("later: {why}"),
        };
        assert_eq!(verdict, stage(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn every_folder_is_an_interface() {
    let yueyang = yueyang();
    let known: Vec<&str> = yueyang
        .interfaces()
        .iter()
        .chain(yueyang.callbacks())
        .map(|interface| short(interface.name))
        .collect();
    let folders = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut count = 0;
    for entry in folders {
        let name = entry.file_name().into_string().unwrap();
        if name != "variants" {
            assert!(known.contains(&name.as_str()), "{name}");
            count += 1;
        }
    }
    assert_eq!(count, 23);
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
        let Interface { section, name, title, .. } = interface;
        format!("| {section} | `{name}` | {title} | {direction} | {way} |")
    };
    let yueyang = yueyang();
    let served: Vec<String> = yueyang.interfaces().iter().chain(yueyang.callbacks()).map(row).collect();
    let readme = include_str!("../README.md");
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("| 3.")).collect();
    assert_eq!(listed, served);
}

/// The worked example of the README, line by line.
#[test]
fn the_worked_example_is_true_to_the_byte() {
    let readme = include_str!("../README.md");
    let (_, example) = readme.split_once("```text\n").unwrap();
    let lines: Vec<&str> = example.split_once("\n```").unwrap().0.lines().collect();
    let [names, header, sent, answered, sealed, opened] = lines.as_slice() else { panic!("{lines:?}") };
    let header = header.strip_prefix("→ ").unwrap();
    let credentials = header.strip_prefix("Authorization: Basic ").unwrap();
    assert_eq!(crypto::text::to_base64(names.as_bytes()), credentials);

    let (path, body) = sent.strip_prefix("POST ").unwrap().split_once(' ').unwrap();
    let call = yueyang().open(&request(&format!("POST {path} HTTP/1.1\n{header}\n\n{body}")), now()).unwrap();
    let no = AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap();
    let answer = yueyang().answer(Ok((&call, &[Outcome::Replied(Reply::Accepted { no })])));
    assert_eq!(answer.body(), answered.strip_prefix("→ ").unwrap());

    let (plain, key) = opened.strip_prefix("→ ").unwrap().split_once(" under ").unwrap();
    let key = RestoreKey::read(key, &Wrapping::default()).unwrap();
    let openers = key.openers(&[Cipher::RsaPublic], Iv::Key).unwrap();
    assert_eq!(open_field(&openers, sealed).as_deref(), Ok(plain));
}

/// What the application sealed, the key of the restore opens: a character lies across two blocks of RSA.
#[test]
fn the_restore_opens_every_field_of_the_application() {
    let find = |name: &str| {
        let rows = yueyang().interfaces().iter().find(|row| row.name.ends_with(name)).copied();
        json(&stage(&rows.unwrap(), "opened.json"))
    };
    let (order, restore) = (find("doOrderApply"), find("restoreApply"));
    let key = RestoreKey::read(restore["secretKey"].as_str().unwrap(), &Wrapping::default()).unwrap();
    let openers = key.openers(&[Cipher::RsaPublic], Iv::Key).unwrap();
    let opened = |name: &str| open_field(&openers, order[name].as_str().unwrap()).unwrap();
    assert_eq!(opened("tendersNo"), "XM2026110001-01");
    assert_eq!(opened("tendersName"), "一标段", "its ciphertext is broken into lines");
    let project = format!("A{}范区2026年城市道路与桥梁提质改造工程（二期）", "示".repeat(38));
    assert_eq!(opened("projectName"), project);
    assert_eq!(opened("bidderName"), "示例建设工程有限公司", "it came in plain");
}
