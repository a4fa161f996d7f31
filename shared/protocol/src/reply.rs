//! What every partner's reply may carry, whatever else it means: how long to wait, and a reason for operators.

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{Response, StatusCode};
use std::time::Duration;

/// Longest reason of a partner that is kept, characters.
pub const LONGEST_REASON: usize = 200;

/// How long the partner asks us to wait, where that means anything (429, 503). Seconds; the form with a date is rare among
/// these platforms and needs a clock.
#[must_use]
pub fn retry_after(reply: &Response<Bytes>) -> Option<Duration> {
    let asked = matches!(reply.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    let value = reply.headers().get(RETRY_AFTER).filter(|_| asked)?;
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// A partner's words as they are kept: cut at [`LONGEST_REASON`], without control characters.
#[must_use]
pub fn short_reason(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_REASON).collect()
}
