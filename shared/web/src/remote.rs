//! The other direction, for services of our own surroundings: one request over one connection, one whole answer.

use bytes::Bytes;
use http::header::{CONNECTION, HOST};
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use std::fmt;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A service that an operator's settings name; partners and whatever messages name are called by `egress` alone. No
/// redirect is followed, no proxy asked, no connection kept.
#[derive(Clone)]
pub struct Remote {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// Why an address cannot be called at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRemote {
    /// Neither `http://host…` nor `https://host…`.
    #[error("is not an address: write http://host:port or https://host:port")]
    Address,
    /// Nobody to believe.
    #[error("needs root certificates (PEM), and there is no readable one")]
    Roots,
}

/// Why there is no answer; quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// No connection, or no TLS over it.
    #[error("cannot connect")]
    Unreached,
    /// The connection broke off.
    #[error("no whole answer")]
    Broken,
    /// It is longer than whoever asks wants to read.
    #[error("the answer is too long")]
    TooLong,
}

impl Remote {
    /// The service at this address; with `https` its certificate must come from one of `roots` (PEM).
    ///
    /// # Errors
    /// [`BadRemote`].
    pub fn new(address: &Uri, roots: Option<&[u8]>) -> Result<Self, BadRemote> {
        let host = address.host().ok_or(BadRemote::Address)?;
        // As a socket address wants it: IPv6 without its brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let (usual, tls) = match address.scheme_str() {
            Some("http") => (80, None),
            Some("https") => {
                let name = ServerName::try_from(host.clone()).map_err(|_| BadRemote::Address)?;
                (443, Some((connector(roots.unwrap_or_default())?, name)))
            }
            _ => return Err(BadRemote::Address),
        };
        Ok(Self { host, port: address.port_u16().unwrap_or(usual), tls })
    }

    /// Sends a request and reads its answer, at most so many bytes of body. Whoever asks sets the deadline: dropping the
    /// call ends it.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub async fn call(
        &self,
        mut request: Request<Bytes>,
        most: usize,
    ) -> Result<Response<Bytes>, Unanswered> {
        let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
        let host = HeaderValue::try_from(authority.unwrap_or_default()).map_err(|_| Unanswered::Unreached)?;
        request.headers_mut().insert(HOST, host);
        request.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        *request.uri_mut() = target.parse().map_err(|_| Unanswered::Unreached)?;
        let unreached = |_| Unanswered::Unreached;
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(unreached)?;
        match &self.tls {
            None => exchange(stream, request, most).await,
            Some((tls, name)) => {
                let stream = tls.connect(name.clone(), stream).await.map_err(unreached)?;
                exchange(stream, request, most).await
            }
        }
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Bytes>,
    most: usize,
) -> Result<Response<Bytes>, Unanswered> {
    let broken = |_| Unanswered::Broken;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let answer = async {
        let (head, body) = sender.send_request(request.map(Full::new)).await.map_err(broken)?.into_parts();
        let body = Limited::new(body, most).collect().await.map_err(|why| {
            if why.is::<http_body_util::LengthLimitError>() {
                Unanswered::TooLong
            } else {
                Unanswered::Broken
            }
        })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        answer = &mut answer => answer,
        // What was read before the connection ended is still to be had.
        _ = connection => answer.await,
    }
}

fn connector(roots: &[u8]) -> Result<TlsConnector, BadRemote> {
    let mut store = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(roots).flatten() {
        // A system's bundle may hold some that cannot be used; the others count.
        let _ = store.add(root);
    }
    if store.is_empty() {
        return Err(BadRemote::Roots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| BadRemote::Roots)?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({}:{})", self.host, self.port)
    }
}
