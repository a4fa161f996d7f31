//! An egress in a world of its own: real broker, receivers played by the test, reports read as `worker-callback` would.
#![allow(unreachable_pub, dead_code, reason = "modules of test suites")]

use crate::plain::Plain;
use boot::{Health, Metrics, Stop};
use broker::{Consumer, Delivery, Message, Publisher, Settled};
use crypto::secret::Secret;
use documents::{Documents, Links};
use domain::{AcceptanceNo, Notice, NoticeHead, OrderRejected, Origin, PartnerId, Timestamp};
use egress::{BreakerRule, Egress, Partner, Parts, Reach, Schedule};
use messages::{Attempt, CallbackTask, Envelope, Route};
use protocol::{AllowList, CallbackHosts};
use replies::Replies;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::World;
use tokio::task::JoinHandle;

pub const LONG: Duration = Duration::from_secs(30);
pub const RUNGS: [u64; 6] = [1, 15, 30, 180, 1800, 3600];

/// A partner with patience for everything; tests take from it what they need.
pub fn partner(id: &str, base: String) -> Partner {
    Partner {
        id: PartnerId::parse(id).expect("an id"),
        protocol: Arc::new(Plain { base }),
        hosts: CallbackHosts::parse(&["localhost"]).expect("hosts"),
        file_hosts: CallbackHosts::parse(&["localhost"]).expect("hosts"),
        schedule: Schedule::new(&[1, 1, 1], &RUNGS).expect("a schedule"),
        concurrency: 4,
        deadline: LONG,
        reply_bytes: 1024,
        breaker: BreakerRule { failures: 0, pause: LONG },
        enabled: true,
        paused: Vec::new(),
        credentials: None,
    }
}

/// A running egress.
pub struct House {
    pub metrics: Metrics,
    pub stop: Stop,
    pub running: JoinHandle<bool>,
}

/// The receivers of these tests are on this machine.
pub fn reach() -> Reach {
    let here = ["127.0.0.0/8", "::1"].map(str::to_owned);
    Reach::new(AllowList::parse(&here).expect("networks"))
}

pub fn links() -> Links {
    Links::new("https://files.test/d", Secret::new("a secret of these tests"), 30).expect("a good base")
}

impl House {
    pub fn open(amqp: &str, partners: Vec<Partner>) -> Self {
        Self::with(amqp, partners, None, None)
    }

    pub fn with(
        amqp: &str,
        partners: Vec<Partner>,
        documents: Option<Documents>,
        replies: Option<Replies>,
    ) -> Self {
        Self::within(amqp, partners, reach(), documents, replies)
    }

    /// One that may connect only so far.
    pub fn reaching(amqp: &str, partners: Vec<Partner>, reach: Reach) -> Self {
        Self::within(amqp, partners, reach, None, None)
    }

    fn within(
        amqp: &str,
        partners: Vec<Partner>,
        reach: Reach,
        documents: Option<Documents>,
        replies: Option<Replies>,
    ) -> Self {
        let (metrics, stop) = (Metrics::default(), Stop::new());
        let mut broker = broker::Settings::new(amqp, "egress-test");
        broker.confirm_within = Duration::from_secs(2);
        let parts = Parts {
            kind: "finserv",
            partners,
            broker,
            connect: LONG,
            reach,
            links: links(),
            documents,
            replies,
            metrics: metrics.clone(),
            traces: boot::Traces::default(),
            health: Health::default(),
            stop: stop.clone(),
        };
        let egress = Egress::start(parts).expect("it starts");
        Self { metrics, stop, running: tokio::spawn(egress.run(LONG)) }
    }

    /// The value of a metric, 0 if it was never touched.
    pub fn count(&self, metric: &str) -> u64 {
        let text = self.metrics.text().expect("metrics");
        let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().expect("a number"))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// The workers' side: publishes notices, keeps the reports.
pub struct Office {
    pub publisher: Publisher,
    reports: Arc<Mutex<Vec<(String, Attempt)>>>,
    _consumer: Consumer,
}

impl Office {
    pub async fn open(world: &World) -> Self {
        let settings = broker::Settings::new(world.worker(), "worker-test");
        let publisher = Publisher::start(&settings).expect("a good address");
        publisher.ready(LONG).await.expect("a broker");
        let reports: Arc<Mutex<Vec<_>>> = Arc::default();
        let kept = Arc::clone(&reports);
        let consumer = Consumer::start(&settings, "cmd.callback", 16, move |delivery: Delivery| {
            let CallbackTask::Record(attempt) = serde_json::from_slice(&delivery.body).expect("a task")
            else {
                panic!("egress only reports")
            };
            kept.lock().expect("whole").push((delivery.id, attempt));
            async { Settled::Ack }
        });
        Self { publisher, reports, _consumer: consumer.expect("a good address") }
    }

    pub async fn send(&self, notice: Notice, partner: &str, callback: Option<&str>) {
        let message = message(notice, partner, callback);
        self.publisher.publish(message, LONG).await.expect("published");
    }

    /// Tells a partner about the rejection of the application `about`.
    pub async fn tell(&self, partner: &str, about: &str) {
        self.send(rejected(about), partner, None).await;
    }

    /// The reports about one callback, once there are so many.
    pub async fn reports(&self, about: &str, count: usize) -> Vec<Attempt> {
        let id = rejected(about).callback_id();
        testkit::eventually(LONG, "reports of attempts", || async {
            let mine = self
                .all()
                .into_iter()
                .map(|(_, attempt)| attempt)
                .filter(|attempt| attempt.callback_id == id);
            let mine: Vec<_> = mine.collect();
            (mine.len() >= count).then_some(mine)
        })
        .await
    }

    /// Every report so far, with its message id.
    pub fn all(&self) -> Vec<(String, Attempt)> {
        self.reports.lock().expect("whole").clone()
    }
}

pub fn message(notice: Notice, partner: &str, callback: Option<&str>) -> Message {
    let origin = Origin {
        kind: "finserv".to_owned(),
        partner: PartnerId::parse(partner).expect("an id"),
        callback: callback.map(str::to_owned),
    };
    let route = Route::notice(&origin);
    let envelope = Envelope::notice(origin, at(), notice);
    let body = envelope.to_bytes().expect("JSON");
    Message::durable(route.exchange, route.key, envelope.id, body)
}

pub fn rejected(about: &str) -> Notice {
    Notice::OrderRejected(OrderRejected { head: head(about), reason: "不符合条件".to_owned() })
}

pub fn head(about: &str) -> NoticeHead {
    let no = AcceptanceNo::of(&PartnerId::parse("plain-a").expect("an id"), "apply", about);
    NoticeHead { no: no.clone(), business_no: about.to_owned(), order: no, version: 2, at: at(), brief: None }
}

fn at() -> Timestamp {
    Timestamp::try_from("2026-11-22T02:30:00Z".to_owned()).expect("an instant")
}

/// Waits until a queue has so many messages ready.
pub async fn ready(world: &World, queue: &str, count: u32) {
    let settings = broker::Settings::new(world.operator(), "operator-test");
    let operator = broker::Operator::connect(&settings).await.expect("a broker");
    testkit::eventually(LONG, "messages in the queue", || async {
        let depths = operator.depths(&[queue.to_owned()]).await.expect("depths");
        (depths.first().map(|depth| depth.messages) == Some(count)).then_some(())
    })
    .await;
}
