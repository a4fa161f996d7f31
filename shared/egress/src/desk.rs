//! One delivery at the desk: read, tried or moved on, and settled only after what follows from it is confirmed.

use crate::attempt::{Attempt, Lesson, Means, Tried};
use crate::errand::Errand;
use crate::lane::{Hold, Turn};
use crate::outcome::{Consequence, consequence};
use crate::partner::Counterpart;
use crate::spans;
use crate::tally::Tally;
use crate::tokens::Tokens;
use boot::{Kind, Span, Stop, Trace, Traces};
use broker::{Delivery, Message, Publisher, Settled};
use bytes::Bytes;
use documents::{Documents, Links};
use domain::{Fact, Timestamp};
use protocol::Learnt;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long one publish waits for the broker's confirm.
const CONFIRM: Duration = Duration::from_secs(5);
/// How long a delivery is held while the broker takes nothing; then it goes back, and the attempt is made again.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries to publish.
const PAUSE: Duration = Duration::from_millis(500);

/// An attempt that was made.
#[derive(Clone, Copy)]
struct Done<'a> {
    interface: &'a str,
    at: Timestamp,
    took: Duration,
    end: &'a Consequence,
    within: &'a Trace,
}

/// Everything a delivery needs.
pub(crate) struct Desk {
    pub(crate) kind: &'static str,
    pub(crate) partners: HashMap<String, Counterpart>,
    pub(crate) publisher: Publisher,
    pub(crate) links: Links,
    /// Where documents are read and partners' files kept.
    pub(crate) documents: Option<Documents>,
    pub(crate) tokens: Tokens,
    pub(crate) tally: Tally,
    pub(crate) traces: Traces,
    pub(crate) stop: Stop,
}

impl Desk {
    /// Handles a delivery to its end.
    pub(crate) async fn handle(&self, delivery: Delivery) -> Settled {
        let errand = match Errand::read(&delivery) {
            Ok(errand) => errand,
            Err(why) => {
                self.tally.parked(&delivery.id, "unreadable", &why.to_string());
                return Settled::Park;
            }
        };
        let origin = &errand.envelope.origin;
        let Some(to) = self.partners.get(origin.partner.as_str()).filter(|_| origin.kind == self.kind) else {
            self.tally.parked(&errand.envelope.id, "unknown_partner", origin.partner.as_str());
            return Settled::Park;
        };
        let callback = to.partner.protocol.callback_for(&errand.envelope.body);
        let paused =
            callback.is_some_and(|callback| to.partner.paused.iter().any(|name| name == callback.name));
        if paused || !to.partner.enabled {
            return self.move_on(&errand, "paused", to.partner.schedule.wait_untried(errand.made)).await;
        }
        let turn = tokio::select! {
            biased;
            // Whoever is only waiting for its turn goes back to the queue, for another process.
            () = self.stop.requested() => return Settled::Requeue,
            turn = to.lane.enter() => turn,
        };
        match turn {
            Ok(turn) => self.try_now(to, turn, &errand).await,
            Err(Hold::Saturated) => {
                self.move_on(&errand, "saturated", to.partner.schedule.wait_in_queue(errand.moves)).await
            }
            Err(Hold::Broken) => {
                self.move_on(&errand, "unreachable", to.partner.schedule.wait_untried(errand.made)).await
            }
        }
    }

    async fn try_now(&self, to: &Counterpart, turn: Turn<'_>, errand: &Errand) -> Settled {
        let callback = to.partner.protocol.callback_for(&errand.envelope.body);
        let interface = callback.map_or("", |interface| interface.name);
        let (at, began) = (Timestamp::new(boot::now()), Instant::now());
        let carried = errand.trace.to_string();
        let mut span = self.traces.begin(Kind::Client, "callback", Some(&carried));
        let under_way = self.tally.under_way(to.partner.id.as_str());
        let (tried, lesson) = self.attempt(to, errand, at, &mut span).await;
        let (tried, facts) = self.keep(tried, lesson).await;
        self.note_reach(to, &tried);
        drop((under_way, turn));
        let took = began.elapsed();
        let end = consequence(tried, errand.number(), &to.partner.schedule, Timestamp::new(boot::now()));
        self.tally.attempted(errand, interface, took, &end);
        spans::ended(&mut span, errand, interface, &end);
        let within = *span.trace();
        drop(span);
        let done = Done { interface, at, took, end: &end, within: &within };
        match follow_up(errand, &done, facts) {
            Ok(messages) => self.publish_all(messages).await,
            Err(why) => {
                self.tally.parked(&errand.envelope.id, "unwritable", &why.to_string());
                Settled::Park
            }
        }
    }

