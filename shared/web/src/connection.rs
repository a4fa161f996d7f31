//! One connection: its requests one after another, each read whole, handled and answered, under the eye of a watch.

use crate::body;
use crate::pulse::Pulse;
use crate::serve::{Answer, Peer, Phase, Reset};
use crate::socket::Socket;
use crate::wire::Wire;
use crate::{Body, Limits, Refusal, Tls};
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};

/// What hyper insists on as the smallest buffer for a head.
const SMALLEST_HEAD: usize = 8192;

/// What all connections of a listener share.
pub(crate) struct Rules<H, R> {
    pub(crate) limits: Limits,
    pub(crate) tls: Option<Tls>,
    pub(crate) handler: H,
    pub(crate) refuse: R,
    pub(crate) seats: Arc<Semaphore>,
}

impl<H, F, R> Rules<H, R>
where
    H: Fn(Request<Bytes>, Peer) -> F,
    F: Future<Output: Answer>,
    R: Fn(Refusal) -> Response<Body>,
{
    fn seats_short(&self) -> bool {
        self.seats.available_permits() == 0
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        peer: Peer,
        pulse: &Pulse,
    ) -> Result<Response<Body>, Reset> {
        pulse.asked();
        let (head, body) = request.into_parts();
        let answer = match body::read(body, &self.limits).await {
            Ok(whole) => (self.handler)(Request::from_parts(head, whole), peer).await.into_answer(),
            Err(refusal) => {
                tracing::debug!(?refusal, peer = %peer.addr, "request refused");
                pulse.linger();
                Ok(closing((self.refuse)(refusal)))
            }
        };
        pulse.answered();
        match answer {
            Ok(response) if self.seats_short() => Ok(closing(response)),
            Ok(response) => Ok(response),
            Err(reset) => {
                pulse.reset();
                Err(reset)
            }
        }
    }
}

fn closing(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Runs a connection to its end; `seat` is given back with it.
pub(crate) async fn run<H, F, R>(
    stream: TcpStream,
    peer: Peer,
    rules: Arc<Rules<H, R>>,
    mut phase: watch::Receiver<Phase>,
    seat: OwnedSemaphorePermit,
) where
    H: Fn(Request<Bytes>, Peer) -> F,
    F: Future<Output: Answer>,
    R: Fn(Refusal) -> Response<Body>,
{
    // Failing means the partner is gone already; reading will say so.
    let _ = stream.set_nodelay(true);
    let Some(wire) = shake_hands(stream, peer, &rules.tls, &rules.limits).await else { return };
    let pulse = Arc::new(Pulse::new());
    let socket = Socket::new(wire, Arc::clone(&pulse));
    let service = service_fn(|request| rules.answer(request, peer, &pulse));
    let mut serving = pin!(speech(&rules.limits).serve_connection(socket, service));
    let every = rules.limits.look_every();
    let mut look = pin!(sleep(every));
    loop {
        tokio::select! {
            biased;
            ended = serving.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(peer = %peer.addr, %error, "connection ended early");
                }
                break;
            }
            changed = phase.changed() => match (changed, *phase.borrow()) {
                (Ok(()), Phase::Open) => {}
                (Ok(()), Phase::Draining) => serving.as_mut().graceful_shutdown(),
                (Ok(()), Phase::Ended) | (Err(_), _) => break,
            },
            () = look.as_mut() => {
                if pulse.overdue(&rules.limits, rules.seats_short()) {
                    tracing::debug!(peer = %peer.addr, "connection closed: nothing moved for too long");
                    break;
                }
                look.as_mut().reset(Instant::now() + every);
            }
        }
    }
    drop(seat);
}

/// The connection once it may speak; a handshake takes no longer than a head.
async fn shake_hands(stream: TcpStream, peer: Peer, tls: &Option<Tls>, limits: &Limits) -> Option<Wire> {
    let Some(Tls(acceptor)) = tls else { return Some(Wire::Plain(stream)) };
    match timeout(limits.header_read, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some(Wire::Tls(Box::new(stream))),
        Ok(Err(error)) => {
            tracing::debug!(peer = %peer.addr, %error, "no TLS with this caller");
            None
        }
        Err(_) => {
            tracing::debug!(peer = %peer.addr, "connection closed: the TLS handshake took too long");
            None
        }
    }
}

/// Half-close is allowed so that a handler runs to its end even when the partner hangs up; our own watch replaces
/// hyper's header timer, which costs one timer for each request instead of one for each connection.
fn speech(limits: &Limits) -> http1::Builder {
    let mut speech = http1::Builder::new();
    speech.half_close(true).header_read_timeout(None).max_buf_size(limits.header_bytes.max(SMALLEST_HEAD));
    speech
}
