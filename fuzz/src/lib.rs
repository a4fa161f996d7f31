//! What the targets of the protocols share: a request out of any bytes, and a partner's whole answer to it.

use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Refusal, Reply, Timestamp};
use http::{Method, Request};
use protocol::{Call, Caller, Inbound, Outcome, parse_shanghai};
use serde_json::{Map, Value};
use std::net::{IpAddr, Ipv4Addr};

/// The dummies of the fixtures, by the names under which their settings ask for them.
pub struct Dummies(pub &'static [(&'static str, &'static str)]);

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let name = reference.to_string();
        let known = self.0.iter().find(|(known, _)| name == format!("env:{known}"));
        let missing = || SecretMissing { reference: reference.clone(), why: "no dummy".to_owned() };
        known.map(|(_, secret)| Secret::new(*secret)).ok_or_else(missing)
    }
}

/// The partner's id in all targets.
pub fn id() -> PartnerId {
    PartnerId::parse("demo").unwrap()
}

/// The settings of a fixture.
pub fn settings<T: serde::de::DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).unwrap()
}

/// When the fixtures were written.
pub fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

/// A request as the fixtures write them: first line, headers, a blank line, the body. Or, if the first line is
/// `SEALED interface`, what `seal` makes of the JSON below it, so that what lies behind the signature is reached too.
pub fn request(
    bytes: &[u8],
    seal: impl FnOnce(&str, Map<String, Value>) -> Option<Request<Bytes>>,
) -> Option<Request<Bytes>> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let first = std::str::from_utf8(&bytes[..end]).ok()?;
    if let Some(interface) = first.strip_prefix("SEALED ") {
        return seal(interface, serde_json::from_slice(&bytes[end + 1..]).ok()?);
    }
    let blank = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let head = std::str::from_utf8(bytes.get(end + 1..blank + 1).unwrap_or_default()).ok()?;
    let (method, rest) = first.split_once(' ')?;
    let target = rest.split(' ').next()?;
    let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).ok()?).uri(target);
    for line in head.lines() {
        let (name, value) = line.split_once(':')?;
        request = request.header(name.trim(), value.trim());
    }
    request.body(Bytes::copy_from_slice(&bytes[blank + 2..])).ok()
}

/// A request with a JSON body.
pub fn post(interface: &str, body: Vec<u8>) -> Option<Request<Bytes>> {
    let kind = "application/json;charset=UTF-8";
    Request::post(format!("/{interface}")).header("content-type", kind).body(body.into()).ok()
}

/// A JSON value as it is spelled in a string to be signed.
pub fn spelled(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Opens the request, answers it in every way an engine might, and holds what must hold whatever was sent.
pub fn drive(inbound: &dyn Inbound, bytes: &[u8], mut request: Request<Bytes>, secrets: &[&str]) {
    request.extensions_mut().insert(Caller(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7))));
    let opened = inbound.open(&request, now());
    let again = inbound.open(&request, now());
    assert_eq!(format!("{opened:?}"), format!("{again:?}"), "the same request is the same call");
    let mut said = Vec::new();
    match &opened {
        Ok(call) => {
            assert!(!call.asks.is_empty(), "a call asks for something");
            for outcomes in outcomes(call) {
                said.extend_from_slice(inbound.answer_to(&request, now(), Ok((call, &outcomes))).body());
            }
        }
        Err(rejection) => {
            said.extend_from_slice(inbound.answer_to(&request, now(), Err(rejection)).body());
            said.extend_from_slice(rejection.why.as_bytes());
        }
    }
    for secret in secrets {
        let shows = |text: &[u8]| text.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!shows(&said) || shows(bytes), "an answer or a reason shows a key");
    }
}

fn outcomes(call: &Call) -> [Vec<Outcome>; 4] {
    let no = |key: &str| AcceptanceNo::of(&id(), call.interface.name, key);
    let each = |of: &dyn Fn(AcceptanceNo) -> Outcome| {
        call.asks.iter().map(|ask| of(no(&ask.business_key))).collect::<Vec<_>>()
    };
    [
        each(&|no| Outcome::Replied(Reply::Accepted { no })),
        each(&|_| Outcome::Replied(Reply::Refused(Refusal::unknown("保函")))),
        each(&Outcome::Pending),
        each(&|_| Outcome::Unavailable),
    ]
}
