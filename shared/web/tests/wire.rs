//! The server as partners meet it, byte by byte over loopback: good ones, slow ones, greedy ones and those who hang up.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use web::{Answer, Body, Drained, Limits, Peer, Refusal, Reset};

/// Far longer than anything here takes; it only keeps a broken server from hanging the run.
const BOUND: Duration = Duration::from_secs(20);

struct Server {
    addr: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Drained>,
}

impl Server {
    async fn start<H, F>(limits: Limits, handler: H) -> Self
    where
        H: Fn(Request<Bytes>, Peer) -> F + Send + Sync + 'static,
        F: Future<Output: Answer> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let done = tokio::spawn(web::serve(listener, limits, stopped, refuse, handler));
        Self { addr, stop, done }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.unwrap()
    }

    async fn drained(self) -> Drained {
        self.stop.send(()).unwrap();
        timeout(BOUND, self.done).await.unwrap().unwrap()
    }
}

fn refuse(refusal: Refusal) -> Response<Body> {
    Response::builder().status(refusal.status()).body(Body::from(format!("{refusal:?}"))).unwrap()
}

async fn echo(request: Request<Bytes>, _: Peer) -> Response<Body> {
    Response::new(Body::from(request.into_body()))
}

async fn to_the_end(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    timeout(BOUND, stream.read_to_end(&mut all)).await.unwrap().unwrap();
    String::from_utf8(all).unwrap()
}

/// Reads until `marks` appear `count` times.
async fn until(stream: &mut TcpStream, mark: &str, count: usize) -> String {
    let mut all = String::new();
    let mut space = [0u8; 4096];
    while all.matches(mark).count() < count {
        let n = timeout(BOUND, stream.read(&mut space)).await.unwrap().unwrap();
        assert_ne!(n, 0, "closed before {count} times {mark:?}; got {all:?}");
        all.push_str(std::str::from_utf8(&space[..n]).unwrap());
    }
    all
}

