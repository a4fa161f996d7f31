//! Walks the golden bytes of every interface, stage by stage, and holds the README's table and example against the code.
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use bytes::Bytes;
use crypto::rsa::{Padding, PrivateKey};
use crypto::secret::Secret;
use crypto::text;
use domain::{Notice, PartnerId};
use golden::{Dummies, Golden, now};
use http::Request;
use protocol::{Caller, Inbound, Learnt, Outbound, Outcome, Pass, Sealed};
use protocol_fuzhou::Fuzhou;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const URL: &str = "https://platform.example/api/insurer/v1/";
const TOKEN: &str =
    "hjLR3PvbMu6moj5poHAJtZjh8a/IzDZOmpGi5fqotrBvBN+1PT29b3qPrroR8Vjc5kuVQEvZ/GVJaEzOLgquvA==";
const PDF: &str = "%PDF-1.7\n% a dummy document, no more than its first and last line\n%%EOF\n";

const DUMMIES: Dummies = Dummies(&[
    ("env:KEY", "dummy-key"),
    ("env:SECRET", "S3CR3T"),
    ("env:INSURER_PK", include_str!("../fixtures/keys/insurer.pub.pem")),
    ("env:INSURER_SK", include_str!("../fixtures/keys/insurer.pem")),
    ("env:PLATFORM_PK", include_str!("../fixtures/keys/platform.pub.pem")),
]);

fn golden() -> Golden {
    Golden::of(env!("CARGO_MANIFEST_DIR"))
}

fn fuzhou(more: &Value) -> Fuzhou {
    let mut settings = serde_json::to_value(golden().settings::<toml::Table>()).unwrap();
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = PartnerId::parse("fuzhou-demo").unwrap();
    Fuzhou::new(id, &serde_json::from_value(settings).unwrap(), URL, &BTreeMap::new(), &DUMMIES).unwrap()
}

/// The fields of a form of either kind, as a platform's framework gives them.
fn form(request: &Request<Bytes>) -> BTreeMap<String, String> {
    let kind = request.headers()["content-type"].to_str().unwrap();
    let Some(edge) = kind.strip_prefix("multipart/form-data; boundary=") else {
        assert_eq!(kind, "application/x-www-form-urlencoded");
        return url::form_urlencoded::parse(request.body()).into_owned().collect();
    };
    let body = std::str::from_utf8(request.body()).unwrap();
    let inner = body
        .strip_prefix(&format!("--{edge}\r\n"))
        .and_then(|rest| rest.strip_suffix(&format!("\r\n--{edge}--\r\n")));
    let between = format!("\r\n--{edge}\r\n");
    let parts = inner.unwrap().split(between.as_str()).map(|part| part.split_once("\r\n\r\n").unwrap());
    parts.map(|(head, body)| (head.to_owned(), body.to_owned())).collect()
}

