//! The edge under siege: whatever strangers do to the port, a partner is still served, and the process stays small.

use crate::issue::agreed;
use crate::world::{BY_ITSELF, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::Bidder;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Generous: an idle ingress has some 20 MiB.
const MOST_RESIDENT_BYTES: f64 = 400.0 * 1024.0 * 1024.0;
/// Longer than every bound of the port; it only keeps a broken server from hanging the run.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cost_little_and_partners_are_served() {
    let platform = Platform::open("finserv-siege").await.expect("a receiver");
    let world = World::start("siege", &[platform.file(BY_ITSELF)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let port = world.gateway.address("ingress-finserv");
    let idle = idle_connections(port, 500).await;
    let (endless, announced, flood) =
        tokio::join!(endless_body(port), announced_body(port), header_flood(port));
    assert!(announced.contains("请求内容过大"), "refused before it is read: {announced}");
    assert!(endless < 64 * 1024 * 1024, "cut off after {endless} bytes");
    assert!(flood < 16 * 1024 * 1024, "cut off after {flood} bytes of header");
    let dripping: Vec<_> = (0..50).map(|_| tokio::spawn(drip(port))).collect();
    for n in 0..20 {
        agreed(&partner, &Bidder::new(31, n, sandbox::now()).bid_application()).await;
    }
    let resident = resident(&world);
    assert!(resident < MOST_RESIDENT_BYTES, "{resident} bytes are resident");
    dripping.iter().for_each(tokio::task::JoinHandle::abort);
    drop(idle);
}

/// Connected, and never a word.
async fn idle_connections(port: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut idle = Vec::with_capacity(count);
    for _ in 0..count {
        idle.push(TcpStream::connect(port).await.expect("a connection"));
    }
    idle
}

/// Sends chunk after chunk; how many bytes were taken before the door closed.
async fn endless_body(port: SocketAddr) -> usize {
    let head = "POST /finserv-siege HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
    pour(port, head, &chunk).await
}

/// Header after header.
async fn header_flood(port: SocketAddr) -> usize {
    let line = format!("x-flood: {}\r\n", "y".repeat(8000));
    pour(port, "POST /finserv-siege HTTP/1.1\r\nhost: x\r\n", line.as_bytes()).await
}

async fn pour(port: SocketAddr, head: &str, again: &[u8]) -> usize {
    let mut wire = TcpStream::connect(port).await.expect("a connection");
    wire.write_all(head.as_bytes()).await.expect("a head");
    let mut poured = 0;
    let pouring = async {
        // As much as would show if anybody kept it.
        while poured < 1 << 30 {
            if wire.write_all(again).await.is_err() {
                break;
            }
            poured += again.len();
        }
    };
    timeout(BOUND, pouring).await.expect("the door closes by itself");
    poured
}

/// Ten gigabytes are announced; what is answered.
async fn announced_body(port: SocketAddr) -> String {
    let mut wire = TcpStream::connect(port).await.expect("a connection");
    let head = "POST /finserv-siege HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000000\r\n\r\n";
    wire.write_all(head.as_bytes()).await.expect("a head");
    let mut answer = Vec::new();
    let _ = timeout(BOUND, wire.read_to_end(&mut answer)).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A body that comes byte by byte.
async fn drip(port: SocketAddr) {
    let mut wire = TcpStream::connect(port).await.expect("a connection");
    let head = "POST /finserv-siege HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
    wire.write_all(head.as_bytes()).await.expect("a head");
    while wire.write_all(b"x").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn resident(world: &World) -> f64 {
    let figures = world.gateway.admin("ingress-finserv", "/metrics").expect("figures");
    let line = figures.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    line.and_then(|value| value.trim().parse().ok()).expect("its memory")
}
