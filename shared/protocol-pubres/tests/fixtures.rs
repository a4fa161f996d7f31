//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::sealed::{Cipher, RestoreKey, Wrapping, open_field};
use crypto::{Iv, digest, text};
use domain::{AcceptanceNo, Notice, PartnerId, Reply};
use golden::{Dummies, Golden, now, request};
use protocol::{Direction, Inbound, Interface, Outbound, Outcome, Pass, Sealed};
use protocol_pubres::Pubres;
use std::collections::BTreeMap;

const BASE: &str = "https://platform.example/rest/gbsapi/{interface}";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

const DUMMIES: Dummies = Dummies(&[("env:SECRET", "00000000-0000-0000-0000-000000000000")]);

/// One name serves both directions (PR-01).
fn folder_of(interface: &Interface) -> String {
    let name = interface.name;
    let told = name == "giveupapply" && interface.direction == Direction::Outbound;
    if told { format!("{name}-outbound") } else { name.to_owned() }
}

fn golden() -> Golden {
    Golden::of(env!("CARGO_MANIFEST_DIR")).named(folder_of)
}

fn pubres() -> Pubres {
    let id = PartnerId::parse("pubres-demo").unwrap();
    Pubres::new(id, &golden().settings(), BASE, &BTreeMap::new(), &DUMMIES).unwrap()
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let pubres = pubres();
    assert_eq!(pubres.interfaces().len(), 7);
    for interface in pubres.interfaces() {
        let name = interface.name;
        let call = pubres.open(&golden().request(interface), now()).unwrap_or_else(|rejection| {
            panic!("{name}: {rejection:?}");
        });
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        assert_eq!(golden::wish(&ask.wish), golden().wish(interface), "{name}");
        assert_eq!(ask.callback, None, "{name}");
        let reply = golden().json(interface, "reply.json");
        let answer = pubres.answer(Ok((&call, &[Outcome::Replied(reply)])));
        golden().holds_answer(interface, &answer);
    }
    assert_eq!(pubres.proved(), [7]);
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let pubres = pubres();
    assert_eq!(pubres.callbacks().len(), 5);
    for interface in pubres.callbacks() {
        let name = interface.name;
        let notice: Notice = golden().json(interface, "notice.json");
        assert_eq!(pubres.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let file = FILE;
        let document = pubres.carries_document(&notice).then_some(&file);
        let pass = Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document };
        let Ok(Sealed::Send(sent)) = pubres.seal(&notice, &pass) else { panic!("{name} is not sent") };
        golden().holds_request(interface, &sent);
        let verdict = golden::verdict(&pubres.judge(&notice, &golden().reply(interface)));
        assert_eq!(verdict, golden().text(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn the_readme_lists_what_the_code_serves_and_each_has_its_folder() {
    let pubres = pubres();
    let interfaces = || pubres.interfaces().iter().chain(pubres.callbacks());
    golden().holds_only(interfaces());
    let served = golden::served(interfaces());
    assert_eq!(golden::listed(include_str!("../README.md"), "| 接口说明"), served);
    assert_eq!(served.len(), 12);
}

/// The worked example of the README, line by line.
#[test]
fn the_worked_example_is_true_to_the_byte() {
    let readme = include_str!("../README.md");
    let (_, example) = readme.split_once("```text\n").unwrap();
    let lines: Vec<&str> = example.split_once("\n```").unwrap().0.lines().collect();
    let [string, sign, sent, answered, plain, sealed] = lines.as_slice() else { panic!("{lines:?}") };
    let sign = sign.strip_prefix("→ ").unwrap();
    assert_eq!(text::to_hex(&digest::sm3(string.as_bytes())), sign);

    let (path, body) = sent.strip_prefix("POST ").unwrap().split_once(' ').unwrap();
    let fields: BTreeMap<String, String> = serde_json::from_str(body).unwrap();
    let unsigned = fields.iter().filter(|(name, _)| *name != "sign");
    let pairs: Vec<String> = unsigned.map(|(name, value)| format!("{name}={value}")).collect();
    let secret = "00000000-0000-0000-0000-000000000000";
    assert_eq!(format!("{}&appsecret={secret}", pairs.join("&")), *string);
    assert_eq!(fields["sign"], sign);
    let call =
        pubres().open(&request(&format!("POST {path} HTTP/1.1\nContent-Type: x\n\n{body}")), now()).unwrap();
    let no = AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap();
    let answer = pubres().answer(Ok((&call, &[Outcome::Replied(Reply::Accepted { no })])));
    assert_eq!(answer.body(), answered.strip_prefix("→ ").unwrap());

    let (sealed, key) = sealed.strip_prefix("→ ").unwrap().split_once(" under ").unwrap();
    let key = RestoreKey::read(key, &Wrapping::default()).unwrap();
    let openers = key.openers(&[Cipher::Sm4Ecb], Iv::Key).unwrap();
    assert_eq!(open_field(&openers, sealed).as_deref(), Ok(*plain));
}

/// The vector of the protocol study (WIRE.md, section 6).
#[test]
fn the_signature_of_the_study_is_believed() {
    let body = r#"{"appkey":"demo","applyno":"T1","timestamp":"2024-01-01 00:00:00","sign":"B9BBCD8B490187A2045811CC1C83DDA18FCDB26D011E7A621C2E5AE7836EF224"}"#;
    let settings = "appkey = \"demo\"\nappsecret = \"env:SECRET\"\ninstname = \"示例担保\"";
    let id = PartnerId::parse("pubres-demo").unwrap();
    let pubres =
        Pubres::new(id, &toml::from_str(settings).unwrap(), BASE, &BTreeMap::new(), &DUMMIES).unwrap();
    let to = "POST /giveupapply HTTP/1.1\nContent-Type: application/json\n\n";
    let rejection = pubres.open(&request(&format!("{to}{body}")), now()).unwrap_err();
    // Believed, and then found wanting: the vector has no platformcode.
    assert_eq!((rejection.say.as_str(), pubres.proved()), ("平台编码(platformcode)不能为空", vec![1]));
    let forged = pubres.open(&request(&format!("{to}{}", body.replace("T1", "T2"))), now()).unwrap_err();
    assert_eq!((forged.say.as_str(), pubres.proved()), ("身份验证失败", vec![1]));
}
