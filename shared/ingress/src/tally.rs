//! What is counted and logged about requests: who, which interface, which number, how it ended, how long; never what was said.

use crate::partner::Partners;
use boot::Metrics;
use boot::metrics::{Counter, Counters, Histogram};
use broker::NotPublished;
use domain::{AcceptanceNo, RefusalKind, Reply};
use protocol::{Interface, Outcome, Rejection, RejectionKind};
use std::collections::HashMap;
use std::time::Duration;

/// Every way in which an ask ends, by word.
const ENDS: [&str; 6] = ["accepted", "answered", "refused", "conflict", "pending", "unavailable"];

/// Every way in which putting a message on its way ends, by word.
const RESULTS: [&str; 5] = ["confirmed", "busy", "unroutable", "rejected", "unknown"];

/// Every reason for which a request is turned away.
const REJECTIONS: [RejectionKind; 6] = [
    RejectionKind::Forged,
    RejectionKind::Unreadable,
    RejectionKind::Stale,
    RejectionKind::Unknown,
    RejectionKind::Malformed,
    RejectionKind::Unwelcome,
];

/// The counters of one ingress.
#[derive(Debug)]
pub(crate) struct Tally {
    rows: HashMap<String, Vec<Row>>,
    rejected: Counters<2>,
    confirm: Histogram,
    publishes: Counters<1>,
}

/// The counters of one interface of one partner, at hand without a look-up by label.
#[derive(Debug)]
pub(crate) struct Row {
    interface: &'static str,
    ends: [Counter; ENDS.len()],
    repeated: Counter,
    seconds: Histogram,
}

/// What the log line of a request says.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) partner: &'a str,
    pub(crate) interface: &'static str,
    pub(crate) trace: &'a str,
    pub(crate) took: Duration,
}

impl Tally {
    pub(crate) fn new(metrics: &Metrics, partners: &Partners) -> Self {
        let labels = ["partner", "interface", "outcome"];
        let asks = metrics.counters("ingress_asks", "What partners asked, by how it ended", labels);
        let repeated = metrics.counters(
            "ingress_repeats",
            "Repeated requests answered from Redis, nothing published",
            ["partner", "interface"],
        );
        let seconds = metrics.timings(
            "ingress_request_seconds",
            "From the whole request to its answer",
            ["partner", "interface"],
        );
        let row = |partner: &str, interface: &'static str| Row {
            interface,
            ends: ENDS.map(|end| asks.with([partner, interface, end])),
            repeated: repeated.with([partner, interface]),
            seconds: seconds.with([partner, interface]),
        };
        let rows = partners.iter().map(|partner| {
            let id = partner.id.as_str();
            let table = partner.protocol.interfaces().iter();
            (id.to_owned(), table.map(|interface| row(id, interface.name)).collect())
        });
        Self {
            rows: rows.collect(),
            rejected: rejections(metrics, partners.iter().map(|partner| partner.id.as_str())),
            confirm: metrics.timing("ingress_confirm_seconds", "From publishing to the broker's confirm"),
            publishes: publishes(metrics),
        }
    }

    /// The row of an interface; `None` for one that the protocol did not list.
    pub(crate) fn row(&self, partner: &str, interface: &Interface) -> Option<&Row> {
        self.rows.get(partner)?.iter().find(|row| row.interface == interface.name)
    }

    /// The broker confirmed after this time.
    pub(crate) fn confirmed(&self, after: Duration) {
        self.confirm.observe(after.as_secs_f64());
        self.publishes.with(["confirmed"]).inc();
    }

    /// The broker holds a message that somebody waits for.
    pub(crate) fn asked(&self) {
        self.publishes.with(["confirmed"]).inc();
    }

    /// A message may not have reached the broker.
    pub(crate) fn unpublished(&self, why: &NotPublished) {
        self.publishes.with([doubt(why)]).inc();
    }

    /// A request was turned away. `partner` is one of ours, or `unknown`.
    pub(crate) fn rejected(&self, partner: &str, rejection: &Rejection, trace: &str, took: Duration) {
        self.rejected.with([partner, rejection.kind.word()]).inc();
        tracing::info!(
            partner,
            outcome = "rejected",
            reason = rejection.kind.word(),
            why = %rejection.why,
            duration_ms = took.as_millis() as u64,
            trace,
            "request rejected"
        );
    }

    /// A request was answered. Returns the word for how.
    pub(crate) fn answered(
        &self,
        line: &Line<'_>,
        row: Option<&Row>,
        first: Option<&AcceptanceNo>,
        outcomes: &[Outcome],
    ) -> &'static str {
        let mut outcome = outcomes.first().map_or("", end);
        for each in outcomes.iter().map(end) {
            if let Some(counter) =
                row.and_then(|row| ENDS.iter().position(|e| *e == each).map(|i| &row.ends[i]))
            {
                counter.inc();
            }
            if each != outcome {
                outcome = "mixed";
            }
        }
        if let Some(row) = row {
            row.seconds.observe(line.took.as_secs_f64());
        }
        tracing::info!(
            partner = line.partner,
            interface = line.interface,
            no = first.map_or("", AcceptanceNo::as_str),
            asks = outcomes.len(),
            outcome,
            duration_ms = line.took.as_millis() as u64,
            trace = line.trace,
            "request answered"
        );
        outcome
    }
}

