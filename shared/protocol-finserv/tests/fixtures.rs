//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use domain::{Notice, PartnerId};
use golden::{Dummies, Golden, now};
use protocol::{Inbound, Outbound, Outcome, Pass, Sealed};
use protocol_finserv::Finserv;
use serde_json::Value;
use std::collections::BTreeMap;

const DUMMIES: Dummies = Dummies(&[
    ("env:KEY", "0123456789abcdef"),
    ("env:IV", "fedcba9876543210"),
    ("env:SIGN", "8993208818338920"),
]);

fn golden() -> Golden {
    Golden::of(env!("CARGO_MANIFEST_DIR"))
}

fn finserv() -> Finserv {
    let id = PartnerId::parse("finserv-demo").unwrap();
    Finserv::new(id, &golden().settings(), "https://platform.example/feedback", &BTreeMap::new(), &DUMMIES)
        .unwrap()
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let finserv = finserv();
    assert_eq!(finserv.interfaces().len(), 11);
    for interface in finserv.interfaces() {
        let name = interface.name;
        let call = finserv.open(&golden().request(interface), now()).unwrap_or_else(|rejection| {
            panic!("{name}: {rejection:?}");
        });
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        assert_eq!(golden::wish(&ask.wish), golden().wish(interface), "{name}");
        let plain: Value = golden().json(interface, "opened.json");
        assert_eq!(ask.callback.as_deref(), plain["callback"].as_str(), "{name}");
        let reply = golden().json(interface, "reply.json");
        let answer = finserv.answer(Ok((&call, &[Outcome::Replied(reply)])));
        golden().holds_answer(interface, &answer);
    }
    assert_eq!(finserv.proved(), [11]);
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let finserv = finserv();
    assert_eq!(finserv.callbacks().len(), 5);
    for interface in finserv.callbacks() {
        let name = interface.name;
        let notice: Notice = golden().json(interface, "notice.json");
        assert_eq!(finserv.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let pass =
            Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document: None };
        let Ok(Sealed::Send(sent)) = finserv.seal(&notice, &pass) else { panic!("{name} is not sent") };
        golden().holds_request(interface, &sent);
        let verdict = golden::verdict(&finserv.judge(&notice, &golden().reply(interface)));
        assert_eq!(verdict, golden().text(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn the_readme_lists_what_the_code_serves_and_each_has_its_folder() {
    let finserv = finserv();
    let interfaces = || finserv.interfaces().iter().chain(finserv.callbacks());
    golden().holds_only(interfaces());
    let mut served = golden::served(interfaces());
    served.sort();
    assert_eq!(golden::listed(include_str!("../README.md"), "| 3."), served);
    assert_eq!(served.len(), 16);
}
