//! The values of the knobs, as a partner's TOML spells them; each default is the ruling of WIRE.md, table 001.

use crypto::canonical::{Digest, Nested, Placement, Profile, Skip};
use serde::Deserialize;

/// Which of the four fields marked （密文） are taken for ciphertext (PR-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seals {
    /// All that are given, as the document says.
    #[default]
    Always,
    /// Those that have the look of one; the others came as plain text.
    Detect,
    /// None: this platform seals nothing.
    Never,
}

/// How `code` is written in answers (PR-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeForm {
    /// `"1"`.
    #[default]
    String,
    /// `1`.
    Int,
}

/// The signature as real platforms make it: one SM3 over `k=v&…&appsecret=SECRET`, blanks left out (PR-02).
pub(crate) fn documented() -> Profile {
    Profile {
        skip: Skip::Blank,
        secret: Placement::Suffix("&appsecret=".into()),
        digest: Digest::Sm3,
        nested: Nested::CompactJson,
        ..Profile::default()
    }
}
