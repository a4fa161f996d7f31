//! A message as it is handed to a handler, and how the handler's verdict goes back to the broker.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use bytes::Bytes;
use lapin::Acker;
use lapin::options::{BasicAckOptions, BasicRejectOptions};
use tokio::time::{sleep, timeout};

use crate::message::{ReplyTo, deliveries, own_headers, value_of};
use crate::vitals::Vitals;

/// A received message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The publisher's id; the same when the message comes again.
    pub id: String,
    /// Exchange it was last routed by.
    pub exchange: String,
    /// Key it was last routed by.
    pub key: String,
    /// The publisher's headers, without the broker's own records.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Bytes,
    /// Someone had it before and did not settle it.
    pub redelivered: bool,
    /// How often it was handed out before, as far as the broker counts.
    pub attempts: u64,
    /// Where an answer is awaited, if one is.
    pub reply_to: Option<ReplyTo>,
}

/// A handler's verdict on a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Done; the broker may forget it.
    Ack,
    /// Not now; it comes again after a pause that grows with each attempt, and is parked after too many.
    Requeue,
    /// Never; it is parked for an operator (or dropped where a queue has no park).
    Park,
}

impl Delivery {
    /// The value of a header.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }
}

/// Splits a delivery of the client library into ours and the means to settle it.
pub(crate) fn received(raw: lapin::message::Delivery, vitals: &Vitals) -> (Delivery, Acker) {
    let properties = &raw.properties;
    let text = |name: &Option<lapin::types::ShortString>| name.as_ref().map(|name| name.as_str().to_owned());
    let reply_to = text(properties.reply_to()).map(|address| ReplyTo {
        address,
        correlation: text(properties.correlation_id()).unwrap_or_default(),
    });
    let delivery = Delivery {
        id: text(properties.message_id()).unwrap_or_default(),
        exchange: raw.exchange.as_str().to_owned(),
        key: raw.routing_key.as_str().to_owned(),
        headers: own_headers(properties),
        redelivered: raw.redelivered,
        attempts: deliveries(properties),
        reply_to,
        body: Bytes::from(raw.data),
    };
    vitals.deliveries.fetch_add(1, Relaxed);
    if delivery.redelivered {
        vitals.redeliveries.fetch_add(1, Relaxed);
    }
    (delivery, raw.acker)
}

/// Tells the broker. That it cannot be told is no error: it hands the message out again.
pub(crate) async fn settle(
    acker: &Acker,
    settled: Settled,
    attempts: u64,
    within: Duration,
    vitals: &Vitals,
) {
    let (counter, told) = match settled {
        Settled::Ack => (&vitals.acked, timeout(within, acker.ack(BasicAckOptions::default())).await),
        Settled::Requeue => {
            sleep(pause_after(attempts)).await;
            // Rejected, not nacked: from 4.3 on a nack no longer counts towards the delivery limit.
            (&vitals.requeued, timeout(within, acker.reject(BasicRejectOptions { requeue: true })).await)
        }
        Settled::Park => {
            (&vitals.parked, timeout(within, acker.reject(BasicRejectOptions { requeue: false })).await)
        }
    };
    if matches!(told, Ok(Ok(true))) {
        counter.fetch_add(1, Relaxed);
    }
}

/// 50 ms doubling to 2 s: with a delivery limit of 50 a message is tried for a minute and a half.
fn pause_after(attempts: u64) -> Duration {
    let doublings = u32::try_from(attempts.min(6)).unwrap_or(6);
    Duration::from_millis((50_u64 << doublings).min(2_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let pauses: Vec<_> = [0, 1, 5, 6, u64::MAX].map(pause_after).map(|pause| pause.as_millis()).into();
        assert_eq!(pauses, [50, 100, 1_600, 2_000, 2_000]);
    }
}
