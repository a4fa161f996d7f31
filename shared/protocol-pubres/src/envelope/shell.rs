//! The fields of a body as they were received, JSON or `requestData`, before anything in it is believed.

use crypto::canonical::Token;
use protocol::{Label, Rejection, RejectionKind};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// The form field that carries the JSON of older platforms (WIRE.md, table 001).
const REQUEST_DATA: &str = "requestData";

/// The fields of a body; each value keeps its kind and spelling, for the signature is over these.
pub(super) struct Shell {
    json: String,
    fields: BTreeMap<String, Value>,
}

enum Value {
    Null,
    Bool(bool),
    Text(String),
    Number(String),
    Nested(String),
}

impl Shell {
    /// The ways in which a body can be read, the likeliest first and never none: by what it looks like, for partners'
    /// Content-Types are not to be trusted. A form is read as forms are, then as if its sender had not encoded `+`.
    pub(super) fn read(body: &[u8]) -> Result<Vec<Self>, Rejection> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        let text = std::str::from_utf8(body).map_err(|_| unreadable("the body is not UTF-8"))?;
        let readings: Vec<Self> = if text.starts_with('{') {
            Self::of_json(text.to_owned()).into_iter().collect()
        } else {
            let forms = [request_data(text), request_data(&text.replace('+', "%2B"))];
            forms.into_iter().flatten().filter_map(Self::of_json).collect()
        };
        if readings.is_empty() {
            return Err(unreadable("the body is neither a JSON object nor a form with one in requestData"));
        }
        Ok(readings)
    }

    fn of_json(json: String) -> Option<Self> {
        let raw: BTreeMap<String, &RawValue> = serde_json::from_str(&json).ok()?;
        let read = |(name, raw): (String, &RawValue)| Some((name, Value::of_json(raw.get())?));
        let fields = raw.into_iter().map(read).collect::<Option<_>>()?;
        Some(Self { json, fields })
    }

    /// The JSON object that this is.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    /// The text of a field without the blanks around it.
    pub(super) fn required(&self, (name, title): Label) -> Result<&str, Rejection> {
        let text = match self.fields.get(name) {
            Some(Value::Text(text) | Value::Number(text)) => text.trim(),
            None | Some(Value::Null) => "",
            Some(Value::Bool(_) | Value::Nested(_)) => {
                return Err(Rejection::malformed(name, title, "应为文本"));
            }
        };
        if text.is_empty() { Err(Rejection::malformed(name, title, "不能为空")) } else { Ok(text) }
    }

    /// True if a field is absent but its name and value seem to stand within another value. The signed string has no
    /// borders that a value could not imitate, so that whoever overhears a message could hide a field in its neighbour.
    pub(super) fn hides(&self, name: &str) -> bool {
        let within = format!("&{name}=");
        let holds = |value: &Value| matches!(value, Value::Text(text) | Value::Nested(text) if text.contains(&within));
        !self.fields.contains_key(name) && self.fields.values().any(holds)
    }

    /// Every field but one, known to the document or not, for the signature.
    pub(super) fn tokens(&self, without: &str) -> Vec<(&str, Token<'_>)> {
        let signed = self.fields.iter().filter(|(name, _)| *name != without);
        signed.map(|(name, value)| (name.as_str(), value.token())).collect()
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

fn request_data(form: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    pairs.find(|(name, _)| name == REQUEST_DATA).map(|(_, value)| value.into_owned())
}

fn unreadable(why: &str) -> Rejection {
    Rejection::new(RejectionKind::Unreadable, "请求报文应为JSON格式", why)
}
