//! The values of the knobs, as a partner's TOML spells them; each default is the ruling of WIRE.md, table 004.

use crypto::canonical::{self, HexCase, Placement, Profile, Skip};
use serde::Deserialize;

/// One way to make the signature (FZ-04): `{ empties = "keep", null_as = "" }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignVariant {
    /// What becomes of empty values.
    pub empties: Empties,
    /// What stands for null.
    pub null_as: NullAs,
}

/// What becomes of empty values in the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empties {
    /// The name is signed, followed by nothing: the insurer's Java client.
    #[default]
    Keep,
    /// Left out, with everything else that PHP takes for false (`"0"`, 0, null, false, `[]`): the older PHP SDK.
    Drop,
}

/// What stands for null in the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum NullAs {
    /// Nothing, as in PHP.
    #[default]
    #[serde(rename = "")]
    Nothing,
    /// The word, as in Java.
    #[serde(rename = "null")]
    Word,
}

/// The key that seals our calls (FZ-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessKey {
    /// That of the pair that was mailed to us, as 5.2 says.
    #[default]
    RsaPk,
    /// The platform's own.
    ApiRsaPk,
}

/// A misprint of `status` in the document (FZ-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alias {
    /// Notes 5 of 2.2, 2.8, 2.10, 3.1.
    Statue,
    /// 3.1.
    Statues,
}

/// What the bidder's browser sees after 2.1 (FZ-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Welcome {
    /// A page that says what happens next, with a way back.
    #[default]
    Page,
    /// The platform again, at once, if its address is on the list; else the page.
    Return,
}

impl SignVariant {
    /// The variants that are accepted besides the partner's own unless its settings say otherwise.
    pub(super) fn also() -> Vec<Self> {
        vec![
            Self { empties: Empties::Drop, ..Self::default() },
            Self { null_as: NullAs::Word, ..Self::default() },
        ]
    }

    /// The recipe for the sign string: `secret + k1v1k2v2… + secret`, MD5 in capitals.
    pub(crate) fn profile(self) -> Profile {
        Profile {
            kv: String::new(),
            joiner: String::new(),
            skip: match self.empties {
                Empties::Keep => Skip::None,
                Empties::Drop => Skip::PhpFalsy,
            },
            null_as: match self.null_as {
                NullAs::Nothing => canonical::NullAs::Empty,
                NullAs::Word => canonical::NullAs::Word,
            },
            secret: Placement::Wrap,
            hex: HexCase::Upper,
            ..Profile::default()
        }
    }
}

impl Alias {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Statue => "statue",
            Self::Statues => "statues",
        }
    }
}
