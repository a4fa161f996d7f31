//! Orders a second over the whole way, in a closed loop: never more than `window` orders are between request and
//! acknowledged callback, so no backlog can grow.

use crate::accept::{CONNECTIONS, ID, application, partner, prepare};
use crate::cost::Costs;
use bytes::Bytes;
use gateway_tests::gateway::{Gateway, free_port};
use gateway_tests::load::{Spread, Wire};
use gateway_tests::platform::settings;
use gateway_tests::stack::Stack;
use http::{Request, Response};
use sandbox::Platform;
use sandbox::finserv::Reader;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use web::{Body, Limits};

const SERVICES: &[&str] = &["worker-apply", "worker-callback", "egress-finserv", "ingress-finserv"];

/// What a round found.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) rate: f64,
    pub(crate) spread: Spread,
    pub(crate) costs: Costs,
}

/// Orders on their way, and how long the finished ones took.
struct Book {
    window: Semaphore,
    open: Mutex<HashMap<String, Moment>>,
    took: Mutex<Vec<Duration>>,
    reader: Reader,
}

/// Answer and callback may be seen in either order.
enum Moment {
    Sent(Instant),
    Told(Instant),
}

impl Book {
    fn answered(&self, no: String, sent: Instant) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.remove(&no) {
            Some(Moment::Told(told)) => self.done(told - sent),
            _ => drop(open.insert(no, Moment::Sent(sent))),
        }
    }

    /// Verifies and deciphers as a platform does; a copy of a callback counts once.
    fn hear(&self, request: &Request<Bytes>) -> &'static str {
        let verdict = self.reader.hear(request, sandbox::now());
        if !verdict.verified || !verdict.problems.is_empty() {
            return r#"{"result":"fail"}"#;
        }
        let no = verdict.data.get("accept_no").and_then(|no| no.as_str()).unwrap_or_default().to_owned();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.remove(&no) {
            Some(Moment::Sent(sent)) => self.done(sent.elapsed()),
            _ => drop(open.insert(no, Moment::Told(Instant::now()))),
        }
        r#"{"result":"success","msg":"成功"}"#
    }

    fn done(&self, took: Duration) {
        self.took.lock().unwrap_or_else(PoisonError::into_inner).push(took);
        self.window.add_permits(1);
    }

    fn finished(&self) -> usize {
        self.took.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Measures with one window size.
pub(crate) async fn measure(root: &Path, window: usize, rounds: usize) -> io::Result<Vec<Round>> {
    let stack = Stack::up("bench-orders")?;
    let port = free_port()?;
    let mut gateway = prepare(root, &stack, "orders", SERVICES, port)?;
    gateway.migrate()?;
    gateway.start_all()?;
    let reader = Reader::new(settings(ID, "")).map_err(io::Error::other)?;
    let book = Arc::new(Book {
        window: Semaphore::new(window),
        open: Mutex::default(),
        took: Mutex::default(),
        reader,
    });
    let receiver = tokio::spawn(receive(port, Arc::clone(&book)));
    let orders = if window == 1 { 500 } else { 20_000 };
    let mut found = Vec::new();
    for round in 0..=rounds {
        let measured = one_round(&gateway, &book, round, orders).await?;
        // The first round warms caches, connections and the broker's files.
        if round > 0 {
            found.push(measured);
        }
    }
    receiver.abort();
    Ok(found)
}

async fn receive(port: u16, book: Arc<Book>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let answer = move |request: Request<Bytes>, _| {
        let said = book.hear(&request);
        async move { Response::new(Body::from(said)) }
    };
    let refuse = |_| Response::new(Body::empty());
    web::serve(listener, Limits::default(), std::future::pending(), refuse, answer).await;
    Ok(())
}

async fn one_round(gateway: &Gateway, book: &Arc<Book>, round: usize, orders: usize) -> io::Result<Round> {
    let address = gateway.address("ingress-finserv");
    let sender = partner(address)?;
    let path = format!("/{ID}");
    let requests: Vec<_> =
        (0..orders).map(|n| application(&sender, &path, 2000 + round as u64, n as u64)).collect();
    book.took.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let before = Costs::read(gateway);
    let began = Instant::now();
    let lanes: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(lane(address, Arc::clone(&requests), Arc::clone(&next), Arc::clone(book))))
        .collect();
    for lane in lanes {
        lane.await.map_err(io::Error::other)??;
    }
    while book.finished() < orders {
        if began.elapsed() > Duration::from_secs(300) {
            return Err(io::Error::other(format!("only {} of {orders} orders came back", book.finished())));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let wall = began.elapsed();
    let costs = Costs::read(gateway).since(&before, orders);
    let took = book.took.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Round { rate: orders as f64 / wall.as_secs_f64(), spread: Spread::of(took), costs })
}

async fn lane(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    book: Arc<Book>,
) -> io::Result<()> {
    let mut wire = Wire::connect(address).await?;
    loop {
        book.window.acquire().await.map_err(io::Error::other)?.forget();
        let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) else {
            book.window.add_permits(1);
            return Ok(());
        };
        let sent = Instant::now();
        let body = wire.exchange(request).await?;
        let no = accept_no(body).ok_or_else(|| io::Error::other("an application was not accepted"))?;
        book.answered(no, sent);
    }
}

fn accept_no(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let rest = text.split_once(r#""accept_no":""#)?.1;
    rest.split_once('"').map(|(no, _)| no.to_owned()).filter(|no| !no.is_empty())
}
