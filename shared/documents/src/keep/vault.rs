//! Documents at rest are sealed under one key of a ring of their own, each bound to its name; what an earlier version wrote in
//! plain is read as it is.

use super::{Lost, meant};
use crypto::keyring::{Form, Keyring, NONCE, Place, Unopened, is_sealed, key_id};

/// Without a seal everything is written in plain, which production does not permit.
#[derive(Debug, Default)]
pub(super) struct Vault(pub(super) Option<Seal>);

/// The ring, and where nonces come from.
#[derive(Debug)]
pub(super) struct Seal {
    pub(super) ring: Keyring,
    pub(super) nonce: fn() -> [u8; NONCE],
}

impl Vault {
    /// The bytes as they are to be written.
    pub(super) fn sealed(&self, bytes: Vec<u8>, sha256: &str) -> Result<Vec<u8>, Lost> {
        let Some(Seal { ring, nonce }) = &self.0 else { return Ok(bytes) };
        ring.seal(Form::Bytes, place(sha256), nonce(), &bytes).map_err(|_| Lost::Damaged(sha256.to_owned()))
    }

    /// The document that was written so; fails unless it is the one meant.
    pub(super) fn opened(&self, kept: Vec<u8>, sha256: &str) -> Result<Vec<u8>, Lost> {
        if !is_sealed(&kept) {
            return meant(kept, sha256);
        }
        let named = || key_id(&kept).unwrap_or_default().to_owned();
        let Seal { ring, .. } =
            self.0.as_ref().ok_or_else(|| Lost::NoKey { sha256: sha256.to_owned(), key: named() })?;
        match ring.open(place(sha256), &kept) {
            Ok(plain) => meant(plain.to_vec(), sha256),
            Err(Unopened::NoKey(key)) => Err(Lost::NoKey { sha256: sha256.to_owned(), key }),
            Err(Unopened::Broken(_)) => Err(Lost::Damaged(sha256.to_owned())),
        }
    }

    /// Whether nothing need be written in the place of what is kept: it is the document, and sealed if we seal.
    pub(super) fn stands(&self, kept: Vec<u8>, sha256: &str) -> bool {
        (self.0.is_none() || is_sealed(&kept)) && self.opened(kept, sha256).is_ok()
    }

    /// Whether it is sealed under the current key.
    pub(super) fn is_current(&self, kept: &[u8]) -> bool {
        self.0.as_ref().is_some_and(|seal| key_id(kept) == Some(seal.ring.current()))
    }
}

/// A document is bound to its SHA-256: put in the place of another, it does not open.
const fn place(sha256: &str) -> Place<'_> {
    Place { table: "document", row: sha256 }
}
