//! One batch of spans on its way to the collector: posted, and what the collector's answer means.

use super::otlp::{self, Resource};
use super::span::Ended;
use crate::clock::{now, random};
use crate::process::Process;
use crate::settings::{Mistakes, Problem, Source, TraceSettings};
use bytes::Bytes;
use crypto::secret::Secrets;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use std::time::Duration;
use web::Remote;

/// For connecting, sending and the whole answer.
const WITHIN: Duration = Duration::from_secs(10);
/// Answers are a few words.
const LONGEST_ANSWER: usize = 16 * 1024;
const PATH: &str = "/v1/traces";

/// To whom, and from whom.
#[derive(Debug)]
pub(super) struct Parcel {
    remote: Remote,
    to: Uri,
    headers: HeaderMap,
    resource: Resource,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// The collector has it, but for so many spans.
    Taken(u64),
    /// Not now; perhaps after the time it asks for.
    Later(Option<Duration>),
    /// It will never take this.
    Refused(StatusCode),
}

impl Parcel {
    /// None if the settings name no collector.
    pub(super) fn to(
        settings: &TraceSettings,
        source: &Source,
        process: Process,
    ) -> Result<Option<Self>, Mistakes> {
        let Some(endpoint) = &settings.endpoint else { return Ok(None) };
        let wrong = |key: &str, why: String| source.locate(vec![Problem::new(key, why)]);
        let address = format!("{}{PATH}", endpoint.trim_end_matches('/'));
        let to: Uri =
            address.parse().map_err(|_| wrong("traces.endpoint", "is not an address".to_owned()))?;
        let roots = match to.scheme_str() {
            Some("https") => Some(std::fs::read(&settings.roots).map_err(|why| {
                wrong("traces.roots", format!("{} cannot be read: {why}", settings.roots.display()))
            })?),
            _ => None,
        };
        let remote =
            Remote::new(&to, roots.as_deref()).map_err(|why| wrong("traces.endpoint", why.to_string()))?;
        let headers = headers(settings).map_err(|(key, why)| wrong(&key, why))?;
        let resource = vec![
            ("service.name", process.name.to_owned()),
            ("service.namespace", "baohan-gateway".to_owned()),
            ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
            ("service.instance.id", instance()),
        ];
        Ok(Some(Self { remote, to, headers, resource }))
    }

    /// Sends a batch once.
    pub(super) async fn post(&self, spans: &[Ended]) -> Posted {
        let body = Bytes::from(otlp::export(&self.resource, spans));
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.to.clone();
        *request.headers_mut() = self.headers.clone();
        match tokio::time::timeout(WITHIN, self.remote.call(request, LONGEST_ANSWER)).await {
            Ok(Ok(answer)) => meaning(&answer),
            Ok(Err(_)) | Err(_) => Posted::Later(None),
        }
    }
}

/// Which answers are tried again is OTLP's list.
fn meaning(answer: &Response<Bytes>) -> Posted {
    match answer.status().as_u16() {
        200..=299 => Posted::Taken(otlp::rejected(answer.body())),
        429 | 502 | 503 | 504 => Posted::Later(retry_after(answer.headers())),
        _ => Posted::Refused(answer.status()),
    }
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc2822).ok()?;
    Duration::try_from(at - now()).ok()
}

fn headers(settings: &TraceSettings) -> Result<HeaderMap, (String, String)> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, reference) in &settings.headers {
        let key = format!("traces.headers.{name}");
        let wrong = |why: String| (key.clone(), why);
        let secret = crate::secrets().resolve(reference).map_err(|missing| wrong(missing.to_string()))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|why| wrong(why.to_string()))?;
        let mut value = HeaderValue::from_str(secret.expose())
            .map_err(|_| wrong("is no value of a header".to_owned()))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// A UUID of chance: each start of a process is an instance of its own.
fn instance() -> String {
    let mut bytes: [u8; 16] = random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
