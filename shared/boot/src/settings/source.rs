//! The settings' text, from one file or several, read so that every mistake is found at once and told with its line.

use super::mistakes::{Mistake, Mistakes, Problem};
use super::tree::{self, Span};
use super::words;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// More mistakes than anyone reads at once.
const ENOUGH: usize = 50;

/// A settings text and where its parts came from. Never printed: a secret may stand in it by mistake.
#[derive(Clone, Default)]
pub struct Source {
    parts: Vec<(PathBuf, usize)>,
    text: String,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.parts.iter().map(|(path, _)| path)).finish()
    }
}

impl Source {
    /// Reads files as one document: what stands in sections may be spread over them.
    ///
    /// # Errors
    /// Every file that cannot be read.
    pub fn read<P: AsRef<Path>>(paths: &[P]) -> Result<Self, Mistakes> {
        let mut whole = Self::default();
        let mut mistakes = Vec::new();
        for path in paths.iter().map(AsRef::as_ref) {
            match std::fs::read_to_string(path) {
                Ok(text) => whole.add(path, &text),
                Err(why) => {
                    let say = format!("cannot be read ({why}): check the path and the permissions");
                    mistakes.extend(Vec::from(Mistakes::about(path, say)));
                }
            }
        }
        Mistakes::unless_none(mistakes).map(|()| whole)
    }

    /// A text that is at hand, under the name it is to be reported by.
    pub fn of(path: impl AsRef<Path>, text: &str) -> Self {
        let mut source = Self::default();
        source.add(path.as_ref(), text);
        source
    }

    fn add(&mut self, path: &Path, text: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.parts.push((path.to_owned(), self.text.len()));
        self.text.push_str(text);
    }

    /// The value of a string key of the root, if it is there and the text is TOML at all.
    #[must_use]
    pub fn peek(&self, key: &str) -> Option<String> {
        let tree = DeTable::parse(&self.text).ok()?;
        tree.get_ref().get(key)?.get_ref().as_str().map(str::to_owned)
    }

    /// Reads the text as `T`.
    ///
    /// # Errors
    /// All mistakes of the text's form; or else all unknown keys and bad values, and of every section the first
    /// missing key.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Mistakes> {
        let (mut tree, broken) = DeTable::parse_recoverable(&self.text);
        if !broken.is_empty() {
            let told =
                broken.iter().map(|e| self.mistake(e.span(), String::new(), words::advice(e.message())));
            return Err(Mistakes::new(told.collect()));
        }
        let mut mistakes = Vec::new();
        let mut removed: Vec<Vec<String>> = Vec::new();
        // After each mistake what carries it is taken out, and the rest is read again.
        while mistakes.len() < ENOUGH {
            let error = match T::deserialize(toml::de::Deserializer::from(tree.clone())) {
                Ok(value) if mistakes.is_empty() => return Ok(value),
                Ok(_) => break,
                Err(error) => error,
            };
            let victim = error.span().map(|span| tree::path_at(tree.get_ref(), &span)).unwrap_or_default();
            let mut key = victim.clone();
            key.extend(words::missing(error.message()).map(str::to_owned));
            // What we took out ourselves is not missing.
            if !removed.contains(&key) {
                mistakes.push(self.mistake(error.span(), key.join("."), words::advice(error.message())));
            }
            if !tree::remove(tree.get_mut(), &victim) {
                break;
            }
            removed.push(victim);
        }
        Err(Mistakes::new(mistakes))
    }

    /// Gives problems found later their file and line.
    #[must_use]
    pub fn locate(&self, problems: Vec<Problem>) -> Mistakes {
        let tree = DeTable::parse(&self.text).ok();
        let place = |key: &str| {
            let path: Vec<&str> = key.split('.').collect();
            tree.as_ref().and_then(|tree| tree::place_of(tree.get_ref(), &path))
        };
        Mistakes::new(problems.into_iter().map(|p| self.mistake(place(&p.key), p.key, p.say)).collect())
    }

    fn mistake(&self, span: Option<Span>, key: String, say: String) -> Mistake {
        let start = span.as_ref().map_or(0, |span| span.start).min(self.text.len());
        let part = self.parts.iter().rev().find(|(_, from)| *from <= start);
        let (file, from) = part.cloned().unwrap_or_default();
        let newlines = self.text.as_bytes()[from..start].iter().filter(|byte| **byte == b'\n').count();
        Mistake { file, line: span.map(|_| newlines + 1), key, say }
    }
}

/// Reads one file as `T`.
///
/// # Errors
/// Every mistake found, as [`Source::parse`] tells them.
pub fn load<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, Mistakes> {
    Source::read(&[path])?.parse()
}
