//! The operator's hands: how deep each queue is, what is parked and why, send it again or discard it.

use bytes::Bytes;
use lapin::Acker;
use lapin::message::Delivery as Raw;
use lapin::options::{
    BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Confirmation, Connection};
use tokio::time::timeout;

use crate::message::{Message, own_headers, properties, short, text, value_of};
use crate::topology::{DUE, NOTICE};
use crate::trouble::verdict;
use crate::{NotPublished, Settings, Trouble};

/// How often an operator (or an automatic replay) has sent a message again.
const REPLAY: &str = "x-replay";

/// One operator's connection; made for a command line, so it fails instead of reconnecting.
pub struct Operator {
    settings: Settings,
    connection: Connection,
    /// Gets and settles; separate from publishing, so that a refused publish does not lose what is held.
    hands: Channel,
}

/// A queue's depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// The queue.
    pub queue: String,
    /// Messages ready for a consumer.
    pub messages: u32,
    /// Consumers.
    pub consumers: u32,
}

/// A parked message, held by this operator until it is replayed, discarded, or the operator leaves.
pub struct Parked {
    /// The publisher's id.
    pub id: String,
    /// Our own headers.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Bytes,
    /// Why it was parked, in the broker's words: `rejected` or `delivery_limit`; empty for an unrouted one.
    pub reason: String,
    /// Where a replay goes.
    pub exchange: String,
    /// With which key.
    pub key: String,
    /// When it died, in seconds since 1970, as far as the broker says.
    pub parked_at: Option<u64>,
    acker: Acker,
}

impl Parked {
    /// How often it was replayed before.
    #[must_use]
    pub fn replays(&self) -> u32 {
        value_of(&self.headers, REPLAY).and_then(|count| count.parse().ok()).unwrap_or(0)
    }
}

impl Operator {
    /// Connects.
    ///
    /// # Errors
    /// When the broker cannot be reached or refuses this user.
    pub async fn connect(settings: &Settings) -> Result<Self, Trouble> {
        let connection = settings.connect("operator").await?;
        let hands = step(settings, "open channel", connection.create_channel()).await?;
        Ok(Self { settings: settings.clone(), connection, hands })
    }

    /// Depth of each queue.
    ///
    /// # Errors
    /// When a queue does not exist, or the connection fails.
    pub async fn depths(&self, queues: &[String]) -> Result<Vec<Depth>, Trouble> {
        let channel = step(&self.settings, "open channel", self.connection.create_channel()).await?;
        let mut depths = Vec::with_capacity(queues.len());
        for name in queues {
            let options = QueueDeclareOptions::durable().passive();
            let declaring = channel.queue_declare(short(name)?, options, FieldTable::default());
            let queue = step(&self.settings, "ask for depth", declaring).await?;
            depths.push(Depth {
                queue: name.clone(),
                messages: queue.message_count(),
                consumers: queue.consumer_count(),
            });
        }
        Ok(depths)
    }

