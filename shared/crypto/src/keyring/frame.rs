//! How a sealed value is written: the version and the key's name in clear, then nonce, ciphertext and tag.

use crate::text;

/// What every context begins with.
pub(super) const VERSION: &str = "gcm1";
const TEXT: &[u8] = b"gcm1.";
const BYTES: &[u8] = b"gcm1:";

/// The two spellings of a sealed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `gcm1.KEY.` and base64, for text and JSON columns.
    Text,
    /// `gcm1:KEY:` and the bytes themselves, for files and columns of bytes.
    Bytes,
}

pub(super) struct Frame<'a> {
    pub(super) key: &'a str,
    /// Nonce, ciphertext and tag.
    pub(super) body: Vec<u8>,
}

pub(super) fn write(form: Form, key: &str, body: &[u8]) -> Vec<u8> {
    let (version, mark) = match form {
        Form::Text => (TEXT, b'.'),
        Form::Bytes => (BYTES, b':'),
    };
    let mut sealed = Vec::with_capacity(version.len() + key.len() + 1 + body.len() * 4 / 3 + 3);
    sealed.extend_from_slice(version);
    sealed.extend_from_slice(key.as_bytes());
    sealed.push(mark);
    match form {
        Form::Text => sealed.extend_from_slice(text::to_base64(body).as_bytes()),
        Form::Bytes => sealed.extend_from_slice(body),
    }
    sealed
}

pub(super) fn read(sealed: &[u8]) -> Option<Frame<'_>> {
    let (form, key, rest) = split(sealed)?;
    let body = match form {
        Form::Text => text::from_base64(std::str::from_utf8(rest).ok()?).ok()?,
        Form::Bytes => rest.to_vec(),
    };
    Some(Frame { key, body })
}

fn split(sealed: &[u8]) -> Option<(Form, &str, &[u8])> {
    let (form, mark, rest) = match (sealed.strip_prefix(TEXT), sealed.strip_prefix(BYTES)) {
        (Some(rest), _) => (Form::Text, b'.', rest),
        (None, Some(rest)) => (Form::Bytes, b':', rest),
        (None, None) => return None,
    };
    let end = rest.iter().take(super::LONGEST_ID + 1).position(|byte| *byte == mark)?;
    let key = std::str::from_utf8(&rest[..end]).ok()?;
    super::name(key).ok().map(|key| (form, key, &rest[end + 1..]))
}

/// Whether a value was sealed by a ring, in either form. No JSON text and no PDF begins so.
#[must_use]
pub fn is_sealed(value: &[u8]) -> bool {
    split(value).is_some()
}

/// The name of the key that a sealed value needs; `None` if it is not sealed.
#[must_use]
pub fn key_id(value: &[u8]) -> Option<&str> {
    split(value).map(|(_, key, _)| key)
}

/// Appends a part with its length before it (four bytes, the highest first), so that no two lists of parts look alike.
pub(super) fn measured(to: &mut Vec<u8>, part: &[u8]) {
    to.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    to.extend_from_slice(part);
}
