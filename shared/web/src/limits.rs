//! What a partner may cost us: bytes, seconds and seats, and the ways in which it can exceed them.

use http::StatusCode;
use std::time::Duration;

/// The bounds of one listener. Build from `Limits::default()` and change what the settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest request body, bytes. Default 2 MiB.
    pub body_bytes: usize,
    /// Largest request head (line and header fields), bytes; at least 8192 is always allowed. Default 32 KiB.
    pub header_bytes: usize,
    /// From the first byte of a request (or from connecting) to the end of its head. Default 10 s.
    pub header_read: Duration,
    /// From the end of the head to the end of the body, in total. Default 15 s.
    pub body_read: Duration,
    /// How long a connection may stay open with nothing moving on it. Default 60 s.
    pub keep_alive: Duration,
    /// Connections open at the same time. Default 2048.
    pub connections: u32,
    /// How long draining waits for requests in flight. Default 10 s.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 2 * 1024 * 1024,
            header_bytes: 32 * 1024,
            header_read: Duration::from_secs(10),
            body_read: Duration::from_secs(15),
            keep_alive: Duration::from_secs(60),
            connections: 2048,
            drain: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// How often a connection looks at its own age: fine enough that no bound is exceeded by more than a quarter.
    pub(crate) fn look_every(&self) -> Duration {
        let shortest = self.header_read.min(self.keep_alive) / 4;
        shortest.clamp(Duration::from_millis(10), Duration::from_secs(5))
    }
}

/// Why a request was not handed to the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The body is larger than `Limits::body_bytes`.
    BodyTooLarge,
    /// The body did not arrive within `Limits::body_read`.
    Slow,
    /// The body is broken: ended early, or malformed chunks.
    Unreadable,
}

impl Refusal {
    /// The status that plain HTTP has for it; a partner protocol may answer 200 with its own code instead.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Unreadable => StatusCode::BAD_REQUEST,
        }
    }
}
