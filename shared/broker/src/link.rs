//! One connection that is always being kept: whatever goes wrong, it is dropped whole and built anew, for ever.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use lapin::Connection;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use crate::Settings;
use crate::vitals::Vitals;

/// How often a standing connection is looked at.
const GLANCE: Duration = Duration::from_millis(100);
/// A connection that stood this long was a good one: the next attempt follows quickly.
const STEADY: Duration = Duration::from_secs(5);

/// A connection and which one it is; a verdict about an older one is void.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) connection: Arc<Connection>,
    pub(crate) generation: u64,
}

/// The shared view on a kept connection.
pub(crate) struct Link {
    current: watch::Sender<Option<Live>>,
    given_up: watch::Sender<u64>,
}

impl Link {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { current: watch::Sender::new(None), given_up: watch::Sender::new(0) })
    }

    /// Waits for a standing connection.
    pub(crate) async fn live(&self) -> Live {
        let mut current = self.current.subscribe();
        loop {
            if let Some(live) = current.borrow_and_update().clone() {
                return live;
            }
            // The sender lives as long as `self`.
            let _ = current.changed().await;
        }
    }

    /// Resolves once the connection `generation` is no longer the one.
    pub(crate) async fn lost(&self, generation: u64) {
        let mut current = self.current.subscribe();
        let same = |live: &Option<Live>| live.as_ref().is_some_and(|live| live.generation == generation);
        while same(&current.borrow_and_update()) {
            let _ = current.changed().await;
        }
    }

    /// Whoever finds a connection wanting says so here; everybody on it moves on.
    pub(crate) fn give_up(&self, generation: u64) {
        self.given_up.send_if_modified(|newest| {
            let news = generation > *newest;
            *newest = generation.max(*newest);
            news
        });
    }

    pub(crate) fn connected(&self) -> bool {
        self.current.borrow().as_ref().is_some_and(|live| live.connection.status().connected())
    }

    pub(crate) fn blocked(&self) -> bool {
        self.current.borrow().as_ref().is_some_and(|live| live.connection.status().blocked())
    }

    /// Connected and taking messages.
    pub(crate) fn open(&self) -> bool {
        self.connected() && !self.blocked()
    }

    /// Keeps the connection until the task is aborted.
    pub(crate) async fn keep(self: Arc<Self>, settings: Settings, purpose: String, vitals: Arc<Vitals>) {
        let mut attempt = 0;
        let mut generation = 0;
        loop {
            match settings.connect(&purpose).await {
                Ok(connection) => {
                    generation += 1;
                    let since = Instant::now();
                    self.hold(Arc::new(connection), generation).await;
                    vitals.reconnects.fetch_add(1, Relaxed);
                    tracing::warn!(connection = %settings.name, purpose, "lost the broker");
                    attempt = if since.elapsed() >= STEADY { 0 } else { attempt + 1 };
                }
                Err(error) => {
                    tracing::warn!(connection = %settings.name, purpose, attempt, %error, "no way to the broker");
                    attempt += 1;
                }
            }
            sleep(settings.pause_before(attempt)).await;
        }
    }

    /// Offers a connection for as long as it stands and nobody has given it up.
    async fn hold(&self, connection: Arc<Connection>, generation: u64) {
        let mut given_up = self.given_up.subscribe();
        self.current.send_replace(Some(Live { connection: Arc::clone(&connection), generation }));
        while connection.status().connected() && *given_up.borrow_and_update() < generation {
            let _ = timeout(GLANCE, given_up.changed()).await;
        }
        self.current.send_replace(None);
        let _ = timeout(Duration::from_secs(1), connection.close(200, "replaced".into())).await;
    }
}
