//! What we answer with: bytes at hand, or a stream that may drip; and reading what the partner sent.

use crate::{Limits, Refusal};
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// The body of an answer. `Body::from(bytes)` costs no allocation; `Body::stream` is sent in chunks.
pub struct Body(Kind);

enum Kind {
    Whole(Bytes),
    Stream(Chunks),
}

impl Body {
    /// No bytes at all.
    #[must_use]
    pub fn empty() -> Self {
        Self(Kind::Whole(Bytes::new()))
    }

    /// A body that is produced while it is sent; an error in it cuts the connection, so the partner sees a broken answer.
    pub fn stream(chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Kind::Stream(Box::pin(chunks)))
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Kind::Whole(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut self.0 {
            Kind::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(chunks) => {
                chunks.as_mut().poll_next(cx).map(|next| next.map(|c| c.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Kind::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(_) => SizeHint::default(),
        }
    }
}

/// Reads a request body to its end within the size and the total time allowed.
pub(crate) async fn read(body: Incoming, limits: &Limits) -> Result<Bytes, Refusal> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(Refusal::BodyTooLarge);
    }
    tokio::time::timeout(limits.body_read, gather(body, limits.body_bytes))
        .await
        .unwrap_or(Err(Refusal::Slow))
}

/// Most bodies arrive as one chunk and are passed on without copying; memory grows only with what really came.
async fn gather(mut body: Incoming, most: usize) -> Result<Bytes, Refusal> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(chunk) = frame.map_err(|_| Refusal::Unreadable)?.into_data() else { continue };
        if first.len() + rest.len() + chunk.len() > most {
            return Err(Refusal::BodyTooLarge);
        }
        if first.is_empty() && rest.is_empty() {
            first = chunk;
        } else {
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}
