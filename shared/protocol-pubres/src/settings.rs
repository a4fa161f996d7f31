//! Keys, identities and variants of one partner instance: `[settings]` of its TOML, parsed once and dry-run.

mod knobs;
mod make;

pub(crate) use knobs::documented;
pub use knobs::{CodeForm, Seals};

use crate::unsealing::Unsealing;
use crypto::canonical::Changes;
use crypto::secret::SecretRef;
use serde::Deserialize;

/// A partner's file to start from, every key of it explained; `boot::settings::partner_file` adds what all protocols have.
pub const TEMPLATE: &str = include_str!("../partner.toml");

/// `[settings]` of a pubres partner. Secrets are named (`env:NAME`, `file:PATH`), never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The appkey the platform gave us; the same in both directions.
    pub appkey: String,
    /// The appsecret that belongs to it.
    pub appsecret: SecretRef,
    /// The platformcode of this platform; requests with another are refused. Default: any.
    pub platform_code: Option<String>,
    /// 出函机构 as this partner shows it (PR-17).
    pub instname: String,
    /// What is written for `payeraccount` while nobody has told from which account the premium came; default 无. The
    /// document demands a text, and an empty one would be signed by some platforms and skipped by others (PR-04).
    #[serde(default = "none_known")]
    pub unknown_account: String,
    /// How we sign, and how requests are signed, where that is not as documented (PR-02): the knobs of
    /// [`crypto::canonical::Profile`] to turn.
    #[serde(default)]
    pub sign: Changes,
    /// Further ways in which requests may be signed, each as knobs to turn away from the documented one, tried in this
    /// order; default none. Which one proved a request is counted ([`crate::Pubres::proved`]).
    #[serde(default)]
    pub accept_also: Vec<Changes>,
    /// How far `timestamp` may be from our clock, seconds; default any distance.
    pub timestamp_window_s: Option<u32>,
    /// Which of the fields marked （密文） are taken for ciphertext: `always` (default), `detect`, `never` (PR-03).
    #[serde(default)]
    pub sealed: Seals,
    /// The initial vector of SM4-CBC, in any form of 16 bytes; without one here or in the request the fields are
    /// SM4-ECB (PR-03).
    pub seal_iv: Option<SecretRef>,
    /// One key agreed beforehand for all orders, in any form of 16 bytes, used instead of `key` in the request (PR-03).
    pub fixed_key: Option<SecretRef>,
    /// The SM4 key, in any form of 16 bytes, under which the platform encrypts the `key` it releases (PR-03).
    pub key_wrap: Option<SecretRef>,
    /// `redirecturl` of the answer to an application: where the bidder goes on; `{no}` stands for our acceptance number.
    /// Default empty.
    #[serde(default)]
    pub redirect_url: String,
    /// How `code` is written in answers: `string` (`"1"`, default) or `int` (PR-15).
    #[serde(default)]
    pub code: CodeForm,
    /// Do not tell the partner that an application was rejected (PR-04). Default false.
    #[serde(default)]
    pub silence_rejections: bool,
}

fn none_known() -> String {
    "无".to_owned()
}

/// What of the settings shows in how calls are read, answered and told.
pub(crate) struct Manner {
    pub(crate) platform_code: Option<String>,
    pub(crate) instname: String,
    pub(crate) unknown_account: String,
    pub(crate) sealed: Seals,
    pub(crate) unsealing: Unsealing,
    pub(crate) redirect_url: String,
    pub(crate) code: CodeForm,
    pub(crate) silence_rejections: bool,
}

#[cfg(test)]
mod tests;
