//! A load generator that costs little itself: prepared HTTP requests over kept-alive connections, one in flight on each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Which request, by its place in the list.
    pub index: usize,
    /// When it was sent.
    pub sent: Instant,
    /// How long until the answer was complete.
    pub took: Duration,
    /// Whether the body says that it was accepted.
    pub accepted: bool,
}

/// What a run of the generator saw.
#[derive(Debug)]
pub struct Run {
    /// Every answer.
    pub answers: Vec<Answered>,
    /// From the first request to the last answer.
    pub wall: Duration,
}

/// A latency distribution.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// Half were faster.
    pub p50: Duration,
    /// 95% were faster.
    pub p95: Duration,
    /// 99% were faster.
    pub p99: Duration,
}

/// A POST request, ready for the wire.
#[must_use]
pub fn post(path: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends every request once over so many connections; an answer counts as accepted if its body contains `success`.
///
/// # Errors
/// If a connection fails: a benchmark with lost requests measures nothing.
pub async fn run(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    connections: usize,
    success: &'static str,
) -> std::io::Result<Run> {
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let lanes: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(lane(address, Arc::clone(&requests), Arc::clone(&next), success)))
        .collect();
    let mut answers = Vec::with_capacity(requests.len());
    for lane in lanes {
        answers.extend(lane.await.map_err(std::io::Error::other)??);
    }
    Ok(Run { answers, wall: began.elapsed() })
}

async fn lane(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    success: &'static str,
) -> std::io::Result<Vec<Answered>> {
    let mut wire = Wire::connect(address).await?;
    let mut answers = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(index) else { return Ok(answers) };
        let sent = Instant::now();
        let accepted = contains(wire.exchange(request).await?, success.as_bytes());
        answers.push(Answered { index, sent, took: sent.elapsed(), accepted });
    }
}

/// One kept-alive connection.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    /// Connects.
    ///
    /// # Errors
    /// As the socket.
    pub async fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends one request and reads the body of its answer.
    ///
    /// # Errors
    /// If the connection ends first.
    pub async fn exchange(&mut self, request: &[u8]) -> std::io::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some((head, length)) = head_of(&self.buffer)
                && self.buffer.len() >= head + length
            {
                return Ok(&self.buffer[head..head + length]);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Whether a body contains these bytes.
#[must_use]
pub fn contains(body: &[u8], needle: &[u8]) -> bool {
    body.windows(needle.len()).any(|part| part == needle)
}

/// Where the body of an answer begins, and how long it is.
fn head_of(answer: &[u8]) -> Option<(usize, usize)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((end, length.unwrap_or(0)))
}

impl Run {
    /// Requests a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.answers.len() as f64 / self.wall.as_secs_f64()
    }

    /// How long answers took.
    #[must_use]
    pub fn spread(&self) -> Spread {
        Spread::of(self.answers.iter().map(|answer| answer.took).collect())
    }

    /// How many were not accepted.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.answers.iter().filter(|answer| !answer.accepted).count()
    }
}

impl Spread {
    /// The distribution of these durations; zero if there are none.
    #[must_use]
    pub fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let at = |share: f64| {
            let place = (all.len() as f64 * share) as usize;
            all.get(place.min(all.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        Self { p50: at(0.50), p95: at(0.95), p99: at(0.99) }
    }
}
