//! A request that was turned away, as it came: kept for a while, so that somebody can look at it the next morning.

use domain::{PartnerId, Private, Timestamp};
use serde::{Deserialize, Serialize};

/// A message about a rejected request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "with")]
pub enum RejectionTask {
    /// Keep it.
    #[serde(rename = "keep_rejected.v1")]
    Keep(RejectedRequest),
}

/// A rejected request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRequest {
    /// Its id, 16 hexadecimal digits: the span under which it was answered.
    pub id: String,
    /// The partner whose address it came in by; it may be anybody's all the same.
    pub partner: PartnerId,
    /// The partner's protocol.
    pub protocol: String,
    /// When it arrived.
    pub at: Timestamp,
    /// The kind of rejection, as metrics have it: `forged`, `malformed` …
    pub reason: String,
    /// Why, as the log has it: without secrets and personal data.
    pub why: String,
    /// HTTP method.
    pub method: String,
    /// Path and query, relative to the partner instance.
    pub target: Private,
    /// Whence it came.
    #[serde(default)]
    pub caller: String,
    /// Its headers, names in small letters.
    pub headers: Vec<(String, Private)>,
    /// Its body, base64; empty if it was larger than what is kept.
    pub body: Private,
    /// How large the body was, bytes.
    pub size: u64,
}
