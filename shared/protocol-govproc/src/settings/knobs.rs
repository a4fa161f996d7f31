//! The alternatives that the document leaves open, by name.

use serde::Deserialize;

/// How blocks are chained; always with PKCS#5 padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cipher {
    /// AES/ECB, what Java means by `AES`.
    #[default]
    Ecb,
    /// AES/CBC.
    Cbc,
}

/// Where CBC takes its initial vector from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vector {
    /// From `settings.iv`.
    #[default]
    Given,
    /// The first 16 bytes of the key.
    Key,
    /// The first 16 bytes of each ciphertext.
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
    /// The text alone.
    Bare,
    /// A JSON string.
    Literal,
    /// Not enciphered at all: the parameters as JSON.
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
    /// `yyyy-MM-dd HH:mm:ss`.
    Text,
}

/// How an amount is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amounts {
    /// A number with two decimals.
    #[default]
    Number,
    /// Text.
    Text,
}

/// What protects the messages besides their cipher, which cannot tell that it was tampered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// All addresses, ours and theirs, are https.
    Https,
    /// Only the addresses in `allowed_ips` may call.
    IpAllowList,
    /// Nothing: for the sandbox.
    Sandbox,
}

impl Shape {
    /// The member that carries the ciphertext of a JSON object or of a query string; shapes without one are read
    /// from `data` there.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Param => "param",
            Self::Params => "params",
            Self::Encrypt => "encrypt",
            Self::Data | Self::Bare | Self::Literal | Self::Plain => "data",
        }
    }
}
