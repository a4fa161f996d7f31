//! One request at the counter: from the partner's bytes to the answer in the partner's words.

use crate::desk::{Desk, Errand};
use crate::intake::take_in;
use crate::keeping::Keeping;
use crate::pace::WINDOW;
use crate::partner::{Partner, Partners, rest_of};
use crate::tally::{Line, Tally};
use boot::{Kind, Span, Trace, Traces};
use bytes::Bytes;
use domain::{AcceptanceNo, Timestamp};
use http::{HeaderMap, Method, Request, Response};
use protocol::{Call, Caller, Inbound, Outcome, Rejection, RejectionKind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use web::Refusal;

/// What a partner hears that asks too much.
const BUSY: &str = "请求过于频繁，请稍后重试";

/// A request that proved itself, and by which keys: it is answered with the same.
struct Opened<'p> {
    call: Call,
    by: &'p dyn Inbound,
}

/// Everything an answer needs.
pub(crate) struct Counter {
    pub(crate) partners: Partners,
    pub(crate) desk: Desk,
    pub(crate) tally: Arc<Tally>,
    pub(crate) keeping: Arc<Keeping>,
    pub(crate) traces: Traces,
    /// How long a partner is kept waiting for a worker's verdict.
    pub(crate) ask_deadline: Duration,
    /// How many expensive requests are opened at once.
    pub(crate) seats: Arc<Semaphore>,
}

impl Counter {
    /// Answers a request.
    pub(crate) async fn serve(&self, request: Request<Bytes>) -> Response<Bytes> {
        let method = if request.method() == Method::GET { "GET" } else { "POST" };
        let mut span = self.traces.begin(Kind::Server, method, traceparent(request.headers()));
        span.note("http.request.method", request.method().as_str());
        let response = self.answer(request, &mut span).await;
        span.note("http.response.status_code", response.status().as_u16());
        response
    }

    async fn answer(&self, mut request: Request<Bytes>, span: &mut Span) -> Response<Bytes> {
        let began = Instant::now();
        let known = self.partners.find(request.uri());
        let partner = known.unwrap_or(self.partners.decoy());
        *request.uri_mut() = rest_of(request.uri());
        if request.body().len() > partner.body_bytes {
            return self.reject((known, Some(&request)), &unwelcome(Refusal::BodyTooLarge), span, began);
        }
        let to = Some(&request);
        if !calls_from_a_known_place(partner, &request) {
            let rejection = Rejection::forged("calls from an address that is not in [limits] addresses");
            return self.reject((known, to), &rejection, span, began);
        }
        match (self.open(partner, &request).await, known) {
            (Ok(opened), Some(partner)) => {
                // Judged only once the signature held, or a stranger could use up a partner's share.
                let seat = partner.seats.take();
                if let Some(unwelcome) = self.unwelcome(partner, &opened.call, seat.is_some(), began).await {
                    return self.reject((known, to), &unwelcome, span, began);
                }
                self.attend((partner, &request), &opened, span, began).await
            }
            (Ok(_), None) => self.reject((None, to), &Rejection::forged("no such partner"), span, began),
            (Err(rejection), _) => self.reject((known, to), &rejection, span, began),
        }
    }

    /// Why a good request of a partner is not served now.
    async fn unwelcome(
        &self,
        partner: &Partner,
        call: &Call,
        seated: bool,
        now: Instant,
    ) -> Option<Rejection> {
        let (say, why) = if !partner.serves(call.interface.name) {
            ("接口暂停服务，请稍后重试", "paused in the partner's settings")
        } else if !seated {
            (BUSY, "more at once than [limits] allow")
        } else if !self.in_pace(partner, now).await {
            (BUSY, "faster than [limits] allow")
        } else {
            return None;
        };
        Some(Rejection::new(RejectionKind::Unwelcome, say, why).by(call.interface))
    }

    /// Counted by Redis for all processes together, by this one alone while Redis is away.
    async fn in_pace(&self, partner: &Partner, now: Instant) -> bool {
        let Some(per_s) = partner.pace.per_s() else { return true };
        match self.desk.replies.admits(&partner.id, per_s, WINDOW).await {
            Ok(admitted) => admitted,
            Err(_) => partner.pace.admits(now),
        }
    }

