//! A request of a platform before it is enciphered and signed.

use serde_json::Value;

/// The interface and its business fields in plain: one object, or a batch of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// 接口编码 or 接口名称.
    pub method: &'static str,
    /// The business fields.
    pub data: Value,
}

impl Request {
    /// A request with this plaintext.
    #[must_use]
    pub const fn new(method: &'static str, data: Value) -> Self {
        Self { method, data }
    }

    /// Several requests of the same method in one (支持批量操作).
    #[must_use]
    pub fn batch(method: &'static str, parts: impl IntoIterator<Item = Self>) -> Self {
        Self { method, data: parts.into_iter().map(|part| part.data).collect() }
    }

    /// The same request with this value in this field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(fields) = &mut self.data {
            fields.insert(field.to_owned(), value.into());
        }
        self
    }

    /// The same request without this field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        if let Value::Object(fields) = &mut self.data {
            fields.remove(field);
        }
        self
    }

    /// The text of a field, empty if there is none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.data.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}
