//! What a trace shows of a message in a worker: handled, or published from the outbox; what it was, and how it ended.

use crate::Verdict;
use boot::{Kind, Span, Trace, Traces};
use broker::{Delivery, NotPublished, Settled};
use domain::Reply;
use messages::{CallbackTask, Envelope};
use store::{CAUSE, OutboxRow};

/// Begins the span of a delivery, in the trace that came with it.
pub(crate) fn handling(traces: &Traces, delivery: &Delivery) -> Span {
    let mut span = traces.begin(Kind::Consumer, "process", delivery.header_value(Trace::HEADER));
    span.message("process", &delivery.exchange, &delivery.key, &delivery.id);
    span
}

/// What the message is.
pub(crate) fn about<B>(span: &mut Span, kind: &'static str, envelope: &Envelope<B>) {
    if !span.is_recorded() {
        return;
    }
    span.about(kind);
    span.note("baohan.partner", envelope.origin.partner.as_str());
    span.note("baohan.interface", envelope.interface.as_str());
    span.note("baohan.no", envelope.no.as_str());
}

/// What became of it, and the traces of the orders and cases it was about: these began with other requests and go on by
/// themselves.
pub(crate) fn judged(span: &mut Span, verdict: &Verdict, others: &[String]) {
    match verdict {
        Verdict::Replied(Reply::Refused(_)) => span.note("baohan.outcome", "refused"),
        Verdict::Replied(_) => span.note("baohan.outcome", "done"),
        Verdict::Requeue => span.fail("requeued"),
        Verdict::Park => span.fail("parked"),
    }
    for other in others.iter().filter_map(|other| Trace::parse(other)) {
        span.link(other);
    }
}

/// What became of a task about callbacks.
pub(crate) fn settled(span: &mut Span, task: Option<&CallbackTask>, settled: Settled) {
    match task {
        Some(CallbackTask::Record(attempt)) => {
            span.about("record_attempt");
            span.note("baohan.partner", attempt.origin.partner.as_str());
            span.note("baohan.callback", attempt.callback_id.as_str());
            span.note("baohan.attempt", attempt.number);
        }
        Some(CallbackTask::Replay(_)) => span.about("replay_callbacks"),
        None => {}
    }
    match settled {
        Settled::Ack => span.note("baohan.outcome", "done"),
        Settled::Requeue => span.fail("requeued"),
        Settled::Park => span.fail("parked"),
    }
}

/// Begins the span of publishing a row of the outbox, which then carries it. What caused the message, if that was in
/// another trace, is linked and not sent on.
pub(crate) fn publishing(traces: &Traces, row: &mut OutboxRow) -> Option<Span> {
    let cause = row.headers.remove(CAUSE);
    let carried = row.headers.get(Trace::HEADER)?;
    let mut span = traces.begin(Kind::Producer, "publish", Some(carried));
    if !span.is_recorded() {
        return None;
    }
    span.message("publish", &row.exchange, &row.routing_key, &row.message_id);
    if let Some(cause) = cause.as_deref().and_then(Trace::parse) {
        span.link(cause);
    }
    row.headers.insert(Trace::HEADER.to_owned(), span.trace().to_string());
    Some(span)
}

/// Ends the span of publishing.
pub(crate) fn published(span: Option<Span>, outcome: Result<(), NotPublished>) {
    let Some(mut span) = span else { return };
    match outcome {
        Ok(()) => {}
        Err(NotPublished::Busy) => span.fail("busy"),
        Err(NotPublished::Unroutable) => span.fail("unroutable"),
        Err(NotPublished::Rejected) => span.fail("rejected"),
        Err(NotPublished::Unknown) => span.fail("unknown"),
    }
}
