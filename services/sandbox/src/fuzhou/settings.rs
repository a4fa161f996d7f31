//! One platform's identity and habits: its keys, where the insurer is, and how it deviates from the manual.

use crate::rsa_blocks::Padding;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A platform. Its keys are dummies or test keys; they are still never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The insurer's base address for this platform, absolute and on this machine; a push's name is appended to it.
    pub gateway: String,
    /// Push → absolute address, for those that live elsewhere.
    #[serde(default)]
    pub urls: BTreeMap<String, String>,
    /// The path under which the insurer calls.
    #[serde(default = "path")]
    pub path: String,
    /// api_key.
    pub api_key: String,
    /// api_secret, with which everything is signed.
    pub api_secret: String,
    /// The pair mailed to the insurer (rsa_pk, rsa_sk), PEM.
    pub insurer_key: String,
    /// The platform's own pair, whose public half is api_rsa_pk, PEM.
    pub platform_key: String,
    /// btc_id, the insurer's number here.
    #[serde(default = "btc_id")]
    pub btc_id: u32,
    /// The insurer's name here (accept_insurer, guarantor).
    #[serde(default = "insurer")]
    pub insurer_name: String,
    /// How long an access token lives without being used, seconds.
    #[serde(default = "two_hours")]
    pub token_seconds: u32,
    /// How long the address of a file lives, seconds.
    #[serde(default = "two_hours")]
    pub file_seconds: u32,
    /// By this the waits between repeated pushes are multiplied: 1 is the documented schedule.
    #[serde(default = "one")]
    pub repeat_scale: f64,
    /// How this platform deviates.
    #[serde(default)]
    pub variants: Variants,
}

/// Every deviation that WIRE.md names for document 004. The default is the manual as the operator's own code reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// How the blocks of a push are filled up.
    pub padding: Padding,
    /// How the blocks of a call have to be filled up.
    pub accept_padding: Padding,
    /// With which key calls have to be sealed (FZ-02).
    pub business_key: BusinessKey,
    /// Whether empty values are part of the signed text, on both ways.
    pub empties: Empties,
    /// null is signed as the word, not as nothing (FZ-04).
    pub null_word: bool,
    /// The JSON of a push with `\uXXXX` and `\/`, as PHP writes it.
    pub escapes: bool,
    /// `param` percent-encoded twice.
    pub double_encoding: bool,
    /// `param` not encoded at all, so that each `+` arrives as a blank.
    pub bare_plus: bool,
    /// `param` percent-encoded inside a multipart form.
    pub encoded_in_multipart: bool,
    /// 2.8 with sign and timestamp, which its table lacks (FZ-05).
    pub sign_invoice: bool,
    /// What expired_at is (FZ-18).
    pub expired_at: Expiry,
    /// `"status": "200"` instead of a number (FZ-14).
    pub status_text: bool,
    /// File addresses in 2.3 have expired already, so that 4.1 must be asked.
    pub stale_files: bool,
}

/// With which key calls have to be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessKey {
    /// rsa_pk, the insurer's own.
    #[default]
    Insurer,
    /// api_rsa_pk.
    Api,
}

/// Whether empty values are part of the signed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empties {
    /// The name, followed by nothing.
    #[default]
    Included,
    /// Left out, with all that PHP takes for false: `""`, `"0"`, 0, null, false, `[]`.
    Dropped,
}

/// What expired_at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// Seconds since 1970.
    #[default]
    Epoch,
    /// Seconds that are left.
    Seconds,
}

/// Settings that cannot work; says which and what to do, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub(crate) String);

impl Settings {
    /// The same platform with other habits.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Variants)) -> Self {
        change(&mut self.variants);
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("gateway", &self.gateway)
            .field("variants", &self.variants)
            .finish_non_exhaustive()
    }
}

fn path() -> String {
    "/api/insurer/v1/".to_owned()
}

const fn btc_id() -> u32 {
    223
}

fn insurer() -> String {
    "示范财产保险有限公司".to_owned()
}

const fn two_hours() -> u32 {
    7200
}

const fn one() -> f64 {
    1.0
}
