//! Why a message was not handled, and what follows.

use domain::{Refusal, Reply};
use store::StoreError;

/// What a handler comes to.
pub type Handled = Result<Reply, Failure>;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No, by the rules: nothing is written, the refusal is the reply.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something else is away: it comes again.
    #[error("not now: {0}")]
    Later(String),
    /// It can never be handled: parked for an operator.
    #[error("never: {0}")]
    Never(String),
}

impl Failure {
    /// A message that another worker should have got.
    #[must_use]
    pub fn not_ours() -> Self {
        Self::Never("the message belongs to another worker".to_owned())
    }
}
