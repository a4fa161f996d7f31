//! Every variant of the envelope, forgeries, and bytes that were changed on the way.

use crate::Govproc;
use crate::datum::Datum;
use crate::sample::{made, now};
use bytes::Bytes;
use domain::Timestamp;
use http::{Request, Uri};
use protocol::{Caller, Inbound, RejectionKind};
use serde_json::Value;

const VARIANTS: [&str; 11] = [
    "",
    "text = \"hex_upper\"",
    "text = \"hex_lower\"\nshape = \"bare\"",
    "shape = \"literal\"",
    "shape = \"param\"",
    "shape = \"params\"\napp_key_in_body = true",
    "shape = \"encrypt\"\nwhole_answers = true",
    "cipher = \"cbc\"\niv = \"env:IV\"",
    "cipher = \"cbc\"\nvector = \"key\"\nkey_form = \"sha1prng\"",
    "cipher = \"cbc\"\nvector = \"prefixed\"\napp_secret = \"env:HEX32\"\nkey_form = \"hex\"",
    "app_secret = \"env:HEX32\"\nkey_form = \"md5_hex_upper\"",
];

fn sealed(govproc: &Govproc) -> Request<Bytes> {
    let letter = vec![("orderno", Datum::text("ZC1"))];
    govproc.envelope.seal(&letter, Uri::from_static("/guarantee/query"))
}

fn opens(govproc: &Govproc, request: &Request<Bytes>) -> Result<String, RejectionKind> {
    let opened = govproc.open(request, now());
    opened.map(|call| call.asks[0].business_key.clone()).map_err(|rejection| rejection.kind)
}

#[test]
fn what_is_sealed_opens_in_every_variant_and_in_no_other() {
    let partners: Vec<Govproc> = VARIANTS.iter().map(|lines| made(lines).unwrap()).collect();
    for (at, partner) in partners.iter().enumerate() {
        let request = sealed(partner);
        assert_eq!(opens(partner, &request), Ok("ZC1".to_owned()), "{}", VARIANTS[at]);
    }
    // Other key or chain: nothing is tried that was not agreed.
    let request = sealed(&partners[0]);
    for stranger in &partners[7..] {
        assert_eq!(opens(stranger, &request), Err(RejectionKind::Forged));
    }
}

#[test]
fn the_carrier_is_told_by_its_first_character_and_the_encoding_by_its_digits() {
    let govproc = made("").unwrap();
    let hexadecimal = sealed(&made("text = \"hex_upper\"\nshape = \"bare\"").unwrap());
    let carried = String::from_utf8(hexadecimal.body().to_vec()).unwrap();
    let bodies = [
        carried.clone(),
        format!(" {carried}\r\n"),
        format!("\"{carried}\""),
        carried.to_lowercase(),
        format!("\u{feff}{{\"data\":\"{carried}\",\"appKey\":\"x\"}}"),
    ];
    for body in bodies {
        let mut request = sealed(&govproc);
        *request.body_mut() = Bytes::from(body.clone());
        assert_eq!(opens(&govproc, &request), Ok("ZC1".to_owned()), "{body}");
    }
    for body in ["", "{}", "{\"param\":\"AA==\"}", "{\"data\":5}", "{\"data\":\"\"}", "\"\"", "[1]"] {
        let mut request = sealed(&govproc);
        *request.body_mut() = Bytes::from(body);
        let kind = if body == "[1]" { RejectionKind::Forged } else { RejectionKind::Unreadable };
        assert_eq!(opens(&govproc, &request), Err(kind), "{body}");
    }
}

#[test]
fn an_answer_is_written_as_its_request_was() {
    let govproc = made("").unwrap();
    for (lines, encoded) in [("", false), ("text = \"hex_upper\"", true)] {
        let request = sealed(&made(lines).unwrap());
        let call = govproc.open(&request, now()).unwrap();
        let reply = domain::Reply::Order(domain::OrderStatus::reviewing(crate::sample::no()));
        let answer = govproc.answer_to(&request, now(), Ok((&call, &[protocol::Outcome::Replied(reply)])));
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        let data = answer["data"].as_str().unwrap();
        assert_eq!(data.bytes().all(|c| c.is_ascii_digit() || (b'A'..=b'F').contains(&c)), encoded, "{data}");
    }
}

