//! What is wrong with the settings, in sentences that name the file, the line, the key and what to do.

use std::fmt;
use std::path::PathBuf;

/// One thing to be put right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, or the name of an environment variable.
    pub file: PathBuf,
    /// Line in that file, from 1; absent if the file as a whole is meant.
    pub line: Option<usize>,
    /// The key from the root, dotted (`broker.url`); empty if no key is meant.
    pub key: String,
    /// What is wrong and what to do.
    pub say: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.say)
    }
}

/// Everything found wrong, in the order of files and lines; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// Orders the mistakes; the same one is told once.
    #[must_use]
    pub fn new(mut all: Vec<Mistake>) -> Self {
        all.sort();
        all.dedup();
        Self(all)
    }

    /// One mistake about a file (or variable) as a whole.
    pub fn about(file: impl Into<PathBuf>, say: impl Into<String>) -> Self {
        Self(vec![Mistake { file: file.into(), line: None, key: String::new(), say: say.into() }])
    }

    /// The mistakes in order.
    #[must_use]
    pub fn all(&self) -> &[Mistake] {
        &self.0
    }

    /// `found` if there is anything in it to report.
    ///
    /// # Errors
    /// The mistakes, unless there are none.
    pub fn unless_none(found: Vec<Mistake>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Self::new(found)) }
    }
}

impl From<Mistakes> for Vec<Mistake> {
    fn from(mistakes: Mistakes) -> Self {
        mistakes.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "{count} {} in the settings:", if count == 1 { "mistake" } else { "mistakes" })?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// A mistake found by judging values that parsed well; [`Source::locate`](crate::Source::locate) finds its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key from the root, dotted: `settings.iv`.
    pub key: String,
    /// What is wrong and what to do; never the value itself if it could be secret.
    pub say: String,
}

impl Problem {
    /// A problem at `key`.
    pub fn new(key: impl Into<String>, say: impl Into<String>) -> Self {
        Self { key: key.into(), say: say.into() }
    }
}