    async fn attempt(
        &self,
        to: &Counterpart,
        errand: &Errand,
        now: Timestamp,
        span: &mut Span,
    ) -> (Tried, Lesson) {
        let document = match self.document(to, errand).await {
            Ok(document) => document,
            Err(tried) => return (tried, Lesson::default()),
        };
        let notice = &errand.envelope.body;
        let document_url = notice.document().map(|document| self.links.url(document, now));
        let means = Means { now, nonce: boot::random(), document_url, document };
        let (tokens, origin) = (&self.tokens, &errand.envelope.origin);
        let attempt = Attempt { to, tokens, origin, notice, means: &means, called: OnceLock::new() };
        let tried = attempt.run().await;
        spans::called(span, attempt.called.get());
        tried
    }

    /// Turns what a reply taught into facts: a file is kept before anything says that it is.
    async fn keep(&self, tried: Tried, lesson: Lesson) -> (Tried, Vec<Fact>) {
        let mut facts = Vec::with_capacity(lesson.learnt.len());
        for learnt in lesson.learnt {
            match learnt {
                Learnt::Fact(fact) => facts.push(fact),
                Learnt::File { file_id, attachment } => {
                    let Some(documents) = &self.documents else {
                        return (Tried::Unready("there is no document store".to_owned()), Vec::new());
                    };
                    match documents.put(lesson.body.to_vec(), attachment.name.expose()).await {
                        Ok(document) => facts.push(Fact::FileKept { file_id, attachment, document }),
                        Err(why) => return (Tried::Unready(why.to_string()), Vec::new()),
                    }
                }
            }
        }
        (tried, facts)
    }

    /// A document that cannot be read now may be there later; the schedule decides how long that is hoped for.
    async fn document(&self, to: &Counterpart, errand: &Errand) -> Result<Option<Bytes>, Tried> {
        let notice = &errand.envelope.body;
        let wanted = notice.document().filter(|_| to.partner.protocol.carries_document(notice));
        let (Some(document), Some(documents)) = (wanted, &self.documents) else { return Ok(None) };
        match documents.get(document).await {
            Ok(bytes) => Ok(Some(Bytes::from(bytes))),
            Err(why) => Err(Tried::Unready(why.to_string())),
        }
    }

    fn note_reach(&self, to: &Counterpart, tried: &Tried) {
        let mut breaker = to.lane.breaker();
        let was_open = breaker.is_open();
        match tried {
            Tried::Told(..) => breaker.reached(),
            Tried::Missed(_) => {
                if breaker.missed(Instant::now()) {
                    tracing::warn!(partner = %to.partner.id, "cannot be reached, its callbacks wait for a while");
                }
            }
            Tried::Unready(_) | Tried::Silent(_) | Tried::Unsealable(_) => breaker.untried(),
        }
        let open = breaker.is_open();
        drop(breaker);
        if was_open && !open {
            tracing::info!(partner = %to.partner.id, "can be reached again");
        }
        if was_open != open {
            self.tally.breaker(to.partner.id.as_str(), open);
        }
    }

    async fn move_on(&self, errand: &Errand, reason: &'static str, wait_s: u64) -> Settled {
        self.tally.moved(errand, reason, wait_s);
        self.publish_all(vec![errand.untried(wait_s)]).await
    }

    /// Acked only when everything is confirmed. While the broker takes nothing the delivery is held, so that the partner
    /// is not told again; in the end it goes back, and telling twice is better than losing.
    async fn publish_all(&self, mut messages: Vec<Message>) -> Settled {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut left = Vec::new();
            for message in messages {
                if let Err(why) = self.publisher.publish(message.clone(), CONFIRM).await {
                    tracing::warn!(message = message.id, exchange = message.exchange, %why, "not confirmed");
                    left.push(message);
                }
            }
            if left.is_empty() {
                return Settled::Ack;
            }
            // A stop does not shorten this: whoever stops has a bound of its own.
            if Instant::now() >= until {
                return Settled::Requeue;
            }
            messages = left;
            sleep(PAUSE).await;
        }
    }
}

/// What the reply taught, the notice itself if it is to come again, and the report of the attempt: the report comes last,
/// so that a delivery is only known when everything it brought is durable.
fn follow_up(errand: &Errand, done: &Done<'_>, facts: Vec<Fact>) -> Result<Vec<Message>, serde_json::Error> {
    let Done { interface, at, took, end, within } = *done;
    let mut messages = errand.lessons(facts, at, within)?;
    messages.extend(end.wait_s.map(|wait| errand.again(wait)));
    messages.push(errand.report(interface, at, took, end, within)?);
    Ok(messages)
}
