//! One platform's identity and habits: its keys, where the institution is, and how it deviates from the document.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A platform. Its keys are dummies or test keys; they are still never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The institution's address for this platform, absolute.
    pub gateway: String,
    /// access_key.
    pub access_key: String,
    /// secret_key: the MD5 secret, and the AES key unless `aes_key` is given (FS-06).
    pub secret_key: String,
    /// The AES key, if it is another one.
    #[serde(default)]
    pub aes_key: Option<String>,
    /// How the AES key is written.
    #[serde(default)]
    pub aes_key_form: AesKeyForm,
    /// The AES vector, 16 bytes.
    pub iv: String,
    /// How this platform deviates.
    #[serde(default)]
    pub variants: Variants,
}

/// How an AES key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AesKeyForm {
    /// Its bytes are the key (16, 24 or 32 of them).
    #[default]
    Utf8,
    /// Base64 of the key.
    Base64,
}

/// Every deviation that WIRE.md names for document 000. The default is the document as real platforms read it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// What stands between the fields and the secret (FS-04).
    pub joint: Joint,
    /// Whether values are trimmed before they are signed.
    pub trim: bool,
    /// Whether empty values are left out of the signed text.
    pub skip_empty: bool,
    /// Upper-case hexadecimal digits in `sign`.
    pub upper: bool,
    /// JSON or form body.
    pub body: Body,
    /// Content-Type, if not the honest one.
    pub content_type: Option<String>,
    /// `data` broken into lines of 76 characters, as old Java encoders do.
    pub line_breaks: bool,
    /// Top-level fields of older versions (`version`, `platform_id`, `merchant_id`), signed like all others.
    pub extras: BTreeMap<String, String>,
    /// A stray blank around `access_key` and `created`, as the document itself prints them.
    pub stray_blanks: bool,
    /// The clock of `created`.
    pub clock: Clock,
    /// How times of day inside `data` are written (FS-03).
    pub times: Times,
    /// tender_bond, tender_expire and amount as JSON numbers instead of text.
    pub numbers: bool,
}

/// What stands between the signed fields and the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// `&`, as the worked string has it.
    #[default]
    Ampersand,
    /// Nothing, as the prose has it.
    Bare,
    /// `&secret_key=`.
    SecretKey,
    /// `&key=`.
    Key,
}

/// The form of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// JSON.
    #[default]
    Json,
    /// application/x-www-form-urlencoded.
    Form,
}

/// The clock of `created`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// yyyyMMddHHmmss.
    #[default]
    H24,
    /// yyyyMMddhhmmss: the slip of a live client, twelve hours off in the afternoon.
    H12,
}

/// How a time of day inside `data` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// `yyyyMMdd HHmm`, as printed.
    #[default]
    Spaced,
    /// `yyyyMMddHHmm`, the twelve characters of the length column.
    Tight,
    /// `yyyyMMddHHmmss`, the general rule.
    Seconds,
}

/// Settings that cannot work; says which and what to do, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub(crate) String);

impl Default for Variants {
    fn default() -> Self {
        Self {
            joint: Joint::default(),
            trim: true,
            skip_empty: false,
            upper: false,
            body: Body::default(),
            content_type: None,
            line_breaks: false,
            extras: BTreeMap::new(),
            stray_blanks: false,
            clock: Clock::default(),
            times: Times::default(),
            numbers: false,
        }
    }
}

impl Settings {
    /// The same platform with other habits.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Variants)) -> Self {
        change(&mut self.variants);
        self
    }
}

impl Joint {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Ampersand => "&",
            Self::Bare => "",
            Self::SecretKey => "&secret_key=",
            Self::Key => "&key=",
        }
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
