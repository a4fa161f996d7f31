//! A TCP connection as hyper sees it, with a pulse, a polite way to hang up early and a rude one.

use crate::pulse::Pulse;
use crate::wire::Wire;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Discarding stops after this time or this many bytes, whichever is first.
const LINGER_TIME: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 16 * 1024 * 1024;

pub(crate) struct Socket {
    io: TokioIo<Wire>,
    pulse: Arc<Pulse>,
    linger: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Socket {
    pub(crate) fn new(stream: Wire, pulse: Arc<Pulse>) -> Self {
        Self { io: TokioIo::new(stream), pulse, linger: None }
    }

    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (until, left) = self.linger.get_or_insert_with(|| (Box::pin(sleep(LINGER_TIME)), LINGER_BYTES));
        let mut space = [0u8; 8192];
        while *left > 0 && until.as_mut().poll(cx).is_pending() {
            let mut into = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(self.io.inner_mut()).poll_read(cx, &mut into));
            if read.is_err() || into.filled().is_empty() {
                break;
            }
            *left = left.saturating_sub(into.filled().len());
        }
        Poll::Ready(Ok(()))
    }

    fn note_sent(&self, sent: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(sent, Poll::Ready(Ok(n)) if n > 0) {
            self.pulse.sent();
        }
        sent
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.io).poll_read(cx, into);
        if read.is_ready() {
            self.pulse.received();
        }
        read
    }
}

impl Write for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.note_sent(sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.note_sent(sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
        }
        if self.pulse.lingers() { self.poll_discard(cx) } else { Poll::Ready(Ok(())) }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.pulse.resets() {
            // Failing means the connection is gone already, which is what was wanted.
            let _ = self.io.inner().tcp().set_zero_linger();
        }
    }
}
