//! The ingress as a whole: a listener, the counter behind it, and the watch over what it depends on.

use crate::counter::Counter;
use crate::desk::Desk;
use crate::keeping::{Keeping, Porter, keeping};
use crate::partner::Partners;
use crate::tally::Tally;
use boot::{Check, Current, Health, Metrics, Traces};
use broker::Publisher;
use bytes::Bytes;
use http::{Request, Response};
use protocol::{AllowList, Caller};
use replies::Replies;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use web::{Body, Drained, Limits, Peer, Port};

/// How often health is told anew.
const GLANCE: Duration = Duration::from_millis(500);

/// What an ingress is put together from.
pub struct Parts {
    /// Whom it serves.
    pub partners: Partners,
    /// Its way to the broker.
    pub publisher: Publisher,
    /// Its memory of replies.
    pub replies: Replies,
    /// How long a partner is kept waiting for a worker's verdict, and for the broker's confirm.
    pub ask_deadline: Duration,
    /// Bounds of requests and connections.
    pub limits: Limits,
    /// Proxies of ours in front, which know the caller's address.
    pub proxies: AllowList,
    /// Where it is counted.
    pub metrics: Metrics,
    /// Where its spans begin.
    pub traces: Traces,
    /// Where it is told whether it can work.
    pub health: Health,
}

/// One ingress: all instances of one protocol behind one port.
pub struct Ingress {
    counter: Arc<Current<Counter>>,
    make: Make,
    limits: Limits,
    proxies: Arc<AllowList>,
    watch: Watch,
    porter: Porter,
}

/// What every counter of this ingress is made with.
#[derive(Clone)]
struct Make {
    publisher: Publisher,
    replies: Replies,
    ask_deadline: Duration,
    seats: Arc<Semaphore>,
    keeping: Arc<Keeping>,
    metrics: Metrics,
    traces: Traces,
}

/// The partners of a running ingress, to be replaced.
#[derive(Clone)]
pub struct Renewal {
    counter: Arc<Current<Counter>>,
    make: Make,
}

struct Watch {
    publisher: Publisher,
    replies: Replies,
    broker: Check,
    redis: Check,
}

impl Ingress {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { partners, publisher, replies, ask_deadline, limits, proxies, metrics, traces, health } =
            parts;
        let watch = Watch {
            publisher: publisher.clone(),
            replies: replies.clone(),
            broker: health.check("broker"),
            // Without Redis everything works, only slower.
            redis: health.optional("redis"),
        };
        // More at once than cores would only make each slower.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let seats = Arc::new(Semaphore::new(cores));
        let (keeping, porter) = keeping(publisher.clone(), partners.kind(), &metrics);
        let make =
            Make { publisher, replies, ask_deadline, seats, keeping: Arc::new(keeping), metrics, traces };
        let counter = Arc::new(Current::new(make.counter(partners)));
        Self { counter, make, limits, proxies: Arc::new(proxies), watch, porter }
    }

    /// By which its partners are replaced while it runs.
    #[must_use]
    pub fn renewal(&self) -> Renewal {
        Renewal { counter: Arc::clone(&self.counter), make: self.make.clone() }
    }

    /// Serves until `stop`, then lets what is in flight finish within the limits' bound.
    pub async fn serve(self, port: impl Into<Port>, stop: impl Future<Output = ()>) -> Drained {
        let (counter, refusing) = (Arc::clone(&self.counter), self.counter);
        let proxies = self.proxies;
        let answer = move |mut request: Request<Bytes>, peer: Peer| {
            let counter = counter.get();
            let caller = Caller::of(peer.addr.ip(), request.headers(), &proxies);
            request.extensions_mut().insert(caller);
            async move { counter.serve(request).await.map(Body::from) }
        };
        let refuse = move |refusal| -> Response<Body> { refusing.get().refuse(refusal).map(Body::from) };
        tokio::select! {
            drained = web::serve(port, self.limits, stop, refuse, answer) => drained,
            never = self.watch.keep() => match never {},
            never = self.porter.carry() => match never {},
        }
    }
}

impl Renewal {
    /// From now on these are the partners. Requests under way are answered as they began; the largest body that is read at
    /// all stays what it was at the start.
    pub fn take(&self, partners: Partners) {
        self.counter.set(self.make.counter(partners));
    }
}

impl Make {
    fn counter(&self, partners: Partners) -> Counter {
        let tally = Arc::new(Tally::new(&self.metrics, &partners));
        let (publisher, replies) = (self.publisher.clone(), self.replies.clone());
        let traces = self.traces.clone();
        let desk = Desk { publisher, replies, tally: Arc::clone(&tally), traces: traces.clone() };
        let (ask_deadline, seats) = (self.ask_deadline, Arc::clone(&self.seats));
        Counter { partners, desk, tally, keeping: Arc::clone(&self.keeping), traces, ask_deadline, seats }
    }
}

impl Watch {
    async fn keep(self) -> std::convert::Infallible {
        loop {
            let vitals = self.publisher.vitals();
            match (vitals.connected, vitals.blocked) {
                (true, false) => self.broker.up(),
                (true, true) => self.broker.down("the broker takes no messages: memory or disk alarm"),
                (false, _) => self.broker.down("no connection to the broker"),
            }
            match self.replies.probe().await {
                true => self.redis.up(),
                false => self.redis.down("no connection to Redis: repeats are judged by the workers"),
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}
