//! The knobs of the sign string, as a partner's settings spell them.

use serde::Deserialize;
use std::cmp::Ordering;

/// How one partner's signature is made. The default is the plainest recipe: sorted `k=v` joined by `&`, then
/// `&` and the secret, MD5 in lower case, nothing skipped and nothing trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Order of the names.
    pub sort: Sort,
    /// Text between a name and its value.
    pub kv: String,
    /// Text between two fields.
    pub joiner: String,
    /// Which fields are left out.
    pub skip: Skip,
    /// What stands for a null that is not left out.
    pub null_as: NullAs,
    /// Whether values lose the white space around them first, as Java's `String.trim` does it.
    pub trim: bool,
    /// Where the secret goes.
    pub secret: Placement,
    /// The digest.
    pub digest: Digest,
    /// Case of the hexadecimal digits we write; either is accepted.
    pub hex: HexCase,
    /// How a JSON number is spelled.
    pub number: Number,
    /// How a JSON array or object is spelled.
    pub nested: Nested,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            sort: Sort::default(),
            kv: "=".into(),
            joiner: "&".into(),
            skip: Skip::default(),
            null_as: NullAs::default(),
            trim: false,
            secret: Placement::Suffix("&".into()),
            digest: Digest::default(),
            hex: HexCase::default(),
            number: Number::default(),
            nested: Nested::default(),
        }
    }
}

/// The knobs a partner turns away from its protocol's own profile; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of Profile")]
pub struct Changes {
    pub sort: Option<Sort>,
    pub kv: Option<String>,
    pub joiner: Option<String>,
    pub skip: Option<Skip>,
    pub null_as: Option<NullAs>,
    pub trim: Option<bool>,
    pub secret: Option<Placement>,
    pub digest: Option<Digest>,
    pub hex: Option<HexCase>,
    pub number: Option<Number>,
    pub nested: Option<Nested>,
}

impl Changes {
    /// `base` with these knobs turned.
    pub fn on(&self, base: &Profile) -> Profile {
        Profile {
            sort: self.sort.unwrap_or(base.sort),
            kv: self.kv.as_ref().unwrap_or(&base.kv).clone(),
            joiner: self.joiner.as_ref().unwrap_or(&base.joiner).clone(),
            skip: self.skip.unwrap_or(base.skip),
            null_as: self.null_as.unwrap_or(base.null_as),
            trim: self.trim.unwrap_or(base.trim),
            secret: self.secret.as_ref().unwrap_or(&base.secret).clone(),
            digest: self.digest.unwrap_or(base.digest),
            hex: self.hex.unwrap_or(base.hex),
            number: self.number.unwrap_or(base.number),
            nested: self.nested.unwrap_or(base.nested),
        }
    }
}

/// Order of the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// By bytes: capitals before small letters.
    #[default]
    Ascii,
    /// Without regard to case; names that differ only in case, by bytes.
    AsciiCi,
}

impl Sort {
    pub(super) fn order(self, a: &str, b: &str) -> Ordering {
        let folded = |byte: u8| byte.to_ascii_lowercase();
        match self {
            Self::Ascii => a.cmp(b),
            Self::AsciiCi => a.bytes().map(folded).cmp(b.bytes().map(folded)).then_with(|| a.cmp(b)),
        }
    }
}

/// Which fields are left out of the string; judged after trimming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// None.
    #[default]
    None,
    /// Nulls.
    Null,
    /// Nulls and empty text.
    Empty,
    /// Nulls and text that is empty or nothing but white space (Java's `Character.isWhitespace`).
    Blank,
    /// What PHP's `array_filter` drops: null, false, "", "0", a zero, an empty array or object.
    PhpFalsy,
}

/// What stands for a null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum NullAs {
    /// Nothing: `k=`.
    #[default]
    #[serde(rename = "")]
    Empty,
    /// The word: `k=null`.
    #[serde(rename = "null")]
    Word,
}

/// Where the secret goes; `{ suffix = "&appsecret=" }`, `{ prefix = "&" }` or `"wrap"` in settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// After the fields, with this text before it.
    Suffix(String),
    /// Before the fields, with this text after it.
    Prefix(String),
    /// On both sides, without any text between.
    Wrap,
}

/// The digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// MD5.
    #[default]
    Md5,
    /// SM3, plain: not HMAC.
    Sm3,
    /// HMAC-SM3 of the fields with the secret as its key, which then stands nowhere in the string.
    HmacSm3,
}

/// Case of hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HexCase {
    /// `a`–`f`.
    #[default]
    Lower,
    /// `A`–`F`.
    Upper,
}

/// How a JSON number is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// As received.
    #[default]
    RawToken,
    /// As Java prints the double it became in a map: `0` → `0.0`, `10000000` → `1.0E7`.
    JavaDouble,
    /// With two decimals, halves away from zero: `20000` → `20000.00`.
    Fixed2,
}

/// How a JSON array or object is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nested {
    /// As received.
    #[default]
    Raw,
    /// Without white space between its tokens; order and spelling of the tokens stay.
    CompactJson,
}
