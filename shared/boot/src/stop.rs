//! The wish to stop, told once by SIGTERM or SIGINT and heard by every engine.

use std::io;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// A second signal ends the process at once; shells know this number as "interrupted".
const INTERRUPTED: i32 = 130;

/// Cheap to clone; all clones hear the same wish. Once requested it stays requested.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// A wish that nobody has uttered yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Utters it; repeating it changes nothing.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has been uttered.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes when it is uttered, at once if it was.
    pub async fn requested(&self) {
        // `self` holds the sender, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|requested| *requested).await;
    }
}

/// A [`Stop`] that the first SIGTERM or SIGINT requests; the second one ends the process at once.
///
/// # Errors
/// If the operating system does not let us listen for signals.
pub fn stop_signal() -> io::Result<Stop> {
    let stop = Stop::new();
    // Who hangs up wants settings to be read anew ([`crate::Boot::renew`]); where nothing is, the default would be the end.
    drop(signal(SignalKind::hangup())?);
    let (term, int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(listen(stop.clone(), term, int));
    Ok(stop)
}

async fn listen(stop: Stop, mut term: Signal, mut int: Signal) {
    loop {
        let name = tokio::select! {
            _ = term.recv() => "SIGTERM",
            _ = int.recv() => "SIGINT",
        };
        if stop.is_requested() {
            tracing::warn!(signal = name, "asked a second time to stop, ending at once");
            std::process::exit(INTERRUPTED);
        }
        tracing::info!(signal = name, "asked to stop, draining");
        stop.request();
    }
}
