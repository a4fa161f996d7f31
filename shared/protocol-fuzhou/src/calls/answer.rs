//! What became of a push, and the plain answer `{"status":200}` that most of them get (FZ-01).

use crate::codes;
use crate::settings::Manner;
use bytes::Bytes;
use domain::{Refusal, Reply};
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use protocol::{Ask, Outcome, Rejection, RejectionKind, Wish};
use serde_json::{Map, Value};

const BUSY: &str = "系统繁忙，请稍后重试";

/// What became of a push.
pub(crate) enum Ending<'a> {
    /// A worker answered, or the command was accepted for good.
    Done(&'a Ask, &'a Reply),
    /// The command is durable, though no worker answered in time.
    Durable(&'a Ask),
    /// A worker refused it.
    Refused(&'a Ask, &'a Refusal),
    /// Nothing is durable: the platform repeats it.
    Busy,
    /// It never became a call.
    Rejected(&'a Rejection),
}

impl<'a> Ending<'a> {
    pub(super) fn of(ask: &'a Ask, outcome: &'a Outcome) -> Self {
        match (outcome, &ask.wish) {
            (Outcome::Replied(Reply::Refused(refusal)), _) => Self::Refused(ask, refusal),
            (Outcome::Replied(reply), _) => Self::Done(ask, reply),
            (Outcome::Pending(_), Wish::Command(_)) => Self::Durable(ask),
            (Outcome::Pending(_), Wish::Query(_)) | (Outcome::Unavailable, _) => Self::Busy,
        }
    }
}

/// The answer to a push: 200 once it is ours, else a code of 5.3 and why, so that the platform repeats it.
pub(super) fn status(ending: &Ending<'_>, manner: &Manner) -> Response<Bytes> {
    match ending {
        Ending::Done(..) | Ending::Durable(_) => acknowledged(manner),
        Ending::Refused(_, refusal) => said(codes::refused(refusal.kind), &refusal.say),
        Ending::Busy => said(codes::FAILED, BUSY),
        Ending::Rejected(rejection) => rejected(rejection),
    }
}

pub(super) fn acknowledged(manner: &Manner) -> Response<Bytes> {
    let mut answer = Map::from_iter([("status".to_owned(), codes::GOOD.into())]);
    answer.extend(manner.ack_aliases.iter().map(|alias| (alias.word().to_owned(), codes::GOOD.into())));
    json(&Value::Object(answer))
}

fn rejected(rejection: &Rejection) -> Response<Bytes> {
    let code = match rejection.kind {
        RejectionKind::Forged => codes::NOT_PROVEN,
        _ => codes::FAILED,
    };
    said(code, &rejection.say)
}

/// A code and, where the platform's own answers have their text, the reason.
pub(super) fn said(code: u16, say: &str) -> Response<Bytes> {
    json(&serde_json::json!({ "status": code, "data": say }))
}

/// PHP and Java clients rarely read the body of anything but 200.
pub(super) fn json(value: &Value) -> Response<Bytes> {
    raw(value.to_string())
}

pub(super) fn raw(body: String) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
