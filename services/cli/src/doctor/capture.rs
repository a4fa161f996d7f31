//! A message as somebody captured it: a whole HTTP message with its head, or the body alone.

use anyhow::{Context, Result};
use bytes::Bytes;
use domain::{PartnerId, Timestamp};
use http::Request;
use http::header::DATE;
use std::io::Read as _;
use std::path::Path;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// Reads a capture from a file, or from standard input for `-`.
///
/// # Errors
/// If there is nothing to read, or what begins like an HTTP message is none.
pub(super) fn read(file: &Path, partner: &PartnerId) -> Result<Request<Bytes>> {
    let mut text = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut text).context("standard input cannot be read")?;
    } else {
        text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    }
    parsed(&text, partner)
}

fn parsed(text: &[u8], partner: &PartnerId) -> Result<Request<Bytes>> {
    let break_at =
        |gap: &[u8]| text.windows(gap.len()).position(|part| part == gap).map(|at| (at, gap.len()));
    let starts = ["POST ", "GET ", "PUT ", "HTTP/"].iter().any(|word| text.starts_with(word.as_bytes()));
    let Some((head, gap)) = break_at(b"\r\n\r\n").or_else(|| break_at(b"\n\n")).filter(|_| starts) else {
        return Ok(Request::post("/").body(Bytes::copy_from_slice(text))?);
    };
    let body = Bytes::copy_from_slice(&text[head + gap..]);
    let lines = String::from_utf8_lossy(&text[..head]).into_owned();
    let mut lines = lines.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = match (first.next(), first.next()) {
        // An answer has neither.
        (Some(method), Some(target)) if !method.starts_with("HTTP/") => (method, target),
        _ => ("POST", "/"),
    };
    let mut request = Request::builder().method(method).uri(relative(target, partner));
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request = request.header(name.trim(), value.trim());
    }
    request.body(body).context("the capture begins like an HTTP message but is none")
}

/// The address behind the part that names the partner instance.
fn relative(target: &str, partner: &PartnerId) -> String {
    let path =
        target.split_once("://").map_or(target, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let inside = path.strip_prefix('/').and_then(|path| path.strip_prefix(partner.as_str()));
    match inside {
        Some(rest) if rest.starts_with(['/', '?']) => rest.to_owned(),
        Some("") => "/".to_owned(),
        _ => path.to_owned(),
    }
}

/// When it was sent, if its head tells.
pub(super) fn dated(request: &Request<Bytes>) -> Option<Timestamp> {
    let text = request.headers().get(DATE)?.to_str().ok()?;
    OffsetDateTime::parse(text, &Rfc2822).ok().map(Timestamp::new)
}

#[cfg(test)]
mod tests {
    use super::{dated, parsed};
    use domain::PartnerId;

    #[test]
    fn a_whole_message_a_body_alone_and_an_answer_are_read() {
        let partner = PartnerId::parse("demo").unwrap();
        let whole = b"POST http://gateway.example/demo/baohanapply HTTP/1.1\r\nDate: Sun, 22 Nov 2026 02:30:00 GMT\r\nHost: x\r\n\r\n{}";
        let read = parsed(whole, &partner).unwrap();
        assert_eq!((read.uri().path(), &read.body()[..]), ("/baohanapply", &b"{}"[..]));
        assert_eq!(dated(&read).unwrap().unix_seconds(), 1_795_314_600);
        let bare = parsed(b"{\"a\":\n\n1}", &partner).unwrap();
        assert!(bare.headers().is_empty() && bare.body().len() == 9);
        let answer = parsed(b"HTTP/1.1 200 OK\nX: 1\n\n{}", &partner).unwrap();
        assert_eq!((answer.uri().path(), &answer.body()[..]), ("/", &b"{}"[..]));
        assert!(parsed(b"POST /demo\x01 HTTP/1.1\n\n", &partner).is_err());
    }
}
