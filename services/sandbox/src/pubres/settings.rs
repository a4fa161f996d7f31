//! One platform's identity and habits: its keys, where the institution is, how it seals, and how it deviates from the document.

use super::contract::Endpoint;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A platform. Its keys are dummies or test keys; they are still never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The institution's base address for this platform; an operation's name is appended to it.
    pub gateway: String,
    /// Operation → absolute address, for those that live elsewhere.
    #[serde(default)]
    pub urls: BTreeMap<String, String>,
    /// Callback → path at this platform, for those that are not at `/rest/<name>`; each has its own.
    #[serde(default)]
    pub paths: BTreeMap<String, String>,
    /// appkey.
    pub appkey: String,
    /// appsecret.
    pub appsecret: String,
    /// platformcode.
    pub platformcode: String,
    /// How it seals the tender.
    pub sealing: Sealing,
    /// How this platform deviates.
    #[serde(default)]
    pub variants: Variants,
}

/// How a platform seals section and tenderee before the opening, and hands over the key after it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    /// What the platform draws its keys from: one per section, the same for the same section.
    pub seed: String,
    /// ECB or CBC.
    #[serde(default)]
    pub cipher: Cipher,
    /// The vector of CBC, 32 hexadecimal digits.
    #[serde(default)]
    pub iv: Option<String>,
    /// How the ciphertext is written.
    #[serde(default)]
    pub text: TextForm,
    /// How `key` is written in baohanrestore.
    #[serde(default)]
    pub key: KeyForm,
    /// The key that wraps keys (`key = "wrapped"`), 32 hexadecimal digits.
    #[serde(default)]
    pub kek: Option<String>,
    /// One key agreed beforehand for all sections, 32 hexadecimal digits, instead of one per section.
    #[serde(default)]
    pub fixed_key: Option<String>,
}

/// SM4 modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cipher {
    /// SM4/ECB/PKCS5Padding.
    #[default]
    Ecb,
    /// SM4/CBC/PKCS5Padding.
    Cbc,
}

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextForm {
    /// Standard base64.
    #[default]
    Base64,
    /// Hexadecimal, small letters.
    HexLower,
    /// Hexadecimal, capitals.
    HexUpper,
}

/// How a restore key is written (PR-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// Base64 of 16 bytes.
    #[default]
    Base64,
    /// 32 hexadecimal digits.
    Hex,
    /// 16 characters that are the key.
    Raw,
    /// Base64 of the key's bytes under SM4/ECB/PKCS5Padding with the platform's `kek`.
    Wrapped,
}

/// Every deviation that WIRE.md names for document 001. The default is the document as real platforms read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// How the secret enters the signature (PR-02).
    pub digest: Digest,
    /// Upper-case hexadecimal digits in `sign`.
    pub upper: bool,
    /// Empty values take part in the signature as `name=`.
    pub keep_empty: bool,
    /// Names are sorted without regard to case, so that `Reason` is not first (PR-07).
    pub caseless: bool,
    /// Optional fields without a value are sent as `""` instead of not at all.
    pub empties: bool,
    /// Amounts as text or as JSON numbers.
    pub numbers: Numbers,
    /// filelist as text or as an array (PR-09).
    pub filelist: FileList,
    /// The `iv` member of baohanrestore.
    pub iv: IvMember,
    /// The form of a request body.
    pub body: Body,
    /// Content-Type, if not the honest one.
    pub content_type: Option<String>,
    /// Calls `cancelnotice` instead of `canclenotice` (PR-11).
    pub cancel_spelt_right: bool,
    /// Writes `reason` instead of `Reason` in claimsnotice (PR-07).
    pub small_reason: bool,
    /// Further top-level fields, signed like all others.
    pub extras: BTreeMap<String, String>,
    /// Answers `code` as a number.
    pub code_number: bool,
    /// Answers `msg` instead of `message`.
    pub msg: bool,
}

/// How the secret enters the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// `SM3(fields + "&appsecret=" + secret)`.
    #[default]
    AppSecret,
    /// `SM3(fields + "&key=" + secret)`.
    Key,
    /// `SM3(fields + secret)`.
    Suffix,
    /// `SM3(secret + "&" + fields)`.
    Prefix,
    /// HMAC-SM3 of the fields under the secret.
    Hmac,
}

/// How amounts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// Text, as the document has it.
    #[default]
    Text,
    /// A JSON number, signed as it is written.
    Token,
    /// A JSON number, signed as Java prints a double: `10000000` is `1.0E7`.
    JavaDouble,
}

/// How filelist is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileList {
    /// JSON inside a text, as the document has it.
    #[default]
    Text,
    /// An array, signed as compact JSON.
    Array,
}

/// The `iv` member of baohanrestore, which the document does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IvMember {
    /// None.
    #[default]
    Absent,
    /// `""`.
    Empty,
    /// The vector in hexadecimal.
    Sent,
}

/// The form of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// JSON.
    #[default]
    Json,
    /// `requestData=<json>` as application/x-www-form-urlencoded.
    Form,
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

    /// Where an operation of the institution is.
    #[must_use]
    pub fn url(&self, operation: &str) -> String {
        let built = || format!("{}/{operation}", self.gateway.trim_end_matches('/'));
        self.urls.get(operation).cloned().unwrap_or_else(built)
    }

    /// Where a callback arrives at this platform.
    #[must_use]
    pub fn path(&self, callback: &str) -> String {
        self.paths.get(callback).cloned().unwrap_or_else(|| format!("/rest/{callback}"))
    }

    /// The callback that arrives at this path.
    pub(crate) fn endpoint(&self, path: &str) -> Option<&'static Endpoint> {
        super::contract::ENDPOINTS.iter().find(|endpoint| self.path(endpoint.name) == path)
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

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cipher, text, key, .. } = self;
        f.debug_struct("Sealing")
            .field("cipher", cipher)
            .field("text", text)
            .field("key", key)
            .finish_non_exhaustive()
    }
}
