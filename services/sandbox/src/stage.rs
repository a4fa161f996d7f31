//! Where a story is played: rows are added as things happen, callbacks are waited for in the receiver's ledger.

use crate::interface::Interface;
use crate::ledger::Entry;
use crate::receiver::Receiver;
use crate::rows::{Row, Rows, difference};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// What is wrong, in words for the table; the story goes on without what depends on it.
pub(crate) type Step<T> = Result<T, String>;

/// How long between two looks at something that happens by itself.
const LOOK: Duration = Duration::from_millis(50);

/// A story's place, time and table.
pub(crate) struct Stage<'a, T> {
    pub(crate) receiver: &'a Receiver,
    pub(crate) patience: Duration,
    rows: Rows<T>,
}

/// A callback to wait for.
pub(crate) struct Cue<'c> {
    pub(crate) interface: &'static Interface,
    /// What caused it happened then.
    pub(crate) begun: Instant,
    /// Fields and their values; the first tells it from the same callback about something else.
    pub(crate) expected: &'c [(&'c str, &'c str)],
    /// What it means.
    pub(crate) what: &'c str,
    /// The field shown as its number.
    pub(crate) number: &'c str,
}

impl<'a, T: FnMut(&Row)> Stage<'a, T> {
    /// An empty table of these interfaces.
    pub(crate) const fn new(
        interfaces: &'static [Interface],
        receiver: &'a Receiver,
        patience: Duration,
        told: T,
    ) -> Self {
        Self { receiver, patience, rows: Rows::new(interfaces, told) }
    }

    /// A row: what was asked, and its answer or what is wrong with it.
    pub(crate) fn row<A>(
        &mut self,
        interface: &'static Interface,
        asked: &str,
        number: &str,
        outcome: Step<(A, String, Option<Duration>)>,
    ) -> Step<A> {
        let (result, answer, took, good) = match outcome {
            Ok((found, answer, took)) => (Ok(found), answer, took, true),
            Err(why) => (Err(why.clone()), why, None, false),
        };
        self.rows.add(Row {
            interface,
            asked: asked.to_owned(),
            answer,
            number: number.to_owned(),
            took,
            good,
        });
        result
    }

    /// Waits for a callback, acknowledged and as it should be.
    pub(crate) async fn hear(&mut self, cue: Cue<'_>) -> Step<Entry> {
        self.hear_by(1, cue).await
    }

    /// The same, where so many of the expected fields tell it from the same callback about something else.
    pub(crate) async fn hear_by(&mut self, telling: usize, cue: Cue<'_>) -> Step<Entry> {
        let outcome = self.heard(telling, &cue).await;
        let number =
            outcome.as_ref().map_or_else(|_| String::new(), |(entry, ..)| entry.text(cue.number).to_owned());
        self.row(cue.interface, cue.what, &number, outcome)
    }

    async fn heard(&self, telling: usize, cue: &Cue<'_>) -> Step<(Entry, String, Option<Duration>)> {
        let ledger = self.receiver.ledger();
        let ours = |entry: &Entry| {
            entry.method == cue.interface.method
                && cue.expected.iter().take(telling).all(|(field, value)| entry.text(field) == *value)
        };
        let found = ledger.wait_for(self.patience, |entry| entry.acknowledged && ours(entry)).await;
        let Some(entry) = found else {
            let refused =
                ledger.select(|entry| entry.method == cue.interface.method && !entry.problems.is_empty());
            return Err(refused
                .last()
                .map_or_else(|| "未收到回调".to_owned(), |entry| entry.problems.join("；")));
        };
        if let Some(differs) = difference(cue.expected, |field| entry.text(field)) {
            return Err(differs);
        }
        if entry.changed {
            return Err("与此前的同一回调内容不同".to_owned());
        }
        Ok((entry, "已确认，校验通过".to_owned(), Some(cue.begun.elapsed())))
    }

    /// True while a story that began waiting at this moment should go on waiting; each time a moment later.
    pub(crate) async fn again(&self, begun: Instant) -> bool {
        if begun.elapsed() > self.patience {
            return false;
        }
        sleep(LOOK).await;
        true
    }

    /// One row per interface.
    pub(crate) fn finish(self) -> Vec<Row> {
        self.rows.finish()
    }
}
