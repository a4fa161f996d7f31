//! What the unit tests start from: the fixtures' fields, a partner with dummy keys, a moment.

use crate::Pubres;
use crate::settings::{CodeForm, Manner, Seals, Settings};
use crate::unsealing::Unsealing;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Timestamp};
use protocol::{Fields, Problem, parse_shanghai};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const BASE: &str = "https://platform.example/rest/gbsapi/{interface}";
pub(crate) const SECRET: &str = "00000000-0000-0000-0000-000000000000";
pub(crate) const KEK: &str = "fedcba9876543210";
const SETTINGS: &str = include_str!("../fixtures/settings.toml");

/// The secrets of the fixtures: a variable's value is found by its name.
pub(crate) struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let known = [("SECRET", SECRET), ("KEK", KEK), ("NONE", "")];
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

pub(crate) fn made(lines: &str) -> Result<Pubres, Vec<Problem>> {
    let id = PartnerId::parse("pubres-demo").unwrap();
    Pubres::new(id, &settings(lines).unwrap(), BASE, &BTreeMap::new(), &Dummies)
}

/// The partner of the fixtures without the platformcode it is known by.
pub(crate) fn made_for_any_platform() -> Pubres {
    let id = PartnerId::parse("pubres-demo").unwrap();
    let settings = Settings { platform_code: None, ..settings("").unwrap() };
    Pubres::new(id, &settings, BASE, &BTreeMap::new(), &Dummies).unwrap()
}

pub(crate) fn manner() -> Manner {
    Manner {
        platform_code: Some("P01".to_owned()),
        instname: "示例担保有限公司".to_owned(),
        unknown_account: "无".to_owned(),
        sealed: Seals::Always,
        unsealing: Unsealing::default(),
        redirect_url: String::new(),
        code: CodeForm::String,
        silence_rejections: false,
    }
}

pub(crate) fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

pub(crate) fn no() -> AcceptanceNo {
    AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap()
}

/// The fields of an interface's fixture, those of the shell among them.
pub(crate) fn plain(interface: &str) -> Value {
    let path = format!("{}/fixtures/{interface}/opened.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The same with a change.
pub(crate) fn changed(interface: &str, change: impl FnOnce(&mut Value)) -> Fields {
    let mut value = plain(interface);
    change(&mut value);
    Fields::parse(&value.to_string()).unwrap()
}
