//! What can go wrong between us and the broker, and what a publisher may conclude from it.

use lapin::ErrorKind;
use lapin::protocol::{AMQPErrorKind, AMQPSoftError};

/// Why a message does not count as published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPublished {
    /// It was not sent: no connection, a blocked one, or too many waiting. Try again later.
    #[error("the broker is not taking messages now")]
    Busy,
    /// The broker has no queue for it. With the alternate exchanges in place this means a broken topology.
    #[error("no queue takes this message")]
    Unroutable,
    /// The broker refused it: full queue, or no permission.
    #[error("the broker refused the message")]
    Rejected,
    /// It was sent and nobody knows. It may arrive; send it again with the same id.
    #[error("no confirmation in time; the message may or may not arrive")]
    Unknown,
}

/// Why something other than publishing failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Trouble {
    /// The configured address cannot be used.
    #[error("broker address: {0}")]
    Address(&'static str),
    /// A step took longer than its bound.
    #[error("{0}: no answer in time")]
    Slow(&'static str),
    /// The broker refused a step, or the connection broke.
    #[error("{0}")]
    Broker(String),
    /// A message could not be published.
    #[error(transparent)]
    NotPublished(#[from] NotPublished),
}

impl From<lapin::Error> for Trouble {
    fn from(error: lapin::Error) -> Self {
        Self::Broker(error.to_string())
    }
}

/// What an error of a publish proves: a refusal closes the channel only and leaves nothing in doubt.
pub(crate) fn verdict(error: &lapin::Error) -> NotPublished {
    let ErrorKind::ProtocolError(error) = error.kind() else {
        return NotPublished::Unknown;
    };
    match error.kind() {
        AMQPErrorKind::Soft(AMQPSoftError::NOTFOUND) => NotPublished::Unroutable,
        AMQPErrorKind::Soft(AMQPSoftError::ACCESSREFUSED | AMQPSoftError::PRECONDITIONFAILED) => {
            NotPublished::Rejected
        }
        _ => NotPublished::Unknown,
    }
}
