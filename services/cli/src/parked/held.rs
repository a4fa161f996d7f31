//! Parked messages in an operator's hand: as long as the connection stands nobody else sees them.

use crate::post;
use anyhow::Result;
use broker::topology::PARKS;
use broker::{Operator, Parked};
use crypto::digest::sha256;

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

/// Takes at most so many messages in hand.
///
/// # Errors
/// If the queue cannot be read.
pub(crate) async fn hold(operator: &Operator, queue: &str, most: u32) -> Result<Vec<Held>> {
    let mut found = Vec::new();
    for _ in 0..most {
        let Some(held) = take(operator, queue).await? else { break };
        found.push(held);
    }
    Ok(found)
}

/// Takes the next message in hand.
///
/// # Errors
/// If the queue cannot be read.
pub(crate) async fn take(operator: &Operator, queue: &str) -> Result<Option<Held>> {
    let taken = operator.take(queue).await.map_err(post::trouble)?;
    Ok(taken.map(|message| Held { id: name(&message), queue: queue.to_owned(), message }))
}

fn name(message: &Parked) -> String {
    if message.id.is_empty() {
        return format!("body:{}", &hex::encode(sha256(&message.body))[..16]);
    }
    message.id.clone()
}
