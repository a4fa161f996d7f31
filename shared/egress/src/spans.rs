//! What a trace shows of an attempt: whom it called, which attempt, how it ended; never what was said.

use crate::attempt::Called;
use crate::errand::Errand;
use crate::outcome::{Consequence, word};
use boot::Span;
use messages::AttemptOutcome;

/// Whom an attempt called, if it came to that.
pub(crate) fn called(span: &mut Span, called: Option<&Called>) {
    let Some(called) = called else { return };
    span.note("http.request.method", called.method.as_str());
    span.note("server.address", called.host.as_str());
    span.note("server.port", called.port);
}

/// How an attempt ended. Whatever is not acknowledged is an error of the attempt, also where it is not the last one.
pub(crate) fn ended(span: &mut Span, errand: &Errand, interface: &str, end: &Consequence) {
    if !span.is_recorded() {
        return;
    }
    let envelope = &errand.envelope;
    span.about(interface);
    span.note("baohan.partner", envelope.origin.partner.as_str());
    span.note("baohan.interface", interface);
    span.note("baohan.no", envelope.no.as_str());
    span.note("baohan.callback", envelope.id.as_str());
    span.note("baohan.attempt", errand.number());
    span.note("baohan.cycle", errand.cycle);
    let verdict = verdict(&end.outcome);
    span.note("baohan.verdict", verdict);
    if end.status > 0 {
        span.note("http.response.status_code", end.status);
    }
    match (&end.outcome, end.status) {
        (AttemptOutcome::Delivered | AttemptOutcome::Silent, _) => {}
        (_, status @ 400..) => span.fail(&status.to_string()),
        (_, 0) => span.fail("unreached"),
        _ => span.fail(verdict),
    }
}

fn verdict(outcome: &AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Delivered => "acknowledged",
        AttemptOutcome::Failed { .. } => "later",
        other => word(other),
    }
}
