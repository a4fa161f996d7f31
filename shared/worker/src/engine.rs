//! One message from the queue to its verdict: read, recognised, handled in one transaction, answered.

use crate::health::Vigil;
use crate::office::Office;
use crate::relay::{Relay, Wake};
use crate::tally::{Tally, command_word, query_word};
use crate::{Desk, Failure, Policies, Window, spans};
use boot::{Span, Trace, Traces};
use broker::{Delivery, Publisher, Settled};
use domain::{AcceptanceNo, Command, Query, Refusal, Reply, Subject, Timestamp};
use messages::Envelope;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{MessageKey, Recalled, Store, StoreError};
use tracing::Instrument;

/// How often a unit of work begins again because another was faster, before the message goes back to the queue.
const RACES: u32 = 20;
/// How long an answer may take to leave; whoever waits has a deadline of their own.
const REPLY_WITHIN: Duration = Duration::from_secs(2);

/// The engine of one worker process.
#[derive(Debug)]
pub struct Engine<O> {
    pub(crate) office: O,
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    pub(crate) policies: Policies,
    pub(crate) wake: Wake,
    pub(crate) vigil: Vigil,
    pub(crate) tally: Tally,
    pub(crate) traces: Traces,
}

/// What became of a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This is the reply; the message is done with.
    Replied(Reply),
    /// It comes again.
    Requeue,
    /// An operator must look at it.
    Park,
}

impl<O: Office> Engine<O> {
    /// An engine on its own, for the tests of a service: nothing is consumed, [`Engine::judge`] is called.
    #[must_use]
    pub fn new(office: O, name: &'static str, store: Store, policies: Policies) -> Self {
        let (health, stop) = (boot::Health::default(), boot::Stop::new());
        let vigil = Vigil::new(health.check("postgres"), stop);
        let tally = Tally::new(&boot::Metrics::default());
        let (wake, traces) = (Wake::default(), Traces::default());
        Self { office, name, store, policies, wake, vigil, tally, traces }
    }

    /// The service behind it.
    pub const fn office(&self) -> &O {
        &self.office
    }

    /// The relay of this engine.
    #[must_use]
    pub fn relay(&self) -> Relay {
        let (store, tally) = (self.store.clone(), self.tally.clone());
        Relay { store, tally, wake: self.wake.clone(), traces: self.traces.clone() }
    }

    /// Whether the database answered when it was last needed; true before it was.
    #[must_use]
    pub fn is_database_up(&self) -> bool {
        self.vigil.is_database_up()
    }

    /// Handles a delivery of the command queue and answers whoever waits.
    pub async fn command(self: Arc<Self>, delivery: Delivery, publisher: Publisher) -> Settled {
        let mut step = spans::handling(&self.traces, &delivery);
        let trace = *step.trace();
        let envelope = match Envelope::<Command>::from_bytes(&delivery.body) {
            Ok(envelope) => envelope,
            Err(error) => return self.unreadable(&delivery, &error.to_string(), &mut step),
        };
        let kind = command_word(&envelope.body);
        spans::about(&mut step, kind, &envelope);
        let span = tracing::info_span!("command", trace = %trace.id(), no = %envelope.no, kind);
        async {
            let awaited = delivery.reply_to.is_some();
            let (verdict, others) = self.judge_with(&envelope, trace.to_string(), awaited).await;
            spans::judged(&mut step, &verdict, &others);
            drop(step);
            match verdict {
                Verdict::Replied(reply) => {
                    answer(&publisher, &delivery, &reply, &trace).await;
                    Settled::Ack
                }
                Verdict::Requeue => {
                    self.tally.count(kind, "requeued");
                    Settled::Requeue
                }
                Verdict::Park => {
                    self.tally.count(kind, "parked");
                    Settled::Park
                }
            }
        }
        .instrument(span)
        .await
    }

