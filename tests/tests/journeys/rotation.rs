//! Keys are changed under load: nothing is rejected, a broken file changes nothing, and the old keys end with their overlap.

use crate::issue::agreed;
use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::{Platform, settings};
use sandbox::finserv::{Bidder, Partner, Settings};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const ID: &str = "finserv-turn";
const NEW_SECRET: &str = "new-dummy-secret";

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_changed_without_one_rejected_request() {
    let platform = Platform::open(ID).await.expect("a receiver");
    let world = World::start("rotation", &[platform.file(BY_ITSELF)]);
    let old = platform.partner(&world.gateway).expect("keys");
    let new = renewed(&world);
    let load = Load::begin(old);
    load.until(20).await;

    let before = read(&world);
    let rotated = rotate(&world, &before);
    write(&world, &rotated);
    assert!(until_accepted(&new, 1).await, "the new keys are taken");
    load.until(load.sent() + 20).await;

    write(&world, "this is no settings file");
    until_stale(&world, "1").await;
    agreed(&new, &Bidder::new(41, 2, sandbox::now()).bid_application()).await;
    load.until(load.sent() + 20).await;
    write(&world, &rotated);
    until_stale(&world, "0").await;
    let old = load.end().await;

    let after = rotated.split("[former]").next().expect("what stands before it");
    write(&world, after);
    let until = Instant::now() + PATIENCE;
    let mut n = 100;
    while old.send(&Bidder::new(42, n, sandbox::now()).bid_application()).await.expect("an answer").success()
    {
        assert!(Instant::now() < until, "the old keys end with their overlap");
        n += 1;
        sleep(Duration::from_millis(100)).await;
    }
    agreed(&new, &Bidder::new(41, 3, sandbox::now()).bid_application()).await;
}

/// A platform that goes on with the old keys, one request after the other; each must be accepted.
struct Load {
    running: tokio::task::JoinHandle<Partner>,
    sent: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Load {
    fn begin(partner: Partner) -> Self {
        let (sent, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, heard) = (Arc::clone(&sent), Arc::clone(&over));
        let running = tokio::spawn(async move {
            while !heard.load(SeqCst) {
                let n = counted.fetch_add(1, SeqCst);
                agreed(&partner, &Bidder::new(40, n, sandbox::now()).bid_application()).await;
            }
            partner
        });
        Self { running, sent, over }
    }

    fn sent(&self) -> u64 {
        self.sent.load(SeqCst)
    }

    async fn until(&self, sent: u64) {
        while self.sent() < sent {
            assert!(!self.running.is_finished(), "a request with the old keys was rejected");
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(self) -> Partner {
        self.over.store(true, SeqCst);
        self.running.await.expect("every request was accepted")
    }
}

fn file(world: &World) -> PathBuf {
    world.gateway.folder().join("partners").join(format!("{ID}.toml"))
}

fn read(world: &World) -> String {
    fs::read_to_string(file(world)).expect("the partner's file")
}

fn write(world: &World, text: &str) {
    // Whole or not at all, as editors and configuration management do.
    let next = file(world).with_extension("next");
    fs::write(&next, text).expect("written");
    fs::rename(next, file(world)).expect("in its place");
}

/// The file with the new secret, and the old one beside it.
fn rotate(world: &World, before: &str) -> String {
    let secret = file(world).with_extension("new-secret");
    fs::write(&secret, NEW_SECRET).expect("a secret");
    let line = before.lines().find(|line| line.starts_with("secret_key")).expect("its secret");
    let changed = before.replace(line, &format!("secret_key = \"file:{}\"", secret.display()));
    format!("{changed}\n[former]\nuntil = \"2999-01-01T00:00:00Z\"\n[former.settings]\n{line}\n")
}

fn renewed(world: &World) -> Partner {
    let address = world.gateway.address("ingress-finserv");
    let gateway = format!("http://{address}/{ID}");
    Partner::new(Settings { secret_key: NEW_SECRET.to_owned(), ..settings(ID, &gateway) }).expect("keys")
}

async fn until_accepted(partner: &Partner, n: u64) -> bool {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let request = Bidder::new(41, n, sandbox::now()).bid_application();
        if partner.send(&request).await.is_ok_and(|answer| answer.success()) {
            return true;
        }
        sleep(Duration::from_millis(100)).await;
    }
    false
}

async fn until_stale(world: &World, value: &str) {
    let until = Instant::now() + PATIENCE;
    let wanted = format!("settings_stale {value}");
    loop {
        let figures = world.gateway.admin("ingress-finserv", "/metrics").expect("figures");
        if figures.lines().any(|line| line == wanted) {
            return;
        }
        assert!(Instant::now() < until, "the gauge settings_stale never became {value}");
        sleep(Duration::from_millis(100)).await;
    }
}
