//! `[traces]`: where the spans of every request and message are sent, if anywhere.

use crypto::secret::SecretRef;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[traces]`: spans for a collector that takes OTLP over HTTP. Without `endpoint` nothing is recorded.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceSettings {
    /// Address of the collector, `http://host:4318`; `/v1/traces` is added. Default: none.
    pub endpoint: Option<String>,
    /// `[traces.headers]`: what the collector wants to be shown, each value a secret: `authorization = "file:PATH"`.
    pub headers: BTreeMap<String, SecretRef>,
    /// The share of traces that is recorded, 0 to 1, of those that begin here; a request that brings its own trace
    /// brings the answer with it. Default 1.
    pub sample: f64,
    /// Root certificates (PEM) for an `https` endpoint. Default: those of a Debian system.
    pub roots: PathBuf,
}

impl Default for TraceSettings {
    fn default() -> Self {
        let roots = PathBuf::from("/etc/ssl/certs/ca-certificates.crt");
        Self { endpoint: None, headers: BTreeMap::new(), sample: 1.0, roots }
    }
}

impl TraceSettings {
    /// What must hold of it, by key.
    pub(super) fn check(&self, check: &mut impl FnMut(bool, &str, &str)) {
        let plain =
            |address: &String| super::partner::is_web_address(address) && !address.contains(['?', '#', '@']);
        check(
            self.endpoint.as_ref().is_none_or(plain),
            "traces.endpoint",
            "is not an address: write http://host:4318, and what must be secret into [traces.headers]",
        );
        check(
            (0.0..=1.0).contains(&self.sample),
            "traces.sample",
            "must be 0 to 1, the share that is recorded",
        );
        check(
            self.headers.keys().all(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok()),
            "traces.headers",
            "holds a name that no header can have: letters, digits and hyphens",
        );
    }
}