    /// Handles a delivery of the ask queue. A question that cannot be answered now is dropped: whoever asked has a
    /// deadline and asks again.
    pub async fn query(self: Arc<Self>, delivery: Delivery, publisher: Publisher) -> Settled {
        let mut step = spans::handling(&self.traces, &delivery);
        let trace = *step.trace();
        let envelope = match Envelope::<Query>::from_bytes(&delivery.body) {
            Ok(envelope) => envelope,
            Err(error) => return self.unreadable(&delivery, &error.to_string(), &mut step),
        };
        let kind = query_word(&envelope.body);
        spans::about(&mut step, kind, &envelope);
        let span = tracing::info_span!("query", trace = %trace.id(), no = %envelope.no, kind);
        async {
            let window = Window {
                store: self.store.clone(),
                origin: envelope.origin.clone(),
                now: now(),
                policies: self.policies.clone(),
            };
            let reply = match self.office.query(&window, &envelope.body).await {
                Ok(reply) => reply,
                Err(Failure::Refused(refusal)) => Reply::Refused(refusal),
                Err(failure) => {
                    tracing::warn!(why = %failure, "a query is left unanswered");
                    self.tally.count(kind, "unanswered");
                    step.fail("unanswered");
                    return Settled::Ack;
                }
            };
            self.tally.count(kind, "done");
            answer(&publisher, &delivery, &reply, &trace).await;
            Settled::Ack
        }
        .instrument(span)
        .await
    }

    fn unreadable(&self, delivery: &Delivery, why: &str, step: &mut Span) -> Settled {
        step.fail("unreadable");
        tracing::error!(message = %delivery.id, key = %delivery.key, why, "a message is parked: {why}");
        self.tally.count("unreadable", "parked");
        Settled::Park
    }

    /// Decides what becomes of a command; holds it while the database is away.
    pub async fn judge(&self, envelope: &Envelope<Command>, trace: String, awaited: bool) -> Verdict {
        self.judge_with(envelope, trace, awaited).await.0
    }

    /// The same, with the traces of what it was about, as far as these began with other messages.
    async fn judge_with(
        &self,
        envelope: &Envelope<Command>,
        trace: String,
        awaited: bool,
    ) -> (Verdict, Vec<String>) {
        let mut others = Vec::new();
        (self.until_judged(envelope, trace, awaited, &mut others).await, others)
    }

    async fn until_judged(
        &self,
        envelope: &Envelope<Command>,
        trace: String,
        awaited: bool,
        others: &mut Vec<String>,
    ) -> Verdict {
        let kind = command_word(&envelope.body);
        let (mut races, mut held) = (0, self.vigil.hold());
        loop {
            let key = self.key(envelope, &trace);
            match self.once(envelope, key, awaited, others).await {
                Ok(reply) => return Verdict::Replied(reply),
                Err(Failure::Store(StoreError::Raced(with))) if races < RACES => {
                    races += 1;
                    tracing::debug!(with, races, "another transaction was faster, beginning again");
                }
                Err(Failure::Store(StoreError::Unavailable(why))) => {
                    if !held.without_database(&why).await {
                        return Verdict::Requeue;
                    }
                }
                Err(Failure::Later(why)) => {
                    tracing::warn!(why, "a {kind} waits: {why}");
                    if !held.wait().await {
                        return Verdict::Requeue;
                    }
                }
                Err(Failure::Store(StoreError::Raced(with))) => {
                    tracing::warn!(with, "a {kind} was overtaken too often, it comes again");
                    return Verdict::Requeue;
                }
                Err(failure) => {
                    tracing::error!(why = %failure, "a {kind} is parked: {failure}");
                    return Verdict::Park;
                }
            }
        }
    }

    fn key(&self, envelope: &Envelope<Command>, trace: &str) -> MessageKey {
        MessageKey {
            consumer: self.name,
            id: envelope.id.clone(),
            content_hash: envelope.content_hash.clone(),
            trace: trace.to_owned(),
            at: now(),
        }
    }

    async fn once(
        &self,
        envelope: &Envelope<Command>,
        key: MessageKey,
        awaited: bool,
        others: &mut Vec<String>,
    ) -> Result<Reply, Failure> {
        let began = Instant::now();
        if let Some(reply) = self.known(envelope, &key).await? {
            return Ok(reply);
        }
        let kind = command_word(&envelope.body);
        let mut desk = self.desk(envelope, key.clone());
        let handled = self.office.command(&mut desk, &envelope.body).await;
        *others = desk.work.others();
        let handled = match handled {
            // Who is refused may ask again and is judged anew; what was noted meanwhile stays.
            Ok(reply @ Reply::Refused(_)) => {
                desk.work.commit_unremembered().await.map(|()| reply).map_err(Failure::from)
            }
            Ok(reply) => desk.work.commit(&reply).await.map(|()| reply).map_err(Failure::from),
            Err(failure) => {
                drop(desk);
                Err(failure)
            }
        };
        match handled {
            Ok(reply) => {
                self.tally.transaction.observe(began.elapsed().as_secs_f64());
                self.tally.count(kind, "done");
                self.wake.now();
                Ok(reply)
            }
            Err(Failure::Refused(refusal)) => self.refused(envelope, key, refusal, awaited).await,
            Err(Failure::Store(StoreError::Taken(constraint))) => {
                self.taken(envelope, key, &constraint).await
            }
            Err(failure) => Err(failure),
        }
    }

