//! One platform's identity and habits: its pair of names, its project keys, and how it deviates from the document.

use serde::Deserialize;
use std::fmt;

/// A platform. Its keys are dummies or test keys; they are still never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The institution's base address for this platform, absolute and on this machine.
    pub gateway: String,
    /// 用户名 of HTTP Basic.
    pub user: String,
    /// code（授权码）, its password (YY-06).
    pub code: String,
    /// 用户名 that the institution uses in its notices, if it is another.
    #[serde(default)]
    pub institution_user: Option<String>,
    /// 授权码 that the institution uses in its notices, if it is another.
    #[serde(default)]
    pub institution_code: Option<String>,
    /// RSA key pairs in PEM; each project has one of them, whose public half is released after opening.
    #[serde(default)]
    pub project_keys: Vec<String>,
    /// The RSA key pair in PEM whose public half is the 公钥 of 2.4.
    #[serde(default)]
    pub platform_key: Option<String>,
    /// From this the symmetric key of each project is made, where such keys are used.
    #[serde(default = "dummy")]
    pub project_seed: String,
    /// How this platform deviates.
    #[serde(default)]
    pub variants: Variants,
}

/// Every deviation that WIRE.md names for document 002. The default is the document as its samples have it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// The form of a request.
    pub body: Body,
    /// How the pair of names is sent.
    pub auth: Auth,
    /// What the order's number is called in 3.1 (YY-01).
    pub order_name: OrderName,
    /// What the reason is called in 3.9 (YY-21).
    pub reason_name: ReasonName,
    /// How the fields marked 密文 are sealed.
    pub seal: Seal,
    /// How secretKey is written (YY-05).
    pub key: KeyForm,
    /// Fields marked 密文 that are sent in plain all the same (YY-04).
    pub plain_fields: Vec<String>,
    /// Sealed texts broken into lines of 76 characters, as old Java encoders do.
    pub line_breaks: bool,
    /// emAmount and amount as JSON numbers instead of text.
    pub numbers: bool,
    /// The forms of a notice that are taken.
    pub notices: Notices,
    /// How a notice is acknowledged.
    pub success: SuccessCode,
}

/// The form of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The fields themselves.
    #[default]
    Flat,
    /// `{"data":{…}}`.
    Wrapped,
    /// `{"data":"<base64>"}`, sealed with the private half of `platform_key`.
    Sealed,
}

/// How the pair of names is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// `Basic <base64>`.
    #[default]
    Basic,
    /// The base64 without the word before it.
    Bare,
    /// Not at all: whoever is on the intranet is believed.
    Nothing,
}

/// What the order's number is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderName {
    /// orderNo, as the table.
    #[default]
    OrderNo,
    /// applyNo, as the sample, which has no businessNo either.
    ApplyNo,
}

/// What the reason of a cancellation is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonName {
    /// reson, as printed.
    #[default]
    Reson,
    /// reason.
    Reason,
}

/// How the fields marked 密文 are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// With the private half of the project's RSA key, in blocks; the public half is released.
    #[default]
    Rsa,
    /// With the public half; the private half is released.
    RsaPublic,
    /// SM4, ECB, with the project's symmetric key.
    Sm4,
    /// AES-128, ECB, with the project's symmetric key.
    Aes,
    /// Not at all.
    Plain,
}

/// How secretKey is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// Base64 of the key: SubjectPublicKeyInfo or PKCS#8 of an RSA half, sixteen bytes of a symmetric key.
    #[default]
    Base64,
    /// The same, broken into lines of 76 characters.
    Lines,
    /// PEM of an RSA public key, SubjectPublicKeyInfo.
    Pem,
    /// PEM of an RSA public key, PKCS#1.
    Pkcs1Pem,
    /// A symmetric key in hexadecimal.
    Hex,
    /// A symmetric key as its sixteen characters.
    Raw,
    /// A symmetric key sealed with the private half of `platform_key`, base64.
    Wrapped,
}

/// The forms of a notice that are taken (YY-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notices {
    /// `{"data":{…}}` only.
    #[default]
    Wrapped,
    /// The fields themselves only.
    Flat,
    /// As the samples: 3.12 flat, all others wrapped.
    Samples,
    /// `{"data":"<base64>"}`, sealed with the public half of `platform_key`.
    Sealed,
}

/// How a notice is acknowledged (YY-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuccessCode {
    /// `"code": 200`.
    #[default]
    Number,
    /// `"code": "200"`.
    Text,
    /// `"state": 200`, as section 四 says in one place.
    State,
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

fn dummy() -> String {
    "dummy-project-seed".to_owned()
}