#[test]
fn an_answer_that_is_enciphered_whole_is_read_whole() {
    let govproc = made("whole_answers = true").unwrap();
    let request = sealed(&govproc);
    let rejection = protocol::Rejection::forged("test");
    let answer = govproc.answer_to(&request, now(), Err(&rejection));
    assert!(!answer.body().starts_with(b"{"));
    let fields = govproc.envelope.read_answer(answer.body()).unwrap();
    assert_eq!(fields.text(("errcode", "")).as_deref(), Ok("100001"));
    assert!(govproc.envelope.read_answer(b"{\"stat\":1}").is_none());
    assert!(made("").unwrap().envelope.read_answer(answer.body()).is_none());
}

#[test]
fn strangers_and_broken_ciphers_are_answered_alike() {
    let govproc = made("").unwrap();
    let mut answers = Vec::new();
    let without = |change: &dyn Fn(&mut Request<Bytes>)| {
        let mut request = sealed(&govproc);
        change(&mut request);
        request
    };
    let key = "0123456789abcdee";
    let forgeries = [
        without(&|request| drop(request.headers_mut().remove("appkey"))),
        without(&|request| drop(request.headers_mut().insert("appkey", "demo-app-kex".parse().unwrap()))),
        without(&|request| *request.body_mut() = Bytes::from_static(b"{\"data\":\"AAAA\"}")),
        without(&|request| {
            let aes = crypto::aes::Aes::ecb(key.as_bytes()).unwrap();
            let sealed = crypto::text::to_base64(&aes.encrypt(b"{\"orderno\":\"ZC1\"}"));
            *request.body_mut() = Bytes::from(sealed);
        }),
        // Opens, and is no object.
        without(&|request| {
            let aes = crypto::aes::Aes::ecb(crate::sample::SECRET.as_bytes()).unwrap();
            *request.body_mut() = Bytes::from(crypto::text::to_base64(&aes.encrypt(b"[\"orderno\"]")));
        }),
    ];
    for request in &forgeries {
        let rejection = govproc.open(request, now()).unwrap_err();
        assert_eq!(rejection.kind, RejectionKind::Forged);
        answers.push(govproc.answer_to(request, now(), Err(&rejection)).into_body());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn only_listed_addresses_may_call() {
    let lines = "transport = \"ip_allow_list\"\nallowed_ips = [\"203.0.113.0/24\"]";
    let govproc = made(lines).unwrap();
    let from = |address: Option<&str>| {
        let mut request = sealed(&govproc);
        request.extensions_mut().extend(http::Extensions::new());
        if let Some(address) = address {
            request.extensions_mut().insert(Caller(address.parse().unwrap()));
        }
        opens(&govproc, &request)
    };
    assert_eq!(from(Some("203.0.113.9")), Ok("ZC1".to_owned()));
    for stranger in [Some("203.0.114.9"), Some("::1"), None] {
        assert_eq!(from(stranger), Err(RejectionKind::Forged), "{stranger:?}");
    }
}

#[test]
fn slashes_do_not_matter_and_methods_do() {
    let govproc = made("").unwrap();
    for path in ["//guarantee/query", "/guarantee/query/", "/guarantee//query"] {
        let mut request = sealed(&govproc);
        *request.uri_mut() = path.parse().unwrap();
        assert_eq!(opens(&govproc, &request), Ok("ZC1".to_owned()), "{path}");
    }
    let mut request = sealed(&govproc);
    *request.method_mut() = http::Method::PUT;
    assert_eq!(opens(&govproc, &request), Err(RejectionKind::Unreadable));
}

proptest::proptest! {
    #[test]
    fn no_body_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let govproc = made("").unwrap();
        let mut request = sealed(&govproc);
        *request.body_mut() = Bytes::from(body);
        let opened = govproc.open(&request, Timestamp::new(time::OffsetDateTime::UNIX_EPOCH));
        let answer = match &opened {
            Ok(call) => govproc.answer_to(&request, now(), Ok((call, &[]))),
            Err(rejection) => govproc.answer_to(&request, now(), Err(rejection)),
        };
        proptest::prop_assert_eq!(answer.status(), 200);
    }
}