    fn desk(&self, envelope: &Envelope<Command>, key: MessageKey) -> Desk {
        Desk {
            now: key.at,
            work: self.store.work(key),
            no: envelope.no.clone(),
            origin: envelope.origin.clone(),
            accepted_at: envelope.at,
            policies: self.policies.clone(),
        }
    }

    /// The reply to a message that was taken in before, or contradicts one that was.
    async fn known(&self, envelope: &Envelope<Command>, key: &MessageKey) -> Result<Option<Reply>, Failure> {
        let kind = command_word(&envelope.body);
        let created = creates(&envelope.body).map(|subject| (subject, &envelope.no));
        match self.store.recall(key, created).await? {
            Recalled::New => Ok(None),
            Recalled::Repeated(reply) => {
                tracing::debug!("a repeat, answered as the first time");
                self.tally.count(kind, "repeated");
                Ok(Some(reply))
            }
            Recalled::Conflict(known) => {
                self.conflict(envelope, key, &known).await?;
                Ok(Some(Reply::Refused(Refusal::conflict())))
            }
        }
    }

    async fn conflict(
        &self,
        envelope: &Envelope<Command>,
        key: &MessageKey,
        known: &str,
    ) -> Result<(), StoreError> {
        tracing::warn!(
            partner = %envelope.origin.partner,
            interface = envelope.interface,
            "the number {} came again with other content, refused",
            envelope.no
        );
        self.tally.count(command_word(&envelope.body), "conflict");
        self.store.note_conflict(key, known, &envelope.origin, &envelope.interface).await
    }

    /// A refusal is believed only if no copy of the message was faster: what it did may be the very reason.
    async fn refused(
        &self,
        envelope: &Envelope<Command>,
        key: MessageKey,
        refusal: Refusal,
        awaited: bool,
    ) -> Result<Reply, Failure> {
        if let Some(reply) = self.known(envelope, &key).await? {
            return Ok(reply);
        }
        tracing::info!(reason = refusal.say, "refused: {}", refusal.say);
        self.tally.count(command_word(&envelope.body), "refused");
        if !awaited {
            let mut work = self.store.work(key);
            work.refuse(about(envelope), &refusal.say);
            work.commit_unremembered().await?;
        }
        Ok(Reply::Refused(refusal))
    }

    /// The partner's own number belongs to something else already, unless a copy of this very message has just taken it.
    async fn taken(
        &self,
        envelope: &Envelope<Command>,
        key: MessageKey,
        constraint: &str,
    ) -> Result<Reply, Failure> {
        if let Some(reply) = self.known(envelope, &key).await? {
            return Ok(reply);
        }
        self.conflict(envelope, &key, constraint).await?;
        Ok(Reply::Refused(Refusal::conflict()))
    }
}

/// What a command creates: recognised for ever, even after the memory of its message is gone.
const fn creates(command: &Command) -> Option<Subject> {
    match command {
        Command::PlaceOrder(_) => Some(Subject::Order),
        Command::RequestClaim(_) => Some(Subject::Claim),
        Command::RequestInvoice(_) => Some(Subject::Invoice),
        Command::RequestRefund(_) => Some(Subject::Refund),
        Command::RequestRelease(_) => Some(Subject::Release),
        Command::AnnounceOrder(_) => Some(Subject::Order),
        Command::RequestCredit(_) => Some(Subject::Credit),
        _ => None,
    }
}

/// Whose timeline a refusal belongs to.
const fn about(envelope: &Envelope<Command>) -> &AcceptanceNo {
    match &envelope.body {
        Command::Decide(decide) => &decide.no,
        Command::ConfirmPayment(payment) => &payment.no,
        _ => &envelope.no,
    }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::new(boot::now())
}

/// At most once: a lost answer is covered by the deadline of whoever waits.
async fn answer(publisher: &Publisher, delivery: &Delivery, reply: &Reply, trace: &Trace) {
    let Some(to) = &delivery.reply_to else { return };
    let body = match serde_json::to_vec(reply) {
        Ok(body) => body,
        Err(error) => return tracing::error!(%error, "a reply cannot be written"),
    };
    let headers = vec![(Trace::HEADER.to_owned(), trace.to_string())];
    if let Err(why) = publisher.reply(to, headers, body, REPLY_WITHIN).await {
        tracing::debug!(%why, "an answer did not leave");
    }
}