impl Row {
    /// A repeated request was answered from memory.
    pub(crate) fn repeated(&self) {
        self.repeated.inc();
    }
}

/// All reasons of every partner are shown from the start: of a counter that begins with its first rejections nobody sees
/// an increase.
fn rejections<'a>(metrics: &Metrics, partners: impl Iterator<Item = &'a str>) -> Counters<2> {
    let counters = metrics.counters(
        "ingress_rejections",
        "Requests turned away before they became an ask",
        ["partner", "reason"],
    );
    for partner in partners {
        for kind in REJECTIONS {
            let _ = counters.with([partner, kind.word()]);
        }
    }
    counters
}

/// All results are shown from the start, for the same reason.
fn publishes(metrics: &Metrics) -> Counters<1> {
    let counters = metrics.counters(
        "ingress_publishes",
        "Messages put on their way, by what the broker said",
        ["result"],
    );
    for result in RESULTS {
        let _ = counters.with([result]);
    }
    counters
}

/// The word for why a message may not have reached the broker.
pub(crate) const fn doubt(why: &NotPublished) -> &'static str {
    match why {
        NotPublished::Busy => "busy",
        NotPublished::Unroutable => "unroutable",
        NotPublished::Rejected => "rejected",
        NotPublished::Unknown => "unknown",
    }
}

/// The word for how an ask ended.
fn end(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Replied(Reply::Accepted { .. }) => "accepted",
        Outcome::Replied(Reply::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => "conflict",
        Outcome::Replied(Reply::Refused(_)) => "refused",
        Outcome::Replied(_) => "answered",
        Outcome::Pending(_) => "pending",
        Outcome::Unavailable => "unavailable",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_first_forged_request_is_an_increase() {
        let metrics = Metrics::default();
        let counters = rejections(&metrics, ["demo", "other"].into_iter());
        let shown = |partner: &str, count: u64| {
            let labels = format!("partner=\"{partner}\",reason=\"forged\"");
            let line = format!("ingress_rejections_total{{{labels}}} {count}\n");
            assert!(metrics.text().unwrap().contains(&line), "{partner}");
        };
        shown("demo", 0);
        counters.with(["demo", RejectionKind::Forged.word()]).inc();
        shown("demo", 1);
        shown("other", 0);
    }

    #[test]
    fn the_first_publish_that_is_not_confirmed_is_an_increase() {
        let metrics = Metrics::default();
        let counters = publishes(&metrics);
        let shown = |result: &str, count: u64| {
            let line = format!("ingress_publishes_total{{result=\"{result}\"}} {count}\n");
            assert!(metrics.text().unwrap().contains(&line), "{result}");
        };
        for result in RESULTS {
            shown(result, 0);
        }
        counters.with(["busy"]).inc();
        shown("busy", 1);
    }
}
