//! A collector of traces: a real HTTP server that takes OTLP as JSON, checks it, keeps it, and misbehaves on request.

use crate::otlp::{CollectedSpan, read_export};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a collector answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Answering {
    /// It takes what is right.
    #[default]
    Taking,
    /// With this status and, if there is one, `Retry-After`.
    Status(u16, Option<&'static str>),
    /// It takes all but so many spans and says so.
    Partly(u64),
    /// It reads and never answers.
    Never,
}

/// A collector on a port of its own; dropping it closes the port.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    serving: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Kept {
    answering: Answering,
    spans: Vec<CollectedSpan>,
    requests: Vec<String>,
    wrong: Vec<String>,
}

impl Collector {
    /// Opens its port; connections live as long as it does.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    /// The same at an address, for one that comes back.
    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let kept = Arc::<Mutex<Kept>>::default();
        let serving = tokio::spawn(serve(listener, Arc::clone(&kept)));
        Self { address, kept, serving }
    }

    /// What `[traces] endpoint` is.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on it answers so.
    pub fn answer(&self, answering: Answering) {
        self.kept.lock().unwrap().answering = answering;
    }

    /// The spans it has taken.
    #[must_use]
    pub fn spans(&self) -> Vec<CollectedSpan> {
        self.kept.lock().unwrap().spans.clone()
    }

    /// Every request that reached it, head and body, also those it did not take.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.kept.lock().unwrap().requests.clone()
    }

    /// What was not as the specification has it.
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        self.kept.lock().unwrap().wrong.clone()
    }

    /// Waits until its spans satisfy this; fails after a minute, a bound and not a measure.
    pub async fn until(&self, what: &str, holds: impl Fn(&[CollectedSpan]) -> bool) -> Vec<CollectedSpan> {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            assert_eq!(self.wrong(), [""; 0], "exports are as the specification has them");
            let spans = self.spans();
            if holds(&spans) {
                return spans;
            }
            assert!(Instant::now() < until, "{what}: {spans:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, kept: Arc<Mutex<Kept>>) {
    // Dropped with this task, and their connections with them.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(attend(stream, Arc::clone(&kept)));
    }
}

async fn attend(mut stream: TcpStream, kept: Arc<Mutex<Kept>>) {
    let Some((head, body)) = read(&mut stream).await else { return };
    let answering = {
        let mut kept = kept.lock().unwrap();
        kept.requests.push(format!("{head}{}", String::from_utf8_lossy(&body)));
        kept.answering.clone()
    };
    let (status, extra, said) = match answering {
        Answering::Never => return std::future::pending().await,
        Answering::Status(status, after) => {
            let after = after.map(|after| format!("retry-after: {after}\r\n"));
            (status, after.unwrap_or_default(), "{}".to_owned())
        }
        Answering::Partly(count) => {
            let said =
                format!(r#"{{"partialSuccess":{{"rejectedSpans":"{count}","errorMessage":"so many"}}}}"#);
            (take(&head, &body, &kept), String::new(), said)
        }
        Answering::Taking => (take(&head, &body, &kept), String::new(), "{}".to_owned()),
    };
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{extra}connection: close\r\n\r\n{said}",
        said.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// The status it is answered with.
fn take(head: &str, body: &[u8], kept: &Mutex<Kept>) -> u16 {
    let right = head.starts_with("POST /v1/traces HTTP/1.1\r\n")
        && head.to_ascii_lowercase().contains("\r\ncontent-type: application/json\r\n");
    let read = if right { read_export(body) } else { Err(format!("no export of traces: {head}")) };
    let mut kept = kept.lock().unwrap();
    match read {
        Ok(spans) => {
            kept.spans.extend(spans);
            200
        }
        Err(why) => {
            kept.wrong.push(why);
            400
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let head = loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut all).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&all[..head]).into_owned();
    let length = text
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let length: usize = length?;
    while all.len() < head + length {
        if stream.read_buf(&mut all).await.ok()? == 0 {
            return None;
        }
    }
    Some((text, all[head..head + length].to_vec()))
}
