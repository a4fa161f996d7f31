//! What is counted and logged about requests: who, which interface, which number, how it ended, how long; never what was said.

use crate::partner::Partners;
use boot::Metrics;
use boot::metrics::{Counter, Counters, Histogram};
use broker::NotPublished;
use domain::{AcceptanceNo, RefusalKind, Reply};
use protocol::{Interface, Outcome, Rejection};
use std::collections::HashMap;
use std::time::Duration;

/// Every way in which an ask ends, by word.
const ENDS: [&str; 6] = ["accepted", "answered", "refused", "conflict", "pending", "unavailable"];

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
            rejected: metrics.counters(
                "ingress_rejections",
                "Requests turned away before they became an ask",
                ["partner", "reason"],
            ),
            confirm: metrics.timing("ingress_confirm_seconds", "From publishing to the broker's confirm"),
            publishes: metrics.counters(
                "ingress_publishes",
                "Messages put on their way, by what the broker said",
                ["result"],
            ),
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
        let result = match why {
            NotPublished::Busy => "busy",
            NotPublished::Unroutable => "unroutable",
            NotPublished::Rejected => "rejected",
            NotPublished::Unknown => "unknown",
        };
        self.publishes.with([result]).inc();
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

    /// A request was answered.
    pub(crate) fn answered(
        &self,
        line: &Line<'_>,
        row: Option<&Row>,
        first: Option<&AcceptanceNo>,
        outcomes: &[Outcome],
    ) {
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
    }
}

impl Row {
    /// A repeated request was answered from memory.
    pub(crate) fn repeated(&self) {
        self.repeated.inc();
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
