//! A lane: one task, one channel, one piece of work in flight, so that every outcome belongs to its message.
//!
//! Channels are never shared. On lapin 4.12.3 tasks that share one are told of each other's confirms, and a
//! returned message is attached to whichever confirm completes next (tests/attribution.rs holds both).

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Confirmation, PublisherConfirm};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::link::{Link, Live};
use crate::message::{Message, Reply, ReplyTo, own_headers, properties, short};
use crate::trouble::verdict;
use crate::vitals::Vitals;
use crate::{NotPublished, Settings, Trouble};

/// The pseudo queue by which replies come back on the channel that asked.
const REPLIES: &str = "amq.rabbitmq.reply-to";

pub(crate) type Outcomes = Vec<Result<(), NotPublished>>;

/// Messages that are published together and answered together; mostly one.
pub(crate) struct Work {
    pub(crate) messages: Vec<Message>,
    /// Where the reply to the (only) message goes.
    pub(crate) reply: Option<oneshot::Sender<Reply>>,
    pub(crate) outcomes: oneshot::Sender<Outcomes>,
    pub(crate) claim: Claim,
}

/// Who is first: the lane that sends, or the caller who no longer waits. Only one of them wins, so that a
/// caller who gives up knows whether anything was sent.
#[derive(Clone, Default)]
pub(crate) struct Claim(Arc<AtomicU8>);

