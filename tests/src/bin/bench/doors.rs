//! Accepted applications a second at the doors of the other protocols: what their signatures and ciphers cost.

use crate::accept::CONNECTIONS;
use bytes::Bytes;
use gateway_tests::gateway::Gateway;
use gateway_tests::load::{self, Spread};
use gateway_tests::settings::{Rules, Setup};
use gateway_tests::stack::Stack;
use gateway_tests::{govproc, pubres};
use http::Request;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Applications in one round.
const REQUESTS: usize = 20_000;
const RULES: Rules =
    Rules { mode: "auto", payment: "later", schedule: "[1,1,1,1,1,1,1,1,1,1]", concurrency: 64 };

/// What one round at one door found.
#[derive(Debug, Clone)]
pub(crate) struct Round {
    pub(crate) door: &'static str,
    pub(crate) accepted: f64,
    pub(crate) spread: Spread,
    pub(crate) refused: usize,
}

/// Measures the doors in turns; nothing consumes what they accept.
pub(crate) async fn measure(root: &Path, rounds: usize) -> io::Result<Vec<Round>> {
    let stack = Stack::up("bench-doors")?;
    let one = pubres::Platform::open("pubres-bench").await?;
    let other = govproc::Platform::open("govproc-bench").await?;
    let files = [one.file(RULES, ""), other.file(RULES, "")];
    let folder = root.join(format!("target/bench/run-doors-{}", std::process::id()));
    let setup = Setup { lanes: 64, ..Setup::default() };
    let services = ["worker-callback", "ingress-pubres", "ingress-govproc"];
    let mut gateway = Gateway::prepare(&folder, &stack, &setup, &files, &services)?;
    gateway.migrate()?;
    gateway.start_all()?;
    let mut found = Vec::new();
    // The first round warms caches, connections and the broker's files.
    for round in 0..=rounds {
        let sealed = sealed_applications(&one, &gateway, round)?;
        let enciphered = enciphered_applications(&other, &gateway, round)?;
        for (door, requests, success) in
            [("ingress-pubres", sealed, "\"code\":\"1\""), ("ingress-govproc", enciphered, "\"stat\":1")]
        {
            let run = load::run(gateway.address(door), Arc::new(requests), CONNECTIONS, success).await?;
            if round > 0 {
                let (accepted, spread, refused) = (run.rate(), run.spread(), run.refused());
                found.push(Round { door, accepted, spread, refused });
            }
        }
    }
    Ok(found)
}

fn sealed_applications(
    platform: &pubres::Platform,
    gateway: &Gateway,
    round: usize,
) -> io::Result<Vec<Vec<u8>>> {
    let partner = platform.partner(gateway).map_err(io::Error::other)?;
    let one = |n: usize| {
        let bidder = sandbox::pubres::Bidder::new(2000 + round as u64, n as u64, sandbox::now());
        partner.write(&bidder.application(partner.safe())?)
    };
    (0..REQUESTS).map(|n| one(n).map(|request| wire(&request)).map_err(io::Error::other)).collect()
}

fn enciphered_applications(
    platform: &govproc::Platform,
    gateway: &Gateway,
    round: usize,
) -> io::Result<Vec<Vec<u8>>> {
    let partner = platform.partner(gateway).map_err(io::Error::other)?;
    let one = |n: usize| {
        let bidder = sandbox::govproc::Bidder::new(2000 + round as u64, n as u64, sandbox::now());
        partner.write(&bidder.application())
    };
    (0..REQUESTS).map(|n| one(n).map(|request| wire(&request)).map_err(io::Error::other)).collect()
}

/// The bytes of a request.
fn wire(request: &Request<Bytes>) -> Vec<u8> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut head =
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", request.body().len());
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    [head.as_bytes(), b"\r\n", request.body()].concat()
}