fn post(body: &str) -> String {
    format!("POST /in HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn reached(count: &AtomicUsize, wanted: usize) {
    let poll = async {
        while count.load(SeqCst) != wanted {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(BOUND, poll).await.unwrap();
}

#[tokio::test]
async fn a_kept_alive_connection_answers_pipelined_requests_in_order() {
    let server = Server::start(Limits::default(), echo).await;
    let mut stream = server.connect().await;
    let all: String = ["first", "second", "third"].iter().map(|b| post(b)).collect();
    stream.write_all(all.as_bytes()).await.unwrap();
    let got = until(&mut stream, "HTTP/1.1 200", 3).await;
    let got = if got.ends_with("third") { got } else { got + &until(&mut stream, "third", 1).await };
    let places: Vec<_> = ["first", "second", "third"].iter().map(|b| got.find(b).unwrap()).collect();
    assert!(places.is_sorted(), "{got}");
    stream.write_all(post("later").as_bytes()).await.unwrap();
    until(&mut stream, "later", 1).await;
}

#[tokio::test]
async fn a_body_in_many_chunks_arrives_whole() {
    let server = Server::start(Limits::default(), echo).await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
    for piece in ["5\r\nhello\r\n", "1\r\n \r\n", "5\r\nworld\r\n", "0\r\n\r\n"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    }
    until(&mut stream, "hello world", 1).await;
}

#[tokio::test]
async fn a_slow_head_is_closed_and_nobody_is_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let limits = Limits { header_read: Duration::from_millis(100), ..Limits::default() };
    let server = Server::start(limits, move |request, peer| {
        count.fetch_add(1, SeqCst);
        echo(request, peer)
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST / HTTP/1.1\r\nhost: ").await.unwrap();
    assert_eq!(to_the_end(&mut stream).await, "");
    assert_eq!(asked.load(SeqCst), 0);
}

#[tokio::test]
async fn an_idle_connection_is_closed_after_its_time() {
    let limits = Limits { keep_alive: Duration::from_millis(100), ..Limits::default() };
    let server = Server::start(limits, echo).await;
    let mut stream = server.connect().await;
    stream.write_all(post("once").as_bytes()).await.unwrap();
    assert!(to_the_end(&mut stream).await.ends_with("once"));
}

#[tokio::test]
async fn a_slow_body_is_refused_in_words_and_closed() {
    let limits = Limits { body_read: Duration::from_millis(100), ..Limits::default() };
    let server = Server::start(limits, echo).await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf").await.unwrap();
    let got = to_the_end(&mut stream).await;
    assert!(got.starts_with("HTTP/1.1 408") && got.ends_with("Slow"), "{got}");
}

#[tokio::test]
async fn a_body_announced_too_large_is_refused_and_the_words_arrive() {
    let limits = Limits { body_bytes: 1000, ..Limits::default() };
    let server = Server::start(limits, echo).await;
    let mut stream = server.connect().await;
    let large = "x".repeat(300_000);
    stream.write_all(post(&large).as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let got = to_the_end(&mut stream).await;
    assert!(got.starts_with("HTTP/1.1 413") && got.ends_with("BodyTooLarge"), "{got}");
    assert!(got.contains("connection: close"), "{got}");
}

#[tokio::test]
async fn a_body_not_announced_is_refused_once_it_crosses_the_limit() {
    let limits = Limits { body_bytes: 1000, ..Limits::default() };
    let server = Server::start(limits, echo).await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 400, "y".repeat(400));
    for _ in 0..3 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    let got = until(&mut stream, "BodyTooLarge", 1).await;
    assert!(got.starts_with("HTTP/1.1 413"), "{got}");
}

#[tokio::test]
async fn a_body_exactly_at_the_limit_is_welcome() {
    let limits = Limits { body_bytes: 1000, ..Limits::default() };
    let server = Server::start(limits, echo).await;
    let mut stream = server.connect().await;
    stream.write_all(post(&"z".repeat(1000)).as_bytes()).await.unwrap();
    assert!(until(&mut stream, "zzzz", 250).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_unreadable() {
    let server = Server::start(Limits::default(), echo).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnot hex\r\n")
        .await
        .unwrap();
    let got = until(&mut stream, "Unreadable", 1).await;
    assert!(got.starts_with("HTTP/1.1 400"), "{got}");
}

#[tokio::test]
async fn draining_finishes_what_is_in_flight_and_closes_the_rest() {
    let (asked, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (count, wait) = (Arc::clone(&asked), Arc::clone(&gate));
    let server = Server::start(Limits::default(), move |request, peer| {
        count.fetch_add(1, SeqCst);
        let wait = Arc::clone(&wait);
        async move {
            wait.notified().await;
            echo(request, peer).await
        }
    })
    .await;
    let mut busy = server.connect().await;
    busy.write_all(post("in flight").as_bytes()).await.unwrap();
    reached(&asked, 1).await;
    let mut idle = server.connect().await;
    let addr = server.addr;
    let drained = tokio::spawn(server.drained());
    assert_eq!(to_the_end(&mut idle).await, "");
    assert_eq!(TcpStream::connect(addr).await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    gate.notify_one();
    assert!(to_the_end(&mut busy).await.ends_with("in flight"));
    assert_eq!(drained.await.unwrap(), Drained { cut_off: 0 });
}

#[tokio::test]
async fn draining_ends_even_if_a_handler_does_not() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let limits = Limits { drain: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start(limits, move |_, _| {
        count.fetch_add(1, SeqCst);
        std::future::pending::<Response<Body>>()
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(post("never").as_bytes()).await.unwrap();
    reached(&asked, 1).await;
    assert_eq!(server.drained().await, Drained { cut_off: 1 });
}

#[tokio::test]
async fn no_more_connections_are_served_at_once_than_there_are_seats() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let gate = Arc::new(Semaphore::new(0));
    let (n, m, g) = (Arc::clone(&now), Arc::clone(&most), Arc::clone(&gate));
    let server = Server::start(Limits { connections: 2, ..Limits::default() }, move |request, peer| {
        m.fetch_max(n.fetch_add(1, SeqCst) + 1, SeqCst);
        let (n, g) = (Arc::clone(&n), Arc::clone(&g));
        async move {
            g.acquire().await.unwrap().forget();
            n.fetch_sub(1, SeqCst);
            echo(request, peer).await
        }
    })
    .await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        let mut stream = server.connect().await;
        stream.write_all(post("seat").as_bytes()).await.unwrap();
        clients.push(stream);
    }
    reached(&now, 2).await;
    gate.add_permits(8);
    for client in &mut clients {
        assert!(to_the_end(client).await.ends_with("seat"));
    }
    assert_eq!(most.load(SeqCst), 2);
}

#[tokio::test]
async fn idle_connections_give_up_their_seats_when_others_wait() {
    let server = Server::start(Limits { connections: 2, ..Limits::default() }, echo).await;
    let mut idle = server.connect().await;
    idle.write_all(post("a").as_bytes()).await.unwrap();
    until(&mut idle, "\r\n\r\na", 1).await;
    for _ in 0..4 {
        let mut next = server.connect().await;
        next.write_all(post("b").as_bytes()).await.unwrap();
        until(&mut next, "\r\n\r\nb", 1).await;
    }
}

#[tokio::test]
async fn a_handler_can_reset_the_connection() {
    let server = Server::start(Limits::default(), |_, _| async { Err::<Response<Body>, _>(Reset) }).await;
    let mut stream = server.connect().await;
    stream.write_all(post("x").as_bytes()).await.unwrap();
    let mut space = [0u8; 64];
    let read = timeout(BOUND, stream.read(&mut space)).await.unwrap();
    assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_handler_finishes_although_the_partner_hung_up() {
    let (asked, finished) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let gate = Arc::new(Notify::new());
    let (a, f, g) = (Arc::clone(&asked), Arc::clone(&finished), Arc::clone(&gate));
    let server = Server::start(Limits::default(), move |request, peer| {
        a.fetch_add(1, SeqCst);
        let (f, g) = (Arc::clone(&f), Arc::clone(&g));
        async move {
            g.notified().await;
            f.fetch_add(1, SeqCst);
            echo(request, peer).await
        }
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(post("publish me").as_bytes()).await.unwrap();
    reached(&asked, 1).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    gate.notify_one();
    reached(&finished, 1).await;
    assert_eq!(server.drained().await, Drained { cut_off: 0 });
}

#[tokio::test]
async fn a_streamed_answer_may_drip() {
    let server = Server::start(Limits::default(), |_, _| async {
        let drops = stream::unfold(0u8, |n| async move {
            tokio::task::yield_now().await;
            (n < 3).then(|| (Ok(Bytes::from(vec![b'a' + n])), n + 1))
        });
        Response::new(Body::stream(drops))
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(post("").as_bytes()).await.unwrap();
    let got = until(&mut stream, "0\r\n\r\n", 1).await;
    assert!(got.contains("1\r\na\r\n") && got.contains("1\r\nc\r\n"), "{got}");
}
