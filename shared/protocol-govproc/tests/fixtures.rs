//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::aes::Aes;
use crypto::text;
use domain::{AcceptanceNo, Notice, PartnerId, Query};
use golden::{Dummies, Golden, now, request};
use protocol::{Inbound, Interface, Outbound, Outcome, Pass, Sealed, Wish};
use protocol_govproc::Govproc;
use serde_json::Value;
use std::collections::BTreeMap;

const BASE: &str = "https://platform.example";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

const DUMMIES: Dummies =
    Dummies(&[("env:SECRET", "0123456789abcdef"), ("env:LINK", "dummy-link-secret-of-32-bytes-and-more")]);

/// `/api/guarantee/paystate` is in the folder `paystate`.
fn folder_of(interface: &Interface) -> String {
    interface.name.rsplit('/').next().unwrap().to_owned()
}

fn golden() -> Golden {
    Golden::of(env!("CARGO_MANIFEST_DIR")).named(folder_of)
}

fn govproc() -> Govproc {
    let id = PartnerId::parse("govproc-demo").unwrap();
    Govproc::new(id, &golden().settings(), BASE, &BTreeMap::new(), &DUMMIES).unwrap()
}

/// What is wished, as the fixture has it; the number of an order is ours to derive.
fn wished(interface: &Interface) -> Value {
    let partner = PartnerId::parse("govproc-demo").unwrap();
    let no = AcceptanceNo::of(&partner, "/guarantee/apply", "ZC20261122000001");
    golden::json(&golden().wish(interface).to_string().replace("OF-ORDER", no.as_str()))
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let govproc = govproc();
    assert_eq!(govproc.interfaces().len(), 6);
    for interface in govproc.interfaces() {
        let name = interface.name;
        let request = golden().request(interface);
        let call = govproc.open(&request, now()).unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"));
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        assert_eq!(golden::wish(&ask.wish), wished(interface), "{name}");
        assert_eq!(ask.callback, None, "{name}");
        let reply = golden().json(interface, "reply.json");
        let answer = govproc.answer_to(&request, now(), Ok((&call, &[Outcome::Replied(reply)])));
        golden().holds_answer(interface, &answer);
    }
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let govproc = govproc();
    assert_eq!(govproc.callbacks().len(), 3);
    for interface in govproc.callbacks() {
        let name = interface.name;
        let notice: Notice = golden().json(interface, "notice.json");
        assert_eq!(govproc.callback_for(&notice), Some(interface));
        let file = FILE;
        let document = govproc.carries_document(&notice).then_some(&file);
        let pass =
            Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url: None, document };
        let Ok(Sealed::Send(sent)) = govproc.seal(&notice, &pass) else { panic!("{name} is not sent") };
        golden().holds_request(interface, &sent);
        let verdict = golden::verdict(&govproc.judge(&notice, &golden().reply(interface)));
        assert_eq!(verdict, golden().text(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn the_readme_lists_what_the_code_serves_and_each_has_its_folder() {
    let govproc = govproc();
    let interfaces = || govproc.interfaces().iter().chain(govproc.callbacks());
    golden().holds_only(interfaces());
    let served = golden::served(interfaces());
    assert_eq!(golden::listed(include_str!("../README.md"), "| 3.2."), served);
    assert_eq!(served.len(), 9);
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
    assert_eq!(golden::json::<Value>(body)["data"], sealed);

    let request = request(&format!("{sent}\n{account}\n\n{body}"));
    let call = govproc().open(&request, now()).unwrap();
    let Wish::Query(Query::Cost { bond }) = call.asks[0].wish else { panic!("{call:?}") };
    let rate = domain::Rate::parse("0.005").unwrap();
    let reply = domain::Reply::Cost { premium: rate.of(bond), rate };
    let answer = govproc().answer_to(&request, now(), Ok((&call, &[Outcome::Replied(reply)])));
    assert_eq!(answer.body(), answered.strip_prefix("→ ").unwrap());
    let data =
        golden::json::<Value>(answered.strip_prefix("→ ").unwrap())["data"].as_str().unwrap().to_owned();
    let opened = aes.decrypt(text::from_base64(&data).unwrap()).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), told.strip_prefix("= ").unwrap());
}
