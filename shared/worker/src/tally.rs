//! What a worker counts.

use crate::waiting::WaitingGauges;
use boot::Metrics;
use boot::metrics::{Counters, Gauge, Histogram, Timings};
use domain::{Command, Query};
use store::Promise;

/// The counters of a worker process.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// Messages by type and result: `done`, `refused`, `repeated`, `conflict`, `parked`, `requeued`.
    pub(crate) messages: Counters<2>,
    /// From the first look at the inbox to the commit.
    pub(crate) transaction: Histogram,
    /// Age of the oldest message that has not gone out, seconds.
    pub(crate) unsent_age: Gauge,
    /// How long the most overdue callback is overdue, seconds.
    pub(crate) overdue: Gauge,
    /// Messages the relay sent, and those that were not confirmed.
    pub(crate) relayed: Counters<1>,
    /// Delivery attempts recorded.
    pub(crate) attempts: Counters<1>,
    /// From the acceptance of a request to what became of it, and to the partner's acknowledgement.
    pub(crate) promises: Timings<3>,
    /// What waits.
    pub(crate) waiting: WaitingGauges,
}

impl Tally {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        Self {
            messages: metrics.counters("worker_messages", "Messages by type and result", ["type", "result"]),
            transaction: metrics
                .timing("worker_transaction_seconds", "From the first look at the inbox to the commit"),
            unsent_age: metrics
                .gauge("worker_oldest_unsent_seconds", "Age of the oldest message that has not gone out"),
            overdue: metrics.gauge(
                "worker_most_overdue_callback_seconds",
                "How long the most overdue callback is overdue",
            ),
            relayed: metrics.counters(
                "worker_relayed",
                "Messages the relay published, by whether the broker confirmed",
                ["result"],
            ),
            attempts: metrics.counters(
                "worker_attempts",
                "Delivery attempts reported, by whether they were known",
                ["result"],
            ),
            promises: metrics.spans(
                "worker_promise_seconds",
                "From the acceptance of a request to the decision, and to the acknowledged callback",
                ["partner", "event", "until"],
            ),
            waiting: WaitingGauges::new(metrics),
        }
    }

    /// Partners have acknowledged these.
    pub(crate) fn kept(&self, promises: &[Promise]) {
        for promise in promises {
            for (until, ms) in [("decided", promise.decided_ms), ("acknowledged", promise.acknowledged_ms)] {
                let seconds = ms.max(0) as f64 / 1000.0;
                self.promises.with([&promise.partner, &promise.event, until]).observe(seconds);
            }
        }
    }

    pub(crate) fn count(&self, kind: &'static str, result: &'static str) {
        self.messages.with([kind, result]).inc();
    }
}

/// The word for a command in metrics and logs.
pub(crate) const fn command_word(command: &Command) -> &'static str {
    match command {
        Command::PlaceOrder(_) => "place_order",
        Command::RequestClaim(_) => "request_claim",
        Command::RequestInvoice(_) => "request_invoice",
        Command::RequestRefund(_) => "request_refund",
        Command::RequestRelease(_) => "request_release",
        Command::ChangeTender(_) => "change_tender",
        Command::Decide(_) => "decide",
        Command::ConfirmPayment(_) => "confirm_payment",
        Command::AnnounceOrder(_) => "announce_order",
        Command::WithdrawOrder(_) => "withdraw_order",
        Command::RestoreOrder(_) => "restore_order",
        Command::RequestCredit(_) => "request_credit",
        Command::RevokeCase(_) => "revoke_case",
        Command::NoteStatus(_) => "note_status",
        Command::NoteRead(_) => "note_read",
        Command::Inquire(_) => "inquire",
        Command::Learn(_) => "learn",
        Command::ConfirmPayout(_) => "confirm_payout",
    }
}

/// The word for a query in metrics and logs.
pub(crate) const fn query_word(query: &Query) -> &'static str {
    match query {
        Query::OrderStatus { .. } => "order_status",
        Query::ReleaseStatus(_) => "release_status",
        Query::ClaimStatus(_) => "claim_status",
        Query::RefundStatus(_) => "refund_status",
        Query::InvoiceStatus(_) => "invoice_status",
        Query::CreditStatus { .. } => "credit_status",
        Query::Cost { .. } => "cost",
        Query::Document { .. } => "document",
        Query::VerifyRecord { .. } => "verify_record",
        Query::VerifyDocument { .. } => "verify_document",
        Query::PublicRecord { .. } => "public_record",
    }
}
