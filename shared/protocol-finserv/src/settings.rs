//! Keys, identities and variants of one partner instance: `[settings]` of its TOML, parsed once and dry-run.

mod knobs;
mod make;

pub use knobs::{Clock, Empties, Joiner, RateForm, RequestBody, SignVariant, SignedFields, Unissued};

use crypto::key::KeyForm;
use crypto::secret::SecretRef;
use serde::Deserialize;

/// A partner's file to start from, every key of it explained; `boot::settings::partner_file` adds what all protocols have.
pub const TEMPLATE: &str = include_str!("../partner.toml");

/// `[settings]` of a finserv partner. Secrets are named (`env:NAME`, `file:PATH`), never written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The account the platform gave us; the same in both directions.
    pub access_key: String,
    /// The secret the platform gave us (FS-06).
    pub secret_key: SecretRef,
    /// The AES key, where it is not `secret_key` (FS-06): 16, 24 or 32 bytes in `key_form`.
    pub aes_key: Option<SecretRef>,
    /// The secret of the signature, where it is not `secret_key` (FS-06).
    pub sign_secret: Option<SecretRef>,
    /// The initial vector of AES-CBC: 16 bytes in `iv_form`.
    pub iv: SecretRef,
    /// What the text of the AES key stands for: `utf8` (default), `hex`, `base64` …
    #[serde(default)]
    pub key_form: KeyForm,
    /// What the text of the initial vector stands for; default `utf8`.
    #[serde(default)]
    pub iv_form: KeyForm,
    /// How we sign, and how requests are signed (FS-04).
    #[serde(default)]
    pub sign: SignVariant,
    /// Further ways in which requests may be signed, tried in this order; default none. Which one proved a request
    /// is counted ([`crate::Finserv::proved`]).
    #[serde(default)]
    pub accept_also: Vec<SignVariant>,
    /// How the partner's clock writes `created`: `24h` (default), `12h`, or `off` for no check (FS-30).
    #[serde(default)]
    pub created: Clock,
    /// How far `created` may be ahead of our clock, seconds; default 300 (FS-30).
    #[serde(default = "five_minutes")]
    pub created_skew_s: u32,
    /// How old `created` may be, seconds; default any age, for partners resend what they once signed (FS-30).
    pub created_window_s: Option<u32>,
    /// 出函机构名称 as this partner shows it (FS-16).
    pub merchant_name: String,
    /// How `rate` is written: `decimal` (0.005, default) or `percent` (0.5%) (FS-29).
    #[serde(default)]
    pub rate_form: RateForm,
    /// Answer `accept` beside `accept_no`, with the same number (FS-07); default false.
    #[serde(default)]
    pub accept_alias: bool,
    /// Do not tell the partner that an application was rejected; it has to ask (FS-10). Default false.
    #[serde(default)]
    pub silence_rejections: bool,
    /// How get_invoiceInfo answers while there is no invoice: `success` (default) or `fail` (FS-26).
    #[serde(default)]
    pub unissued_invoice: Unissued,
    /// How our requests are written: `json` (default) or `form`.
    #[serde(default)]
    pub body: RequestBody,
}

const fn five_minutes() -> u32 {
    300
}

/// What of the settings shows in answers and callbacks.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) merchant_name: String,
    pub(crate) rate_form: RateForm,
    pub(crate) accept_alias: bool,
    pub(crate) silence_rejections: bool,
    pub(crate) unissued_invoice: Unissued,
}

impl Manner {
    fn of(settings: &Settings) -> Self {
        Self {
            merchant_name: settings.merchant_name.trim().to_owned(),
            rate_form: settings.rate_form,
            accept_alias: settings.accept_alias,
            silence_rejections: settings.silence_rejections,
            unissued_invoice: settings.unissued_invoice,
        }
    }
}

#[cfg(test)]
mod tests;
