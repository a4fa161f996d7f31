//! A text of an order as it may be shown: plain, or sealed until the bids are opened.

use crate::template::Value;
use crypto::digest::sha256;
use std::fmt;

/// What is to be printed for a text of an order. Never shows itself in logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The text; an empty one counts as not known.
    Plain(&'a str),
    /// The ciphertext as it was received: only its SHA-256 is printed, shortened.
    Sealed(&'a str),
}

impl Shown<'_> {
    /// True if it is ciphertext.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        matches!(self, Self::Sealed(_))
    }

    pub(crate) fn value(&self) -> Option<Value> {
        match self {
            Self::Plain(text) => Value::of(*text),
            Self::Sealed(text) => Some(Value::Sealed((*text).to_owned())),
        }
    }
}

impl Default for Shown<'_> {
    fn default() -> Self {
        Self::Plain("")
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_sealed() { "Sealed(***)" } else { "Plain(***)" })
    }
}

/// For a table: both ends of the digest.
pub(crate) fn long_digest(ciphertext: &str) -> String {
    let digest = hex::encode(sha256(ciphertext.as_bytes()));
    format!("【密文】SHA-256：{}…{}", &digest[..16], &digest[56..])
}

/// For running text: its beginning.
pub(crate) fn short_digest(ciphertext: &str) -> String {
    format!("【密文 {}】", &hex::encode(sha256(ciphertext.as_bytes()))[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ciphertext_is_shown_by_its_digest_alone() {
        // printf 'abc' | sha256sum
        assert_eq!(short_digest("abc"), "【密文 ba7816bf】");
        assert_eq!(long_digest("abc"), "【密文】SHA-256：ba7816bf8f01cfea…f20015ad");
        assert_eq!(format!("{:?}", Shown::Sealed("abc")), "Sealed(***)");
    }
}