    /// Takes the next parked message in hand; `None` when there is no other. What is in hand goes back to the
    /// queue when this operator is dropped.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn take(&self, queue: &str) -> Result<Option<Parked>, Trouble> {
        let getting = self.hands.basic_get(short(queue)?, BasicGetOptions::default());
        let message = step(&self.settings, "get", getting).await?;
        Ok(message.map(|message| parked(message.delivery)))
    }

    /// Sends a parked message again where it came from, as a new message, and only then forgets it. Killed in
    /// between, it is there twice and handled once.
    ///
    /// # Errors
    /// When the broker does not confirm the new message; the old one stays.
    pub async fn replay(&self, parked: Parked, by: &str) -> Result<(), Trouble> {
        let message = replayed(&parked, by);
        timeout(self.settings.confirm_within, self.publish(&message))
            .await
            .map_err(|_| NotPublished::Unknown)??;
        self.forget(&parked).await
    }

    /// Forgets a parked message for good. The caller has shown it to someone and noted who decided.
    ///
    /// # Errors
    /// When the connection is gone; the message stays.
    pub async fn discard(&self, parked: Parked) -> Result<(), Trouble> {
        self.forget(&parked).await
    }

    /// Gives back what is in hand and closes the connection.
    pub async fn leave(self) {
        let _ = timeout(self.settings.step_within, self.connection.close(200, "done".into())).await;
    }

    async fn forget(&self, parked: &Parked) -> Result<(), Trouble> {
        let acked = step(&self.settings, "ack", parked.acker.ack(BasicAckOptions::default())).await?;
        if acked { Ok(()) } else { Err(Trouble::Broker("the message is no longer in hand".to_owned())) }
    }

    async fn publish(&self, message: &Message) -> Result<(), NotPublished> {
        let unknown = |error: lapin::Error| verdict(&error);
        let channel = self.connection.create_channel().await.map_err(unknown)?;
        channel.confirm_select(ConfirmSelectOptions::default()).await.map_err(unknown)?;
        let options = BasicPublishOptions { mandatory: true, immediate: false };
        let (exchange, key) = (short(&message.exchange)?, short(&message.key)?);
        let properties = properties(message, None)?;
        let confirm = channel.basic_publish(exchange, key, options, &message.body, properties);
        match confirm.await.map_err(unknown)?.await.map_err(unknown)? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(_)) => Err(NotPublished::Unroutable),
            Confirmation::Nack(_) => Err(NotPublished::Rejected),
            Confirmation::NotRequested => Err(NotPublished::Unknown),
        }
    }
}

async fn step<T>(
    settings: &Settings,
    what: &'static str,
    doing: impl Future<Output = Result<T, lapin::Error>>,
) -> Result<T, Trouble> {
    Ok(timeout(settings.step_within, doing).await.map_err(|_| Trouble::Slow(what))??)
}

/// The message as it would be sent the first time, with who and how often in its headers.
fn replayed(parked: &Parked, by: &str) -> Message {
    let ours = |name: &str| matches!(name, "x-attempt" | "x-replayed-by") || name == REPLAY;
    let mut message = Message::durable(&parked.exchange, &parked.key, &parked.id, parked.body.clone());
    message.headers = parked.headers.iter().filter(|(name, _)| !ours(name)).cloned().collect();
    message
        .header("x-attempt", "0")
        .header(REPLAY, (parked.replays() + 1).to_string())
        .header("x-replayed-by", by)
}

fn parked(raw: Raw) -> Parked {
    let death = last_death(&raw);
    let field = |name: &str| death.and_then(|death| death.inner().get(name));
    let words = |name: &str| field(name).and_then(text).unwrap_or_default();
    let first_key = field("routing-keys").and_then(|keys| match keys {
        AMQPValue::FieldArray(keys) => keys.as_slice().first().and_then(text),
        _ => None,
    });
    let came_by = if death.is_some() { words("exchange") } else { raw.exchange.as_str().to_owned() };
    let key = first_key.unwrap_or_else(|| raw.routing_key.as_str().to_owned());
    let (exchange, key) = origin(came_by, key);
    Parked {
        id: raw.properties.message_id().as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        headers: own_headers(&raw.properties),
        reason: words("reason"),
        parked_at: words("time").parse().ok(),
        exchange,
        key,
        body: Bytes::from(raw.data),
        acker: raw.acker,
    }
}

/// A notice that had waited came by the exchange on which waiting ends; it goes out again as it first did.
fn origin(exchange: String, key: String) -> (String, String) {
    match key.split_once('.') {
        Some((_rung, notice)) if exchange == DUE => (NOTICE.to_owned(), notice.to_owned()),
        _ => (exchange, key),
    }
}

/// The broker's record of the latest death: the first entry of `x-death`.
fn last_death(raw: &Raw) -> Option<&FieldTable> {
    let AMQPValue::FieldArray(deaths) = raw.properties.headers().as_ref()?.inner().get("x-death")? else {
        return None;
    };
    match deaths.as_slice().first()? {
        AMQPValue::FieldTable(death) => Some(death),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_that_had_waited_starts_over() {
        let started_over = origin("due".to_owned(), "180s.finserv.city-a".to_owned());
        assert_eq!(started_over, ("notice".to_owned(), "finserv.city-a".to_owned()));
        let command = origin("cmd".to_owned(), "apply.city-a".to_owned());
        assert_eq!(command, ("cmd".to_owned(), "apply.city-a".to_owned()));
    }
}
