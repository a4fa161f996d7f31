//! The timestamp authority over HTTP (RFC 3161, section 3.4): one POST, one deadline, an answer of bounded size.

use signing::{Later, TimestampAuthority, Unstamped};
use std::time::Duration;

/// Over everything: a document waits for it.
const DEADLINE: Duration = Duration::from_secs(10);
/// Largest answer that is read, bytes; a token with its certificates has about 6 KB.
const LARGEST: usize = 64 * 1024;

/// A timestamp authority at an address.
#[derive(Debug, Clone)]
pub struct Authority {
    client: reqwest::Client,
    url: String,
}

impl Authority {
    /// The authority at this address.
    ///
    /// # Errors
    /// If the system's certificates cannot be used.
    pub fn at(url: &str) -> Result<Self, reqwest::Error> {
        // Another part of the process may have chosen the provider already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .timeout(DEADLINE)
            .build()?;
        Ok(Self { client, url: url.to_owned() })
    }

    async fn exchange(&self, request: Vec<u8>) -> Result<Vec<u8>, Unstamped> {
        let unreached = |error: reqwest::Error| Unstamped(format!("no answer: {}", error.without_url()));
        let post = self.client.post(&self.url).header("content-type", "application/timestamp-query");
        let mut reply = post.body(request).send().await.map_err(unreached)?;
        if !reply.status().is_success() {
            return Err(Unstamped(format!("it answered with HTTP {}", reply.status().as_u16())));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(unreached)? {
            answer.extend_from_slice(&chunk);
            if answer.len() > LARGEST {
                return Err(Unstamped(format!("its answer is larger than {LARGEST} bytes")));
            }
        }
        Ok(answer)
    }
}

impl TimestampAuthority for Authority {
    fn ask(&self, request: Vec<u8>) -> Later<'_, Result<Vec<u8>, Unstamped>> {
        Box::pin(self.exchange(request))
    }
}
