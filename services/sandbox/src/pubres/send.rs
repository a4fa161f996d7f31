//! The platform as a client: posts each request to its own address at the institution and reads the plain JSON answers.

use super::safe::Safe;
use super::settings::{BadSettings, Settings, Variants};
use super::speak::Speaker;
use crate::client::{Unsent, call, client};
use crate::request::Request;
use bytes::Bytes;
use serde_json::{Map, Value};
use std::time::Duration;
use time::OffsetDateTime;

/// A platform that sends requests; clones of its connections are shared, so one is enough for any number of tasks.
#[derive(Debug)]
pub struct Partner {
    speaker: Speaker,
    safe: Safe,
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
        let safe = Safe::new(settings.sealing.clone())?;
        Ok(Self { speaker: Speaker::new(settings), safe, http: client().map_err(BadSettings)? })
    }

    /// The same platform, over the same connections, with other habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn with(&self, change: impl FnOnce(&mut Variants)) -> Result<Self, BadSettings> {
        let settings = self.settings().clone().with(change);
        let safe = Safe::new(settings.sealing.clone())?;
        Ok(Self { speaker: Speaker::new(settings), safe, http: self.http.clone() })
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        self.speaker.settings()
    }

    /// What it seals with.
    #[must_use]
    pub const fn safe(&self) -> &Safe {
        &self.safe
    }

    /// Writes and signs a request, now, without sending it.
    ///
    /// # Errors
    /// [`BadSettings`] if the institution's address is not one.
    pub fn write(&self, request: &Request) -> Result<http::Request<Bytes>, BadSettings> {
        self.write_at(request, crate::now())
    }

    /// Writes and signs a request at this moment.
    ///
    /// # Errors
    /// [`BadSettings`] if the institution's address is not one.
    pub fn write_at(
        &self,
        request: &Request,
        at: OffsetDateTime,
    ) -> Result<http::Request<Bytes>, BadSettings> {
        let habits = &self.settings().variants;
        let operation = match request.method {
            "canclenotice" if habits.cancel_spelt_right => "cancelnotice",
            other => other,
        };
        let url = self.settings().url(operation);
        let iv = self.safe.iv(habits.iv).filter(|_| operation == "baohanrestore");
        let request = iv.map_or_else(|| request.clone(), |iv| request.clone().with("iv", iv));
        self.speaker
            .write(&url, operation, &request.data, at)
            .map_err(|_| BadSettings(format!("the address of {operation} is not a URL")))
    }

    /// Writes, signs and sends a request.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn send(&self, request: &Request) -> Result<Answer, Unsent> {
        match self.write(request) {
            Ok(letter) => self.post(&letter).await,
            Err(bad) => Err(Unsent::NotSent(bad.0)),
        }
    }

    /// Sends a request that is already written: the same bytes as often as wanted.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn post(&self, letter: &http::Request<Bytes>) -> Result<Answer, Unsent> {
        let raw = call(&self.http, letter).await?;
        let fields = serde_json::from_slice(&raw.body).map_err(|_| Unsent::NotJson(raw.status))?;
        Ok(Answer { status: raw.status, fields, took: raw.took })
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
    /// True if `code` is 1, as text or number (PR-15).
    #[must_use]
    pub fn success(&self) -> bool {
        self.fields.get("code").is_some_and(|code| code == "1" || code == 1)
    }

    /// The text of a field, empty if absent.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// data.redirecturl, empty if the institution wants the customer nowhere.
    #[must_use]
    pub fn redirect(&self) -> &str {
        self.fields.get("data").and_then(|data| data.get("redirecturl")?.as_str()).unwrap_or_default()
    }
}