    /// Opens a request; the expensive ones as many at once as there are cores, away from the runtime's threads. While keys
    /// are being changed, what the new ones do not open may open with those from before.
    async fn open<'p>(
        &self,
        partner: &'p Partner,
        request: &Request<Bytes>,
    ) -> Result<Opened<'p>, Rejection> {
        let now = Timestamp::new(boot::now());
        let open = || {
            let mut first = None;
            for by in partner.ways(now) {
                match by.open(request, now) {
                    Ok(call) => return Ok(Opened { call, by }),
                    Err(why) => first = first.or(Some(why)),
                }
            }
            // The present way is always there.
            Err(first.unwrap_or_else(|| Rejection::forged("no way to open it")))
        };
        if !partner.protocol.is_heavy() {
            return open();
        }
        // Never closed; without a seat it would still be opened.
        let _seat = self.seats.acquire().await;
        boot::heavy(open)
    }

    /// What the protocol says to a request that never became one.
    pub(crate) fn refuse(&self, refusal: Refusal) -> Response<Bytes> {
        // Of what never was a request nothing is recorded.
        let mut span = Traces::default().begin(Kind::Server, "POST", None);
        self.reject((None, None), &unwelcome(refusal), &mut span, Instant::now())
    }

    /// Does what is asked, one ask after the other, and answers for all of them at once.
    async fn attend(
        &self,
        (partner, request): (&Partner, &Request<Bytes>),
        Opened { call, by }: &Opened<'_>,
        span: &mut Span,
        began: Instant,
    ) -> Response<Bytes> {
        let trace = *span.trace();
        let row = self.tally.row(partner.id.as_str(), call.interface);
        let token = trace.span_id();
        let errand = Errand {
            way: call.interface.way,
            row,
            trace: &trace,
            until: began + self.ask_deadline,
            batch: call.asks.len() > 1,
        };
        let mut outcomes = Vec::with_capacity(call.asks.len());
        let mut first: Option<AcceptanceNo> = None;
        for ask in &call.asks {
            let now = Timestamp::new(boot::now());
            // The span of this request makes the id of a query unique.
            match take_in(partner, self.partners.kind(), call.interface, ask, now, &token) {
                Ok(intake) => {
                    first.get_or_insert_with(|| intake.no.clone());
                    outcomes.push(self.desk.handle(intake, errand).await);
                }
                Err(why) => {
                    tracing::error!(partner = %partner.id, interface = call.interface.name, %why, "an ask was not taken");
                    outcomes.push(Outcome::Unavailable);
                }
            }
        }
        let now = Timestamp::new(boot::now());
        let response = by.answer_to(request, now, Ok((call, &outcomes)));
        let id = trace.id();
        let line = Line {
            partner: partner.id.as_str(),
            interface: call.interface.name,
            trace: &id,
            took: began.elapsed(),
        };
        let outcome = self.tally.answered(&line, row, first.as_ref(), &outcomes);
        span.about(call.interface.name);
        span.note("baohan.partner", line.partner);
        span.note("baohan.interface", line.interface);
        span.note("baohan.no", first.as_ref().map_or("", AcceptanceNo::as_str));
        span.note("baohan.outcome", outcome);
        // Only now: what a stranger writes into a path is not known to be harmless. A query string never is.
        span.note("url.path", request.uri().path());
        if outcome == "unavailable" {
            span.fail(outcome);
        }
        response
    }

    /// Answers for the partner if it is known, and to the request as far as there is one.
    fn reject(
        &self,
        (partner, request): (Option<&Partner>, Option<&Request<Bytes>>),
        rejection: &Rejection,
        span: &mut Span,
        began: Instant,
    ) -> Response<Bytes> {
        let trace = *span.trace();
        span.note("baohan.outcome", "rejected");
        span.note("baohan.reason", rejection.kind.word());
        let protocol = &partner.unwrap_or(self.partners.decoy()).protocol;
        let response = match request {
            Some(request) => protocol.answer_to(request, Timestamp::new(boot::now()), Err(rejection)),
            None => protocol.answer(Err(rejection)),
        };
        let name = partner.map_or("unknown", |partner| partner.id.as_str());
        span.note("baohan.partner", name);
        self.tally.rejected(name, rejection, &trace.id(), began.elapsed());
        if let (Some(partner), Some(request)) = (partner, request) {
            self.keeping.hand_in(partner, request, rejection, &trace);
        }
        response
    }
}

/// Nobody's address is known to be right: then a list refuses.
fn calls_from_a_known_place(partner: &Partner, request: &Request<Bytes>) -> bool {
    let caller = request.extensions().get::<Caller>();
    partner.callers.is_empty() || caller.is_some_and(|caller| partner.callers.admits(caller.0))
}

fn traceparent(headers: &HeaderMap) -> Option<&str> {
    headers.get(Trace::HEADER)?.to_str().ok()
}

fn unwelcome(refusal: Refusal) -> Rejection {
    let (kind, say, why) = match refusal {
        Refusal::BodyTooLarge => (RejectionKind::Unwelcome, "请求内容过大", "the body is too large"),
        Refusal::Slow => (RejectionKind::Unwelcome, "请求接收超时", "the body did not arrive in time"),
        Refusal::Unreadable => (RejectionKind::Unreadable, "请求内容不完整", "the body broke off"),
    };
    Rejection::new(kind, say, why)
}
