//! Tell, ask or query: puts an ask on its way and says what became of it, never more than the broker has confirmed.

use crate::intake::Intake;
use crate::tally::{Row, Tally, doubt};
use boot::{Kind, Span, Trace, Traces};
use broker::{Asked, Message, NotPublished, Publisher};
use domain::{AcceptanceNo, OrderStatus, Refusal, RefusalKind, Reply};
use protocol::{Outcome, Way};
use replies::{Recall, Replies};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long to wait before something unknown is asked for again: longer than a worker that is not busy needs.
const OVERTAKEN: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(600)];

/// Where asks are put on their way.
pub(crate) struct Desk {
    pub(crate) publisher: Publisher,
    pub(crate) replies: Replies,
    pub(crate) tally: Arc<Tally>,
    pub(crate) traces: Traces,
}

/// What all asks of a request share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Errand<'a> {
    pub(crate) way: Way,
    pub(crate) row: Option<&'a Row>,
    /// What the messages are sent within.
    pub(crate) trace: &'a Trace,
    /// When the partner has waited long enough.
    pub(crate) until: Instant,
    /// Whether more than one thing is asked: then the second must find the first remembered.
    pub(crate) batch: bool,
}

impl Desk {
    /// Puts one ask on its way.
    pub(crate) async fn handle(&self, intake: Intake, errand: Errand<'_>) -> Outcome {
        match errand.way {
            _ if intake.is_query => self.query(intake, errand).await,
            Way::Tell => self.tell(intake, errand).await,
            Way::Ask | Way::Query | Way::Notice => {
                let pending = Outcome::Pending(intake.no.clone());
                self.ask(intake, errand)
                    .await
                    .map_or(Outcome::Unavailable, |reply| reply.map_or(pending, Outcome::Replied))
            }
        }
    }

    /// Accepted once the broker holds it. If Redis cannot say whether the number was used before, the worker does: a
    /// conflict must be refused even then.
    async fn tell(&self, intake: Intake, errand: Errand<'_>) -> Outcome {
        let accepted = Reply::Accepted { no: intake.no.clone() };
        match self.replies.recall(&intake.no).await {
            Recall::Known(hash) if hash == intake.hash => {
                errand.row.inspect(|row| row.repeated());
                Outcome::Replied(accepted)
            }
            Recall::Known(_) => {
                tracing::warn!(no = %intake.no, "the same number came with other content, refused");
                Outcome::Replied(Reply::Refused(Refusal::conflict()))
            }
            Recall::New => {
                let (no, hash) = (intake.no.clone(), intake.hash.clone());
                if let Err(why) = self.publish(intake, errand).await {
                    self.unavailable(&why);
                    return Outcome::Unavailable;
                }
                self.remember(no, hash, errand.batch).await;
                Outcome::Replied(accepted)
            }
            Recall::Unsure => match self.ask(intake, errand).await {
                Ok(reply) => Outcome::Replied(reply.unwrap_or(accepted)),
                Err(Unheard) => Outcome::Unavailable,
            },
        }
    }

    async fn publish(&self, intake: Intake, errand: Errand<'_>) -> Result<(), NotPublished> {
        let began = Instant::now();
        let (message, mut span) = self.message(intake, errand);
        let published = self.publisher.publish(message, left(errand)).await;
        published.inspect_err(|why| span.fail(doubt(why)))?;
        self.tally.confirmed(began.elapsed());
        Ok(())
    }

    /// Only after the confirm: remembering first would answer "accepted" for something that was never published.
    async fn remember(&self, no: AcceptanceNo, hash: String, wait: bool) {
        let replies = self.replies.clone();
        let remembering = async move { replies.remember(&no, &hash).await };
        if wait {
            remembering.await;
        } else {
            tokio::spawn(remembering);
        }
    }

    /// The worker's verdict on a durable command, or none before the deadline. What it is about may have been accepted a
    /// moment ago and wait for its worker: a thing that is unknown is asked for again before the partner hears so. A refused
    /// ask leaves no trace, so it is judged anew.
    async fn ask(&self, intake: Intake, errand: Errand<'_>) -> Result<Option<Reply>, Unheard> {
        for pause in OVERTAKEN {
            let reply = self.ask_once(intake.clone(), errand).await?;
            let unknown = matches!(&reply, Some(Reply::Refused(why)) if why.kind == RefusalKind::Unknown);
            if !unknown || intake.is_query || left(errand) <= pause * 2 {
                return Ok(reply);
            }
            tokio::time::sleep(pause).await;
        }
        self.ask_once(intake, errand).await
    }

    async fn ask_once(&self, intake: Intake, errand: Errand<'_>) -> Result<Option<Reply>, Unheard> {
        let (no, hash) = (intake.no.clone(), intake.hash.clone());
        let (message, mut span) = self.message(intake, errand);
        match self.publisher.ask(message, left(errand)).await {
            Ok(Asked::Answered(reply)) => {
                self.tally.asked();
                let reply = read(&reply.body);
                if errand.way == Way::Tell && matches!(reply, Some(Reply::Accepted { .. })) {
                    self.remember(no, hash, errand.batch).await;
                }
                Ok(reply)
            }
            Ok(Asked::Unanswered) => {
                self.tally.asked();
                span.fail("unanswered");
                Ok(None)
            }
            Err(why) => {
                span.fail(doubt(&why));
                self.unavailable(&why);
                Err(Unheard)
            }
        }
    }

    /// The message of an ask, and the span of its publishing: from there the trace goes on.
    fn message(&self, intake: Intake, errand: Errand<'_>) -> (Message, Span) {
        let Intake { route, id, body, is_query, .. } = intake;
        let mut span = self.traces.within(Kind::Producer, "publish", errand.trace);
        span.message("publish", route.exchange, &route.key, &id);
        let make = if is_query { Message::query } else { Message::durable };
        let message = make(route.exchange, route.key, id, body);
        (message.header(Trace::HEADER, span.trace().to_string()), span)
    }

    fn unavailable(&self, why: &NotPublished) {
        self.tally.unpublished(why);
        tracing::warn!(%why, "answered as unavailable");
    }

    async fn query(&self, intake: Intake, errand: Errand<'_>) -> Outcome {
        let about = intake.about.clone();
        match (self.ask(intake, errand).await, about) {
            (Ok(Some(Reply::Refused(refusal))), Some(no)) if refusal.kind == RefusalKind::Unknown => {
                Outcome::Replied(self.on_its_way(no).await.unwrap_or(Reply::Refused(refusal)))
            }
            (Ok(Some(reply)), _) => Outcome::Replied(reply),
            (Ok(None) | Err(Unheard), _) => Outcome::Unavailable,
        }
    }

    /// A question may overtake the application it is about: what was accepted and waits for its worker is under review,
    /// not unknown.
    async fn on_its_way(&self, no: AcceptanceNo) -> Option<Reply> {
        let accepted = matches!(self.replies.recall(&no).await, Recall::Known(_));
        accepted.then(|| Reply::Order(OrderStatus::reviewing(no)))
    }
}

/// Nothing is known to be durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unheard;

fn left(errand: Errand<'_>) -> Duration {
    errand.until.saturating_duration_since(Instant::now())
}

/// An answer that cannot be read counts as none was given: the deadline's rules apply to it.
fn read(body: &[u8]) -> Option<Reply> {
    serde_json::from_slice(body)
        .inspect_err(|why| {
            tracing::error!(line = why.line(), column = why.column(), "a worker's answer is unreadable")
        })
        .ok()
}
