//! Secrets: named in settings, resolved at start, compared in constant time, never printed.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use std::path::PathBuf;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret's text, erased when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over without copying it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself; the name of the call is there to be searched for.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text's bytes.
    pub fn expose_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether `given` is this secret, in a time that tells only whether the lengths agree.
    pub fn matches(&self, given: &[u8]) -> bool {
        same(self.expose_bytes(), given)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Whether two byte strings are equal, in a time that tells only whether their lengths agree.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Where a secret is to be found; all that settings may say about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretRef {
    /// `env:NAME`: an environment variable.
    Env(String),
    /// `file:PATH`: a file that holds the secret and nothing else.
    File(PathBuf),
}

/// The refusals never repeat what was written: it may be the secret.
const NAME_IT: &str = "a secret is named here, not written: put it in an environment variable and write \
                       \"env:NAME\", or in a file and write \"file:PATH\"";
const VARIABLE: &str = "\"env:\" is followed by the name of an environment variable: letters, digits and _, \
                        not starting with a digit";
const PATH: &str = "\"file:\" is followed by the path of a file that holds the secret and nothing else";

impl std::str::FromStr for SecretRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("env", name)) if is_variable(name) => Ok(Self::Env(name.to_owned())),
            Some(("env", _)) => Err(VARIABLE),
            Some(("file", path)) if !path.trim().is_empty() => Ok(Self::File(path.into())),
            Some(("file", _)) => Err(PATH),
            _ => Err(NAME_IT),
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reference)
    }
}

struct Reference;

// Numbers and booleans get their own refusal: serde's default one would print the value.
impl Visitor<'_> for Reference {
    type Value = SecretRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"env:NAME\" or \"file:PATH\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretRef, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<SecretRef, E> {
        Err(E::custom(NAME_IT))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretRef, E> {
        Err(E::custom(NAME_IT))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretRef, E> {
        Err(E::custom(NAME_IT))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretRef, E> {
        Err(E::custom(NAME_IT))
    }
}

/// A secret that settings name could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret {reference} is missing: {why}")]
pub struct SecretMissing {
    /// The reference as settings spell it.
    pub reference: SecretRef,
    /// What was found instead, and what to do.
    pub why: String,
}

/// Turns references into secrets; `boot` does it from the environment and the file system.
pub trait Secrets {
    /// The secret behind `reference`, or a sentence that says what is missing.
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing>;
}
