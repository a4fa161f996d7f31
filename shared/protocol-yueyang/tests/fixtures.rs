//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::Iv;
use crypto::sealed::{Cipher, RestoreKey, Wrapping, open_field};
use domain::{AcceptanceNo, Notice, PartnerId, Reply};
use golden::{Dummies, Golden, now, request};
use protocol::{Call, Inbound, Interface, Outbound, Outcome, Pass, Sealed};
use protocol_yueyang::Yueyang;
use serde_json::Value;
use std::collections::BTreeMap;

const BASE: &str = "http://platform.example:6900/front/";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

const DUMMIES: Dummies = Dummies(&[
    ("env:CODE", "dummy-code"),
    ("env:PLATFORM", include_str!("../fixtures/variants/platform.b64")),
]);

/// What stands behind `financialAccount/` or `guarantee/`.
fn folder_of(interface: &Interface) -> String {
    interface.name.rsplit('/').next().unwrap().to_owned()
}

fn golden() -> Golden {
    Golden::of(env!("CARGO_MANIFEST_DIR")).named(folder_of)
}

fn yueyang() -> Yueyang {
    let id = PartnerId::parse("yueyang-demo").unwrap();
    Yueyang::new(id, &golden().settings(), BASE, &BTreeMap::new(), &DUMMIES).unwrap()
}

fn wishes(call: &Call) -> Value {
    let mut all: Vec<Value> = call.asks.iter().map(|ask| golden::wish(&ask.wish)).collect();
    if all.len() == 1 { all.remove(0) } else { Value::Array(all) }
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let yueyang = yueyang();
    assert_eq!(yueyang.interfaces().len(), 15);
    for interface in yueyang.interfaces() {
        let name = interface.name;
        let call = yueyang.open(&golden().request(interface), now());
        let call = call.unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"));
        assert_eq!(call.interface, interface);
        assert_eq!(wishes(&call), golden().wish(interface), "{name}");
        assert!(call.asks.iter().all(|ask| ask.callback.is_none()), "{name}");
        let reply: Reply = golden().json(interface, "reply.json");
        let outcomes: Vec<Outcome> = call.asks.iter().map(|_| Outcome::Replied(reply.clone())).collect();
        let answer = yueyang.answer(Ok((&call, &outcomes)));
        golden().holds_answer(interface, &answer);
    }
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let yueyang = yueyang();
    assert_eq!(yueyang.callbacks().len(), 8);
    for interface in yueyang.callbacks() {
        let name = interface.name;
        let notice: Notice = golden().json(interface, "notice.json");
        assert_eq!(yueyang.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let file = FILE;
        let document = yueyang.carries_document(&notice).then_some(&file);
        let pass = Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document };
        let Ok(Sealed::Send(sent)) = yueyang.seal(&notice, &pass) else { panic!("{name} is not sent") };
        golden().holds_request(interface, &sent);
        let verdict = golden::verdict(&yueyang.judge(&notice, &golden().reply(interface)));
        assert_eq!(verdict, golden().text(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn the_readme_lists_what_the_code_serves_and_each_has_its_folder() {
    let yueyang = yueyang();
    let interfaces = || yueyang.interfaces().iter().chain(yueyang.callbacks());
    golden().holds_only(interfaces());
    let served = golden::served(interfaces());
    assert_eq!(golden::listed(include_str!("../README.md"), "| 3."), served);
    assert_eq!(served.len(), 23);
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
        golden().json::<Value>(&rows.unwrap(), "opened.json")
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
