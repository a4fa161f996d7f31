//! Reads a partner's JSON object field by field, tolerantly, and names what is wrong in Chinese.

use crate::{Rejection, RejectionKind, parse_shanghai};
use domain::{Money, Timestamp};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A field: the partner's name for it, and its Chinese title in the document, for error texts.
pub type Label = (&'static str, &'static str);

/// The fields of one JSON object, as received: number tokens keep their digits, `null` and blanks are nothing.
pub struct Fields(BTreeMap<String, Box<RawValue>>);

impl Fields {
    /// Reads an object.
    ///
    /// # Errors
    /// A [`Rejection`] if the text is not a JSON object.
    pub fn parse(text: &str) -> Result<Self, Rejection> {
        serde_json::from_str(text).map(Self).map_err(|error| {
            Rejection::new(
                RejectionKind::Malformed,
                "业务数据不是合法的JSON对象",
                format!("data is not a JSON object: line {} column {}", error.line(), error.column()),
            )
        })
    }

    /// Reads an object, or an array of objects where the partner may send a batch.
    ///
    /// # Errors
    /// A [`Rejection`] if it is neither, or an empty array.
    pub fn parse_batch(text: &str) -> Result<Vec<Self>, Rejection> {
        if !text.trim_start().starts_with('[') {
            return Ok(vec![Self::parse(text)?]);
        }
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| {
            Rejection::new(RejectionKind::Malformed, "业务数据不是合法的JSON数组", "data is not a JSON array")
        })?;
        if items.is_empty() {
            return Err(Rejection::new(
                RejectionKind::Malformed,
                "业务数据为空数组",
                "data is an empty array",
            ));
        }
        items.into_iter().map(|item| Self::parse(item.get())).collect()
    }

    /// The text of a scalar field, trimmed: a string's content, or the digits of a number as they were sent; empty if
    /// the field is absent, null or blank.
    ///
    /// # Errors
    /// A [`Rejection`] if the field is an object or a list, or holds a NUL, which no database column takes.
    pub fn text(&self, (name, title): Label) -> Result<String, Rejection> {
        let Some(raw) = self.0.get(name).map(|value| value.get()) else { return Ok(String::new()) };
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(raw)
                .ok()
                .filter(|text| !text.contains('\0'))
                .map(|text| text.trim().to_owned())
                .ok_or_else(|| Rejection::malformed(name, title, "不是合法的字符串")),
            Some(b'{' | b'[') => Err(Rejection::malformed(name, title, "应为文本")),
            _ if raw == "null" => Ok(String::new()),
            _ => Ok(raw.to_owned()),
        }
    }

    /// How many characters the text of a string has, as received; none for anything else.
    #[must_use]
    pub fn length(&self, name: &str) -> Option<usize> {
        let text: String = serde_json::from_str(self.0.get(name)?.get()).ok()?;
        Some(text.chars().count())
    }

    /// The text of a string as received, blanks around it and all: for ciphertext that must not change. Empty if the field
    /// is absent, null or blank.
    ///
    /// # Errors
    /// As [`Fields::text`].
    pub fn verbatim(&self, label: Label) -> Result<String, Rejection> {
        let trimmed = self.text(label)?;
        let raw = self.0.get(label.0).filter(|_| !trimmed.is_empty()).map(|value| value.get());
        Ok(raw.and_then(|raw| serde_json::from_str::<String>(raw).ok()).unwrap_or(trimmed))
    }

    /// The text of the first of several spellings that holds one.
    ///
    /// # Errors
    /// As [`Fields::text`].
    pub fn text_of_any(&self, labels: &[Label]) -> Result<String, Rejection> {
        for &label in labels {
            let text = self.text(label)?;
            if !text.is_empty() {
                return Ok(text);
            }
        }
        Ok(String::new())
    }

    /// The text of a field that must be there.
    ///
    /// # Errors
    /// A [`Rejection`] naming the field if it is absent or blank.
    pub fn required(&self, label: Label) -> Result<String, Rejection> {
        let text = self.text(label)?;
        if text.is_empty() { Err(Rejection::malformed(label.0, label.1, "不能为空")) } else { Ok(text) }
    }

    /// An amount in yuan that must be there.
    ///
    /// # Errors
    /// A [`Rejection`] naming the field if it is absent or not an amount with at most two decimals.
    pub fn money(&self, label: Label) -> Result<Money, Rejection> {
        let text = self.required(label)?;
        Money::parse(&text)
            .map_err(|_| Rejection::malformed(label.0, label.1, "应为金额（元），最多两位小数"))
    }

    /// A date and time, if given.
    ///
    /// # Errors
    /// A [`Rejection`] naming the field if it is in none of the forms that occur.
    pub fn instant(&self, label: Label) -> Result<Option<Timestamp>, Rejection> {
        let text = self.text(label)?;
        if text.is_empty() {
            return Ok(None);
        }
        parse_shanghai(&text)
            .map(Some)
            .ok_or_else(|| Rejection::malformed(label.0, label.1, "时间格式不正确"))
    }

    /// A date and time that must be there.
    ///
    /// # Errors
    /// As [`Fields::instant`], and if it is absent.
    pub fn required_instant(&self, label: Label) -> Result<Timestamp, Rejection> {
        self.instant(label)?.ok_or_else(|| Rejection::malformed(label.0, label.1, "不能为空"))
    }

    /// The objects of a list; none if the field is absent, null, blank or empty. A list written as JSON text in a string
    /// is read too, because several partners send it so.
    ///
    /// # Errors
    /// A [`Rejection`] naming the field if it is not a list of objects.
    pub fn list(&self, (name, title): Label) -> Result<Vec<Self>, Rejection> {
        let wrong = || Rejection::malformed(name, title, "应为列表");
        let Some(raw) = self.0.get(name).map(|value| value.get()) else { return Ok(Vec::new()) };
        let inner = match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(raw).map_err(|_| wrong())?,
            _ => raw.to_owned(),
        };
        if inner.trim().is_empty() || inner == "null" {
            return Ok(Vec::new());
        }
        let items: Vec<&RawValue> = serde_json::from_str(&inner).map_err(|_| wrong())?;
        items.into_iter().map(|item| Self::parse(item.get()).map_err(|_| wrong())).collect()
    }

    /// One of a list of codes, translated; `None` if the field is absent or blank.
    ///
    /// # Errors
    /// A [`Rejection`] naming the field and the codes if it is none of them.
    pub fn code<T: Clone>(&self, label: Label, codes: &[(&str, T)]) -> Result<Option<T>, Rejection> {
        let text = self.text(label)?;
        if text.is_empty() {
            return Ok(None);
        }
        let found = codes.iter().find(|(code, _)| *code == text).map(|(_, meaning)| meaning.clone());
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
            Rejection::malformed(label.0, label.1, &format!("取值应为{}", known.join("、")))
        })
    }
}

