//! An operator's hand in the queues of parked messages: what is taken is nobody else's until it is settled or put back.

use super::act::Deed;
use crate::ground::Ground;
use crate::post;
use anyhow::Result;
use broker::topology::PARKS;
use broker::{Depth, Operator, Parked};
use crypto::digest::sha256;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many messages of a queue are looked at for one that is named.
pub(crate) const LOOKED_AT: u32 = 10_000;
/// How long the broker may take to offer again what was put back.
const BACK_WITHIN: Duration = Duration::from_secs(3);
/// How often it is asked.
const GLANCE: Duration = Duration::from_millis(20);

/// A connection with what it holds.
pub(crate) struct Hand<'a> {
    ground: &'a Ground,
    operator: Operator,
    /// Messages in hand, by queue.
    holds: BTreeMap<String, u32>,
}

/// A parked message with the name an operator calls it by.
pub(crate) struct Held {
    /// The publisher's id; for a message without one `body:` and the start of its content's SHA-256.
    pub(crate) id: String,
    /// Where it is parked.
    pub(crate) queue: String,
    /// The message.
    pub(crate) message: Parked,
}

/// The queues to look into.
pub(crate) fn queues(only: Option<&str>) -> Vec<String> {
    only.map_or_else(|| PARKS.map(str::to_owned).to_vec(), |queue| vec![queue.to_owned()])
}

impl<'a> Hand<'a> {
    /// Reaches for the broker.
    ///
    /// # Errors
    /// With what to look at, if it cannot be reached.
    pub(crate) async fn reach(ground: &'a Ground) -> Result<Self> {
        Ok(Self { ground, operator: post::operator(ground).await?, holds: BTreeMap::new() })
    }

    /// How many messages each queue offers.
    ///
    /// # Errors
    /// If the broker cannot be asked.
    pub(crate) async fn depths(&self, queues: &[String]) -> Result<Vec<Depth>> {
        self.operator.depths(queues).await.map_err(post::trouble)
    }

    /// Takes the next message in hand.
    ///
    /// # Errors
    /// If the queue cannot be read.
    pub(crate) async fn take(&mut self, queue: &str) -> Result<Option<Held>> {
        let Some(message) = self.operator.take(queue).await.map_err(post::trouble)? else { return Ok(None) };
        *self.holds.entry(queue.to_owned()).or_default() += 1;
        Ok(Some(Held { id: name(&message), queue: queue.to_owned(), message }))
    }

    /// Sends a message in hand again, or forgets it.
    ///
    /// # Errors
    /// If the broker does not confirm; the message stays where it was.
    pub(crate) async fn settle(&mut self, held: Held, deed: Deed, by: &str) -> Result<()> {
        let settled = match deed {
            Deed::Replay => self.operator.replay(held.message, by).await,
            Deed::Discard => self.operator.discard(held.message).await,
        };
        settled.map_err(post::trouble)?;
        self.holds.entry(held.queue).and_modify(|count| *count -= 1);
        Ok(())
    }

    /// Puts back what is in hand, and waits until the next who looks will find it.
    pub(crate) async fn leave(self) {
        let Self { ground, operator, mut holds } = self;
        holds.retain(|_, count| *count > 0);
        operator.leave().await;
        if holds.is_empty() {
            return;
        }
        let Ok(watcher) = post::operator(ground).await else { return };
        let queues: Vec<String> = holds.keys().cloned().collect();
        let begun = Instant::now();
        while begun.elapsed() < BACK_WITHIN {
            let Ok(depths) = watcher.depths(&queues).await else { break };
            if depths.iter().all(|depth| holds.get(&depth.queue).is_none_or(|count| depth.messages >= *count))
            {
                break;
            }
            tokio::time::sleep(GLANCE).await;
        }
        watcher.leave().await;
    }
}

fn name(message: &Parked) -> String {
    if message.id.is_empty() {
        return format!("body:{}", &hex::encode(sha256(&message.body))[..16]);
    }
    message.id.clone()
}
