//! The pulse of one connection: where it is in a request and when anything last moved, so that slow ones can be closed.

use crate::Limits;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// A head has begun to arrive (or the connection is new) and must be complete in time.
const HEAD: u8 = 0;
/// A request is being read or handled: the body deadline and the handler's own deadlines apply.
const BUSY: u8 = 1;
/// An answer is on its way or nothing is asked: something must move now and then.
const IDLE: u8 = 2;

/// When seats are short, a connection may idle only this long.
const IDLE_UNDER_PRESSURE: Duration = Duration::from_secs(1);

/// Written by the socket and the service of a connection, read by its watch; all three run in one task.
pub(crate) struct Pulse {
    opened: Instant,
    stage: AtomicU8,
    moved: AtomicU64,
    linger: AtomicBool,
    reset: AtomicBool,
}

impl Pulse {
    pub(crate) fn new() -> Self {
        Self {
            opened: Instant::now(),
            stage: AtomicU8::new(HEAD),
            moved: AtomicU64::new(0),
            linger: AtomicBool::new(false),
            reset: AtomicBool::new(false),
        }
    }

    fn mark(&self) {
        self.moved.store(self.opened.elapsed().as_micros() as u64, Relaxed);
    }

    /// Bytes came in: after an idle time that is the start of a new head.
    pub(crate) fn received(&self) {
        if self.stage.load(Relaxed) == IDLE {
            self.stage.store(HEAD, Relaxed);
            self.mark();
        }
    }

    /// Bytes of an answer went out.
    pub(crate) fn sent(&self) {
        if self.stage.load(Relaxed) == IDLE {
            self.mark();
        }
    }

    /// A head is complete.
    pub(crate) fn asked(&self) {
        self.stage.store(BUSY, Relaxed);
    }

    /// The handler has given its answer.
    pub(crate) fn answered(&self) {
        self.stage.store(IDLE, Relaxed);
        self.mark();
    }

    /// Whether the partner has been slower than the limits allow.
    pub(crate) fn overdue(&self, limits: &Limits, seats_short: bool) -> bool {
        let patience = match self.stage.load(Relaxed) {
            HEAD => limits.header_read,
            IDLE if seats_short => limits.keep_alive.min(IDLE_UNDER_PRESSURE),
            IDLE => limits.keep_alive,
            _ => return false,
        };
        let still = self.opened.elapsed().saturating_sub(Duration::from_micros(self.moved.load(Relaxed)));
        still >= patience
    }

    /// The answer leaves before the request was read: the socket must discard the rest, or the answer is lost in an RST.
    pub(crate) fn linger(&self) {
        self.linger.store(true, Relaxed);
    }

    pub(crate) fn lingers(&self) -> bool {
        self.linger.load(Relaxed)
    }

    /// The connection is to be torn down without an answer.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Relaxed);
    }

    pub(crate) fn resets(&self) -> bool {
        self.reset.load(Relaxed)
    }
}