impl Claim {
    pub(crate) fn take(&self) -> bool {
        self.0.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

pub(crate) struct Lane {
    pub(crate) link: Arc<Link>,
    pub(crate) work: Arc<AsyncMutex<mpsc::Receiver<Work>>>,
    pub(crate) settings: Settings,
    pub(crate) vitals: Arc<Vitals>,
    /// Whether this lane's channel also hears replies.
    pub(crate) hears: bool,
}

/// What a finished piece of work says about the channel it went over.
enum Channels {
    Sound,
    /// The broker closed this channel, and only it.
    Closed,
    Doubtful,
}

impl Lane {
    /// Works until the task is aborted or nobody can hand in work any more.
    pub(crate) async fn run(self) {
        loop {
            let live = self.link.live().await;
            match timeout(self.settings.step_within, Track::open(&live, self.hears)).await {
                Ok(Ok(track)) => {
                    if self.drive(&live, &track).await.is_none() {
                        return;
                    }
                }
                failed => {
                    let error = failed.map_or(Trouble::Slow("open channel"), |opened| match opened {
                        Err(error) => error.into(),
                        Ok(_) => Trouble::Slow("open channel"),
                    });
                    tracing::warn!(connection = %self.settings.name, %error, "no channel");
                    if !live.connection.status().blocked() {
                        self.link.give_up(live.generation);
                    }
                    sleep(self.settings.pause_before(0)).await;
                }
            }
        }
    }

    /// Publishes over one channel until it can no longer be trusted; `None` when there will be no more work.
    async fn drive(&self, live: &Live, track: &Track) -> Option<()> {
        loop {
            self.unblocked(live).await;
            let work = tokio::select! {
                biased;
                () = self.link.lost(live.generation) => return Some(()),
                work = async { self.work.lock().await.recv().await } => work?,
            };
            match self.perform(live, track, work).await {
                Channels::Sound => {}
                Channels::Closed => return Some(()),
                // A blocked connection writes nothing; a new one would only be blocked again, silently.
                Channels::Doubtful if live.connection.status().blocked() => {
                    self.unblocked(live).await;
                    return Some(());
                }
                Channels::Doubtful => {
                    self.link.give_up(live.generation);
                    self.link.lost(live.generation).await;
                    return Some(());
                }
            }
        }
    }

    async fn unblocked(&self, live: &Live) {
        while live.connection.status().blocked() && live.connection.status().connected() {
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn perform(&self, live: &Live, track: &Track, work: Work) -> Channels {
        if !work.claim.take() {
            return Channels::Sound; // The caller has left, and counted it as busy.
        }
        let count = work.messages.len();
        let since = Instant::now();
        let (outcomes, state) = if live.connection.status().blocked() {
            (vec![Err(NotPublished::Busy); count], Channels::Sound)
        } else {
            let publishing = track.publish(work.messages, work.reply);
            match timeout(self.settings.confirm_within, publishing).await {
                Ok(Ok(outcomes)) => (outcomes, Channels::Sound),
                Ok(Err(error)) => self.failed(live, &error, count),
                Err(_) => (vec![Err(NotPublished::Unknown); count], Channels::Doubtful),
            }
        };
        let spent = since.elapsed();
        outcomes.iter().for_each(|outcome| self.vitals.note(*outcome, spent));
        let _ = work.outcomes.send(outcomes);
        state
    }

    fn failed(&self, live: &Live, error: &lapin::Error, count: usize) -> (Outcomes, Channels) {
        tracing::warn!(connection = %self.settings.name, %error, "publishing failed");
        let verdict = verdict(error);
        // Of several messages any may be the refused one; none of the others is known to be in.
        let told = if count == 1 { verdict } else { NotPublished::Unknown };
        let only_channel = verdict != NotPublished::Unknown && live.connection.status().connected();
        let state = if only_channel { Channels::Closed } else { Channels::Doubtful };
        (vec![Err(told); count], state)
    }
}

/// A channel in confirm mode and, for askers, the replies awaited on it.
struct Track {
    channel: Channel,
    pending: Arc<Mutex<Pending>>,
    ear: Option<AbortHandle>,
}

#[derive(Default)]
struct Pending {
    asked: u64,
    waiting: HashMap<String, oneshot::Sender<Reply>>,
}

impl Track {
    async fn open(live: &Live, hears: bool) -> Result<Self, lapin::Error> {
        let channel = live.connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        let pending = Arc::new(Mutex::new(Pending::default()));
        let mut ear = None;
        if hears {
            let options = BasicConsumeOptions { no_ack: true, ..BasicConsumeOptions::default() };
            let replies =
                channel.basic_consume(REPLIES.into(), "".into(), options, FieldTable::default()).await?;
            ear = Some(tokio::spawn(hear(replies, Arc::clone(&pending))).abort_handle());
        }
        Ok(Self { channel, pending, ear })
    }

    /// Publishes all, awaits every confirm, and only then judges: within one fully awaited piece of work every
    /// returned message is attached to one of its confirms, though not necessarily to its own.
    async fn publish(
        &self,
        messages: Vec<Message>,
        reply: Option<oneshot::Sender<Reply>>,
    ) -> Result<Outcomes, lapin::Error> {
        let reply_to = reply.map(|sender| self.expect_reply(sender));
        let mut confirms = Vec::with_capacity(messages.len());
        for message in &messages {
            confirms.push(self.send(message, reply_to.as_ref()).await?);
        }
        let mut returned = HashSet::new();
        let mut outcomes = Vec::with_capacity(messages.len());
        for confirm in confirms {
            outcomes.push(match confirm {
                Err(refused) => Err(refused),
                Ok(confirm) => judge(confirm.await?, &mut returned),
            });
        }
        for (message, outcome) in messages.iter().zip(&mut outcomes) {
            if returned.contains(&message.id) {
                *outcome = Err(NotPublished::Unroutable);
            }
        }
        Ok(outcomes)
    }

    /// The inner error is a message that cannot be put on the wire at all.
    async fn send(
        &self,
        message: &Message,
        reply_to: Option<&ReplyTo>,
    ) -> Result<Result<PublisherConfirm, NotPublished>, lapin::Error> {
        let parts = short(&message.exchange)
            .and_then(|exchange| Ok((exchange, short(&message.key)?, properties(message, reply_to)?)));
        let (exchange, key, properties) = match parts {
            Ok(parts) => parts,
            Err(refused) => return Ok(Err(refused)),
        };
        // Replies go to the default exchange, and whether an asker still listens is not our business.
        let options = BasicPublishOptions { mandatory: !message.exchange.is_empty(), immediate: false };
        Ok(Ok(self.channel.basic_publish(exchange, key, options, &message.body, properties).await?))
    }

    fn expect_reply(&self, sender: oneshot::Sender<Reply>) -> ReplyTo {
        let mut pending = self.pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        pending.asked += 1;
        if pending.asked.is_multiple_of(64) {
            pending.waiting.retain(|_, sender| !sender.is_closed());
        }
        let correlation = pending.asked.to_string();
        pending.waiting.insert(correlation.clone(), sender);
        ReplyTo { address: REPLIES.to_owned(), correlation }
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        if let Some(ear) = &self.ear {
            ear.abort();
        }
    }
}

fn judge(confirmation: Confirmation, returned: &mut HashSet<String>) -> Result<(), NotPublished> {
    let outcome = match &confirmation {
        Confirmation::Ack(_) => Ok(()),
        Confirmation::Nack(_) => Err(NotPublished::Rejected),
        Confirmation::NotRequested => Err(NotPublished::Unknown),
    };
    if let Some(message) = confirmation.take_message() {
        let id = message.delivery.properties.message_id().as_ref().map(|id| id.as_str().to_owned());
        returned.insert(id.unwrap_or_default());
    }
    outcome
}

/// Hands each reply to whoever waits for it; with the channel all who wait are let go.
async fn hear(mut replies: lapin::Consumer, pending: Arc<Mutex<Pending>>) {
    while let Some(Ok(delivery)) = replies.next().await {
        let Some(correlation) = delivery.properties.correlation_id() else { continue };
        let waiting = pending
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .waiting
            .remove(correlation.as_str());
        if let Some(sender) = waiting {
            let headers = own_headers(&delivery.properties);
            let _ = sender.send(Reply { headers, body: Bytes::from(delivery.data) });
        }
    }
    pending.lock().unwrap_or_else(std::sync::PoisonError::into_inner).waiting.clear();
}
