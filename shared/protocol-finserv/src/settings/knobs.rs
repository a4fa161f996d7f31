//! The values of the knobs, as a partner's TOML spells them; each default is the ruling of WIRE.md, table 000.

use crypto::canonical::{Placement, Profile, Skip};
use serde::Deserialize;

/// One way to make the signature (FS-04): `{ secret_joiner = "&", trim = true, empties = "keep", signed_fields = "all" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignVariant {
    /// What stands between the fields and the secret.
    pub secret_joiner: Joiner,
    /// Whether values lose the blanks around them first; default true.
    pub trim: bool,
    /// What becomes of empty and null values.
    pub empties: Empties,
    /// Which fields are signed.
    pub signed_fields: SignedFields,
}

/// What stands between the fields and the secret (FS-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Joiner {
    /// `…&method=x&SECRET`.
    #[default]
    #[serde(rename = "&")]
    Ampersand,
    /// `…&method=xSECRET`.
    #[serde(rename = "")]
    Nothing,
    /// `…&method=x&secret_key=SECRET`.
    #[serde(rename = "&secret_key=")]
    SecretKey,
    /// `…&method=x&key=SECRET`.
    #[serde(rename = "&key=")]
    Key,
}

/// What becomes of empty and null values in the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empties {
    /// They are signed as `name=`.
    #[default]
    Keep,
    /// They are left out.
    Skip,
}

/// Which fields are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedFields {
    /// Every field at the top but `sign`, also those the document does not know.
    #[default]
    All,
    /// `access_key`, `created`, `data` and `method`.
    Documented,
}

/// How the partner's clock writes hours (FS-30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Clock {
    /// 0 to 23.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// 1 to 12 with neither a.m. nor p.m.: a slip (`hh` for `HH`) of clients that are in use.
    #[serde(rename = "12h")]
    TwelveHours,
    /// It is not looked at.
    #[serde(rename = "off")]
    Off,
}

/// How `rate` is written (FS-29).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateForm {
    /// `0.005`.
    #[default]
    Decimal,
    /// `0.5%`.
    Percent,
}

/// How get_invoiceInfo answers while there is no invoice (FS-26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unissued {
    /// `success` with an empty address.
    #[default]
    Success,
    /// `fail`.
    Fail,
}

/// How our requests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestBody {
    /// A JSON object.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

impl Default for SignVariant {
    fn default() -> Self {
        Self {
            secret_joiner: Joiner::default(),
            trim: true,
            empties: Empties::default(),
            signed_fields: SignedFields::default(),
        }
    }
}

impl SignVariant {
    /// The recipe for the sign string.
    pub(crate) fn profile(&self) -> Profile {
        let joiner = match self.secret_joiner {
            Joiner::Ampersand => "&",
            Joiner::Nothing => "",
            Joiner::SecretKey => "&secret_key=",
            Joiner::Key => "&key=",
        };
        let skip = match self.empties {
            Empties::Keep => Skip::None,
            Empties::Skip => Skip::Empty,
        };
        Profile { trim: self.trim, skip, secret: Placement::Suffix(joiner.into()), ..Profile::default() }
    }
}
