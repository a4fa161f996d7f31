//! Rejected requests are kept for those who have to find out why: best effort, bounded, and never in the way of an answer.

use crate::pace::Pace;
use crate::partner::Partner;
use boot::Metrics;
use boot::Trace;
use boot::metrics::Counters;
use broker::{Message, Publisher};
use bytes::Bytes;
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::Request;
use messages::{RejectedRequest, RejectionTask, Route};
use protocol::{Caller, Rejection, RejectionKind};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Rejections that wait to be published; beyond that they are not kept.
const WAITING: usize = 32;
/// The largest body that is kept, bytes: all but documents.
const LARGEST: usize = 256 * 1024;
/// Kept of one partner, a second on the average over a minute: what a person can still look at.
const PER_S: u32 = 1;
/// How long the broker may take to confirm one.
const CONFIRM: Duration = Duration::from_secs(5);

/// Where rejected requests are handed in.
pub(crate) struct Keeping {
    waiting: mpsc::Sender<Rejected>,
    paces: Mutex<HashMap<PartnerId, Pace>>,
    counted: Counters<1>,
}

/// What takes them to the broker.
pub(crate) struct Porter {
    waiting: mpsc::Receiver<Rejected>,
    publisher: Publisher,
    kind: &'static str,
    counted: Counters<1>,
}

struct Rejected {
    id: String,
    partner: PartnerId,
    at: Timestamp,
    reason: &'static str,
    why: String,
    request: Request<Bytes>,
}

/// The counter and the porter behind it.
pub(crate) fn keeping(publisher: Publisher, kind: &'static str, metrics: &Metrics) -> (Keeping, Porter) {
    let (sender, waiting) = mpsc::channel(WAITING);
    let counted = || {
        metrics.counters("ingress_rejections_kept", "Rejected requests by whether they are kept", ["outcome"])
    };
    let keeping = Keeping { waiting: sender, paces: Mutex::default(), counted: counted() };
    (keeping, Porter { waiting, publisher, kind, counted: counted() })
}

impl Keeping {
    /// Hands in a request of a known partner, if there is room and it is within the pace. Returns at once.
    pub(crate) fn hand_in(
        &self,
        partner: &Partner,
        request: &Request<Bytes>,
        rejection: &Rejection,
        trace: &Trace,
    ) {
        // What came at a bad moment proves itself the next time.
        if rejection.kind == RejectionKind::Unwelcome || !self.in_pace(&partner.id) {
            self.counted.with(["passed_over"]).inc();
            return;
        }
        let carried = trace.to_string();
        let rejected = Rejected {
            id: carried[36..52].to_owned(),
            partner: partner.id.clone(),
            at: Timestamp::new(boot::now()),
            reason: rejection.kind.word(),
            why: rejection.why.clone(),
            request: request.clone(),
        };
        if self.waiting.try_send(rejected).is_err() {
            self.counted.with(["passed_over"]).inc();
        }
    }

    fn in_pace(&self, partner: &PartnerId) -> bool {
        let Ok(mut paces) = self.paces.lock() else { return false };
        let now = Instant::now();
        let pace = paces.entry(partner.clone()).or_insert_with(|| Pace::new(Some(PER_S), now));
        pace.admits(now)
    }
}

impl Porter {
    /// Publishes one after the other, for ever; what the broker does not take is not kept.
    pub(crate) async fn carry(mut self) -> std::convert::Infallible {
        while let Some(rejected) = self.waiting.recv().await {
            let outcome = match self.publish(rejected).await {
                true => "kept",
                false => "lost",
            };
            self.counted.with([outcome]).inc();
        }
        std::future::pending().await
    }

    async fn publish(&self, rejected: Rejected) -> bool {
        let route = Route::rejected(&rejected.partner);
        let id = rejected.id.clone();
        let Ok(body) = serde_json::to_vec(&RejectionTask::Keep(written(rejected, self.kind))) else {
            return false;
        };
        let message = Message::durable(route.exchange, route.key, id, body);
        self.publisher
            .publish(message, CONFIRM)
            .await
            .inspect_err(|why| tracing::debug!(%why, "not kept"))
            .is_ok()
    }
}

fn written(rejected: Rejected, kind: &str) -> RejectedRequest {
    let Rejected { id, partner, at, reason, why, request } = rejected;
    let caller = request.extensions().get::<Caller>().map(|Caller(address)| address.to_string());
    let headers = request.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned().into())
    });
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let body = if request.body().len() > LARGEST { "" } else { &text::to_base64(request.body()) };
    RejectedRequest {
        id,
        partner,
        protocol: kind.to_owned(),
        at,
        reason: reason.to_owned(),
        why,
        method: request.method().to_string(),
        target: target.into(),
        caller: caller.unwrap_or_default(),
        headers: headers.collect(),
        body: body.into(),
        size: request.body().len() as u64,
    }
}
