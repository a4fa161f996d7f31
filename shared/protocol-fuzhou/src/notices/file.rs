//! A file of the platform's, fetched from the address that 2.3, 3.3, 4.1 or 4.3 gave; without token, without `param`.

use super::address;
use super::reply::Told;
use crate::codes;
use bytes::Bytes;
use domain::{Attachment, Fact, Notice, Topic};
use http::{Request, Response, StatusCode};
use protocol::{Learnt, Unsealable, Verdict};

/// Whether the question is a file itself.
pub(crate) const fn is_file(notice: &Notice) -> bool {
    matches!(notice, Notice::Inquiry(inquiry) if matches!(inquiry.topic, Topic::File { .. }))
}

/// The address carries everything that is needed, among it a token: it is masked in logs (FZ-03). The engine asks its
/// allow-list before it goes there.
pub(super) fn fetch(attachment: &Attachment) -> Result<Request<Bytes>, Unsealable> {
    let target = address(attachment.url.expose())
        .ok_or_else(|| Unsealable("the address of the file is no http address".to_owned()))?;
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = target;
    Ok(request)
}

/// An address that has expired is an answer, too: a new one must be asked for.
pub(super) fn judge(reply: &Response<Bytes>) -> Verdict {
    match told(reply) {
        Found::File | Found::Gone => Verdict::Delivered,
        Found::Nothing(why) => Verdict::Later(why, protocol::retry_after(reply)),
    }
}

pub(super) fn learn(file_id: &str, attachment: &Attachment, reply: &Response<Bytes>) -> Learnt {
    let (file_id, attachment) = (file_id.to_owned(), attachment.clone());
    match told(reply) {
        Found::File => Learnt::File { file_id, attachment },
        Found::Gone | Found::Nothing(_) => Learnt::Fact(Fact::FileGone { file_id, attachment }),
    }
}

enum Found {
    File,
    Gone,
    Nothing(String),
}

/// The platform says that a file is gone by HTTP status, or by a JSON with a code where the file should be.
fn told(reply: &Response<Bytes>) -> Found {
    let http = reply.status();
    if matches!(http, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) {
        return Found::Gone;
    }
    if !http.is_success() {
        return Found::Nothing(format!("HTTP {}", http.as_u16()));
    }
    match Told::read(reply.body()) {
        Some(told) if codes::is_file_gone(&told.status) => Found::Gone,
        Some(told) => {
            let code: String = told.status.chars().take(16).collect();
            Found::Nothing(format!("status {code} in place of a file"))
        }
        None if reply.body().is_empty() => Found::Nothing("an empty file".to_owned()),
        None => Found::File,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Response<Bytes> {
        Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn a_file_is_kept_an_expired_address_renewed_and_the_rest_tried_again() {
        let attachment = Attachment { name: "x".into(), kind: "evidence".into(), url: "http://a/".into() };
        let learnt = |status, body| {
            let reply = reply(status, body);
            (judge(&reply) == Verdict::Delivered).then(|| learn("1", &attachment, &reply))
        };
        for body in ["%PDF-1.7", "{\"a\":1}", "\u{fffd}PNG"] {
            assert!(matches!(learnt(200, body), Some(Learnt::File { .. })), "{body}");
        }
        for (status, body) in [
            (403, ""),
            (404, "x"),
            (410, ""),
            (200, r#"{"status":1006,"data":"token"}"#),
            (200, r#"{"status":"4401"}"#),
        ] {
            assert!(
                matches!(learnt(status, body), Some(Learnt::Fact(Fact::FileGone { .. }))),
                "{status} {body}"
            );
        }
        for (status, body) in [(500, ""), (200, ""), (200, r#"{"status":404}"#), (302, "x")] {
            assert!(learnt(status, body).is_none(), "{status} {body}");
        }
    }

    #[test]
    fn only_a_web_address_is_fetched() {
        let file = |url: &str| fetch(&Attachment { name: "x".into(), kind: "x".into(), url: url.into() });
        let request = file("https://a.example/v1?param=a%2Fb%3D&access_token=c%2B").unwrap();
        assert_eq!(
            (request.method().as_str(), request.uri().to_string().as_str()),
            ("GET", "https://a.example/v1?param=a%2Fb%3D&access_token=c%2B")
        );
        for wrong in ["", "ftp://a/", "/x", "file:///etc/passwd"] {
            assert!(file(wrong).is_err(), "{wrong}");
        }
    }
}
