//! What the unit tests start from: the fixtures' plain data, a partner with dummy keys, a moment.

use crate::Fuzhou;
use crate::calls::Ending;
use crate::settings::{Manner, Settings};
use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{PartnerId, Refusal, Timestamp};
use http::{Request, Response};
use protocol::{Ask, Call, Pass, Problem, Rejection, parse_shanghai};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const BASE: &str = "https://platform.example/api/insurer/v1/";
const SETTINGS: &str = include_str!("../fixtures/settings.toml");

/// The secrets of the fixtures: a variable's value is found by its name.
pub(crate) struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let known = [
            ("KEY", "dummy-key"),
            ("SECRET", "S3CR3T"),
            ("INSURER_PK", include_str!("../fixtures/keys/insurer.pub.pem")),
            ("INSURER_SK", include_str!("../fixtures/keys/insurer.pem")),
            ("PLATFORM_PK", include_str!("../fixtures/keys/platform.pub.pem")),
            ("PLATFORM_SK", include_str!("../fixtures/keys/platform.pem")),
            ("NONE", " "),
        ];
        let found = known.iter().find(|(name, _)| *reference == SecretRef::Env((*name).to_owned()));
        let missing = || SecretMissing { reference: reference.clone(), why: "is not set".to_owned() };
        found.map(|(_, value)| Secret::new(*value)).ok_or_else(missing)
    }
}

/// The settings of the fixtures with some lines of TOML in place of or besides theirs.
pub(crate) fn settings(lines: &str) -> Result<Settings, String> {
    let parse = |text: &str| text.parse::<toml::Table>().map_err(|error| error.to_string());
    let mut table = parse(SETTINGS)?;
    table.extend(parse(lines)?);
    table.try_into().map_err(|error: toml::de::Error| error.to_string())
}

pub(crate) fn made(lines: &str) -> Result<Fuzhou, Vec<Problem>> {
    let id = PartnerId::parse("fuzhou-demo").unwrap();
    Fuzhou::new(id, &settings(lines).unwrap(), BASE, &BTreeMap::new(), &Dummies)
}

pub(crate) fn manner(lines: &str) -> Manner {
    made(lines).unwrap().manner
}

pub(crate) fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

pub(crate) fn pass() -> Pass<'static> {
    let token = Some("a+b/=");
    Pass { now: now(), nonce: [7; 16], token, target: None, document_url: None, document: None }
}

/// The plain data of an interface's fixture.
pub(crate) fn plain(interface: &str) -> Value {
    let path = format!("{}/fixtures/{interface}/opened.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A push with these fields, as an honest platform seals it.
pub(crate) fn push(fuzhou: &Fuzhou, path: &str, fields: &Value) -> Request<Bytes> {
    fuzhou.envelope.push(path, fields, &pass()).unwrap()
}

/// The sample of an interface with a change, opened by a partner with the settings of the fixtures.
pub(crate) fn opened(interface: &str, change: impl FnOnce(&mut Value)) -> Result<Call, Rejection> {
    use protocol::Inbound;
    let fuzhou = made("").unwrap();
    let mut value = plain(interface);
    change(&mut value);
    fuzhou.open(&push(&fuzhou, interface, &value), now())
}

pub(crate) fn asked(interface: &str, change: impl FnOnce(&mut Value)) -> Ask {
    opened(interface, change).unwrap().asks.remove(0)
}

pub(crate) fn rejected(interface: &str, change: impl FnOnce(&mut Value)) -> Rejection {
    opened(interface, change).unwrap_err()
}

pub(crate) const fn refused<'a>(ask: &'a Ask, refusal: &'a Refusal) -> Ending<'a> {
    Ending::Refused(ask, refusal)
}

pub(crate) fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}
