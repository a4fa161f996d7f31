//! An ingress in a world of its own: real broker, Redis as the test wishes, workers played by the test.
#![allow(unreachable_pub, reason = "modules of test suites")]
#![allow(dead_code, reason = "each suite uses its own part")]

use crate::plain::Plain;
use boot::{Health, Metrics, Stop};
use broker::{Consumer, Delivery, Publisher, Settled};
use domain::{Command, PartnerId, Reply};
use ingress::{Ingress, Pace, Partner, Partners, Parts, Renewal, Seats};
use messages::Envelope;
use protocol::{AllowList, CallbackHosts};
use replies::Replies;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use web::{Drained, Limits};

pub const LONG: Duration = Duration::from_secs(20);

/// A partner with enough room for everything; tests take from it what they need.
pub fn partner(id: &str, callers: &[String]) -> Partner {
    Partner {
        id: PartnerId::parse(id).expect("an id"),
        protocol: Arc::new(Plain),
        former: None,
        enabled: true,
        paused: Vec::new(),
        hosts: CallbackHosts::parse(&["callback.test", ".partner.test"]).expect("hosts"),
        body_bytes: 4096,
        // 60 at once, more than any test asks of it but the one about it.
        pace: Pace::new(Some(1), std::time::Instant::now()),
        seats: Seats::new(Some(16)),
        callers: AllowList::parse(callers).expect("networks"),
    }
}

/// A running ingress with three partners, `plain-a`, `plain-b`, and `plain-far` that calls from afar; 127.0.0.2 is its proxy.
pub struct House {
    pub address: SocketAddr,
    pub publisher: Publisher,
    pub metrics: Metrics,
    pub health: Health,
    pub stop: Stop,
    pub renewal: Renewal,
    pub running: JoinHandle<Drained>,
}

impl House {
    pub async fn open(amqp: &str, replies: Replies, ask_deadline: Duration) -> Self {
        let mut settings = broker::Settings::new(amqp, "ingress-test");
        settings.confirm_within = Duration::from_secs(2);
        let publisher = Publisher::start(&settings).expect("a good address");
        publisher.ready(LONG).await.expect("a broker");
        let far = ["198.51.100.7".to_owned(), "203.0.113.0/24".to_owned()];
        let all = vec![partner("plain-a", &[]), partner("plain-b", &[]), partner("plain-far", &far)];
        let partners = Partners::new("finserv", all).expect("three");
        let (metrics, health, stop) = (Metrics::default(), Health::default(), Stop::new());
        let parts = Parts {
            partners,
            publisher: publisher.clone(),
            replies,
            ask_deadline,
            limits: Limits { body_bytes: 8192, drain: LONG, ..Limits::default() },
            proxies: AllowList::parse(&["127.0.0.2".to_owned()]).expect("a proxy"),
            metrics: metrics.clone(),
            traces: boot::Traces::default(),
            health: health.clone(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let stopping = stop.clone();
        let ingress = Ingress::new(parts);
        let renewal = ingress.renewal();
        let running =
            tokio::spawn(
                async move { ingress.serve(listener, async move { stopping.requested().await }).await },
            );
        Self { address, publisher, metrics, health, stop, renewal, running }
    }

    /// The whole answer, head and body, without the date.
    pub async fn raw(&self, path: &str, extra: &str, body: &str) -> String {
        self.raw_from("127.0.0.1", path, extra, body).await
    }

    /// The same from another address of this machine.
    pub async fn raw_from(&self, address: &str, path: &str, extra: &str, body: &str) -> String {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::new(address.parse().expect("an address"), 0)).expect("an address of ours");
        let mut wire = socket.connect(self.address).await.expect("a connection");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{extra}\r\n{body}",
            body.len()
        );
        wire.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        tokio::time::timeout(LONG, wire.read_to_string(&mut answer))
            .await
            .expect("in time")
            .expect("an answer");
        answer.lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n")
    }

    /// The body of the answer.
    pub async fn post(&self, path: &str, body: &str) -> String {
        let answer = self.raw(path, "", body).await;
        answer.split_once("\n\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }

    /// A signed request of `plain-a`.
    pub async fn say(&self, interface: &str, lines: &str) -> String {
        self.post(&format!("/plain-a/{interface}"), &format!("signed\n{lines}")).await
    }
}

/// A worker played by the test: it keeps what it gets, in order, and answers what is asked by `verdict`.
pub struct Worker {
    got: Arc<Mutex<Vec<Delivery>>>,
    _consumer: Consumer,
}

impl Worker {
    pub fn at(
        world: &World,
        queue: &str,
        verdict: impl Fn(&Delivery) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let settings = broker::Settings::new(world.worker(), "worker-test");
        let publisher = Publisher::start(&settings).expect("a good address");
        let got = Arc::new(Mutex::new(Vec::new()));
        let (kept, verdict) = (Arc::clone(&got), Arc::new(verdict));
        let consumer = Consumer::start(&settings, queue, 1, move |delivery: Delivery| {
            let (kept, verdict, publisher) = (Arc::clone(&kept), Arc::clone(&verdict), publisher.clone());
            async move {
                publisher.ready(LONG).await.expect("a broker");
                let answer = verdict(&delivery);
                if let (Some(to), Some(reply)) = (&delivery.reply_to, answer) {
                    let body = serde_json::to_vec(&reply).expect("JSON");
                    publisher.reply(to, Vec::new(), body, LONG).await.expect("the answer is taken");
                }
                kept.lock().expect("whole").push(delivery);
                Settled::Ack
            }
        });
        Self { got, _consumer: consumer.expect("a good address") }
    }

    /// Waits for so many messages.
    pub async fn got(&self, count: usize) -> Vec<Delivery> {
        testkit::eventually(LONG, "messages at the worker", || async {
            let got = self.got.lock().expect("whole").clone();
            (got.len() >= count).then_some(got)
        })
        .await
    }

    /// What has come so far, after everything that was published before has surely come: `last` was published last.
    pub async fn until(&self, last: &str) -> Vec<Delivery> {
        testkit::eventually(LONG, "the last message at the worker", || async {
            let got = self.got.lock().expect("whole").clone();
            got.iter().any(|delivery| delivery.id == last).then_some(got)
        })
        .await
    }
}

/// The command in a delivery.
pub fn command(delivery: &Delivery) -> Envelope<Command> {
    Envelope::from_bytes(&delivery.body).expect("a command")
}

/// The number in `accepted A…`.
pub fn number(answer: &str) -> String {
    answer.split(' ').nth(1).expect("a number").to_owned()
}