fn param(form: &BTreeMap<String, String>, key: &str) -> Value {
    let param =
        form.iter().find(|(name, _)| name.ends_with("param") || name.ends_with("\"param\"")).unwrap().1;
    let key = golden().read(&format!("keys/{key}"));
    let key = PrivateKey::read(&Secret::new(key)).unwrap();
    let plain = key.decrypt(&text::from_base64(param).unwrap(), &[Padding::Pkcs1], 1 << 16).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

#[test]
fn what_arrives_is_opened_understood_and_answered() {
    let fuzhou = fuzhou(&json!({}));
    assert_eq!(fuzhou.interfaces().len(), 7);
    for interface in fuzhou.interfaces() {
        let name = interface.name;
        let mut request = golden().request(interface);
        request.extensions_mut().insert(Caller([192, 0, 2, 7].into()));
        let call = fuzhou.open(&request, now()).unwrap_or_else(|rejection| panic!("{name}: {rejection:?}"));
        assert_eq!(call.interface, interface);
        let [ask] = call.asks.as_slice() else { panic!("{name}: {} asks", call.asks.len()) };
        assert_eq!(golden::wish(&ask.wish), golden().wish(interface), "{name}");
        let reply = golden().json(interface, "reply.json");
        let answer = fuzhou.answer(Ok((&call, &[Outcome::Replied(reply)])));
        golden().holds_answer(interface, &answer);
    }
    assert_eq!(fuzhou.proved(), [6, 0, 0], "2.8 has no signature");
}

#[test]
fn what_we_tell_says_and_signs_what_an_independent_program_does() {
    let fuzhou = fuzhou(&json!({}));
    assert_eq!(fuzhou.callbacks().len(), 11);
    let pdf = Bytes::from_static(PDF.as_bytes());
    for interface in fuzhou.callbacks().iter().skip(1) {
        let name = interface.name;
        let notice: Notice = golden().json(interface, "notice.json");
        assert_eq!(fuzhou.callback_for(&notice), Some(interface));
        let document = fuzhou.carries_document(&notice).then_some(&pdf);
        let pass = Pass {
            now: now(),
            nonce: [9; 16],
            token: Some(TOKEN),
            target: None,
            document_url: None,
            document,
        };
        let Ok(Sealed::Send(sent)) = fuzhou.seal(&notice, &pass) else { panic!("{name} is not sent") };
        let theirs = golden().request(interface);
        assert_eq!((sent.method(), sent.uri()), (theirs.method(), theirs.uri()));
        let (ours, theirs) = (form(&sent), form(&theirs));
        assert_eq!(param(&ours, "insurer.pem"), golden().json::<Value>(interface, "plain.json"), "{name}");
        assert_eq!(param(&theirs, "insurer.pem"), golden().json::<Value>(interface, "plain.json"), "{name}");
        // Apart from `param`, whose blocks are never twice the same, the forms are equal: token, file, heads of parts.
        let rest = |form: &BTreeMap<String, String>| -> Vec<(String, String)> {
            form.clone().into_iter().filter(|(name, _)| !name.contains("param")).collect()
        };
        assert_eq!(rest(&ours), rest(&theirs), "{name}");
        let reply = golden().reply(interface);
        let verdict = golden::verdict(&fuzhou.judge(&notice, &reply));
        assert_eq!(verdict, golden().text(interface, "verdict.txt").trim_end(), "{name}");
        let learnt: Vec<Value> = fuzhou
            .learn(&notice, &reply)
            .into_iter()
            .map(|learnt| match learnt {
                Learnt::Fact(fact) => serde_json::to_value(fact).unwrap(),
                Learnt::File { .. } => panic!("{name} brings no file"),
            })
            .collect();
        let taught = golden().has(interface, "learnt.json");
        let expected = if taught { golden().json(interface, "learnt.json") } else { json!([]) };
        assert_eq!(Value::Array(learnt), expected, "{name}");
    }
}

#[test]
fn a_token_is_asked_for_and_read() {
    let fuzhou = fuzhou(&json!({}));
    let interface = &fuzhou.callbacks()[0];
    let pass =
        Pass { now: now(), nonce: [9; 16], token: None, target: None, document_url: None, document: None };
    let sent = fuzhou.ask_token(&pass).unwrap().unwrap();
    let theirs = golden().request(interface);
    assert_eq!((sent.uri(), sent.headers()), (theirs.uri(), theirs.headers()));
    let plain = golden().json::<Value>(interface, "plain.json");
    assert_eq!(param(&form(&sent), "platform.pem"), plain);
    assert_eq!(param(&form(&theirs), "platform.pem"), plain);
    let token = fuzhou.read_token(&golden().reply(interface), now()).unwrap();
    assert_eq!((token.value.expose(), token.lives.as_secs()), (TOKEN, 5400));
}

#[test]
fn every_way_of_writing_a_push_is_read() {
    let ways: Value = golden::json(&golden().read("ways.json"));
    let ways = ways.as_array().unwrap();
    assert!(ways.len() >= 20, "{}", ways.len());
    for way in ways {
        let fuzhou = fuzhou(&way["settings"]);
        let text = |name: &str| way[name].as_str().unwrap();
        let request = Request::post(text("path")).header("content-type", text("kind"));
        let opened = fuzhou.open(&request.body(text("body").to_owned().into()).unwrap(), now());
        let call = opened.unwrap_or_else(|rejection| panic!("{}: {rejection:?}", way["name"]));
        assert_eq!(call.asks[0].business_key, "BH20261122ABCDEFGHJKMNPQ/806097210890174");
        let proved = fuzhou.proved().iter().position(|count| *count == 1);
        assert_eq!(proved.map(|at| at as u64), way["proved"].as_u64(), "{}", way["name"]);
    }
}

#[test]
fn a_padding_that_the_settings_do_not_name_opens_nothing() {
    let ways: Value = golden::json(&golden().read("ways.json"));
    let padded = ways.as_array().unwrap().iter().filter(|way| way["settings"]["padding"].is_string());
    let padded: Vec<&Value> = padded.collect();
    assert_eq!(padded.len(), 3);
    for way in &padded {
        for other in padded.iter().filter(|other| *other != way) {
            let body = other["body"].as_str().unwrap().to_owned();
            let request = Request::post("/verify-info").body(body.into()).unwrap();
            let opened = fuzhou(&way["settings"]).open(&request, now());
            assert!(opened.is_err(), "{} under {}", other["name"], way["name"]);
        }
    }
}

#[test]
fn the_readme_lists_what_the_code_serves_and_each_has_its_folder() {
    let fuzhou = fuzhou(&json!({}));
    let interfaces = || fuzhou.interfaces().iter().chain(fuzhou.callbacks());
    golden().holds_only(interfaces());
    let mut served = golden::served(interfaces());
    assert_eq!(served.len(), 18);
    served.sort_by_key(|row| {
        let section = row.split(' ').nth(1).unwrap();
        section.split('.').map(|part| part.parse().unwrap()).collect::<Vec<u32>>()
    });
    let readme = include_str!("../README.md");
    let numbered = |line: &&str| {
        line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit() && line.contains("bound |")
    };
    let listed: Vec<&str> = readme.lines().filter(numbered).collect();
    assert_eq!(listed, served);
}

#[test]
fn the_readmes_example_is_what_the_code_does() {
    let readme = include_str!("../README.md");
    let block = |mark: &str| {
        let (_, rest) = readme.split_once(&format!("```{mark}\n")).unwrap();
        rest.split_once("\n```").unwrap().0.to_owned()
    };
    let plain = block("json example");
    let fields: BTreeMap<String, Value> = serde_json::from_str(&plain).unwrap();
    let words: Vec<(&str, String)> = fields
        .iter()
        .filter(|(name, _)| *name != "sign")
        .map(|(name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let hashed: String = words.iter().map(|(name, value)| format!("{name}{value}")).collect();
    let hashed = format!("S3CR3T{hashed}S3CR3T");
    let sign = text::to_hex(&crypto::digest::md5(hashed.as_bytes())).to_uppercase();
    assert_eq!(block("text sign"), format!("{hashed}\n→ {sign}"));
    assert_eq!(fields["sign"], json!(sign));
    let body = block("text body").replace('\n', "");
    let opened = fuzhou(&json!({}))
        .open(&Request::post("/delay-open-push").body(body.clone().into()).unwrap(), now())
        .unwrap();
    assert!(opened.asks[0].business_key.starts_with("BD-2026-001/2/"), "{opened:?}");
    let (_, param) = url::form_urlencoded::parse(body.as_bytes()).next().unwrap();
    let key = golden().read("keys/insurer.pem");
    let key = PrivateKey::read(&Secret::new(key)).unwrap();
    let sealed = text::from_base64(&param).unwrap();
    assert_eq!(key.decrypt(&sealed, &[Padding::Pkcs1], 1 << 16).unwrap(), plain.as_bytes());
    let blocks = sealed.len() / 256;
    assert_eq!(blocks, plain.len().div_ceil(245));
    assert!(readme.contains(&format!("{} bytes, so {blocks} blocks", plain.len())));
}
