//! How bytes travel as text between partners: base64 and hexadecimal, read leniently, written exactly.

use crate::Undecipherable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// The text form of a ciphertext; an answer uses the form of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Standard alphabet with padding.
    #[default]
    Base64,
    /// Hexadecimal, `a`–`f`.
    HexLower,
    /// Hexadecimal, `A`–`F`.
    HexUpper,
}

impl Encoding {
    /// Hexadecimal if every character is a hexadecimal digit and their number is even, else base64.
    ///
    /// Some base64 texts satisfy this by chance (4 characters: one in 273; 24 characters: one in 10^14), so a
    /// partner's profile names the encoding wherever the partner has told it.
    pub fn detect(text: &str) -> Self {
        let text = text.trim_ascii();
        let hexadecimal = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match hexadecimal && !text.is_empty() {
            false => Self::Base64,
            true if text.bytes().any(|byte| byte.is_ascii_uppercase()) => Self::HexUpper,
            true => Self::HexLower,
        }
    }

    /// Writes bytes in this form.
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Base64 => to_base64(bytes),
            Self::HexLower => to_hex(bytes),
            Self::HexUpper => hex::encode_upper(bytes),
        }
    }

    /// Reads text in this form; base64 tolerantly, hexadecimal in either case.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, Undecipherable> {
        match self {
            Self::Base64 => from_base64_tolerant(text),
            Self::HexLower | Self::HexUpper => from_hex(text.trim_ascii()),
        }
    }
}

/// Standard base64 with padding, in one line.
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Standard base64 with padding and nothing else around or within it.
pub fn from_base64(text: &str) -> Result<Vec<u8>, Undecipherable> {
    STANDARD.decode(text).map_err(|_| Undecipherable)
}

/// Base64 as it arrives: broken into lines by old Java encoders, its `+` turned into blanks by form decoding.
///
/// Blanks are first read as `+`; only if that does not fit are they dropped as white space.
pub fn from_base64_tolerant(text: &str) -> Result<Vec<u8>, Undecipherable> {
    if let Ok(bytes) = STANDARD.decode(text) {
        return Ok(bytes);
    }
    let mut tidy: Vec<u8> =
        text.bytes().filter(|byte| !byte.is_ascii_whitespace() || *byte == b' ').collect();
    let plus: Vec<u8> = tidy.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    if let Ok(bytes) = STANDARD.decode(plus) {
        return Ok(bytes);
    }
    tidy.retain(|byte| *byte != b' ');
    STANDARD.decode(tidy).map_err(|_| Undecipherable)
}

/// The text whose blanks and line breaks are repaired, for partners who sign the repaired form of `data`.
///
/// `None` if the text needs no repair or none helps.
pub fn repaired_base64(text: &str) -> Option<String> {
    let bytes = from_base64_tolerant(text).ok()?;
    let repaired = to_base64(&bytes);
    (repaired != text).then_some(repaired)
}

/// Lower-case hexadecimal.
pub fn to_hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Hexadecimal of either case, an even number of digits.
pub fn from_hex(text: &str) -> Result<Vec<u8>, Undecipherable> {
    hex::decode(text).map_err(|_| Undecipherable)
}

/// The opened bytes as text; decode once, over the whole, for a Chinese character may straddle two blocks.
pub fn utf8(bytes: Vec<u8>) -> Result<String, Undecipherable> {
    String::from_utf8(bytes).map_err(|_| Undecipherable)
}
