//! What the platform replies: `{"status":200,"data":…}`, with status as int or string and data by its shape (FZ-14).

use crate::codes;
use bytes::Bytes;
use http::Response;
use protocol::{Fields, Verdict, retry_after, short_reason};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A reply as the platform wrote it.
pub(super) struct Told {
    pub(super) status: String,
    data: Option<Box<RawValue>>,
}

impl Told {
    /// `None` if it is no JSON object with a status.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}');
        let status =
            Fields::parse(text).ok()?.text(("status", "")).ok().filter(|status| !status.is_empty())?;
        let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
        Some(Self { status, data: fields.remove("data") })
    }

    /// `data` as an object; PHP writes an empty one as `[]`, and the tables call every one an array.
    pub(super) fn object(&self) -> Option<Fields> {
        let raw = self.data.as_ref()?.get();
        match raw.as_bytes().first()? {
            b'{' => Fields::parse(raw).ok(),
            b'[' => {
                let mut items = Fields::parse_batch(raw).ok()?;
                (items.len() == 1).then(|| items.remove(0))
            }
            _ => None,
        }
    }

    /// `data` as a list of objects.
    pub(super) fn list(&self) -> Option<Vec<Fields>> {
        let raw = self.data.as_ref()?.get();
        match raw.as_bytes().first()? {
            b'[' if raw[1..].trim_start().starts_with(']') => Some(Vec::new()),
            b'[' | b'{' => Fields::parse_batch(raw).ok(),
            _ => None,
        }
    }

    /// An object inside `data`.
    pub(super) fn inner(&self, name: &str) -> Option<Fields> {
        Fields::parse(&self.raw(name)?).ok()
    }

    /// The JSON of a field inside `data`.
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(self.data.as_ref()?.get()).ok()?;
        fields.get(name).map(|raw| raw.get().to_owned())
    }

    /// The message in `data`, cut short, for our records.
    fn message(&self) -> String {
        let text = self.data.as_ref().and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
        text.map(|text| short_reason(&text)).unwrap_or_default()
    }
}

/// Reads a reply to anything but a fetched file.
pub(super) fn judge(reply: &Response<Bytes>) -> Verdict {
    let http = reply.status();
    if !http.is_success() {
        return Verdict::Later(format!("HTTP {}", http.as_u16()), retry_after(reply));
    }
    let Some(told) = Told::read(reply.body()) else {
        return Verdict::Later(format!("HTTP {}, but no JSON with a status", http.as_u16()), None);
    };
    if told.status == "200" {
        return Verdict::Delivered;
    }
    if told.status == codes::TOKEN_EXPIRED {
        return Verdict::TokenExpired;
    }
    let reason = format!("status {}: {}", short_reason(&told.status), told.message());
    if codes::is_for_good(&told.status) { Verdict::Refused(reason) } else { Verdict::Later(reason, None) }
}

/// The text of a field, and nothing for the word `null` that samples have in its place (4.3).
pub(super) fn said(fields: &Fields, name: &'static str) -> String {
    let text = fields.text((name, "")).unwrap_or_default();
    if text == "null" { String::new() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::RETRY_AFTER;
    use std::time::Duration;

    fn reply(status: u16, body: &str) -> Response<Bytes> {
        Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn two_hundred_in_either_spelling_is_delivered() {
        for body in [
            r#"{"status":200}"#,
            r#"{"status":"200","data":"成功"}"#,
            r#"{"status":200,"data":[]}"#,
            "\u{feff}{\"status\": 200 ,\"data\":null}",
        ] {
            assert_eq!(judge(&reply(200, body)), Verdict::Delivered, "{body}");
        }
    }

    #[test]
    fn a_dead_token_is_told_from_every_other_failure() {
        for body in [r#"{"status":1006,"data":"token"}"#, r#"{"status":"1006"}"#] {
            assert_eq!(judge(&reply(200, body)), Verdict::TokenExpired);
        }
        let refused = judge(&reply(200, r#"{"status":2319,"data":"被保证人名称不正确"}"#));
        assert_eq!(refused, Verdict::Refused("status 2319: 被保证人名称不正确".to_owned()));
        let later = judge(&reply(200, r#"{"status":2427,"data":{"x":1}}"#));
        assert_eq!(later, Verdict::Later("status 2427: ".to_owned(), None));
    }

    #[test]
    fn everything_else_is_tried_again() {
        for (status, body) in [
            (200, r#"{"status":404,"data":"失败"}"#),
            (200, r#"{"data":"成功"}"#),
            (200, "200"),
            (200, ""),
            (302, r#"{"status":200}"#),
            (404, r#"{"status":200}"#),
            (500, r#"{"status":2319}"#),
        ] {
            assert!(matches!(judge(&reply(status, body)), Verdict::Later(_, None)), "{status} {body}");
        }
        let mut busy = reply(503, "");
        busy.headers_mut().insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(judge(&busy), Verdict::Later("HTTP 503".to_owned(), Some(Duration::from_secs(7))));
    }

    #[test]
    fn data_is_read_by_its_shape() {
        let told = |data: &str| Told::read(format!(r#"{{"status":200,"data":{data}}}"#).as_bytes()).unwrap();
        for (data, object, list) in [
            ("{}", true, Some(1)),
            ("[]", false, Some(0)),
            ("[ ]", false, Some(0)),
            ("[{}]", true, Some(1)),
            ("[{},{}]", false, Some(2)),
            ("null", false, None),
            ("\"成功\"", false, None),
            ("[1]", false, None),
        ] {
            assert_eq!(told(data).object().is_some(), object, "{data}");
            assert_eq!(told(data).list().map(|list| list.len()), list, "{data}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_reply_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200), status in 100u16..600) {
            let _ = judge(&Response::builder().status(status).body(Bytes::from(body)).unwrap());
        }
    }
}
