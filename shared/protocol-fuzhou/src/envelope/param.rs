//! The fields inside `param`: as received, each with its kind and spelling, for the signature is over these; and as we write them.

use crypto::canonical::Token;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The fields of a push, before anything in them is believed.
pub(super) struct Param(BTreeMap<String, Word>);

enum Word {
    Null,
    Bool(bool),
    Text(String),
    Number(String),
    Nested(String),
}

impl Param {
    /// Reads a JSON object, `\uXXXX` and `\/` included; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let read = |(name, raw): (String, &RawValue)| Some((name, Word::of_json(raw.get())?));
        fields.into_iter().map(read).collect::<Option<_>>().map(Self)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text of a field, unless it is missing or says nothing.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Word::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// Every field but one, for the signature.
    pub(super) fn signed(&self, without: &str) -> Vec<(&str, Token<'_>)> {
        let signed = self.0.iter().filter(|(name, _)| *name != without);
        signed.map(|(name, word)| (name.as_str(), word.token())).collect()
    }
}

impl Word {
    fn of_json(raw: &str) -> Option<Self> {
        Some(match raw.as_bytes().first()? {
            b'"' => Self::Text(serde_json::from_str(raw).ok()?),
            b'{' | b'[' => Self::Nested(raw.to_owned()),
            b'n' => Self::Null,
            b't' | b'f' => Self::Bool(raw == "true"),
            _ => Self::Number(raw.to_owned()),
        })
    }

    fn token(&self) -> Token<'_> {
        match self {
            Self::Null => Token::Null,
            Self::Bool(value) => Token::Bool(*value),
            Self::Text(text) => Token::Text(text),
            Self::Number(text) => Token::Number(text),
            Self::Nested(text) => Token::Nested(text),
        }
    }
}

/// A field of ours: integers where the document says int, everything else as text (decimals above all, for PHP would
/// sign `240.00` as `240`).
#[derive(Clone)]
pub(crate) struct Field<'a> {
    name: &'static str,
    said: Said<'a>,
}

#[derive(Clone)]
enum Said<'a> {
    Text(std::borrow::Cow<'a, str>),
    Number(u64),
}

impl<'a> Field<'a> {
    pub(crate) fn text(name: &'static str, text: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self { name, said: Said::Text(text.into()) }
    }

    pub(crate) const fn number(name: &'static str, number: u64) -> Self {
        Self { name, said: Said::Number(number) }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.said, Said::Text(text) if text.is_empty())
    }
}

/// Fields as they are signed.
pub(super) fn spoken(fields: &[Field<'_>]) -> Vec<(&'static str, String)> {
    let spell = |said: &Said<'_>| match said {
        Said::Text(text) => text.clone().into_owned(),
        Said::Number(number) => number.to_string(),
    };
    fields.iter().map(|field| (field.name, spell(&field.said))).collect()
}

/// The same for the signature.
pub(super) fn tokens<'a>(spoken: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    spoken.iter().map(|(name, text)| (*name, text.as_str())).collect()
}

/// Fields as they are sealed.
pub(super) fn json(fields: &[Field<'_>]) -> String {
    let value = |said: &Said<'_>| match said {
        Said::Text(text) => Value::from(text.as_ref()),
        Said::Number(number) => Value::from(*number),
    };
    let object: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), value(&field.said))).collect();
    Value::Object(object).to_string()
}
