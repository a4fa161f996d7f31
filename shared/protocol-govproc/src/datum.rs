//! Values as this partner reads them: texts, numbers by their digits, amounts and moments in the agreed form.

use crate::settings::{Amounts, Manner, Times};
use domain::{Money, Rate, Timestamp};
use protocol::{Form, print_shanghai};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A value: text, or a number by its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Datum {
    Text(String),
    Number(String),
}

/// The fields of a message of ours, in the order of the document.
pub(crate) type Letter = Vec<(&'static str, Datum)>;

impl Datum {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn int(number: u8) -> Self {
        Self::Number(number.to_string())
    }

    /// BigDecimal in yuan, two decimals.
    pub(crate) fn money(amount: Money, manner: &Manner) -> Self {
        decimal(amount.to_string(), manner)
    }

    /// A fraction of the bond: what the document calls 元 there is a slip (GP-06).
    pub(crate) fn rate(rate: Rate, manner: &Manner) -> Self {
        decimal(rate.to_string(), manner)
    }

    /// 时间戳 (GP-02).
    pub(crate) fn moment(at: Timestamp, manner: &Manner) -> Self {
        let seconds = at.unix_seconds();
        match manner.times {
            Times::Millis => Self::Number(format!("{seconds}000")),
            Times::MillisText => Self::Text(format!("{seconds}000")),
            Times::Seconds => Self::Number(seconds.to_string()),
            Times::Text => Self::Text(print_shanghai(at, Form::Dashed)),
        }
    }
}

fn decimal(digits: String, manner: &Manner) -> Datum {
    match manner.amounts {
        Amounts::Number => Datum::Number(digits),
        Amounts::Text => Datum::Text(digits),
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(digits) => {
                RawValue::from_string(digits.clone()).map_err(S::Error::custom)?.serialize(serializer)
            }
        }
    }
}

struct Object<'a>(&'a [(&'static str, Datum)]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A JSON object with its fields in this order. Texts and digits always have a JSON form.
pub(crate) fn json(letter: &[(&'static str, Datum)]) -> Vec<u8> {
    serde_json::to_vec(&Object(letter)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn written(change: impl FnOnce(&mut Manner)) -> String {
        let mut manner = sample::manner();
        change(&mut manner);
        let letter = vec![
            ("a", Datum::money(Money::from_fen(2_000_050), &manner)),
            ("b", Datum::rate(Rate::parse("0.005").unwrap(), &manner)),
            ("c", Datum::rate(Rate::ZERO, &manner)),
            ("t", Datum::moment(sample::now(), &manner)),
            ("s", Datum::text("示例\"")),
            ("i", Datum::int(1)),
        ];
        String::from_utf8(json(&letter)).unwrap()
    }

    #[test]
    fn numbers_keep_two_decimals_and_moments_are_milliseconds() {
        let expected = r#"{"a":20000.50,"b":0.005,"c":0,"t":1795314600000,"s":"示例\"","i":1}"#;
        assert_eq!(written(|_| ()), expected);
    }

    #[test]
    fn a_partner_may_want_texts_and_seconds() {
        let texts = written(|manner| (manner.amounts, manner.times) = (Amounts::Text, Times::MillisText));
        assert_eq!(texts, r#"{"a":"20000.50","b":"0.005","c":"0","t":"1795314600000","s":"示例\"","i":1}"#);
        assert!(written(|manner| manner.times = Times::Seconds).contains(r#""t":1795314600,"#));
        assert!(written(|manner| manner.times = Times::Text).contains(r#""t":"2026-11-22 10:30:00","#));
    }
}
