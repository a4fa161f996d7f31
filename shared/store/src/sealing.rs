//! What is kept is sealed on its way in and opened on its way out; what an earlier version wrote in plain is read as it is.

use crate::StoreError;
use crate::flush::Cell;
use crypto::keyring::{Keyring, NONCE, Place, Unopened, is_sealed};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sqlx::postgres::PgRow;
use sqlx::{Row as _, types::Json};
use std::borrow::Cow;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The purpose of the prints by which a bidder's credit is found.
pub(crate) const BIDDER: &str = "bidder";

/// The ring of keys, and where nonces come from.
#[derive(Clone, Debug)]
pub struct Sealing {
    ring: Arc<Keyring>,
    nonce: fn() -> [u8; NONCE],
}

impl Sealing {
    /// Seals under the current key of the ring; `nonce` must return unforeseeable bytes, other ones at every call.
    #[must_use]
    pub fn new(ring: Keyring, nonce: fn() -> [u8; NONCE]) -> Self {
        Self { ring: Arc::new(ring), nonce }
    }

    pub(crate) fn ring(&self) -> &Keyring {
        &self.ring
    }

    pub(crate) fn text(&self, place: Place<'_>, plain: &[u8]) -> Result<String, StoreError> {
        self.ring.seal_text(place, (self.nonce)(), plain).map_err(|_| unsealed(place))
    }

    pub(crate) fn opened(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.ring.open(place, sealed).map_err(|error| match error {
            // Not a defect of the message: with the right settings the same work succeeds.
            Unopened::NoKey(_) => StoreError::Unavailable(format!("{error}: add it to [keys.ring]")),
            Unopened::Broken(_) => StoreError::Broken(format!("{}/{}: {error}", place.table, place.row)),
        })
    }
}

/// Sealing if there is a ring; without one everything is written in plain, which production does not permit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vault(pub(crate) Option<Sealing>);

impl Vault {
    /// A value as JSON: itself, or a string that is its sealed form.
    pub(crate) fn json<T: Serialize>(&self, place: Place<'_>, value: &T) -> Result<Cell, StoreError> {
        let plain = serde_json::to_string(value).map_err(|error| StoreError::Broken(error.to_string()))?;
        self.json_text(place, plain)
    }

    /// The same of a value that is JSON already.
    pub(crate) fn json_text(&self, place: Place<'_>, plain: String) -> Result<Cell, StoreError> {
        let Some(sealing) = self.0.as_ref().filter(|_| plain != "null") else { return Ok(Cell::Json(plain)) };
        let plain = Zeroizing::new(plain);
        // Nothing in a sealed text needs to be escaped.
        sealing.text(place, plain.as_bytes()).map(|text| Cell::Json(format!("\"{text}\"")))
    }

    /// A text, sealed unless it is empty.
    pub(crate) fn text(&self, place: Place<'_>, plain: &str) -> Result<String, StoreError> {
        match &self.0 {
            Some(sealing) if !plain.is_empty() => sealing.text(place, plain.as_bytes()),
            _ => Ok(plain.to_owned()),
        }
    }

    /// A message as bytes.
    pub(crate) fn bytes(&self, place: Place<'_>, plain: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        match &self.0 {
            Some(sealing) => sealing.text(place, &plain).map(String::into_bytes),
            None => Ok(plain),
        }
    }

    /// What a text or a message says, opened if it is sealed.
    pub(crate) fn open(&self, place: Place<'_>, kept: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        if !is_sealed(&kept) {
            return Ok(kept);
        }
        let sealing = self.0.as_ref().ok_or_else(|| keyless(place))?;
        sealing.opened(place, &kept).map(|plain| plain.to_vec())
    }

    /// A text, opened if it is sealed.
    pub(crate) fn open_text(&self, place: Place<'_>, kept: String) -> Result<String, StoreError> {
        let opened = self.open(place, kept.into_bytes())?;
        String::from_utf8(opened).map_err(|_| StoreError::Broken(format!("{}: no text", place.table)))
    }

    /// The JSON of a column, opened if it is sealed.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        place: Place<'_>,
        row: &PgRow,
        column: usize,
    ) -> Result<T, StoreError> {
        let Json(kept): Json<Box<RawValue>> = row.try_get(column)?;
        let plain = self.plain_json(place, kept.get())?;
        // The message of serde names fields and places, and could name a value: it stays here.
        serde_json::from_slice(&plain).map_err(|error| {
            StoreError::Broken(format!("{} does not read at {}", place.table, error.column()))
        })
    }

    pub(crate) fn plain_json<'a>(
        &self,
        place: Place<'_>,
        kept: &'a str,
    ) -> Result<Cow<'a, [u8]>, StoreError> {
        let Some(text) = sealed_json(kept) else { return Ok(Cow::Borrowed(kept.as_bytes())) };
        let sealing = self.0.as_ref().ok_or_else(|| keyless(place))?;
        Ok(Cow::Owned(sealing.opened(place, text.as_bytes())?.to_vec()))
    }

    /// What stands in a column that is only compared.
    pub(crate) fn print(&self, purpose: &str, value: &str) -> String {
        self.0.as_ref().map_or_else(|| value.to_owned(), |sealing| sealing.ring.print(purpose, value))
    }

    /// All that may stand there: in plain, or under any key of the ring.
    pub(crate) fn prints(&self, purpose: &str, value: &str) -> Vec<String> {
        let mut all = self.0.as_ref().map(|sealing| sealing.ring.prints(purpose, value)).unwrap_or_default();
        all.push(value.to_owned());
        all
    }
}

/// The sealed text in a JSON value, if it is one.
pub(crate) fn sealed_json(kept: &str) -> Option<&str> {
    kept.strip_prefix('"')?.strip_suffix('"').filter(|text| is_sealed(text.as_bytes()))
}

/// What a message is bound to: a callback and its outbox row hold the same sealed bytes.
pub(crate) const fn message(id: &str) -> Place<'_> {
    Place { table: "message", row: id }
}

/// What a partner's words about an attempt are bound to: the callback shows them too.
pub(crate) const fn attempt(callback: &str) -> Place<'_> {
    Place { table: "attempts", row: callback }
}

fn unsealed(place: Place<'_>) -> StoreError {
    StoreError::Broken(format!("{}/{} is too long to be sealed", place.table, place.row))
}

fn keyless(place: Place<'_>) -> StoreError {
    StoreError::Unavailable(format!("{} is sealed: this process needs [keys]", place.table))
}
