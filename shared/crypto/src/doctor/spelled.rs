//! A value as a captured message spelled it, kept after the message itself is gone.

use crate::canonical::Token;

/// A value as it was received, owned: what a [`Token`] borrows.
#[derive(Debug, Clone)]
pub enum Spelled {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A string, without its quotes and escapes.
    Text(String),
    /// A number, in the digits it came in.
    Number(String),
    /// An object or array, in the bytes it came in.
    Nested(String),
}

impl Spelled {
    /// Keeps what a token borrows.
    #[must_use]
    pub fn of(token: Token<'_>) -> Self {
        match token {
            Token::Null => Self::Null,
            Token::Bool(value) => Self::Bool(value),
            Token::Text(text) => Self::Text(text.to_owned()),
            Token::Number(text) => Self::Number(text.to_owned()),
            Token::Nested(text) => Self::Nested(text.to_owned()),
        }
    }

    /// The same value, lent to the canonical string.
    #[must_use]
    pub fn token(&self) -> Token<'_> {
        match self {
            Self::Null => Token::Null,
            Self::Bool(value) => Token::Bool(*value),
            Self::Text(text) => Token::Text(text),
            Self::Number(text) => Token::Number(text),
            Self::Nested(text) => Token::Nested(text),
        }
    }
}
