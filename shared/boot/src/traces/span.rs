//! One thing that was done, from when to when, with what names it; never with what was said in it.

use super::Desk;
use crate::clock::now;
use crate::trace::Trace;
use std::time::Instant;

/// Longest text of an attribute, bytes: names and numbers, not contents.
const LONGEST: usize = 256;
/// Other traces that one span points to at most.
const LINKS: usize = 16;

/// Which side of what a span is; the numbers are OTLP's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Done by ourselves.
    Internal = 1,
    /// A request is answered.
    Server = 2,
    /// Somebody is asked and answers.
    Client = 3,
    /// A message is published.
    Producer = 4,
    /// A message is handled.
    Consumer = 5,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

/// A span that has not ended: dropping it ends it.
#[derive(Debug)]
pub struct Span {
    trace: Trace,
    // Boxed and absent where nothing is recorded: then a span is its ids alone.
    record: Option<Box<Record>>,
}

#[derive(Debug)]
struct Record {
    began: Instant,
    desk: Desk,
    ended: Ended,
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) trace: Trace,
    /// What it was done within, and whether that was in another process.
    pub(super) parent: Option<(Trace, bool)>,
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// What the name is followed by: an interface, an exchange.
    pub(super) object: String,
    /// Since 1970, nanoseconds.
    pub(super) from_ns: u64,
    pub(super) to_ns: u64,
    pub(super) attributes: Vec<(&'static str, Value)>,
    pub(super) links: Vec<Trace>,
    pub(super) failed: bool,
}

impl Span {
    pub(super) fn new(
        desk: Option<&Desk>,
        kind: Kind,
        name: &'static str,
        trace: Trace,
        parent: Option<(Trace, bool)>,
    ) -> Self {
        let record = desk.filter(|_| trace.is_sampled()).map(|desk| {
            let from_ns = u64::try_from(now().unix_timestamp_nanos()).unwrap_or_default();
            let (object, attributes, links) = (String::new(), Vec::new(), Vec::new());
            let (to_ns, failed) = (from_ns, false);
            let ended =
                Ended { trace, parent, kind, name, object, from_ns, to_ns, attributes, links, failed };
            Box::new(Record { began: Instant::now(), desk: desk.clone(), ended })
        });
        Self { trace, record }
    }

    /// What is carried to whoever goes on with it.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Whether anything said of it is kept.
    #[must_use]
    pub const fn is_recorded(&self) -> bool {
        self.record.is_some()
    }

    /// What its name is followed by: one of few words, an interface or an exchange.
    pub fn about(&mut self, object: &str) {
        if let Some(record) = &mut self.record {
            record.ended.object = shortened(object);
        }
    }

    /// Notes an attribute. The names are those of OpenTelemetry's semantic conventions or begin with `baohan.`; the values
    /// name things: no content, no person, no secret, no query string.
    pub fn note(&mut self, name: &'static str, value: impl Into<Value>) {
        let Some(record) = &mut self.record else { return };
        match value.into() {
            Value::Text(text) if text.is_empty() => {}
            Value::Text(text) => record.ended.attributes.push((name, Value::Text(shortened(&text)))),
            number => record.ended.attributes.push((name, number)),
        }
    }

    /// It is about a message: `operation` is `publish` or `process`.
    pub fn message(&mut self, operation: &'static str, exchange: &str, key: &str, id: &str) {
        if self.record.is_none() {
            return;
        }
        self.about(exchange);
        self.note("messaging.system", "rabbitmq");
        self.note("messaging.operation.name", operation);
        self.note("messaging.operation.type", if operation == "publish" { "send" } else { operation });
        self.note("messaging.destination.name", exchange);
        self.note("messaging.rabbitmq.destination.routing_key", key);
        self.note("messaging.message.id", id);
    }

    /// It failed: `why` is one of few words (`error.type`).
    pub fn fail(&mut self, why: &str) {
        self.note("error.type", why);
        if let Some(record) = &mut self.record {
            record.ended.failed = true;
        }
    }

    /// Points to a span that caused this one or follows from it, in another trace.
    pub fn link(&mut self, to: Trace) {
        if let Some(record) = &mut self.record
            && record.ended.links.len() < LINKS
            && !record.ended.links.contains(&to)
        {
            record.ended.links.push(to);
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let Some(record) = self.record.take() else { return };
        let Record { began, desk, mut ended } = *record;
        let took = u64::try_from(began.elapsed().as_nanos()).unwrap_or_default();
        ended.to_ns = ended.from_ns.saturating_add(took);
        desk.hand_in(ended);
    }
}

fn shortened(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
