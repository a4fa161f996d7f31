//! The platform as a client: posts its requests to the institution and reads the plain JSON answers.

use super::orders::Bidder;
use super::settings::{BadSettings, Settings, Variants};
use super::speak::Speaker;
use crate::client::{Unsent, call, client, here};
use crate::fields::text_of;
use crate::request::Request;
use bytes::Bytes;
use serde_json::{Map, Value};
use std::time::Duration;

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

    /// The key that opens the sealed fields of this bidder's project, as restoreApply carries it.
    #[must_use]
    pub fn key(&self, bidder: &Bidder) -> String {
        self.speaker.safe().released(bidder.section())
    }

    /// A key of the same form that opens nothing of this bidder's: that of the next project with another key.
    #[must_use]
    pub fn wrong_key(&self, bidder: &Bidder) -> String {
        let right = self.key(bidder);
        let others = (0_u8..=9).map(|n| self.speaker.safe().released(&format!("{}{n}", bidder.section())));
        others.into_iter().find(|key| *key != right).unwrap_or_default()
    }

    /// Writes a request without sending it.
    ///
    /// # Errors
    /// [`BadSettings`] if the institution's address is none.
    pub fn write(&self, request: &Request) -> Result<http::Request<Bytes>, BadSettings> {
        self.speaker.write(request)
    }

    /// Writes and sends a request.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn send(&self, request: &Request) -> Result<Answer, Unsent> {
        let letter = self.write(request).map_err(|bad| Unsent::NotSent(bad.0))?;
        self.post(&letter).await
    }

    /// Sends a request that is already written: the same bytes as often as wanted.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back, or its address is not on this machine.
    pub async fn post(&self, letter: &http::Request<Bytes>) -> Result<Answer, Unsent> {
        here(letter.uri())?;
        let raw = call(&self.http, letter).await?;
        let fields = serde_json::from_slice(&raw.body).map_err(|_| Unsent::NotJson(raw.status))?;
        Ok(Answer { status: raw.status, fields, took: raw.took })
    }

    /// Fetches a document the institution linked to; an answer other than 200 is an error.
    ///
    /// # Errors
    /// [`Unsent`] if it cannot be had.
    pub async fn fetch(&self, url: &str) -> Result<Bytes, Unsent> {
        let uri = url.parse().map_err(|_| Unsent::Elsewhere(url.to_owned()))?;
        here(&uri)?;
        Ok(self.http.get(url).send().await?.error_for_status()?.bytes().await?)
    }
}

impl Answer {
    /// code, as text: `200`, `500`, or `1` to `4` of queryCredit; empty if it is neither a number nor a text.
    #[must_use]
    pub fn code(&self) -> String {
        text_of(&self.fields, "code")
    }

    /// True if code is 200, as a number or a text (YY-15).
    #[must_use]
    pub fn success(&self) -> bool {
        self.code() == "200"
    }

    /// The text of a field, empty if absent.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}
