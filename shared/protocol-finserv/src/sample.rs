//! What the unit tests start from: the fixtures' plain data, a partner with dummy keys, a moment.

use crate::Finserv;
use crate::settings::{Manner, RateForm, Settings, Unissued};
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Timestamp};
use protocol::{Fields, Problem, parse_shanghai};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const GUARANTEE_NO: &str = "BH20261122ABCDEFGHJKMNPQ";
pub(crate) const BASE: &str = "https://platform.example/feedback";
const SETTINGS: &str = include_str!("../fixtures/settings.toml");

/// The secrets of the fixtures: a variable's value is found by its name.
pub(crate) struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let known = [
            ("KEY", "0123456789abcdef"),
            ("IV", "fedcba9876543210"),
            ("SIGN", "8993208818338920"),
            ("NONE", ""),
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

pub(crate) fn made(lines: &str) -> Result<Finserv, Vec<Problem>> {
    let id = PartnerId::parse("finserv-demo").unwrap();
    Finserv::new(id, &settings(lines).unwrap(), BASE, &BTreeMap::new(), &Dummies)
}

pub(crate) fn manner() -> Manner {
    Manner {
        merchant_name: "示例担保".to_owned(),
        rate_form: RateForm::Decimal,
        accept_alias: false,
        silence_rejections: false,
        unissued_invoice: Unissued::Success,
    }
}

pub(crate) fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

pub(crate) fn no() -> AcceptanceNo {
    AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap()
}

/// The plain data of an interface's fixture.
pub(crate) fn plain(interface: &str) -> String {
    let path = format!("{}/fixtures/{interface}/opened.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The same with a change.
pub(crate) fn changed(interface: &str, change: impl FnOnce(&mut Value)) -> Fields {
    let mut value: Value = serde_json::from_str(&plain(interface)).unwrap();
    change(&mut value);
    Fields::parse(&value.to_string()).unwrap()
}
