//! The platform as a client: posts its requests, follows the four links it was given, and opens the answers.

use super::contract::answer_fields;
use super::page::{Form, Page};
use super::receive::problems;
use super::settings::{BadSettings, Settings, Variants};
use super::speak::Speaker;
use crate::client::{Unsent, beside, call, client};
use crate::request::Request;
use bytes::Bytes;
use http::header;
use serde_json::{Map, Value};
use std::time::Duration;
use url::{Host, Url};

/// A platform that sends requests; clones of its connections are shared, so one is enough for any number of tasks.
#[derive(Debug)]
pub struct Partner {
    speaker: Speaker,
    http: reqwest::Client,
}

/// What the institution answered, opened and held against the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// stat, errcode, msg and data as they came.
    pub fields: Map<String, Value>,
    /// The opened `data`; empty if there is none.
    pub data: Map<String, Value>,
    /// What is not as documented.
    pub problems: Vec<String>,
    /// From the first byte sent to the last byte read.
    pub took: Duration,
}

/// The addresses an application's answer gives: 3.2.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// 继续办理地址, for the bidder's browser.
    pub continueurl: String,
    /// 3.2.2.
    pub queryurl: String,
    /// 3.2.5.
    pub pullurl: String,
    /// 3.2.6; empty if there is none.
    pub cancelurl: String,
}

/// How a link is called (GP-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// With the parameters in the body.
    #[default]
    Post,
    /// With the parameters in the address.
    Get,
}

impl Partner {
    /// A platform with this key and these habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the key cannot be used.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        Ok(Self { speaker: Speaker::new(settings)?, http: client().map_err(BadSettings)? })
    }

    /// The same platform, over the same connections, with other habits.
    ///
    /// # Errors
    /// [`BadSettings`] if the key cannot be used.
    pub fn with(&self, change: impl FnOnce(&mut Variants)) -> Result<Self, BadSettings> {
        let settings = self.settings().clone().with(change);
        Ok(Self { speaker: Speaker::new(settings)?, http: self.http.clone() })
    }

    /// Its settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        self.speaker.settings()
    }

    /// Writes a request that goes to the institution's own path, without sending it.
    ///
    /// # Errors
    /// [`BadSettings`] if the institution's address is not one.
    pub fn write(&self, request: &Request) -> Result<http::Request<Bytes>, BadSettings> {
        self.write_to(&self.settings().url(request.method), Way::Post, request)
    }

    /// Writes a request to this address, without sending it.
    ///
    /// # Errors
    /// [`BadSettings`] if the address is not one.
    pub fn write_to(
        &self,
        url: &str,
        way: Way,
        request: &Request,
    ) -> Result<http::Request<Bytes>, BadSettings> {
        let written = match way {
            Way::Post => self.speaker.post(url, &request.data),
            Way::Get => self.speaker.get(url, &request.data),
        };
        written.map_err(|_| BadSettings(format!("the address of {} is not a URL", request.method)))
    }

    /// Writes and sends a request to the institution's own path.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back.
    pub async fn send(&self, request: &Request) -> Result<Answer, Unsent> {
        self.follow(&self.settings().url(request.method), Way::Post, request).await
    }

    /// Writes a request and sends it to an address that an answer gave.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back, or the address is not on this machine.
    pub async fn follow(&self, url: &str, way: Way, request: &Request) -> Result<Answer, Unsent> {
        match self.write_to(url, way, request) {
            Ok(letter) => self.post(request.method, &letter).await,
            Err(bad) => Err(Unsent::NotSent(bad.0)),
        }
    }

    /// Sends a request of this interface that is already written: the same bytes as often as wanted.
    ///
    /// # Errors
    /// [`Unsent`] if no answer of the protocol comes back, or the address is not on this machine.
    pub async fn post(&self, interface: &str, letter: &http::Request<Bytes>) -> Result<Answer, Unsent> {
        on_this_machine(&letter.uri().to_string())?;
        let raw = call(&self.http, letter).await?;
        let read = self.speaker.read_answer(&raw.body).ok_or(Unsent::NotJson(raw.status))?;
        let mut answer = Answer {
            status: raw.status,
            fields: read.fields,
            data: read.data,
            problems: read.problems,
            took: raw.took,
        };
        if answer.success() {
            let fields = answer_fields(interface).unwrap_or_default();
            answer.problems.extend(problems(fields, &answer.data, &self.settings().variants));
        }
        Ok(answer)
    }

    /// Opens continueurl in the bidder's browser.
    ///
    /// # Errors
    /// [`Unsent`] if nothing comes back, or the address is not on this machine.
    pub async fn open(&self, url: &str) -> Result<Page, Unsent> {
        let url = on_this_machine(url)?;
        page(url.clone(), self.http.get(url).send().await?).await
    }

    /// Presses the button of a form on such a page; a redirect is followed once, as browsers do.
    ///
    /// # Errors
    /// [`Unsent`] if nothing comes back, or an address is not on this machine.
    pub async fn press(&self, form: &Form) -> Result<Page, Unsent> {
        let action = on_this_machine(form.action.as_str())?;
        let mut fields = url::form_urlencoded::Serializer::new(String::new());
        let body = fields.extend_pairs(&form.inputs).finish();
        let request =
            self.http.post(action.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.body(body).send().await?;
        let location =
            response.headers().get(header::LOCATION).and_then(|to| action.join(to.to_str().ok()?).ok());
        match location.filter(|_| response.status().is_redirection()) {
            Some(next) => self.open(next.as_str()).await,
            None => page(action, response).await,
        }
    }
}

impl Answer {
    /// True if `stat` is 1.
    #[must_use]
    pub fn success(&self) -> bool {
        self.fields.get("stat").is_some_and(|stat| stat == 1)
    }

    /// The text of a field of the envelope, empty if absent.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// The text of a field of `data`, empty if absent.
    #[must_use]
    pub fn told(&self, field: &str) -> &str {
        self.data.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// The addresses in an application's answer.
    #[must_use]
    pub fn links(&self) -> Links {
        let link = |name: &str| self.told(name).to_owned();
        Links {
            continueurl: link("continueurl"),
            queryurl: link("queryurl"),
            pullurl: link("pullurl"),
            cancelurl: link("cancelurl"),
        }
    }
}

/// An absolute http or https address on this machine; a sandbox follows no other, whatever an answer says.
fn on_this_machine(link: &str) -> Result<Url, Unsent> {
    let url = Url::parse(link).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let here = |url: &Url| match url.host() {
        Some(Host::Domain(name)) => beside(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.filter(here).ok_or_else(|| Unsent::NotSent(format!("{link:?} is not an address on this machine")))
}

async fn page(url: Url, response: reqwest::Response) -> Result<Page, Unsent> {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let (status, content_type) = (response.status().as_u16(), content_type.unwrap_or_default().to_owned());
    Ok(Page { url, status, content_type, html: response.text().await? })
}

#[cfg(test)]
mod tests {
    use super::on_this_machine;

    #[test]
    fn follows_links_to_this_machine_only() {
        for link in ["http://127.0.0.1:8080/q?t=1", "https://localhost/p", "http://[::1]:9/c"] {
            assert!(on_this_machine(link).is_ok(), "{link}");
        }
        for link in [
            "http://10.0.0.1/",
            "http://files.example.com/",
            "http://localhost.example.com/",
            "ftp://127.0.0.1/",
            "/guarantee/query",
            "http://127.0.0.1@192.0.2.1/",
            "",
        ] {
            assert!(on_this_machine(link).is_err(), "{link}");
        }
    }
}
