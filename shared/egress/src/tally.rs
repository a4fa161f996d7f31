//! What is counted and logged about deliveries: whose, which callback, which attempt, how it ended; never what was said.

use crate::errand::Errand;
use crate::outcome::{Consequence, word};
use boot::Metrics;
use boot::metrics::{Counters, Gauge, Gauges, Timings};
use std::time::Duration;

/// The counters of one egress.
#[derive(Debug)]
pub(crate) struct Tally {
    attempts: Counters<3>,
    seconds: Timings<2>,
    breaker: Gauges<1>,
    under_way: Gauges<1>,
    moved: Counters<2>,
    parked: Counters<1>,
}

/// Counts one attempt as under way for as long as it lives.
#[derive(Debug)]
pub(crate) struct UnderWay(Gauge);

impl Tally {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        Self {
            attempts: metrics.counters(
                "egress_attempts",
                "Attempts to deliver a callback, by how they ended",
                ["partner", "interface", "outcome"],
            ),
            seconds: metrics.timings(
                "egress_attempt_seconds",
                "From sealing a callback to the whole reply",
                ["partner", "interface"],
            ),
            breaker: metrics.gauges(
                "egress_breaker_open",
                "1 while a partner is not called because it cannot be reached",
                ["partner"],
            ),
            under_way: metrics.gauges("egress_in_flight", "Callbacks under way", ["partner"]),
            moved: metrics.counters(
                "egress_moved",
                "Callbacks moved to a waiting queue untried",
                ["partner", "reason"],
            ),
            parked: metrics.counters("egress_parked", "Messages nobody can deliver", ["reason"]),
        }
    }

    pub(crate) fn under_way(&self, partner: &str) -> UnderWay {
        let gauge = self.under_way.with([partner]);
        gauge.inc();
        UnderWay(gauge)
    }

    pub(crate) fn breaker(&self, partner: &str, open: bool) {
        self.breaker.with([partner]).set(i64::from(open));
    }

    pub(crate) fn moved(&self, errand: &Errand, reason: &'static str, wait_s: u64) {
        let partner = errand.envelope.origin.partner.as_str();
        self.moved.with([partner, reason]).inc();
        tracing::debug!(
            partner,
            callback = errand.envelope.id,
            reason,
            wait_s,
            trace = errand.trace.id(),
            "callback moved untried"
        );
    }

    pub(crate) fn parked(&self, id: &str, reason: &'static str, why: &str) {
        self.parked.with([reason]).inc();
        tracing::error!(message = id, reason, why, "message parked, nobody can deliver it");
    }

    pub(crate) fn attempted(&self, errand: &Errand, interface: &str, took: Duration, end: &Consequence) {
        let partner = errand.envelope.origin.partner.as_str();
        let outcome = word(&end.outcome);
        self.attempts.with([partner, interface, outcome]).inc();
        self.seconds.with([partner, interface]).observe(took.as_secs_f64());
        tracing::info!(
            partner,
            interface,
            callback = errand.envelope.id,
            attempt = errand.number(),
            cycle = errand.cycle,
            outcome,
            status = end.status,
            why = end.why,
            wait_s = end.wait_s,
            duration_ms = took.as_millis() as u64,
            trace = errand.trace.id(),
            "callback attempted"
        );
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}
