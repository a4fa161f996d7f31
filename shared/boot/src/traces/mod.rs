//! What every request and message did and for how long, as spans of its trace, for a collector that takes OTLP: recorded
//! beside the work and never in its way.

mod otlp;
mod parcel;
mod sender;
mod span;

pub use span::{Kind, Span, Value};

use crate::metrics::{Counter, Metrics};
use crate::process::Process;
use crate::settings::{Mistakes, Source, TraceSettings};
use crate::trace::Trace;
use parcel::Parcel;
use sender::Sender;
use span::Ended;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// Spans that wait to be sent; the next ones are dropped and counted. About a kilobyte each.
const WAITING: usize = 4096;

/// Where spans begin; cheap to clone. Without `[traces] endpoint` it only hands on what arrived.
#[derive(Clone, Debug, Default)]
pub struct Traces(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    desk: Desk,
    /// A new trace is recorded if its chance is not below this; none is if there is no such number.
    threshold: Option<u64>,
    closing: watch::Sender<bool>,
    sending: Mutex<Option<JoinHandle<()>>>,
}

/// Where a span that has ended is handed in.
#[derive(Clone, Debug)]
struct Desk {
    waiting: mpsc::Sender<Ended>,
    full: Counter,
}

impl Desk {
    /// Never waits: what finds no room is dropped and counted.
    fn hand_in(&self, ended: Ended) {
        if self.waiting.try_send(ended).is_err() {
            self.full.inc();
        }
    }
}

impl Traces {
    /// Begins to send, if the settings name a collector. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`Mistakes`]: an endpoint that cannot be called, a secret that is missing.
    pub fn start(
        settings: &TraceSettings,
        source: &Source,
        process: Process,
        metrics: &Metrics,
    ) -> Result<Self, Mistakes> {
        let Some(parcel) = Parcel::to(settings, source, process)? else { return Ok(Self::default()) };
        let exported = metrics.counter("traces_exported", "Spans that the collector has taken");
        let dropped = metrics.counters("traces_dropped", "Spans that are lost, by why", ["reason"]);
        let [full, refused, undelivered] =
            ["full", "refused", "undelivered"].map(|reason| dropped.with([reason]));
        let (waiting, queue) = mpsc::channel(WAITING);
        let (closing, closed) = watch::channel(false);
        let sender = Sender { queue, closed, parcel, exported, refused, undelivered };
        let sending = Mutex::new(Some(tokio::spawn(sender.run())));
        let desk = Desk { waiting, full };
        Ok(Self(Some(Arc::new(Inner { desk, threshold: threshold(settings.sample), closing, sending }))))
    }

    /// Begins a span: in the trace that was carried here (a `traceparent`), or as the root of a new one.
    #[must_use]
    pub fn begin(&self, kind: Kind, name: &'static str, carried: Option<&str>) -> Span {
        match carried.and_then(Trace::parse) {
            Some(parent) => self.under(kind, name, &parent, true),
            None => {
                let trace = Trace::start();
                let sampled =
                    self.0.as_ref().and_then(|inner| inner.threshold).is_some_and(|t| trace.chance() >= t);
                Span::new(self.desk(), kind, name, trace.sampled(sampled), None)
            }
        }
    }

    /// Begins a span below one of this process.
    #[must_use]
    pub fn within(&self, kind: Kind, name: &'static str, parent: &Trace) -> Span {
        self.under(kind, name, parent, false)
    }

    fn under(&self, kind: Kind, name: &'static str, parent: &Trace, remote: bool) -> Span {
        Span::new(self.desk(), kind, name, parent.child(), Some((*parent, remote)))
    }

    fn desk(&self) -> Option<&Desk> {
        self.0.as_ref().map(|inner| &inner.desk)
    }

    /// Sends what has ended so far, for as long as `within` at most; what ends later is dropped and counted.
    pub async fn close(&self, within: Duration) {
        let Some(inner) = &self.0 else { return };
        inner.closing.send_replace(true);
        let sending = inner.sending.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut sending) = sending else { return };
        if tokio::time::timeout(within, &mut sending).await.is_err() {
            sending.abort();
            tracing::debug!("the last spans were not sent in time");
        }
    }
}

/// The share as a bound for [`Trace::chance`]: all processes agree about a trace by its id.
fn threshold(sample: f64) -> Option<u64> {
    const ALL: u64 = 1 << 56;
    let share = (sample * ALL as f64) as u64;
    (share > 0).then(|| ALL - share.min(ALL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_that_is_recorded_is_the_upper_part_of_chance() {
        assert_eq!(threshold(0.0), None);
        assert_eq!(threshold(1.0), Some(0));
        assert_eq!(threshold(0.25), Some(3 << 54));
    }

    #[test]
    fn without_a_collector_a_trace_is_only_handed_on() {
        let carried = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let span = Traces::default().begin(Kind::Server, "POST", Some(carried));
        assert_eq!(span.trace().id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(span.trace().is_sampled(), "the flag goes on to those who record");
        assert_ne!(span.trace().span_id(), "00f067aa0ba902b7");
        assert!(!Traces::default().begin(Kind::Server, "POST", None).trace().is_sampled());
    }
}
