//! The envelope around every command, query and notice.

use domain::{AcceptanceNo, Command, Notice, Origin, Query, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A message that cannot be read, and why (no content is quoted).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unreadable message: {0}")]
pub struct Unreadable(String);

/// A message with where it came from and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The id of the message: the same wish or fact always has the same id, so that a copy is recognised.
    pub id: String,
    /// The number under which it was accepted.
    pub no: AcceptanceNo,
    /// Who sent it, and where its notices go.
    pub origin: Origin,
    /// The partner's name of the interface it came in by; `operator` or `gateway` for our own.
    pub interface: String,
    /// SHA-256 of the canonical content, 64 lower-case hex characters: tells a repeat from a conflict.
    #[serde(default)]
    pub content_hash: String,
    /// When it was accepted.
    pub at: Timestamp,
    /// The message.
    pub body: T,
}

impl<T: Serialize> Envelope<T> {
    /// The bytes for the queue.
    ///
    /// # Errors
    /// [`Unreadable`] if the body cannot be written as JSON, which no message of ours is.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Unreadable> {
        serde_json::to_vec(self).map_err(|error| Unreadable(error.to_string()))
    }
}

impl<T: DeserializeOwned> Envelope<T> {
    /// Reads a message from the queue.
    ///
    /// # Errors
    /// [`Unreadable`] if it is not one; says where, never what.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        serde_json::from_slice(bytes).map_err(|error| {
            Unreadable(format!(
                "{:?} error at line {} column {}",
                error.classify(),
                error.line(),
                error.column()
            ))
        })
    }
}

impl Envelope<Command> {
    /// The envelope of a command as the ingress accepts it: its id is the acceptance number.
    #[must_use]
    pub fn command(
        no: AcceptanceNo,
        origin: Origin,
        interface: &str,
        hash: String,
        at: Timestamp,
        body: Command,
    ) -> Self {
        Self {
            id: no.as_str().to_owned(),
            no,
            origin,
            interface: interface.to_owned(),
            content_hash: hash,
            at,
            body,
        }
    }
}

impl Envelope<Query> {
    /// The envelope of a query; `id` only needs to be unique.
    #[must_use]
    pub fn query(
        id: String,
        no: AcceptanceNo,
        origin: Origin,
        interface: &str,
        at: Timestamp,
        body: Query,
    ) -> Self {
        Self { id, no, origin, interface: interface.to_owned(), content_hash: String::new(), at, body }
    }
}

impl Envelope<Notice> {
    /// The envelope of a notice: its id is the callback id, which the fact determines.
    #[must_use]
    pub fn notice(origin: Origin, at: Timestamp, body: Notice) -> Self {
        let no = body.head().no.clone();
        Self {
            id: body.callback_id(),
            no,
            origin,
            interface: "gateway".to_owned(),
            content_hash: String::new(),
            at,
            body,
        }
    }
}
