//! Accepted applications a second at 64 connections, beside the bare handler in the same run.

use crate::cost::Costs;
use gateway_tests::gateway::{Gateway, free_port};
use gateway_tests::load::{self, Run, Spread};
use gateway_tests::platform::settings;
use gateway_tests::settings::{PartnerFile, Rules, Setup};
use gateway_tests::stack::Stack;
use sandbox::finserv::{Bidder, Partner};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

/// As in the issue and in the measured limits.
pub(crate) const CONNECTIONS: usize = 64;
/// The partner of all benchmarks.
pub(crate) const ID: &str = "finserv-bench";
/// Applications in one round.
const REQUESTS: usize = 40_000;

/// What a round found.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) bare: f64,
    pub(crate) accepted: f64,
    pub(crate) spread: Spread,
    pub(crate) refused: usize,
    pub(crate) costs: Costs,
}

/// Measures in turns, so that a noisy neighbour meets both.
pub(crate) async fn measure(root: &Path, rounds: usize) -> io::Result<Vec<Round>> {
    let stack = Stack::up("bench-accept")?;
    // worker-callback vouches for Redis, so that ingress tells instead of asking; worker-apply does not run.
    let mut gateway = gateway(root, &stack, "accept", &["worker-callback", "ingress-finserv"])?;
    gateway.migrate()?;
    gateway.start_all()?;
    let bare = Bare::start(&stack)?;
    let mut found = Vec::new();
    for round in 0..=rounds {
        let plain = run(bare.address, requests(round, None)?).await?;
        let before = Costs::read(&gateway);
        let ours = run(gateway.address("ingress-finserv"), requests(round, Some(()))?).await?;
        let costs = Costs::read(&gateway).since(&before, ours.answers.len());
        // The first round warms caches, connections and the broker's files.
        if round > 0 {
            let (bare, accepted, refused) = (plain.rate(), ours.rate(), ours.refused());
            found.push(Round { bare, accepted, spread: ours.spread(), refused, costs });
        }
    }
    Ok(found)
}

async fn run(address: SocketAddr, requests: Vec<Vec<u8>>) -> io::Result<Run> {
    load::run(address, Arc::new(requests), CONNECTIONS, "\"success\"").await
}

/// Signed and encrypted applications, ready for the wire; the bare handler gets bytes of the same size.
fn requests(round: usize, ours: Option<()>) -> io::Result<Vec<Vec<u8>>> {
    let partner = partner(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let path = if ours.is_some() { format!("/{ID}") } else { "/".to_owned() };
    Ok((0..REQUESTS).map(|n| application(&partner, &path, 1000 + round as u64, n as u64)).collect())
}

/// One application, ready for the wire.
pub(crate) fn application(partner: &Partner, path: &str, seed: u64, n: u64) -> Vec<u8> {
    let letter = partner.write(&Bidder::new(seed, n, sandbox::now()).bid_application());
    load::post(path, &letter.content_type, &letter.body)
}

/// The sender of all benchmarks.
pub(crate) fn partner(ingress: SocketAddr) -> io::Result<Partner> {
    Partner::new(settings(ID, &format!("http://{ingress}/{ID}"))).map_err(io::Error::other)
}

fn gateway(root: &Path, stack: &Stack, name: &str, services: &[&'static str]) -> io::Result<Gateway> {
    prepare(root, stack, name, services, free_port()?)
}

/// A gateway for a benchmark: no payment before issue, so that an order is one transaction.
pub(crate) fn prepare(
    root: &Path,
    stack: &Stack,
    name: &str,
    services: &[&'static str],
    receiver: u16,
) -> io::Result<Gateway> {
    let rules = Rules { mode: "auto", payment: "later", schedule: "[1,1,1,1,1,1,1,1,1,1]", concurrency: 64 };
    let partner = PartnerFile::finserv(ID, &format!("127.0.0.1:{receiver}"), rules, "");
    let folder = root.join(format!("target/bench/run-{name}-{}", std::process::id()));
    let setup = Setup { lanes: 64, ..Setup::default() };
    Gateway::prepare(&folder, stack, &setup, &[partner], services)
}

/// The bare handler, a process like the others.
struct Bare {
    child: Child,
    address: SocketAddr,
}

impl Bare {
    fn start(stack: &Stack) -> io::Result<Self> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let child = Command::new(std::env::current_exe()?)
            .arg("bare")
            .env("GATEWAY_AMQP_URL", stack.address("GATEWAY_AMQP_INGRESS_URL"))
            .env("GATEWAY_LISTEN", address.to_string())
            .spawn()?;
        for _ in 0..200 {
            if std::net::TcpStream::connect(address).is_ok() {
                return Ok(Self { child, address });
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(io::Error::other("the bare handler does not listen"))
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
