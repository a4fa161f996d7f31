//! Publishing that never claims more than the broker has confirmed, and asking on top of it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use crate::lane::{Claim, Lane, Outcomes, Work};
use crate::link::Link;
use crate::message::{Message, Reply, ReplyTo};
use crate::vitals::{Snapshot, Vitals};
use crate::{NotPublished, Settings, Trouble};

/// A share in the process's publishing connections; cloning is cheap, dropping the last one closes them.
#[derive(Clone)]
pub struct Publisher(Arc<Inner>);

struct Inner {
    links: Vec<Arc<Link>>,
    single: mpsc::Sender<Work>,
    batches: mpsc::Sender<Work>,
    asks: mpsc::Sender<Work>,
    vitals: Arc<Vitals>,
    // Dropped with the last publisher, which ends every task.
    _tasks: JoinSet<()>,
}

/// What became of something asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The worker's answer.
    Answered(Reply),
    /// The broker has confirmed the message and no answer came in time. A durable one will still be handled.
    Unanswered,
}

impl Publisher {
    /// Starts connecting in the background; until that succeeds every publish is [`NotPublished::Busy`].
    ///
    /// # Errors
    /// Only for an address that cannot be read.
    pub fn start(settings: &Settings) -> Result<Self, Trouble> {
        settings.address()?;
        let vitals = Arc::new(Vitals::default());
        let mut tasks = JoinSet::new();
        let links: Vec<_> = (0..settings.connections.max(1)).map(|_| Link::new()).collect();
        for (number, link) in links.iter().enumerate() {
            let purpose = format!("publish-{}", number + 1);
            tasks.spawn(Arc::clone(link).keep(settings.clone(), purpose, Arc::clone(&vitals)));
        }
        let mut lanes = |count: usize, hears: bool, waiting: usize| {
            let (sender, receiver) = mpsc::channel(waiting);
            let work = Arc::new(Mutex::new(receiver));
            for number in 0..count.max(1) {
                let link = Arc::clone(&links[number % links.len()]);
                let (work, settings, vitals) = (Arc::clone(&work), settings.clone(), Arc::clone(&vitals));
                tasks.spawn(Lane { link, work, settings, vitals, hears }.run());
            }
            sender
        };
        let single = lanes(settings.lanes, false, settings.waiting.max(1));
        let asks = lanes(settings.lanes.div_ceil(2), true, settings.waiting.max(1));
        let batches = lanes(2, false, 2);
        Ok(Self(Arc::new(Inner { links, single, batches, asks, vitals, _tasks: tasks })))
    }

    /// Publishes one message and waits for the broker's word.
    ///
    /// # Errors
    /// [`NotPublished::Unknown`] after `within` if the message was sent, [`NotPublished::Busy`] if it was not.
    pub async fn publish(&self, message: Message, within: Duration) -> Result<(), NotPublished> {
        self.hand_in(&self.0.single, vec![message], None, Instant::now() + within).await.remove(0)
    }

    /// Publishes many messages over one channel, with one outcome each. Made for the relay: if anything is in
    /// doubt, everything is [`NotPublished::Unknown`] and is to be published again.
    pub async fn publish_batch(
        &self,
        messages: Vec<Message>,
        within: Duration,
    ) -> Vec<Result<(), NotPublished>> {
        if messages.is_empty() {
            return Vec::new();
        }
        self.hand_in(&self.0.batches, messages, None, Instant::now() + within).await
    }

    /// Publishes and waits for the answer to it; one that arrives before the confirm counts.
    ///
    /// A query (not durable) expires with `within`; a durable command stays.
    ///
    /// # Errors
    /// As [`Publisher::publish`]: the message does not count as accepted.
    pub async fn ask(&self, mut message: Message, within: Duration) -> Result<Asked, NotPublished> {
        let deadline = Instant::now() + within;
        if !message.durable {
            message.expires = Some(within);
        }
        let (sender, mut receiver) = oneshot::channel();
        let confirmed = self.hand_in(&self.0.asks, vec![message], Some(sender), deadline);
        tokio::pin!(confirmed);
        let first = tokio::select! {
            biased;
            reply = &mut receiver => Some(reply.ok()),
            mut outcomes = &mut confirmed => outcomes.remove(0).map(|()| None)?,
        };
        let reply = match first {
            Some(Some(reply)) => Some(reply),
            // The channel that would have heard the reply is gone.
            Some(None) => confirmed.await.remove(0).map(|()| None)?,
            None => timeout_at(deadline, receiver).await.ok().and_then(Result::ok),
        };
        Ok(reply.map_or(Asked::Unanswered, Asked::Answered))
    }

    /// Answers something asked. A lost answer is not an error: the asker's deadline covers it.
    ///
    /// # Errors
    /// When the broker does not take the answer.
    pub async fn reply(
        &self,
        to: &ReplyTo,
        headers: Vec<(String, String)>,
        body: impl Into<Bytes>,
        within: Duration,
    ) -> Result<(), NotPublished> {
        let answers = Some(to.correlation.clone());
        let message = Message { headers, answers, ..Message::query("", &to.address, &to.correlation, body) };
        self.publish(message, within).await
    }

    /// Counters and state, for health and metrics.
    #[must_use]
    pub fn vitals(&self) -> Snapshot {
        let connected = self.0.links.iter().any(|link| link.connected());
        self.0.vitals.snapshot(connected, connected && !self.open())
    }

    /// Waits until a connection takes messages.
    ///
    /// # Errors
    /// [`NotPublished::Busy`] when that has not happened `within`.
    pub async fn ready(&self, within: Duration) -> Result<(), NotPublished> {
        let opening = async {
            while !self.open() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(within, opening).await.map_err(|_| NotPublished::Busy)
    }

    fn open(&self) -> bool {
        self.0.links.iter().any(|link| link.open())
    }

    async fn hand_in(
        &self,
        lanes: &mpsc::Sender<Work>,
        messages: Vec<Message>,
        reply: Option<oneshot::Sender<Reply>>,
        deadline: Instant,
    ) -> Outcomes {
        let count = messages.len();
        let all = |why| vec![Err(why); count];
        let claim = Claim::default();
        let (outcomes, answer) = oneshot::channel();
        let work = Work { messages, reply, outcomes, claim: claim.clone() };
        if !self.open() || lanes.try_send(work).is_err() {
            return self.turned_away(count);
        }
        match timeout_at(deadline, answer).await {
            Ok(Ok(outcomes)) => outcomes,
            // The lane is gone with its work, or is still at it: whoever takes the claim knows if it was sent.
            _ if claim.take() => self.turned_away(count),
            _ => all(NotPublished::Unknown),
        }
    }

    fn turned_away(&self, count: usize) -> Outcomes {
        (0..count).for_each(|_| self.0.vitals.note(Err(NotPublished::Busy), Duration::ZERO));
        vec![Err(NotPublished::Busy); count]
    }
}
