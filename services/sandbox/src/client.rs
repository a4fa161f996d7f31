//! How platforms call: one pool of connections, no proxy, no redirect.

use std::time::Duration;

/// How long a platform waits for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of the platform's; the error says what is missing.
pub(crate) fn client() -> Result<reqwest::Client, String> {
    // Already installed by someone else in this process is just as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(256)
        .build()
        .map_err(|error| format!("no HTTP client: {error}"))
}
