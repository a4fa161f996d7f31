//! Waiting for what must happen, with a bound and without sleeping on hope.

use std::future::Future;
use std::time::{Duration, Instant};

/// Asks again and again until `probe` answers; panics when it has not `within` the bound.
///
/// # Panics
/// When the bound passes.
pub async fn eventually<T, F, P>(within: Duration, what: &str, mut probe: P) -> T
where
    P: FnMut() -> F,
    F: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(started.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A port of the loopback address that nobody listened on a moment ago.
///
/// # Panics
/// When the machine has none left.
#[must_use]
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
