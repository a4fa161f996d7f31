//! What the unit tests start from: the fixtures' fields, a partner with dummy keys, a moment.

use crate::Govproc;
use crate::links::Links;
use crate::settings::{Amounts, Manner, Settings, Times};
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Timestamp};
use protocol::{Fields, Problem, parse_shanghai};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const BASE: &str = "https://platform.example";
pub(crate) const SECRET: &str = "0123456789abcdef";
pub(crate) const LINK_SECRET: &str = "dummy-link-secret-of-32-bytes-and-more";
const SETTINGS: &str = include_str!("../fixtures/settings.toml");

/// The secrets of the fixtures: a variable's value is found by its name.
pub(crate) struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let known = [
            ("SECRET", SECRET),
            ("LINK", LINK_SECRET),
            ("IV", "fedcba9876543210"),
            ("HEX32", "000102030405060708090a0b0c0d0e0f"),
            ("SHORT", "too short"),
            ("NONE", ""),
        ];
        let found = known.iter().find(|(name, _)| *reference == SecretRef::Env((*name).to_owned()));
        let missing = || SecretMissing { reference: reference.clone(), why: "is not set".to_owned() };
        found.map(|(_, value)| Secret::new(*value)).ok_or_else(missing)
    }
}

pub(crate) fn id() -> PartnerId {
    PartnerId::parse("govproc-demo").unwrap()
}

/// The settings of the fixtures with some lines of TOML in place of or besides theirs.
pub(crate) fn settings(lines: &str) -> Result<Settings, String> {
    let parse = |text: &str| text.parse::<toml::Table>().map_err(|error| error.to_string());
    let mut table = parse(SETTINGS)?;
    table.extend(parse(lines)?);
    table.try_into().map_err(|error: toml::de::Error| error.to_string())
}

pub(crate) fn made(lines: &str) -> Result<Govproc, Vec<Problem>> {
    Govproc::new(id(), &settings(lines).unwrap(), BASE, &BTreeMap::new(), &Dummies)
}

pub(crate) fn manner() -> Manner {
    Manner {
        links: Links {
            base: "https://gateway.example".to_owned(),
            partner: id(),
            secret: Secret::new(LINK_SECRET),
            valid_s: 86_400,
        },
        times: Times::Millis,
        amounts: Amounts::Number,
        success_code: "000000".to_owned(),
        cancel: true,
        pay_button: false,
        query_bhno: false,
        both_spellings: false,
        orgcode: None,
        sellername: "示例担保有限公司".to_owned(),
        selleraddress: "某市某区示例路1号".to_owned(),
        sellerphone: "000-00000000".to_owned(),
    }
}

pub(crate) fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

pub(crate) fn no() -> AcceptanceNo {
    AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap()
}

/// The parameters of an interface's fixture.
pub(crate) fn plain(interface: &str) -> Value {
    let folder = interface.rsplit('/').next().unwrap();
    let path = format!("{}/fixtures/{folder}/opened.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The names of those parameters.
pub(crate) fn names(interface: &str) -> Vec<String> {
    plain(interface).as_object().unwrap().keys().cloned().collect()
}

/// The same with a change.
pub(crate) fn changed(interface: &str, change: impl FnOnce(&mut Value)) -> Fields {
    let mut value = plain(interface);
    change(&mut value);
    Fields::parse(&value.to_string()).unwrap()
}
