//! The partner's receiver, which does whatever a test wants it to, and keeps what it got.
#![allow(unreachable_pub, dead_code, reason = "modules of test suites")]

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{Request, Response};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use web::{Body, Limits, Port, Tls};

/// What it does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with this status and body.
    Say(u16, &'static str),
    /// Answers with this status and header.
    Head(u16, &'static str, String),
    /// Never answers.
    Hang,
    /// Answers 200 and then a byte now and then, without end.
    Drip,
    /// Answers 200 and then as much as is read, without end.
    Flood,
}

/// A request it got.
#[derive(Clone, Debug)]
pub struct Got {
    pub path: String,
    pub agent: String,
    /// The words of the body.
    pub words: Vec<String>,
}

/// A listener; ends when dropped.
pub struct Receiver {
    pub address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    _stop: oneshot::Sender<()>,
}

impl Receiver {
    pub async fn start(act: impl Fn(&Got, usize) -> Act + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", act).await
    }

    /// `act` is told the request and how many there were before it.
    pub async fn at(address: &str, act: impl Fn(&Got, usize) -> Act + Send + Sync + 'static) -> Self {
        Self::open(address, None, act).await
    }

    /// HTTPS for those who show a certificate from `client_roots`.
    pub async fn secured(
        client_roots: &[u8],
        act: impl Fn(&Got, usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let (certificate, key) = (
            include_bytes!("../../../testkit/keys/server.pem"),
            include_bytes!("../../../testkit/keys/server.key"),
        );
        let tls = Tls::new(certificate, key, Some(client_roots)).expect("a certificate and its key");
        Self::open("127.0.0.1:0", Some(tls), act).await
    }

    async fn open(
        address: &str,
        tls: Option<Tls>,
        act: impl Fn(&Got, usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let (keeping, act) = (Arc::clone(&got), Arc::new(act));
        let (stop, stopped) = oneshot::channel::<()>();
        let handler = move |request: Request<Bytes>, _| {
            let now = read(&request);
            let mut kept = keeping.lock().expect("whole");
            let doing = act(&now, kept.len());
            kept.push(now);
            drop(kept);
            perform(doing)
        };
        let limits = Limits { drain: Duration::ZERO, ..Limits::default() };
        let refuse = |_| Response::new(Body::empty());
        tokio::spawn(async move {
            web::serve(Port { listener, tls }, limits, async move { drop(stopped.await) }, refuse, handler)
                .await
        });
        Self { address, got, _stop: stop }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().expect("whole").clone()
    }
}

fn read(request: &Request<Bytes>) -> Got {
    let agent = request.headers().get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Got {
        path: request.uri().path().to_owned(),
        agent: agent.to_owned(),
        words: String::from_utf8_lossy(request.body()).split(' ').map(str::to_owned).collect(),
    }
}

async fn perform(act: Act) -> Response<Body> {
    let (status, body) = match act {
        Act::Say(status, text) => (status, Body::from(text)),
        Act::Head(status, name, value) => {
            let response = Response::builder().status(status).header(name, value);
            return response.body(Body::empty()).expect("a response");
        }
        Act::Hang => std::future::pending().await,
        Act::Drip => (
            200,
            Body::stream(drip().then(|chunk| async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                chunk
            })),
        ),
        Act::Flood => (200, Body::stream(stream::repeat_with(|| Ok(Bytes::from_static(&[b'x'; 4096]))))),
    };
    Response::builder().status(status).body(body).expect("a response")
}

fn drip() -> impl Stream<Item = io::Result<Bytes>> {
    stream::repeat_with(|| Ok(Bytes::from_static(b" ")))
}
