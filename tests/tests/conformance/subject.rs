//! What the suite has to know of a protocol: its partner's side, and where rulings depart from the document.

use crate::contract::{Contract, Entry};
use bytes::Bytes;
use domain::Timestamp;
use http::Request;
use protocol::{Call, Inbound, Outbound, Wish};
use serde_json::Value;

/// A field that rulings allow to be missing although the document demands it.
pub(crate) struct Excused {
    pub(crate) interface: &'static str,
    pub(crate) field: &'static str,
    pub(crate) ruling: &'static str,
}

/// A list of codes, and the field that holds one of them.
pub(crate) struct Coded {
    pub(crate) interface: &'static str,
    pub(crate) field: &'static str,
    /// Name of the list in the contract.
    pub(crate) codes: &'static str,
}

/// A protocol under test, with an honest partner and dishonest ones.
pub(crate) trait Subject {
    fn kind(&self) -> &'static str;
    fn contract(&self) -> Contract;
    fn inbound(&self) -> &dyn Inbound;
    fn outbound(&self) -> &dyn Outbound;
    fn now(&self) -> Timestamp;

    /// A message of an interface that the document would be content with; every list in it has an item.
    fn sample(&self, interface: &str) -> Value;
    /// The sample changed so that a conditional field has to be there, or so that it may be missing.
    fn demanding(&self, sample: Value, field: &str, demanded: bool) -> Value;
    fn excused(&self) -> &'static [Excused];
    fn coded(&self) -> &'static [Coded];

    /// An honest request.
    fn request(&self, interface: &str, plain: &Value) -> Request<Bytes>;
    /// The same without one field of the outer shell, signed all the same.
    fn request_without(&self, interface: &str, field: &str) -> Request<Bytes>;
    /// An honest request signed at this moment.
    fn request_at(&self, interface: &str, at: Timestamp) -> Request<Bytes>;
    /// Requests of partners that lack one of the keys: what is wrong, and the request.
    fn strangers(&self, interface: &str) -> Vec<(&'static str, Request<Bytes>)>;
    /// Whether a request whose time is too far in the future is turned away.
    fn judges_time(&self) -> bool;
    /// Whether what was changed on the way is noticed whatever it was: protocols without a signature cannot (GP-14).
    fn notices_every_change(&self) -> bool {
        true
    }
    /// Whether an answer, agreed or not, leaves out a field that the document lists for it.
    fn leaves_out(&self, _interface: &str, _field: &str, _agreed: bool) -> bool {
        false
    }
    /// Whether a field of a callback is a number rather than text.
    fn is_number(&self, _field: &str) -> bool {
        false
    }
    /// The names of the fields in an answer, also of those within others.
    fn told(&self, answer: &Bytes) -> Vec<String>;
    /// Whether what a body says is proven by something only the partner can write: nothing is in protocols without a
    /// signature and a cipher (YY-06).
    fn proves_bodies(&self) -> bool {
        true
    }
    /// What the partner reads in a callback of ours, its signature checked.
    fn opened_callback(&self, callback: &Request<Bytes>) -> Value;

    /// The names of the fields in a callback of ours, also of those that say who speaks.
    fn written(&self, _entry: &Entry, callback: &Request<Bytes>) -> Vec<String> {
        self.opened_callback(callback)
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Calls that no notice causes: they are the engine's own.
    fn asked_by_the_engine(&self) -> &'static [&'static str] {
        &[]
    }
    /// Interfaces that bring a file of which no signature says anything.
    fn unsigned_files(&self) -> &'static [&'static str] {
        &[]
    }
}

/// The names of the fields at the top of a JSON object.
pub(crate) fn names(json: &[u8]) -> Vec<String> {
    let fields: serde_json::Map<String, Value> = serde_json::from_slice(json).unwrap();
    fields.keys().cloned().collect()
}

/// What a call means, as it would go into the queue.
pub(crate) fn meaning(call: &Call) -> Value {
    let wish = |wish: &Wish| match wish {
        Wish::Command(command) => serde_json::to_value(command).unwrap(),
        Wish::Query(query) => serde_json::to_value(query).unwrap(),
    };
    let asks =
        call.asks.iter().map(|ask| serde_json::json!([ask.business_key, ask.callback, wish(&ask.wish)]));
    Value::Array(std::iter::once(call.interface.name.into()).chain(asks).collect())
}

/// The committed plain data of an interface's fixture.
pub(crate) fn fixture(kind: &str, folder: &str, file: &str) -> String {
    let path = format!("{}/../shared/protocol-{kind}/fixtures/{folder}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
