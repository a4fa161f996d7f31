//! In which order the fields of a message stand: nothing that a signature should depend on, and what some do depend on.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// The names at the top of a JSON object, or of a form, in the order in which they stand; none of anything else.
#[must_use]
pub fn names_in_order(body: &[u8]) -> Vec<String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.starts_with(b"{") {
        return serde_json::from_slice::<Names>(body).map(|names| names.0).unwrap_or_default();
    }
    url::form_urlencoded::parse(body).map(|(name, _)| name.into_owned()).collect()
}

struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = Vec::new();
        while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
            names.push(name);
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::names_in_order;

    #[test]
    fn names_come_as_they_stand() {
        assert_eq!(names_in_order(br#" {"b":{"x":1},"a":[2],"B":null}"#), ["b", "a", "B"]);
        assert_eq!(names_in_order(b"b=1&a=%E4%BF%9D&c"), ["b", "a", "c"]);
        assert!(names_in_order(b"{broken").is_empty());
    }
}
