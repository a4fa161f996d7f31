//! The JSON of a body, in and out of its `data` (YY-11).

use super::Letter;
use protocol::{Rejection, RejectionKind};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The wrapper: whatever stands beside `data` is not ours to read.
#[derive(Deserialize)]
struct Wrapper<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// A wrapper of a text.
#[derive(Serialize, Deserialize)]
struct Letters {
    data: String,
}

/// The body as text, without the mark that some editors put before it.
pub(super) fn text(body: &[u8]) -> Result<&str, Rejection> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    std::str::from_utf8(body).map_err(|_| unreadable("the body is not UTF-8"))
}

/// The fields, whether they are wrapped or not: an object, or an array of objects.
pub(super) fn unwrapped(json: &str) -> Result<&str, Rejection> {
    let json = json.trim();
    if json.starts_with('[') {
        return Ok(json);
    }
    let wrapper: Wrapper<'_> =
        serde_json::from_str(json).map_err(|_| unreadable("the body is no JSON object"))?;
    let data = wrapper.data.map(RawValue::get).filter(|data| data.starts_with(['{', '[']));
    Ok(data.unwrap_or(json))
}

/// The base64 of a body under RSA: in `data`, or the whole body.
pub(super) fn sealed(body: &str) -> String {
    serde_json::from_str(body).map_or_else(|_| body.to_owned(), |letters: Letters| letters.data)
}

/// The fields of a letter as JSON, in its order.
pub(super) fn written(letter: &Letter) -> Vec<u8> {
    // Texts under names always have a JSON form.
    serde_json::to_vec(&Object(letter)).unwrap_or_default()
}

/// JSON under `data`.
pub(super) fn wrapped(plain: &[u8]) -> Vec<u8> {
    [b"{\"data\":", plain, b"}"].concat()
}

/// A text under `data`.
pub(super) fn wrapped_text(data: &str) -> Vec<u8> {
    serde_json::to_vec(&Letters { data: data.to_owned() }).unwrap_or_default()
}

struct Object<'a>(&'a Letter);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

fn unreadable(why: &str) -> Rejection {
    Rejection::new(RejectionKind::Unreadable, "请求报文应为JSON格式", why)
}
