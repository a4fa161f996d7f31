//! RabbitMQ's management interface, as little of it as tests need.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use serde_json::Value;

/// A client of one node's management interface. Blocking: it also serves where nothing can be awaited.
#[derive(Clone, Debug)]
pub struct Management {
    authority: String,
    authorization: String,
}

impl Management {
    /// For `http://user:password@host:port`.
    ///
    /// # Panics
    /// When the address has another form.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let rest = url.strip_prefix("http://").expect("an http address");
        let (login, authority) =
            rest.trim_end_matches('/').rsplit_once('@').expect("user:password@host:port");
        let encoded = base64::engine::general_purpose::STANDARD.encode(login);
        Self { authority: authority.to_owned(), authorization: format!("Basic {encoded}") }
    }

    /// One request; the answer's body, or `None` for any status but 2xx.
    ///
    /// # Panics
    /// When the node does not answer.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.authority).expect("management interface");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a bound");
        // HTTP/1.0: the answer ends with the connection and is never chunked.
        let head = format!(
            "{method} /api/{path} HTTP/1.0\r\nHost: {}\r\nAuthorization: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.authority,
            self.authorization,
            body.len()
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).expect("request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let fine = head.split(' ').nth(1).is_some_and(|status| status.starts_with('2'));
        fine.then(|| serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// One request that has to succeed.
    ///
    /// # Panics
    /// When it does not.
    pub fn must(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        self.request(method, path, body).unwrap_or_else(|| panic!("{method} {path} was refused"))
    }
}
