//! One HTTP request to a partner: one deadline over everything, a reply of bounded size, and never a redirect.

use crate::reach::Reach;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::{Certificate, Identity};
use std::error::Error;
use std::time::Duration;
use tokio::time::Instant;

/// How long an unused connection to a partner is kept; shorter than what common servers keep, so that it is we who close.
const IDLE: Duration = Duration::from_secs(30);
/// What partners see in their access logs.
const USER_AGENT: &str = concat!("baohan-gateway/", env!("CARGO_PKG_VERSION"));

/// Sends requests to partners over pooled connections. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    client: reqwest::Client,
    reach: Reach,
}

/// How one partner and we know each other on TLS, where that is more than the system's certificates.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Our certificate, if the partner asks for one.
    pub identity: Option<Identity>,
    /// Whom we believe to be the partner; empty: whom the system believes.
    pub roots: Vec<Certificate>,
}

/// The bounds of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Over connecting, sending, waiting for the head and reading the body, all together: how long an attempt may take.
    pub(crate) deadline: Duration,
    /// When that is over.
    pub(crate) until: Instant,
    /// What is read of a reply, bytes; a longer one is cut and judged so.
    pub(crate) reply_bytes: usize,
}

/// Why there is no reply to judge: the partner was not reached, or did not answer within the deadline. For operators; it
/// quotes nothing the partner sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreached(pub(crate) String);

impl Post {
    /// `connect` bounds connecting alone; the deadline of an attempt bounds it too.
    ///
    /// # Errors
    /// If the certificates cannot be used.
    pub(crate) fn new(
        connect: Duration,
        reach: Reach,
        credentials: Option<Credentials>,
    ) -> Result<Self, reqwest::Error> {
        // Another part of the process may have chosen the provider already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder();
        if let Some(Credentials { identity, roots }) = credentials {
            if let Some(identity) = identity {
                builder = builder.identity(identity);
            }
            if !roots.is_empty() {
                builder = builder.tls_certs_only(roots);
            }
        }
        let client = builder
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            // A callback that failed is tried again by schedule, where everyone can see it, never in here.
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .http1_only()
            .connect_timeout(connect)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .dns_resolver(reach.clone())
            .build()?;
        Ok(Self { client, reach })
    }

    /// Sends and reads the whole reply within the bounds.
    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
        bounds: Bounds,
    ) -> Result<Response<Bytes>, Unreached> {
        let exchange = self.exchange(request, bounds.reply_bytes);
        match tokio::time::timeout_at(bounds.until, exchange).await {
            Ok(reply) => reply,
            Err(_) => Err(Unreached(format!("no whole reply within {} ms", bounds.deadline.as_millis()))),
        }
    }

    async fn exchange(&self, request: Request<Bytes>, most: usize) -> Result<Response<Bytes>, Unreached> {
        let request = reqwest::Request::try_from(request).map_err(|error| unreached(&error))?;
        self.reach.admits(request.url()).map_err(|why| Unreached(format!("not called: {why}")))?;
        let mut reply = self.client.execute(request).await.map_err(|error| unreached(&error))?;
        let mut body = BytesMut::new();
        while let Some(chunk) = reply.chunk().await.map_err(|error| unreached(&error))? {
            body.extend_from_slice(&chunk[..chunk.len().min(most - body.len())]);
            if body.len() == most {
                break;
            }
        }
        let mut whole = Response::new(body.freeze());
        *whole.status_mut() = reply.status();
        *whole.headers_mut() = std::mem::take(reply.headers_mut());
        Ok(whole)
    }
}

/// The innermost reason, without the address: a query string may carry a signature.
fn unreached(error: &reqwest::Error) -> Unreached {
    let phase = if error.is_connect() {
        "cannot connect"
    } else if error.is_body() || error.is_decode() {
        "the reply broke off"
    } else {
        "no reply"
    };
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let reason = if error.source().is_some() { innermost.to_string() } else { String::new() };
    Unreached(format!("{phase}: {reason}"))
}
