//! The documents that arrived at a platform, each once, by the digest of its bytes.

use bytes::Bytes;
use crypto::{digest, text};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A shelf of documents; clones are the same shelf.
#[derive(Clone, Default)]
pub struct Files(Arc<Mutex<HashMap<String, Bytes>>>);

impl Files {
    /// Puts a document there; its SHA-256 in lower-case hexadecimal.
    pub fn keep(&self, document: Bytes) -> String {
        let name = sha256(&document);
        self.shelf().entry(name.clone()).or_insert(document);
        name
    }

    /// The document with this SHA-256.
    #[must_use]
    pub fn get(&self, sha256: &str) -> Option<Bytes> {
        self.shelf().get(sha256).cloned()
    }

    fn shelf(&self) -> MutexGuard<'_, HashMap<String, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SHA-256 of a document in lower-case hexadecimal.
pub(crate) fn sha256(document: &[u8]) -> String {
    text::to_hex(&digest::sha256(document))
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.shelf().len())
    }
}
