//! One listener from its first connection to its last: accepting within the seats there are, then draining.

use crate::connection::{self, Rules};
use crate::{Body, Limits, Refusal, Tls};
use bytes::Bytes;
use http::{Request, Response};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

/// After a failed accept (out of file descriptors): long enough not to spin, short enough not to be noticed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long cut-off connections get to be dropped.
const CUT_OFF: Duration = Duration::from_secs(1);

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its address as the socket has it (a proxy's, if there is one in front).
    pub addr: SocketAddr,
}

/// Returned by a handler instead of an answer: tear the connection down with an RST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the handler asked for a reset")
    }
}

impl std::error::Error for Reset {}

/// What a handler may return: a response, or a response-or-reset.
pub trait Answer {
    /// As a result.
    ///
    /// # Errors
    /// `Reset` if no answer is to be given.
    fn into_answer(self) -> Result<Response<Body>, Reset>;
}

impl Answer for Response<Body> {
    fn into_answer(self) -> Result<Response<Body>, Reset> {
        Ok(self)
    }
}

impl Answer for Result<Response<Body>, Reset> {
    fn into_answer(self) -> Result<Response<Body>, Reset> {
        self
    }
}

/// How draining ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that still had a request in flight when the drain bound was reached.
    pub cut_off: u32,
}

/// The life of the listener, as its connections see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Open,
    Draining,
    Ended,
}

/// Where callers come in.
#[derive(Debug)]
pub struct Port {
    /// Takes their connections.
    pub listener: TcpListener,
    /// HTTPS; `None` is plain HTTP.
    pub tls: Option<Tls>,
}

impl From<TcpListener> for Port {
    fn from(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }
}

/// Serves until `stop` completes, then drains and returns. Accepting never fails for good: errors are logged and retried.
pub async fn serve<H, F, R>(
    port: impl Into<Port>,
    limits: Limits,
    stop: impl Future<Output = ()>,
    refuse: R,
    handler: H,
) -> Drained
where
    H: Fn(Request<Bytes>, Peer) -> F + Send + Sync + 'static,
    F: Future<Output: Answer> + Send + 'static,
    R: Fn(Refusal) -> Response<Body> + Send + Sync + 'static,
{
    let Port { listener, tls } = port.into();
    let seats = Arc::new(Semaphore::new(limits.connections as usize));
    let rules = Arc::new(Rules { limits, tls, handler, refuse, seats: Arc::clone(&seats) });
    let phase = watch::Sender::new(Phase::Open);
    let mut stop = pin!(stop);
    loop {
        let (stream, addr, seat) = tokio::select! {
            biased;
            () = &mut stop => break,
            next = seated(&listener, &seats) => match next { Some(next) => next, None => continue },
        };
        tokio::spawn(connection::run(stream, Peer { addr }, Arc::clone(&rules), phase.subscribe(), seat));
    }
    drop(listener);
    drain(&seats, &limits, &phase).await
}

/// The next connection once there is a seat for it; until then it waits in the kernel's queue.
async fn seated(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, addr)) => Some((stream, addr, seat)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection, trying again");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn drain(seats: &Semaphore, limits: &Limits, phase: &watch::Sender<Phase>) -> Drained {
    phase.send_replace(Phase::Draining);
    if timeout(limits.drain, seats.acquire_many(limits.connections)).await.is_ok() {
        return Drained { cut_off: 0 };
    }
    let cut_off = limits.connections.saturating_sub(seats.available_permits() as u32);
    phase.send_replace(Phase::Ended);
    if timeout(CUT_OFF, seats.acquire_many(limits.connections)).await.is_err() {
        tracing::warn!("some connections did not end although they were cut off");
    }
    Drained { cut_off }
}
