//! One request, one document.

use crate::range::{Wanted, wanted};
use crate::reads::Reads;
use crate::verify::Verification;
use boot::Metrics;
use bytes::Bytes;
use documents::{Documents, Invalid, Links};
use domain::{DocumentRef, Timestamp};
use http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, RANGE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use std::net::IpAddr;
use std::sync::Arc;
use web::Body;

/// What answers requests; clones share it.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

struct Inner {
    links: Links,
    store: Documents,
    reads: Reads,
    verification: Verification,
    answers: boot::metrics::Counters<1>,
}

impl Desk {
    pub(crate) fn new(
        (links, store): (Links, Documents),
        reads: Reads,
        verification: Verification,
        metrics: &Metrics,
    ) -> Self {
        let answers = metrics.counters("files_answers", "Answers by status", ["status"]);
        Self(Arc::new(Inner { links, store, reads, verification, answers }))
    }

    pub(crate) async fn answer(self, request: Request<Bytes>, caller: IpAddr) -> Response<Body> {
        let now = Timestamp::new(boot::now());
        let response = match self.0.verification.answer(&request, now).await {
            Some(page) => page,
            None => self.document(&request, caller, now).await.unwrap_or_else(plain),
        };
        self.0.answers.with([response.status().as_str()]).inc();
        response
    }

    /// What is answered to a request that could not be read.
    pub(crate) fn refuse(&self, refusal: web::Refusal) -> Response<Body> {
        let response = self.0.verification.refuse(refusal);
        self.0.answers.with([response.status().as_str()]).inc();
        response
    }

    async fn document(
        &self,
        request: &Request<Bytes>,
        caller: IpAddr,
        now: Timestamp,
    ) -> Result<Response<Body>, StatusCode> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let path = request.uri().path();
        let document = self.0.links.check(path, now).map_err(|invalid| match invalid {
            Invalid::Expired => StatusCode::GONE,
            Invalid::Unknown | Invalid::Forged => StatusCode::NOT_FOUND,
        })?;
        let bytes = self.0.store.get(&document).await.map_err(|lost| {
            // A link of ours to nothing means that a document is missing: an operator must hear of it.
            tracing::error!(document.sha256 = %document.sha256, reason = %lost, "a document cannot be had");
            if lost.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NOT_FOUND }
        })?;
        if request.method() == Method::GET {
            // No document leaves unless it is certain that this will be known.
            self.0.reads.note(&document, (path, caller), now).await.map_err(|why| {
                tracing::warn!(document.sha256 = %document.sha256, %why, "a document is held back");
                StatusCode::SERVICE_UNAVAILABLE
            })?;
        }
        serve(request, &document, bytes.into())
    }
}

fn serve(
    request: &Request<Bytes>,
    document: &DocumentRef,
    bytes: Bytes,
) -> Result<Response<Body>, StatusCode> {
    let header = request.headers().get(RANGE).and_then(|value| value.to_str().ok());
    let length = bytes.len();
    let (status, part, range) = match wanted(header, length) {
        Wanted::Whole => (StatusCode::OK, bytes, None),
        Wanted::Part(range) => {
            let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            (StatusCode::PARTIAL_CONTENT, bytes.slice(range), Some(told))
        }
        Wanted::Beyond => {
            let mut response = plain(StatusCode::RANGE_NOT_SATISFIABLE);
            set(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(response);
        }
    };
    let size = part.len();
    let body = if request.method() == Method::HEAD { Body::empty() } else { Body::from(part) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, "application/pdf"),
        (ACCEPT_RANGES, "bytes"),
        // Whoever has the link may read; nobody in between may keep.
        (CACHE_CONTROL, "private, no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (ETAG, &format!("\"{}\"", document.sha256)),
        (CONTENT_LENGTH, &size.to_string()),
        (CONTENT_DISPOSITION, &disposition(&document.name)),
    ] {
        set(&mut response, name, value);
    }
    if let Some(range) = range {
        set(&mut response, CONTENT_RANGE, &range);
    }
    Ok(response)
}

/// An answer without a document.
pub(crate) fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        set(&mut response, ALLOW, "GET, HEAD");
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        set(&mut response, RETRY_AFTER, "5");
    }
    response
}

pub(crate) fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The file name for browsers: an ASCII form for old ones, the real one after RFC 8187.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect();
    let mut escaped = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("inline; filename=\"{plain}\"; filename*=UTF-8''{escaped}")
}

#[cfg(test)]
mod tests;
