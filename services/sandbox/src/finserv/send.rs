//! The platform as a client: posts its requests to the institution and reads the plain JSON answers.

use super::orders::Request;
use super::settings::{BadSettings, Settings, Variants};
use super::speak::{Letter, Speaker};
pub use crate::client::Unsent;
use crate::client::client;
use bytes::Bytes;
use serde_json::{Map, Value};
use std::time::{Duration, Instant};

/// A platform that sends requests; clones of its connections are shared, so one is enough for any number of tasks.
#[derive(Debug)]
pub struct Partner {
    speaker: Speaker,
    http: reqwest::Client,
}

/// What the institution answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The fields of the JSON object.
    pub fields: Map<String, Value>,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

impl Partner {
    /// A platform with these keys and habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)?, http: client().map_err(BadSettings)? })
    }

    /// The same platform, over the same connections, with other habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn with(&self, change: impl FnOnce(&mut Variants)) -> Result<Self, BadSettings> {
        let settings = self.settings().clone().with(change);
        Ok(Self { speaker: Speaker::new(settings)?, http: self.http.clone() })
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        self.speaker.settings()
    }

    /// Writes and signs a request without sending it.
    #[must_use]
    pub fn write(&self, request: &Request) -> Letter {
        self.speaker.write(request.method, &request.data, crate::now())
    }

    /// Writes, signs and sends a request.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn send(&self, request: &Request) -> Result<Answer, Unsent> {
        self.post(&self.write(request)).await
    }

    /// Sends a request that is already written: the same bytes as often as wanted.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn post(&self, letter: &Letter) -> Result<Answer, Unsent> {
        let begun = Instant::now();
        let request = self.http.post(&self.settings().gateway).header("content-type", &letter.content_type);
        let response = request.body(letter.body.clone()).send().await?;
        let status = response.status().as_u16();
        let body = response.bytes().await?;
        let fields = serde_json::from_slice(&body).map_err(|_| Unsent::NotJson(status))?;
        Ok(Answer { status, fields, took: begun.elapsed() })
    }

    /// Fetches a document the institution linked to; an answer other than 200 is an error.
    ///
    /// # Errors
    /// [`Unsent`] if it cannot be had.
    pub async fn fetch(&self, url: &str) -> Result<Bytes, Unsent> {
        Ok(self.http.get(url).send().await?.error_for_status()?.bytes().await?)
    }
}

impl Answer {
    /// True if `result` is `success` in any case (FS-18).
    #[must_use]
    pub fn success(&self) -> bool {
        self.text("result").eq_ignore_ascii_case("success")
    }

    /// The text of a field, empty if absent; `accept_no` may also be called `accept` (FS-07).
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        let value =
            self.fields.get(field).or_else(|| (field == "accept_no").then(|| self.fields.get("accept"))?);
        value.and_then(Value::as_str).unwrap_or_default()
    }
}
