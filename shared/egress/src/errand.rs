//! A notice as it comes from the queue, with how often it was tried, and the messages that follow from handling it.

use crate::outcome::{Consequence, word};
use boot::Trace;
use broker::{Delivery, Message};
use bytes::Bytes;
use domain::{Command, Fact, Learn, Notice, Timestamp};
use messages::{Attempt, CallbackTask, Envelope, Route, Unreadable};
use std::time::Duration;

/// How many attempts of this cycle are behind it.
const ATTEMPT: &str = "x-attempt";
/// Which replay it belongs to, from 0.
const CYCLE: &str = "x-cycle";
/// How often in a row it was moved on without being tried.
const MOVES: &str = "x-moves";

/// A notice to be delivered.
#[derive(Debug, Clone)]
pub(crate) struct Errand {
    pub(crate) envelope: Envelope<Notice>,
    body: Bytes,
    /// Attempts behind it.
    pub(crate) made: u32,
    pub(crate) cycle: u32,
    pub(crate) moves: u32,
    /// As it came: all attempts are steps of the same, however long the waits between them.
    pub(crate) trace: Trace,
}

impl Errand {
    pub(crate) fn read(delivery: &Delivery) -> Result<Self, Unreadable> {
        let count = |name| delivery.header_value(name).and_then(|text| text.parse().ok()).unwrap_or_default();
        Ok(Self {
            envelope: Envelope::from_bytes(&delivery.body)?,
            body: delivery.body.clone(),
            made: count(ATTEMPT),
            cycle: count(CYCLE),
            moves: count(MOVES),
            trace: delivery.header_value(Trace::HEADER).and_then(Trace::parse).unwrap_or_else(Trace::start),
        })
    }

    /// The number of the attempt that is due, from 1.
    pub(crate) const fn number(&self) -> u32 {
        self.made.saturating_add(1)
    }

    /// The same notice, to come back after a failed attempt.
    pub(crate) fn again(&self, wait_s: u64) -> Message {
        self.waiting(wait_s, self.number())
    }

    /// The same notice, to come back untried: nothing is counted but the move.
    pub(crate) fn untried(&self, wait_s: u64) -> Message {
        self.waiting(wait_s, self.made).header(MOVES, self.moves.saturating_add(1).to_string())
    }

    /// A new message with headers of its own: the broker's records of earlier waits must not come along.
    fn waiting(&self, wait_s: u64, made: u32) -> Message {
        let route = Route::wait(wait_s, &self.envelope.origin);
        Message::durable(route.exchange, route.key, self.envelope.id.clone(), self.body.clone())
            .header(ATTEMPT, made.to_string())
            .header(CYCLE, self.cycle.to_string())
            .header(Trace::HEADER, self.trace.to_string())
    }

    /// What a reply taught, as commands to the workers, within the attempt that brought it. The same fact of the same
    /// delivery has the same id.
    pub(crate) fn lessons(
        &self,
        facts: Vec<Fact>,
        at: Timestamp,
        within: &Trace,
    ) -> Result<Vec<Message>, serde_json::Error> {
        let (origin, head) = (&self.envelope.origin, self.envelope.body.head());
        let mut messages = Vec::with_capacity(facts.len());
        for (index, fact) in facts.into_iter().enumerate() {
            let id = format!("learn:{}:{}:{index}", self.envelope.id, self.cycle);
            let command = Command::Learn(Learn { about: head.no.clone(), fact });
            let route = Route::command(&command, origin);
            let mut envelope =
                Envelope::command(head.no.clone(), origin.clone(), "gateway", String::new(), at, command);
            envelope.id.clone_from(&id);
            let message = Message::durable(route.exchange, route.key, id, serde_json::to_vec(&envelope)?);
            messages.push(message.header(Trace::HEADER, within.to_string()));
        }
        Ok(messages)
    }

    /// The report of an attempt for `worker-callback`, within it. Its id holds the outcome: should the same attempt be made twice
    /// around a crash and end differently, both reports count.
    pub(crate) fn report(
        &self,
        interface: &str,
        at: Timestamp,
        took: Duration,
        end: &Consequence,
        within: &Trace,
    ) -> Result<Message, serde_json::Error> {
        let number = self.number();
        let task = CallbackTask::Record(Attempt {
            callback_id: self.envelope.id.clone(),
            origin: self.envelope.origin.clone(),
            interface: interface.to_owned(),
            number,
            cycle: self.cycle,
            at,
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            status: end.status,
            outcome: end.outcome.clone(),
            why: end.why.clone(),
        });
        let route = Route::callback(&self.envelope.origin);
        let id = format!("{}:{}:{number}:{}", self.envelope.id, self.cycle, word(&end.outcome));
        let message = Message::durable(route.exchange, route.key, id, serde_json::to_vec(&task)?);
        Ok(message.header(Trace::HEADER, within.to_string()))
    }
}
