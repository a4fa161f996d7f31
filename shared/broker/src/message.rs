//! Messages as the house sees them: bytes, string headers and an id; and how they look on the wire.

use std::time::Duration;

use bytes::Bytes;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};

use crate::NotPublished;

/// Headers by which a broker records a message's own deaths; copied into a new message they make up to
/// version 3.13 see a cycle and hold the message for ever.
const BROKERS_OWN: [&str; 4] = ["x-death", "x-first-death-", "x-last-death-", "x-delivery-count"];

/// Something to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Exchange; empty for the default one, where the key is a queue's name.
    pub exchange: String,
    /// Routing key, at most 255 bytes.
    pub key: String,
    /// Id that stays the same when the message is sent again, at most 255 bytes.
    pub id: String,
    /// Our own headers.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Bytes,
    /// Whether it must outlive the broker's process, and must find a queue.
    pub durable: bool,
    /// When it is worthless (milliseconds are what counts on the wire).
    pub expires: Option<Duration>,
    /// Which question this answers; only on answers.
    pub answers: Option<String>,
}

impl Message {
    /// A durable message without headers.
    pub fn durable(
        exchange: impl Into<String>,
        key: impl Into<String>,
        id: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            exchange: exchange.into(),
            key: key.into(),
            id: id.into(),
            headers: Vec::new(),
            body: body.into(),
            durable: true,
            expires: None,
            answers: None,
        }
    }

    /// A question that is worth nothing once nobody waits for the answer.
    pub fn query(
        exchange: impl Into<String>,
        key: impl Into<String>,
        id: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self { durable: false, ..Self::durable(exchange, key, id, body) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The value of a header.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }
}

pub(crate) fn value_of<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Where an answer is awaited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// The asker's address at the broker.
    pub address: String,
    /// Which of the asker's questions.
    pub correlation: String,
}

/// An answer, as it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The answerer's headers.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Bytes,
}

/// A message on its wire, with the address for its answer.
pub(crate) fn properties(
    message: &Message,
    reply_to: Option<&ReplyTo>,
) -> Result<BasicProperties, NotPublished> {
    let mut headers = FieldTable::default();
    for (name, value) in &message.headers {
        headers.insert(short(name)?, AMQPValue::LongString(LongString::from(value.as_str())));
    }
    let mut properties = BasicProperties::default()
        .with_message_id(short(&message.id)?)
        .with_headers(headers)
        .with_delivery_mode(if message.durable { 2 } else { 1 });
    if let Some(expires) = message.expires {
        properties = properties.with_expiration(short(&expires.as_millis().to_string())?);
    }
    if let Some(question) = &message.answers {
        properties = properties.with_correlation_id(short(question)?);
    }
    if let Some(reply_to) = reply_to {
        properties = properties
            .with_reply_to(short(&reply_to.address)?)
            .with_correlation_id(short(&reply_to.correlation)?);
    }
    Ok(properties)
}

/// Names on the wire have at most 255 bytes.
pub(crate) fn short(text: &str) -> Result<ShortString, NotPublished> {
    ShortString::try_new(text).map_err(|_| NotPublished::Rejected)
}

/// The string and number headers of a message, without the broker's own records.
pub(crate) fn own_headers(properties: &BasicProperties) -> Vec<(String, String)> {
    let Some(table) = properties.headers() else { return Vec::new() };
    table
        .inner()
        .iter()
        .filter(|(name, _)| !BROKERS_OWN.iter().any(|own| name.as_str().starts_with(own)))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect()
}

/// How often the broker has handed this message out before, as far as it counts.
pub(crate) fn deliveries(properties: &BasicProperties) -> u64 {
    let count =
        properties.headers().as_ref().and_then(|table| table.inner().get("x-delivery-count").and_then(text));
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// A header's value as text; tables and lists have none.
pub(crate) fn text(value: &AMQPValue) -> Option<String> {
    Some(match value {
        AMQPValue::LongString(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        AMQPValue::ShortString(text) => text.as_str().to_owned(),
        AMQPValue::Boolean(value) => value.to_string(),
        AMQPValue::ShortShortInt(value) => value.to_string(),
        AMQPValue::ShortShortUInt(value) => value.to_string(),
        AMQPValue::ShortInt(value) => value.to_string(),
        AMQPValue::ShortUInt(value) => value.to_string(),
        AMQPValue::LongInt(value) => value.to_string(),
        AMQPValue::LongUInt(value) => value.to_string(),
        AMQPValue::LongLongInt(value) => value.to_string(),
        AMQPValue::Timestamp(value) => value.to_string(),
        _ => return None,
    })
}
