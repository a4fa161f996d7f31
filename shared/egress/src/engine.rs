//! The egress as a whole: a consumer of one protocol's notices, the desk behind it, and the watch over the broker.

use crate::desk::Desk;
use crate::lane::room;
use crate::partner::{Counterpart, Partner};
use crate::post::Post;
use crate::reach::Reach;
use crate::tally::Tally;
use crate::tokens::Tokens;
use boot::{Check, Current, Health, Metrics, Stop, Traces};
use broker::{Consumer, Publisher};
use documents::{Documents, Links};
use messages::Route;
use replies::Replies;
use std::sync::Arc;
use std::time::Duration;

/// Places for messages that are only moved on, so that they never wait behind those that are tried.
const SLACK: usize = 16;
/// How often health is told anew.
const GLANCE: Duration = Duration::from_millis(500);

/// What an egress is put together from.
pub struct Parts {
    /// The protocol, as in routing keys.
    pub kind: &'static str,
    /// Whom it calls.
    pub partners: Vec<Partner>,
    /// Its way to the broker.
    pub broker: broker::Settings,
    /// Bounds connecting to a partner.
    pub connect: Duration,
    /// Where it may connect at all.
    pub reach: Reach,
    /// Makes links to documents.
    pub links: Links,
    /// Where documents are read and partners' files kept.
    pub documents: Option<Documents>,
    /// Where access tokens are shared; without it each process has its own.
    pub replies: Option<Replies>,
    /// Where it is counted.
    pub metrics: Metrics,
    /// Where its spans begin.
    pub traces: Traces,
    /// Where it is told whether it can work.
    pub health: Health,
    /// When to end.
    pub stop: Stop,
}

/// One egress: all instances of one protocol behind one queue.
pub struct Egress {
    consumer: Consumer,
    publisher: Publisher,
    check: Check,
    stop: Stop,
    renewal: Renewal,
}

/// The partners of a running egress, to be replaced.
#[derive(Clone)]
pub struct Renewal {
    desk: Arc<Current<Desk>>,
    make: Make,
}

/// What every desk of this egress is made with.
#[derive(Clone)]
struct Make {
    kind: &'static str,
    prefetch: usize,
    connect: Duration,
    reach: Reach,
    publisher: Publisher,
    links: Links,
    documents: Option<Documents>,
    replies: Option<Replies>,
    metrics: Metrics,
    traces: Traces,
    stop: Stop,
}

impl Egress {
    /// Begins to consume; connecting is tried for ever.
    ///
    /// # Errors
    /// An address of the broker that cannot be read, or system certificates that cannot be used.
    pub fn start(parts: Parts) -> anyhow::Result<Self> {
        let rooms: usize = parts.partners.iter().map(|partner| room(partner.concurrency)).sum();
        let prefetch = rooms + SLACK;
        let publisher = Publisher::start(&parts.broker)?;
        let make = Make {
            kind: parts.kind,
            prefetch,
            connect: parts.connect,
            reach: parts.reach,
            publisher: publisher.clone(),
            links: parts.links,
            documents: parts.documents,
            replies: parts.replies,
            metrics: parts.metrics,
            traces: parts.traces,
            stop: parts.stop.clone(),
        };
        let desk = Arc::new(Current::new(make.desk(parts.partners)?));
        let renewal = Renewal { desk: Arc::clone(&desk), make };
        let handle = move |delivery| {
            let desk = desk.get();
            async move { desk.handle(delivery).await }
        };
        let prefetch = u16::try_from(prefetch).unwrap_or(u16::MAX);
        let consumer = Consumer::start(&parts.broker, &Route::notice_queue(parts.kind), prefetch, handle)?;
        let check = parts.health.check("broker");
        Ok(Self { consumer, publisher, check, stop: parts.stop, renewal })
    }

    /// By which its partners are replaced while it runs.
    #[must_use]
    pub fn renewal(&self) -> Renewal {
        self.renewal.clone()
    }

    /// Works until it is told to stop, then lets what is under way finish `within` this time; the rest goes back to the
    /// queue. Says whether everything was finished.
    pub async fn run(self, within: Duration) -> bool {
        tokio::select! {
            () = self.stop.requested() => {}
            never = self.watch() => match never {},
        }
        self.consumer.stop(within).await
    }

    async fn watch(&self) -> std::convert::Infallible {
        loop {
            let publishing = self.publisher.vitals();
            match (publishing.connected, publishing.blocked, self.consumer.vitals().connected) {
                (true, false, true) => self.check.up(),
                (true, true, _) => self.check.down("the broker takes no messages: memory or disk alarm"),
                (true, false, false) => self.check.down("the queue of notices is not consumed"),
                (false, _, _) => self.check.down("no connection to the broker"),
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}

impl Renewal {
    /// From now on these are the partners. What is under way ends as it began.
    ///
    /// # Errors
    /// Certificates that cannot be used; then those from before go on.
    pub fn take(&self, partners: Vec<Partner>) -> anyhow::Result<()> {
        self.desk.set(self.make.desk(partners)?);
        Ok(())
    }
}

impl Make {
    fn desk(&self, partners: Vec<Partner>) -> anyhow::Result<Desk> {
        let alone = partners.len() == 1;
        let everyone = Post::new(self.connect, self.reach.clone(), None)?;
        let counterpart = |partner: Partner| {
            let post = match &partner.credentials {
                // Connections are pooled by host: with credentials of its own a partner needs a pool of its own.
                Some(own) => Post::new(self.connect, self.reach.clone(), Some(own.clone()))?,
                None => everyone.clone(),
            };
            // Where nobody else could starve, the queue itself is the best place to wait.
            let in_hand = if alone { self.prefetch } else { room(partner.concurrency) };
            anyhow::Ok((partner.id.as_str().to_owned(), Counterpart::new(partner, in_hand, post)))
        };
        let tally = Tally::new(&self.metrics);
        // Shown from the start: an absent gauge would look like a service that is gone.
        partners.iter().for_each(|partner| tally.breaker(partner.id.as_str(), false));
        Ok(Desk {
            kind: self.kind,
            partners: partners.into_iter().map(counterpart).collect::<anyhow::Result<_>>()?,
            publisher: self.publisher.clone(),
            links: self.links.clone(),
            documents: self.documents.clone(),
            tokens: Tokens { shared: self.replies.clone() },
            tally,
            traces: self.traces.clone(),
            stop: self.stop.clone(),
        })
    }
}