/// Names only: the values are personal data.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMOUNT: Label = ("amount", "金额");

    fn fields(text: &str) -> Fields {
        Fields::parse(text).expect("an object")
    }

    #[test]
    fn a_number_keeps_its_digits() {
        assert_eq!(fields(r#"{"amount":20000.00}"#).text(AMOUNT), Ok("20000.00".to_owned()));
        assert_eq!(fields(r#"{"amount":" 20 "}"#).money(AMOUNT), Ok(Money::from_fen(2000)));
    }

    #[test]
    fn a_ciphertext_keeps_its_blanks_but_blanks_alone_are_nothing() {
        assert_eq!(fields(r#"{"amount":" a b\r\n"}"#).verbatim(AMOUNT), Ok(" a b\r\n".to_owned()));
        assert_eq!(fields(r#"{"amount":20.00}"#).verbatim(AMOUNT), Ok("20.00".to_owned()));
        for text in [r#"{"amount":null}"#, r#"{"amount":" \r\n"}"#, "{}"] {
            assert_eq!(fields(text).verbatim(AMOUNT), Ok(String::new()));
        }
        assert!(fields(r#"{"amount":["a"]}"#).verbatim(AMOUNT).is_err());
    }

    #[test]
    fn null_blank_and_absent_are_nothing() {
        for text in [r#"{"amount":null}"#, r#"{"amount":"  "}"#, "{}"] {
            let missing = fields(text).required(AMOUNT).expect_err("nothing there");
            assert_eq!(missing.say, "金额(amount)不能为空");
        }
    }

    #[test]
    fn an_object_is_no_text_and_an_exponent_no_amount() {
        assert!(fields(r#"{"amount":{}}"#).text(AMOUNT).is_err());
        assert!(fields(r#"{"amount":1E7}"#).money(AMOUNT).is_err());
        assert!(fields(r#"{"amount":"-1"}"#).money(AMOUNT).is_err());
    }

    #[test]
    fn a_nul_is_no_text_and_values_are_not_printed() {
        assert!(fields(r#"{"amount":"a\u0000b"}"#).text(AMOUNT).is_err());
        assert_eq!(format!("{:?}", fields(r#"{"phone":"13800000000"}"#)), r#"{"phone"}"#);
    }

    #[test]
    fn lists_come_plain_or_as_text() {
        for text in [r#"{"l":[{"a":1}]}"#, r#"{"l":"[{\"a\":1}]"}"#] {
            assert_eq!(fields(text).list(("l", "列表")).expect("a list").len(), 1);
        }
        assert!(fields(r#"{"l":""}"#).list(("l", "列表")).expect("empty").is_empty());
        assert!(fields(r#"{"l":{"a":1}}"#).list(("l", "列表")).is_err());
    }
}
