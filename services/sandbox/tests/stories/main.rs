//! The stories against a miniature institution: each row is good if the institution behaves, and wrong if it does not.
#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

mod fuzhou;
mod fuzhou_wire;
mod govproc;
mod pubres;
mod yueyang;

use bytes::Bytes;
use http::{Request, Response};
use sandbox::{Row, Verdict, json_reply};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A bound, not a measure; rows that must be wrong wait this long.
const PATIENCE: Duration = Duration::from_secs(2);
/// In base64: what a bidder's guarantee looks like before and after the opening.
const SEALED: &str = "JVBERi0xLjcKc2VhbGVk";
const REVEALED: &str = "JVBERi0xLjcKcmV2ZWFsZWQ=";

/// What the institution heard, its answer ready.
fn verdict(method: &str, data: Value, answer: Result<Value, &str>) -> Verdict {
    let mut noted = Map::new();
    noted.insert("asked".to_owned(), data);
    let problems = match answer {
        Ok(answer) => {
            noted.insert("answer".to_owned(), answer);
            Vec::new()
        }
        Err(why) => vec![why.to_owned()],
    };
    Verdict { method: method.to_owned(), key: String::new(), verified: true, problems, data: noted }
}

fn page(html: String) -> Response<Bytes> {
    let mut page = Response::new(Bytes::from(html));
    page.headers_mut().insert("content-type", "text/html; charset=utf-8".parse().unwrap());
    page
}

/// The document whose last path segment says which.
fn document(path: &str) -> Response<Bytes> {
    let file = if path.ends_with("revealed") { REVEALED } else { SEALED };
    Response::new(Bytes::from(crypto::text::from_base64(file).unwrap()))
}

fn told(answer: &Value) -> Response<Bytes> {
    json_reply(answer)
}

fn wrong(rows: &[Row]) -> Vec<String> {
    let wrong = rows.iter().filter(|row| !row.good);
    wrong.map(|row| format!("{} {}: {}", row.interface.section, row.interface.method, row.answer)).collect()
}

fn path(request: &Request<Bytes>) -> String {
    request.uri().path().to_owned()
}

fn number(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn code(good: bool, message: &str) -> Value {
    json!({ "code": if good { "1" } else { "0" }, "message": message })
}
