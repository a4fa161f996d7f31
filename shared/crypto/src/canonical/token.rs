//! One value on its way into the sign string: what kind it was, and whether and how it is spelled.

use super::profile::{Nested, NullAs, Number, Profile, Skip};
use super::{nested, number};
use std::borrow::Cow;

/// A value as received. The kind matters only to knobs that treat numbers, booleans or nested JSON specially;
/// text (`&str`, `Option<&str>`) converts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// JSON null.
    Null,
    /// A string's content, unescaped.
    Text(&'a str),
    /// A number, spelled as received.
    Number(&'a str),
    /// A boolean.
    Bool(bool),
    /// An array or object, spelled as received.
    Nested(&'a str),
}

impl<'a> From<&'a str> for Token<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Token<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl Profile {
    /// The value's spelling, or `None` if the field is left out.
    pub(super) fn value<'a>(&self, token: Token<'a>) -> Option<Cow<'a, str>> {
        let token = match token {
            Token::Text(text) if self.trim => Token::Text(java_trim(text)),
            other => other,
        };
        (!self.skip.drops(token)).then(|| self.spelling(token))
    }

    fn spelling<'a>(&self, token: Token<'a>) -> Cow<'a, str> {
        match token {
            Token::Null if self.null_as == NullAs::Word => "null".into(),
            Token::Null => "".into(),
            Token::Text(text) => text.into(),
            Token::Bool(value) => if value { "true" } else { "false" }.into(),
            Token::Number(token) => match self.number {
                Number::RawToken => token.into(),
                Number::JavaDouble => number::java_double(token),
                Number::Fixed2 => number::fixed2(token),
            },
            Token::Nested(json) => match self.nested {
                Nested::Raw => json.into(),
                Nested::CompactJson => nested::compact(json).into(),
            },
        }
    }
}

impl Skip {
    fn drops(self, token: Token<'_>) -> bool {
        match (self, token) {
            (Self::None, _) => false,
            (_, Token::Null) => true,
            (Self::Empty, Token::Text(text)) => text.is_empty(),
            (Self::Blank, Token::Text(text)) => text.chars().all(is_java_whitespace),
            (Self::PhpFalsy, token) => is_php_falsy(token),
            _ => false,
        }
    }
}

fn is_php_falsy(token: Token<'_>) -> bool {
    match token {
        Token::Null => true,
        Token::Text(text) => text.is_empty() || text == "0",
        Token::Bool(value) => !value,
        Token::Number(token) => token.parse::<f64>().is_ok_and(|number| number == 0.0),
        Token::Nested(json) => matches!(nested::compact(json).as_str(), "[]" | "{}"),
    }
}

/// Java's `String.trim`: everything up to and including U+0020, nothing else (a full-width blank stays).
fn java_trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

fn is_java_whitespace(c: char) -> bool {
    let no_break = matches!(c, '\u{85}' | '\u{a0}' | '\u{2007}' | '\u{202f}');
    matches!(c, '\u{1c}'..='\u{1f}') || (c.is_whitespace() && !no_break)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A guarantee of some megabytes is hashed where it lies.
    #[test]
    fn text_is_not_copied_to_be_signed() {
        let file = " JVBERi0x ".repeat(1000);
        for trim in [false, true] {
            let spelled = Profile { trim, skip: Skip::Blank, ..Profile::default() }.value(Token::Text(&file));
            assert!(
                matches!(spelled, Some(Cow::Borrowed(text)) if file.as_bytes().as_ptr_range().contains(&text.as_ptr()))
            );
        }
    }
}
