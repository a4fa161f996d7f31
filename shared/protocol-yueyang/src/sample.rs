//! What the unit tests start from: the fixtures' fields, a partner with dummy keys, a moment.

use crate::Yueyang;
use crate::settings::{CodeForm, Manner, Settings};
use crate::unsealing::Unsealing;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::{AcceptanceNo, PartnerId, Timestamp};
use protocol::{Fields, Problem, parse_shanghai};
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) const BASE: &str = "http://platform.example:6900/front/";
pub(crate) const CODE: &str = "dummy-code";
const PLATFORM: &str = include_str!("../fixtures/variants/platform.b64");
const SETTINGS: &str = include_str!("../fixtures/settings.toml");

/// The secrets of the fixtures: a variable's value is found by its name.
pub(crate) struct Dummies;

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let known = [("CODE", CODE), ("PLATFORM", PLATFORM), ("OTHER", "other-code"), ("NONE", "")];
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

pub(crate) fn made(lines: &str) -> Result<Yueyang, Vec<Problem>> {
    made_at(BASE, &[], lines)
}

pub(crate) fn made_at(base: &str, urls: &[(&str, &str)], lines: &str) -> Result<Yueyang, Vec<Problem>> {
    let id = PartnerId::parse("yueyang-demo").unwrap();
    let urls: BTreeMap<String, String> =
        urls.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned())).collect();
    Yueyang::new(id, &settings(lines).unwrap(), base, &urls, &Dummies)
}

pub(crate) fn manner() -> Manner {
    Manner {
        user: "示例出函机构".to_owned(),
        inst_name: "示例融资担保有限公司".to_owned(),
        insurance_code: "91110000DEMO00003X".to_owned(),
        claim_contact: ("赵示例".to_owned(), "010-00000000".to_owned()),
        gives_credit: true,
        sealed_fields: None,
        unsealing: Unsealing::default(),
        unknown_payer: "无".to_owned(),
        redirect_url: String::new(),
        answer_code: CodeForm::Int,
    }
}

pub(crate) fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").unwrap()
}

pub(crate) fn no() -> AcceptanceNo {
    AcceptanceNo::parse("A0123456789ABCDEFGHJ").unwrap()
}

/// The fields of an interface's fixture.
pub(crate) fn plain(interface: &str) -> Value {
    let interface = interface.rsplit('/').next().unwrap();
    let path = format!("{}/fixtures/{interface}/opened.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The same with a change.
pub(crate) fn changed(interface: &str, change: impl FnOnce(&mut Value)) -> Fields {
    let mut value = plain(interface);
    change(&mut value);
    Fields::parse(&value.to_string()).unwrap()
}
