//! One platform's identity and habits: its key, where the institution is, and how it reads what the document leaves open.

pub use crypto::key::KeyForm;
pub use crypto::text::Encoding as TextForm;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A platform. Its keys are dummies or test keys; they are still never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The institution's base address for this platform; `/guarantee/…` is appended to it.
    pub gateway: String,
    /// Callback → path at this platform, for those that are not where the document has them.
    #[serde(default)]
    pub paths: BTreeMap<String, String>,
    /// appKey, in the header of every request of either side.
    pub app_key: String,
    /// appSecret, from which the AES key comes.
    pub app_secret: String,
    /// The vector of CBC, 16 characters.
    #[serde(default)]
    pub iv: Option<String>,
    /// orgcode: the institution's number at this platform.
    #[serde(default = "orgcode")]
    pub orgcode: String,
    /// What this platform reads into the document.
    #[serde(default)]
    pub variants: Variants,
}

/// Every alternative that WIRE.md names for document 003. The default is the likeliest reading.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// ECB or CBC (GP-01).
    pub cipher: Cipher,
    /// Where the vector of CBC is.
    pub iv: Iv,
    /// How appSecret becomes a key.
    pub key_form: KeyForm,
    /// How ciphertext is written.
    pub text: TextForm,
    /// What carries the ciphertext of a request, of either side.
    pub shape: Shape,
    /// Content-Type, if not the documented one.
    pub content_type: Option<String>,
    /// appKey also in the body, where the body has members.
    pub app_key_in_body: bool,
    /// Answers of either side are ciphertext as a whole.
    pub whole_answers: bool,
    /// How moments are written (GP-02).
    pub times: Times,
    /// How amounts are written.
    pub money: Money,
    /// `kbtime` instead of `kbttime` (GP-13).
    pub kbtime: bool,
    /// `bhno` instead of `baohanno` in requests (GP-05).
    pub bhno: bool,
    /// applynotify may carry `status` beside `staus` (GP-04).
    pub both_spellings: bool,
    /// Answers `stat` as text (GP-09).
    pub stat_text: bool,
}

/// AES modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cipher {
    /// AES/ECB/PKCS5Padding.
    #[default]
    Ecb,
    /// AES/CBC/PKCS5Padding.
    Cbc,
}

/// Where the vector of CBC is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Iv {
    /// In the settings.
    #[default]
    Given,
    /// The first 16 bytes of the key.
    Key,
    /// The first 16 bytes of the ciphertext.
    Prefixed,
}

/// What carries the ciphertext of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `{"data":"…"}`, the mirror of the answer.
    #[default]
    Data,
    /// `{"param":"…"}`.
    Param,
    /// `{"params":"…"}`.
    Params,
    /// `{"encrypt":"…"}`.
    Encrypt,
    /// The bare text.
    Bare,
    /// A JSON string.
    Literal,
    /// Not enciphered at all: JSON, for the sandbox.
    Plain,
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// Milliseconds since 1970, a number.
    #[default]
    Millis,
    /// Milliseconds since 1970, text.
    MillisText,
    /// Seconds since 1970, a number.
    Seconds,
    /// yyyy-MM-dd HH:mm:ss.
    Text,
}

/// How an amount is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Money {
    /// A number with two decimals.
    #[default]
    Number,
    /// Text.
    Text,
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

    /// Where an interface with a path of its own is at the institution.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.gateway.trim_end_matches('/'))
    }

    /// Where a callback arrives at this platform.
    #[must_use]
    pub fn path<'a>(&'a self, callback: &'a str) -> &'a str {
        self.paths.get(callback).map_or(callback, String::as_str)
    }
}

impl Shape {
    /// The member that carries the ciphertext, where there is one.
    pub(crate) const fn member(self) -> Option<&'static str> {
        match self {
            Self::Data => Some("data"),
            Self::Param => Some("param"),
            Self::Params => Some("params"),
            Self::Encrypt => Some("encrypt"),
            Self::Bare | Self::Literal | Self::Plain => None,
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

fn orgcode() -> String {
    "JG0001".to_owned()
}
