//! What carries the ciphertext of a request: a member of a JSON object, a JSON string, the text alone, or a query string.

use crate::settings::Shape;
use http::Uri;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const APP_KEY: &str = "appKey";

/// The ciphertext in a body: an object's agreed member, a JSON string, or bare text are told apart by their first
/// character (GP-01); parameters that are not enciphered are the object itself.
pub(crate) fn in_body(body: &[u8], shape: Shape) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim();
    match text.as_bytes().first()? {
        b'{' if shape == Shape::Plain => Some(text.to_owned()),
        _ if shape == Shape::Plain => None,
        b'{' => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            serde_json::from_str(members.get(shape.member())?.get()).ok()
        }
        b'"' => serde_json::from_str(text).ok(),
        _ => Some(text.to_owned()),
    }
    .filter(|carried| !carried.trim().is_empty())
}

/// The ciphertext in an address (GP-03); parameters that are not enciphered may stand there one by one.
pub(crate) fn in_query(uri: &Uri, shape: Shape) -> Option<String> {
    let pairs: BTreeMap<_, _> = url::form_urlencoded::parse(uri.query()?.as_bytes()).into_owned().collect();
    if let Some(carried) = pairs.get(shape.member()).filter(|carried| !carried.trim().is_empty()) {
        return Some(carried.clone());
    }
    (shape == Shape::Plain && !pairs.is_empty()).then(|| serde_json::to_string(&pairs).ok())?
}

/// The body of a request of ours, with the account in it where there is room and the partner wants it.
pub(super) fn body(sealed: String, shape: Shape, account: Option<&str>) -> String {
    match shape {
        Shape::Bare | Shape::Plain => sealed,
        Shape::Literal => Value::from(sealed).to_string(),
        Shape::Data | Shape::Param | Shape::Params | Shape::Encrypt => {
            let mut members = Map::from_iter([(shape.member().to_owned(), Value::from(sealed))]);
            members.extend(account.map(|account| (APP_KEY.to_owned(), account.into())));
            Value::Object(members).to_string()
        }
    }
}
