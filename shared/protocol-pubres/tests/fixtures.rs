//! Walks the golden bytes of every interface, stage by stage, and holds the README's table against the code's.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::sealed::{Cipher, RestoreKey, Wrapping, open_field};
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use crypto::{Iv, digest, text};
use domain::{AcceptanceNo, Notice, PartnerId, Reply, Timestamp};
use http::{Method, Request, Response};
use protocol::{
    Direction, Inbound, Interface, Outbound, Outcome, Pass, Sealed, Verdict, Way, Wish, parse_shanghai,
};
use protocol_pubres::Pubres;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

const BASE: &str = "https://platform.example/rest/gbsapi/{interface}";
const FILE: Bytes = Bytes::from_static("%PDF-1.7 保函\n%%EOF\n".as_bytes());

struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        Ok(Secret::new(match reference.to_string().as_str() {
            "env:SECRET" => "00000000-0000-0000-0000-000000000000",
            other => panic!("the fixtures have no {other}"),
        }))
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn stage(interface: &Interface, file: &str) -> String {
    // One name serves both directions (PR-01).
    let outbound = format!("{}-outbound", interface.name);
    let outbound = Some(outbound)
        .filter(|name| interface.direction == Direction::Outbound && folder().join(name).exists());
    let path = folder().join(outbound.as_deref().unwrap_or(interface.name)).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn pubres() -> Pubres {
    let settings = toml::from_str(&fs::read_to_string(folder().join("settings.toml")).unwrap()).unwrap();
    let id = PartnerId::parse("pubres-demo").unwrap();
    Pubres::new(id, &settings, BASE, &BTreeMap::new(), &Dummies).unwrap()
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
    let pubres = pubres();
    assert_eq!(pubres.interfaces().len(), 7);
    for interface in pubres.interfaces() {
        let name = interface.name;
        let call =
            pubres.open(&request(&stage(interface, "request.http")), now()).unwrap_or_else(|rejection| {
                panic!("{name}: {rejection:?}");
            });
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        let Wish::Command(command) = &ask.wish else { panic!("{name} asks a question") };
        let expected = json(&stage(interface, "command.json"));
        assert_eq!(serde_json::to_value(command).unwrap(), expected, "{name}");
        assert_eq!(ask.callback, None, "{name}");
        let reply = serde_json::from_str(&stage(interface, "reply.json")).unwrap();
        let answer = pubres.answer(Ok((&call, &[Outcome::Replied(reply)])));
        let (first, kind, body) = message(&stage(interface, "answer.http"));
        assert_eq!(first, format!("HTTP/1.1 {}", answer.status()), "{name}");
        assert_eq!(answer.headers()["content-type"], kind.as_str(), "{name}");
        assert_eq!(answer.body(), &body, "{name}");
    }
    assert_eq!(pubres.proved(), [7]);
}

#[test]
fn what_we_tell_is_sealed_as_an_independent_program_seals_it() {
    let pubres = pubres();
    assert_eq!(pubres.callbacks().len(), 5);
    for interface in pubres.callbacks() {
        let name = interface.name;
        let notice: Notice = serde_json::from_str(&stage(interface, "notice.json")).unwrap();
        assert_eq!(pubres.callback_for(&notice), Some(interface));
        let document_url = notice.document().map(|_| "https://files.example/d/1");
        let file = FILE;
        let document = pubres.carries_document(&notice).then_some(&file);
        let pass = Pass { now: now(), nonce: [0; 16], token: None, target: None, document_url, document };
        let Ok(Sealed::Send(sent)) = pubres.seal(&notice, &pass) else { panic!("{name} is not sent") };
        let golden = request(&stage(interface, "request.http"));
        assert_eq!(
            (sent.method(), sent.uri(), sent.headers()),
            (golden.method(), golden.uri(), golden.headers())
        );
        assert_eq!(sent.body(), golden.body(), "{name}");
        let (_, _, body) = message(&stage(interface, "reply.http"));
        let verdict = match pubres.judge(&notice, &Response::new(body)) {
            Verdict::TokenExpired => panic!("pubres has no tokens"),
            Verdict::Delivered => "delivered".to_owned(),
            Verdict::Refused(why) => format!("refused: {why}"),
            Verdict::Later(why, _) => format!("later: {why}"),
        };
        assert_eq!(verdict, stage(interface, "verdict.txt").trim_end(), "{name}");
    }
}

#[test]
fn every_folder_is_an_interface() {
    let pubres = pubres();
    let known: Vec<&str> =
        pubres.interfaces().iter().chain(pubres.callbacks()).map(|interface| interface.name).collect();
    let folders = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let mut count = 0;
    for entry in folders {
        let name = entry.file_name().into_string().unwrap();
        assert!(known.contains(&name.trim_end_matches("-outbound")), "{name}");
        count += 1;
    }
    assert_eq!(count, 12);
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
    let pubres = pubres();
    let served: Vec<String> = pubres.interfaces().iter().chain(pubres.callbacks()).map(row).collect();
    let readme = include_str!("../README.md");
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("| 接口说明")).collect();
    assert_eq!(listed, served);
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
        Pubres::new(id, &toml::from_str(settings).unwrap(), BASE, &BTreeMap::new(), &Dummies).unwrap();
    let to = "POST /giveupapply HTTP/1.1\nContent-Type: application/json\n\n";
    let rejection = pubres.open(&request(&format!("{to}{body}")), now()).unwrap_err();
    // Believed, and then found wanting: the vector has no platformcode.
    assert_eq!((rejection.say.as_str(), pubres.proved()), ("平台编码(platformcode)不能为空", vec![1]));
    let forged = pubres.open(&request(&format!("{to}{}", body.replace("T1", "T2"))), now()).unwrap_err();
    assert_eq!((forged.say.as_str(), pubres.proved()), ("身份验证失败", vec![1]));
}
