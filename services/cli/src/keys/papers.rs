//! The documents' part of `baohan keys`: which key opens how many of them, and sealing them anew.

use super::progress;
use crate::ground::Ground;
use anyhow::{Context, Result};
use crypto::keyring::Keyring;
use documents::Documents;
use std::collections::BTreeMap;

/// How many documents need which key; none stands for plain ones.
pub(super) type Counts = BTreeMap<Option<String>, i64>;

/// The documents of the settings and the ring they are sealed under.
pub(super) struct Papers {
    pub(super) ring: Option<Keyring>,
    documents: Documents,
}

/// What became of sealing them anew.
#[derive(Default)]
pub(super) struct Done {
    pub(super) sealed: u64,
    /// Documents that could not be, and why the first of them.
    pub(super) failed: Option<(u64, String)>,
}

impl Papers {
    /// None if the settings have no documents.
    pub(super) fn of(ground: &Ground) -> Result<Option<Self>> {
        if ground.gateway.documents.is_none() {
            return Ok(None);
        }
        Ok(Some(Self { ring: ground.document_ring()?, documents: ground.documents()? }))
    }

    pub(super) async fn counts(&self) -> Result<Counts> {
        let mut counts = Counts::new();
        for part in 0..=u8::MAX {
            for (_, key) in self.documents.key_uses(part).await.context(UNREADABLE)? {
                *counts.entry(key).or_default() += 1;
            }
        }
        Ok(counts)
    }

    /// Seals anew what is plain or needs another key than the current one. What cannot be opened stays as it is.
    pub(super) async fn rotate(&self) -> Result<Done> {
        let mut done = Done::default();
        let Some(ring) = &self.ring else { return Ok(done) };
        for part in 0..=u8::MAX {
            for (document, key) in self.documents.key_uses(part).await.context(UNREADABLE)? {
                if key.as_deref() == Some(ring.current()) {
                    continue;
                }
                match self.documents.seal_anew(&document).await {
                    Ok(anew) => done.sealed += u64::from(anew),
                    Err(lost) => done.failed.get_or_insert((0, lost.to_string())).0 += 1,
                }
            }
            let percent = u32::from(part) * 100 / 255;
            progress(&format!("documents {percent} % · {} sealed anew", done.sealed));
        }
        Ok(done)
    }
}

const UNREADABLE: &str = "the documents cannot be looked into: see [documents]";
