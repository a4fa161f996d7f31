//! The top level of a body as it was received, JSON or form, before anything in it is believed.

use crypto::canonical::Token;
use protocol::{Label, Rejection, RejectionKind};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The fields of a body; each value keeps its kind and spelling, for the signature is over these.
pub(super) struct Shell(BTreeMap<String, Value>);

enum Value {
    Null,
    Bool(bool),
    Text(String),
    Number(String),
    Nested(String),
}

impl Shell {
    /// Reads a body by what it looks like; partners' Content-Types are not to be trusted (WIRE.md, table 000).
    pub(super) fn read(body: &[u8]) -> Result<Self, Rejection> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        if body.starts_with(b"{") {
            return Self::of_json(body).ok_or_else(|| unreadable("the body is not a JSON object"));
        }
        if !body.contains(&b'=') {
            return Err(unreadable("the body is neither a JSON object nor a form"));
        }
        let pairs = url::form_urlencoded::parse(body);
        Ok(Self(pairs.map(|(name, value)| (name.into_owned(), Value::Text(value.into_owned()))).collect()))
    }

    fn of_json(body: &[u8]) -> Option<Self> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
        let read = |(name, raw): (String, &RawValue)| Some((name, Value::of_json(raw.get())?));
        fields.into_iter().map(read).collect::<Option<_>>().map(Self)
    }

    /// The text of a field as received.
    pub(super) fn text(&self, (name, title): Label) -> Result<&str, Rejection> {
        let text = match self.0.get(name) {
            Some(Value::Text(text) | Value::Number(text)) => text.as_str(),
            None | Some(Value::Null) => "",
            Some(Value::Bool(_) | Value::Nested(_)) => {
                return Err(Rejection::malformed(name, title, "应为文本"));
            }
        };
        if text.trim().is_empty() { Err(Rejection::malformed(name, title, "不能为空")) } else { Ok(text) }
    }

    /// The same without the blanks around it.
    pub(super) fn required(&self, label: Label) -> Result<&str, Rejection> {
        self.text(label).map(str::trim)
    }

    /// Every field but one, for the signature, with one value spelled otherwise.
    pub(super) fn tokens<'a>(&'a self, without: &str, instead: (&str, &'a str)) -> Vec<(&'a str, Token<'a>)> {
        let signed = self.0.iter().filter(|(name, _)| *name != without);
        signed
            .map(|(name, value)| {
                let token = if name == instead.0 { Token::Text(instead.1) } else { value.token() };
                (name.as_str(), token)
            })
            .collect()
    }
}

impl Value {
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

fn unreadable(why: &str) -> Rejection {
    Rejection::new(RejectionKind::Unreadable, "请求报文应为JSON或表单格式", why)
}
