//! The platform as a client: the browser's form, pushes that are repeated until they are acknowledged, and verifications.

use super::office::Office;
use super::orders::Bidder;
use super::papers::object;
use super::settings::{BadSettings, Settings, Variants};
use super::speak::Speaker;
use crate::client::{Raw, Unsent, call, client, here};
use crate::fields::text_of;
use crate::request::Request;
use bytes::Bytes;
use http::header;
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::sleep;

/// 通知频率, seconds: what lies between two deliveries of a push.
const SCHEDULE: [u32; 9] = [15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600];

/// A platform that pushes; clones of its connections are shared, so one is enough for any number of tasks.
#[derive(Debug)]
pub struct Partner {
    speaker: Speaker,
    office: Office,
    http: reqwest::Client,
}

/// What the insurer answered to a push or a verification.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub http: u16,
    /// The fields of the JSON object.
    pub fields: Map<String, Value>,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

/// What the bidder's browser got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// HTTP status.
    pub status: u16,
    /// Where it is sent on, if it is.
    pub location: Option<String>,
    /// Content-Type.
    pub content_type: String,
    /// The page.
    pub body: String,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

/// How a repeated push ended.
#[derive(Debug)]
pub struct Delivered {
    /// How often it was sent: ten times at most.
    pub deliveries: usize,
    /// The last answer, acknowledged or not.
    pub last: Result<Answer, Unsent>,
}

impl Partner {
    /// A platform with these keys, habits and memory.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn new(settings: Settings, office: &Office) -> Result<Self, BadSettings> {
        let http = client().map_err(BadSettings)?;
        Ok(Self { speaker: Speaker::new(settings)?, office: office.clone(), http })
    }

    /// The same platform, over the same connections, with other habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the keys cannot be used.
    pub fn with(&self, change: impl FnOnce(&mut Variants)) -> Result<Self, BadSettings> {
        let speaker = Speaker::new(self.settings().clone().with(change))?;
        Ok(Self { speaker, office: self.office.clone(), http: self.http.clone() })
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        self.speaker.settings()
    }

    /// Its memory.
    #[must_use]
    pub const fn office(&self) -> &Office {
        &self.office
    }

    /// Writes a push without sending it, signed at this moment; 2.6 takes a document with it.
    ///
    /// # Errors
    /// [`BadSettings`] if the insurer's address is none.
    pub fn write(&self, request: &Request, pdf: Option<&Bytes>) -> Result<http::Request<Bytes>, BadSettings> {
        self.speaker.write(request.method, &object(request.data.clone()), pdf, crate::now())
    }

    /// 2.1: the order is there, and the bidder's browser brings its number; whatever comes back is the browser's.
    ///
    /// # Errors
    /// [`Unsent`] if nothing comes back.
    pub async fn redirect(&self, bidder: &Bidder, return_url: &str) -> Result<Page, Unsent> {
        self.office.offer(bidder);
        let raw = self.raw(&bidder.redirect(return_url), None).await?;
        let text = |name: header::HeaderName| {
            raw.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Ok(Page {
            status: raw.status,
            location: text(header::LOCATION),
            content_type: text(header::CONTENT_TYPE).unwrap_or_default(),
            body: String::from_utf8_lossy(&raw.body).into_owned(),
            took: raw.took,
        })
    }

    /// One delivery of a push, or a question of 2.7.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn send(&self, request: &Request) -> Result<Answer, Unsent> {
        answer(self.raw(request, None).await?)
    }

    /// 2.6: a question with a document.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn verify(&self, request: &Request, pdf: &Bytes) -> Result<Answer, Unsent> {
        answer(self.raw(request, Some(pdf)).await?)
    }

    /// Sends a push that is already written: the same bytes as often as wanted.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back, or its address is not on this machine.
    pub async fn post(&self, letter: &http::Request<Bytes>) -> Result<Answer, Unsent> {
        here(letter.uri())?;
        answer(call(&self.http, letter).await?)
    }

    /// A push as the manual has it: repeated after 15, 15, 30, 180, 1800 … seconds until it is acknowledged, signed and
    /// sealed anew each time.
    pub async fn push(&self, request: &Request) -> Delivered {
        let mut deliveries = 1;
        let mut last = self.send(request).await;
        for wait in SCHEDULE {
            if last.as_ref().is_ok_and(Answer::acknowledged) {
                break;
            }
            let scaled = f64::from(wait) * self.settings().repeat_scale;
            sleep(Duration::try_from_secs_f64(scaled).unwrap_or_default()).await;
            last = self.send(request).await;
            deliveries += 1;
        }
        Delivered { deliveries, last }
    }

    async fn raw(&self, request: &Request, pdf: Option<&Bytes>) -> Result<Raw, Unsent> {
        let request = self.office.note(request.clone(), crate::now());
        let letter = self.write(&request, pdf).map_err(|bad| Unsent::NotSent(bad.0))?;
        here(letter.uri())?;
        call(&self.http, &letter).await
    }
}

fn answer(raw: Raw) -> Result<Answer, Unsent> {
    let fields = serde_json::from_slice(&raw.body).map_err(|_| Unsent::NotJson(raw.status))?;
    Ok(Answer { http: raw.status, fields, took: raw.took })
}

impl Answer {
    /// status, as text.
    #[must_use]
    pub fn status(&self) -> String {
        text_of(&self.fields, "status")
    }

    /// True if `status` is 200, under any of the names that the manual prints (FZ-01).
    #[must_use]
    pub fn acknowledged(&self) -> bool {
        ["status", "statue", "statues"].iter().any(|name| text_of(&self.fields, name) == "200")
    }

    /// A field of `data`, as text; empty if there is none.
    #[must_use]
    pub fn data(&self, field: &str) -> String {
        let data = self.fields.get("data").and_then(Value::as_object);
        data.map(|data| text_of(data, field)).unwrap_or_default()
    }
}
