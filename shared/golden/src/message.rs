//! A message as it was written down: first line, headers, an empty line, the body.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request};

/// One message of either direction.
pub struct Message {
    /// `POST /path HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub first: String,
    /// In the order they were written.
    pub headers: HeaderMap,
    /// Everything after the empty line.
    pub body: Bytes,
}

impl Message {
    /// Reads it.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").expect("an empty line before the body");
        let mut lines = head.lines();
        let first = lines.next().expect("a first line").to_owned();
        let headers = lines.map(header).collect();
        Self { first, headers, body: Bytes::copy_from_slice(body.as_bytes()) }
    }
}

fn header(line: &str) -> (HeaderName, HeaderValue) {
    let (name, value) = line.split_once(": ").expect("a header");
    (name.parse().expect("a header's name"), value.parse().expect("a header's value"))
}

/// A request as it was written down.
#[must_use]
pub fn request(text: &str) -> Request<Bytes> {
    let Message { first, headers, body } = Message::read(text);
    let [method, target, "HTTP/1.1"] = first.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{first} is no first line of a request")
    };
    let mut request = Request::builder().method(method).uri(target).body(body).expect("a request");
    *request.headers_mut() = headers;
    request
}
