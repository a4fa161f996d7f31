//! The two ways in which a cipher can disappoint: a message that does not open, a key that does not fit.

/// A ciphertext did not open. Deliberately without a reason: wrong key, broken text, bad length and bad
/// padding must look alike to whoever sent the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext cannot be opened")]
pub struct Undecipherable;

/// A configured key or initial vector has the wrong form; the sentence says what to configure instead and
/// never contains the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadKey(pub(crate) String);
