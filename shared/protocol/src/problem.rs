//! What is wrong with the settings of a partner instance.

use std::fmt;

/// One thing an operator has to put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key from the root of the partner's file, dotted: `settings.iv`.
    pub key: String,
    /// What is wrong and what to do; never the value itself if it could be secret.
    pub say: String,
}

impl Problem {
    /// A problem at `key`.
    #[must_use]
    pub fn new(key: impl Into<String>, say: impl Into<String>) -> Self {
        Self { key: key.into(), say: say.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.say)
    }
}
