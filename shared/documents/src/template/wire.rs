//! How a template is written: TOML, with the place of every text kept for the mistakes in it.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

pub(super) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) version: Text,
    pub(super) title: Text,
    pub(super) subtitle: Option<Text>,
    pub(super) accent: Text,
    pub(super) left: Text,
    pub(super) right: Text,
    pub(super) stamp: Option<WireStamp>,
    pub(super) salutation: Option<Text>,
    #[serde(default)]
    pub(super) rows: Vec<Vec<WireCell>>,
    #[serde(default)]
    pub(super) clauses: Vec<WireClause>,
    pub(super) closing: Vec<Text>,
    pub(super) caption: Vec<Text>,
    pub(super) seal: Text,
    pub(super) foot: Option<Text>,
    pub(super) running: Text,
    #[serde(default)]
    pub(super) phrases: BTreeMap<Text, WirePhrase>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireStamp {
    pub(super) word: Text,
    pub(super) note: Option<Text>,
    #[serde(default)]
    pub(super) watermark: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireCell {
    pub(super) label: Text,
    pub(super) value: Text,
    #[serde(default)]
    pub(super) strong: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireClause {
    pub(super) lead: Option<Text>,
    pub(super) text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WirePhrase {
    pub(super) when: Text,
    pub(super) then: Text,
    pub(super) otherwise: Option<Text>,
}
