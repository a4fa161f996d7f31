//! How platforms call: one pool of connections, no proxy, no redirect.

use bytes::Bytes;
use http::{HeaderMap, Request};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long a platform waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// No answer of the protocol came back.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// The connection failed or the answer did not come in time.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// The answer is no JSON object.
    #[error("the answer (HTTP {0}) is not a JSON object")]
    NotJson(u16),
    /// The request was never sent.
    #[error("not sent: {0}")]
    NotSent(String),
    /// A link that a sandbox does not follow.
    #[error("{0} is not an address on this machine")]
    Elsewhere(String),
}

/// An answer before anybody has read it.
#[derive(Debug)]
pub(crate) struct Raw {
    /// HTTP status.
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// From the first byte sent to the last byte read.
    pub(crate) took: Duration,
}

/// A client of the platform's; the error says what is missing.
pub(crate) fn client() -> Result<reqwest::Client, String> {
    // Already installed by someone else in this process is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(256)
        .build()
        .map_err(|error| format!("no HTTP client: {error}"))
}

/// Sends a request as it is.
pub(crate) async fn call(http: &reqwest::Client, request: &Request<Bytes>) -> Result<Raw, Unsent> {
    let begun = Instant::now();
    let response = http.execute(request.clone().try_into()?).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await?;
    Ok(Raw { status, headers, body, took: begun.elapsed() })
}

/// Names of this machine, and of the institution's services in a network of containers (deploy/docker-compose.yml).
pub(crate) fn beside(host: &str) -> bool {
    let service = host == "files" || host.starts_with("ingress-");
    host == "localhost" || (service && !host.contains('.'))
}

/// Refuses every address that is not on this machine or beside us in a network of containers: a sandbox calls nobody else,
/// whatever its settings or an answer say.
pub(crate) fn here(uri: &http::Uri) -> Result<(), Unsent> {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let local = beside(host) || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if local { Ok(()) } else { Err(Unsent::Elsewhere(uri.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::here;

    #[test]
    fn only_this_machine_is_called() {
        for address in [
            "http://127.0.0.1:8080/q?t=1",
            "https://localhost/p",
            "http://[::1]:9/c",
            "http://127.9.9.9/",
            "http://ingress-pubres:8080/p",
            "http://files:8080/",
        ] {
            assert!(here(&address.parse().unwrap()).is_ok(), "{address}");
        }
        for address in [
            "http://10.0.0.1/",
            "http://ingress-pubres.example.com/",
            "http://example/",
            "http://files.example.com/",
            "http://localhost.example.com/",
            "/q",
            "http://[::2]/",
            "http://127.0.0.1@192.0.2.1/",
        ] {
            assert!(here(&address.parse().unwrap()).is_err(), "{address}");
        }
    }
}
