//! The body of a push as it arrives: a form or, with a file, a multipart form; and the ciphertext out of it.

use super::multipart;
use bytes::Bytes;
use crypto::{Undecipherable, text};
use protocol::{Rejection, RejectionKind};

pub(super) const KIND: &str = "application/x-www-form-urlencoded";
/// The part with the file (2.6).
const FILE: &str = "guarantee_pdf";

/// What a body holds.
pub(super) struct Form {
    /// As received, the encoding of the form undone once.
    pub(super) param: String,
    pub(super) file: Option<Bytes>,
}

impl Form {
    /// Reads a body by its Content-Type: anything that is not multipart is taken for a plain form.
    pub(super) fn read(kind: &str, body: &Bytes) -> Result<Self, Rejection> {
        if multipart::is_announced(kind) {
            return Self::of_parts(kind, body);
        }
        let pairs = url::form_urlencoded::parse(body.trim_ascii());
        let mut params = pairs.filter(|(name, _)| name == "param").map(|(_, value)| value.into_owned());
        match (params.next(), params.next()) {
            (Some(param), None) => Ok(Self { param, file: None }),
            (None, _) => Err(unreadable("the form has no param")),
            (Some(_), Some(_)) => Err(unreadable("the form has two params")),
        }
    }

    fn of_parts(kind: &str, body: &Bytes) -> Result<Self, Rejection> {
        let parts = multipart::read(kind, body).map_err(unreadable)?;
        let part = |wanted: &str| parts.iter().find(|part| part.name == wanted).map(|part| part.body.clone());
        let param = part("param").ok_or_else(|| unreadable("the form has no param"))?;
        let param = String::from_utf8(param.to_vec()).map_err(|_| unreadable("param is no text"))?;
        Ok(Self { param, file: part(FILE) })
    }
}

/// The ciphertext behind `param`: base64, with `+` that became blanks, and with one percent-encoding that was put on
/// twice or inside a multipart form (WIRE.md, table 004).
pub(super) fn sealed(param: &str) -> Result<Vec<u8>, Undecipherable> {
    if !param.contains('%') {
        return text::from_base64_tolerant(param);
    }
    let once = [b"param=", param.trim().as_bytes()].concat();
    let (_, value) = url::form_urlencoded::parse(&once).next().ok_or(Undecipherable)?;
    text::from_base64_tolerant(&value)
}

/// Writes a form.
pub(super) fn write(pairs: &[(&str, &str)]) -> Bytes {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into()
}

fn unreadable(why: &str) -> Rejection {
    Rejection::new(RejectionKind::Unreadable, "请求报文应为表单，且包含一个加密参数(param)", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(kind: &str, body: &str) -> Option<String> {
        Form::read(kind, &Bytes::copy_from_slice(body.as_bytes())).ok().map(|form| form.param)
    }

    #[test]
    fn a_form_is_read_whatever_it_is_called() {
        for kind in [KIND, "", "text/plain", "application/json"] {
            assert_eq!(param(kind, "param=a%2Bb%3D&x=1").as_deref(), Some("a+b="), "{kind}");
        }
        assert_eq!(param(KIND, "x=1"), None);
        assert_eq!(param(KIND, "param=a&param=b"), None);
    }

    #[test]
    fn every_spelling_of_base64_is_the_same_ciphertext() {
        let bytes = [0xfb, 0xef, 0xbe, 0xff, 0xfe, 0x3f, 0x00];
        let plain = text::to_base64(&bytes);
        assert!(plain.contains('+') && plain.contains('/') && plain.contains('='));
        let encoded: String = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect();
        let broken = format!("{}\r\n{}", &plain[..4], &plain[4..]);
        for way in [plain.clone(), plain.replace('+', " "), encoded, broken] {
            assert_eq!(sealed(&way), Ok(bytes.to_vec()), "{way}");
        }
        assert!(sealed("%zz%").is_err() && sealed("").is_ok_and(|none| none.is_empty()));
    }
}
