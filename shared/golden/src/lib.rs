#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "for tests only: golden bytes that cannot be read are a failed test"
)]

mod message;
mod words;

pub use message::{Message, request};
pub use words::{verdict, wish};

use bytes::Bytes;
use crypto::secret::{Secret, SecretMissing, SecretRef, Secrets};
use domain::Timestamp;
use http::{Request, Response};
use protocol::{Interface, parse_shanghai};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// The folder `fixtures` of one protocol.
pub struct Golden {
    folder: PathBuf,
    named: fn(&Interface) -> String,
}

impl Golden {
    /// That of the crate in `root` (`env!("CARGO_MANIFEST_DIR")`); each interface has a folder of its own name.
    #[must_use]
    pub fn of(root: &str) -> Self {
        Self { folder: PathBuf::from(root).join("fixtures"), named: |interface| interface.name.to_owned() }
    }

    /// For protocols whose interfaces have names that no folder can have.
    #[must_use]
    pub fn named(self, named: fn(&Interface) -> String) -> Self {
        Self { named, ..self }
    }

    /// A file of the folder, by its path in it.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        let path = self.folder.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The partner's settings.
    #[must_use]
    pub fn settings<S: DeserializeOwned>(&self) -> S {
        toml::from_str(&self.read("settings.toml")).expect("settings that read")
    }

    /// One stage of an interface, as text.
    #[must_use]
    pub fn text(&self, interface: &Interface, stage: &str) -> String {
        self.read(&format!("{}/{stage}", (self.named)(interface)))
    }

    /// Whether an interface has this stage.
    #[must_use]
    pub fn has(&self, interface: &Interface, stage: &str) -> bool {
        self.folder.join((self.named)(interface)).join(stage).exists()
    }

    /// One stage of an interface that is JSON.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self, interface: &Interface, stage: &str) -> T {
        json(&self.text(interface, stage))
    }

    /// What the core is asked: `command.json`, or `query.json` where nothing is to be done.
    #[must_use]
    pub fn wish(&self, interface: &Interface) -> Value {
        let file = if self.has(interface, "query.json") { "query.json" } else { "command.json" };
        self.json(interface, file)
    }

    /// The request as it travels.
    #[must_use]
    pub fn request(&self, interface: &Interface) -> Request<Bytes> {
        request(&self.text(interface, "request.http"))
    }

    /// What the partner answered to what we told.
    #[must_use]
    pub fn reply(&self, interface: &Interface) -> Response<Bytes> {
        Response::new(Message::read(&self.text(interface, "reply.http")).body)
    }

    /// Fails unless the answer is the golden one: status, each header it names, and the body, to the byte.
    pub fn holds_answer(&self, interface: &Interface, answer: &Response<Bytes>) {
        let name = interface.name;
        let golden = Message::read(&self.text(interface, "answer.http"));
        assert_eq!(golden.first, format!("HTTP/1.1 {}", answer.status()), "{name}");
        for (header, value) in &golden.headers {
            assert_eq!(answer.headers().get(header), Some(value), "{name}: {header}");
        }
        assert_eq!(answer.body(), &golden.body, "{name}");
    }

    /// Fails unless what is sent is the golden request: method, target, headers and body, to the byte.
    pub fn holds_request(&self, interface: &Interface, sent: &Request<Bytes>) {
        let name = interface.name;
        let golden = self.request(interface);
        assert_eq!((sent.method(), sent.uri()), (golden.method(), golden.uri()), "{name}");
        assert_eq!(sent.headers(), golden.headers(), "{name}");
        assert_eq!(sent.body(), golden.body(), "{name}");
    }

    /// Fails unless each of these interfaces has a folder and every folder that holds a request is one of theirs.
    pub fn holds_only<'a>(&self, interfaces: impl Iterator<Item = &'a Interface>) {
        let mut known: Vec<String> = interfaces.map(self.named).collect();
        known.sort();
        let entries =
            fs::read_dir(&self.folder).expect("a folder of fixtures").map(|entry| entry.expect("an entry"));
        let folders = entries.filter(|entry| entry.path().join("request.http").exists());
        let mut found: Vec<String> =
            folders.map(|entry| entry.file_name().into_string().expect("a name in UTF-8")).collect();
        found.sort();
        assert_eq!(found, known);
    }
}

/// The hour at which all golden messages were made.
#[must_use]
pub fn now() -> Timestamp {
    parse_shanghai("2026-11-22 10:30:00").expect("a time")
}

/// A text that must be JSON of this form.
#[must_use]
pub fn json<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The rows of a README's table of interfaces that begin so.
#[must_use]
pub fn listed<'a>(readme: &'a str, begin: &str) -> Vec<&'a str> {
    readme.lines().filter(|line| line.starts_with(begin)).collect()
}

/// The rows that a README must have for these interfaces.
pub fn served<'a>(interfaces: impl Iterator<Item = &'a Interface>) -> Vec<String> {
    interfaces.map(words::row).collect()
}

/// Secrets by the reference that the settings name them with; all are dummies.
pub struct Dummies(pub &'static [(&'static str, &'static str)]);

impl Secrets for Dummies {
    fn resolve(&self, reference: &SecretRef) -> Result<Secret, SecretMissing> {
        let name = reference.to_string();
        let found = self.0.iter().find(|(key, _)| *key == name);
        Ok(Secret::new(found.unwrap_or_else(|| panic!("the fixtures have no {name}")).1))
    }
}
