//! Callbacks survive a receiver that fails in every known way, and what is given up is seen and sent again by an operator.

use crate::issue::{Held, agreed, heard, issue};
use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::Bidder;
use sandbox::{How, Misbehaviour};

const RESULT: &str = "feedback_apply_guarantee_result";

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_arrive_whatever_the_receiver_does() {
    let platform = Platform::open("finserv-auto").await.expect("a receiver");
    let dead = Platform::open("finserv-dead").await.expect("a receiver");
    let world = World::start("recovery", &[platform.file(BY_ITSELF), dead.file(BY_ITSELF)]);
    each_failure_once(&world, &platform).await;
    exhausted_then_replayed(&world, &platform).await;
    refused_for_good_then_replayed(&world, &platform).await;
    a_dead_partner_delays_nobody(&world, &platform, &dead).await;
}

/// One application after another, each with a first delivery that fails in its own way.
async fn each_failure_once(world: &World, platform: &Platform) {
    let ways = [
        How::Status { code: 500 },
        How::Refuse { msg: "系统繁忙".to_owned() },
        How::Redirect { to: "/elsewhere".to_owned() },
        How::Reset,
        How::WrongBody,
        How::Silence,
        How::Drip { every_ms: 100 },
    ];
    for (n, how) in ways.into_iter().enumerate() {
        platform.receiver.misbehave(Misbehaviour::new(RESULT, 1, how.clone()));
        let held = applied(world, platform, n as u64 + 1).await;
        let seen: Vec<String> = deliveries(platform, &held.accept_no);
        assert_eq!(seen, [how.word(), "success"]);
        attempts_are(world, &held.accept_no, &["failed", "delivered"]).await;
    }
    let strayed = platform.receiver.ledger().select(|entry| entry.path == "/elsewhere");
    assert!(strayed.is_empty(), "a redirect was followed");
    let slow = Misbehaviour::new(RESULT, 1, How::Slow { ms: 500 });
    platform.receiver.misbehave(slow);
    let held = applied(world, platform, 20).await;
    attempts_are(world, &held.accept_no, &["delivered"]).await;
}

/// The schedule has five waits: six attempts, then parked, then replayed by an operator.
async fn exhausted_then_replayed(world: &World, platform: &Platform) {
    let broken = Misbehaviour { method: RESULT.to_owned(), times: None, how: How::Status { code: 503 } };
    platform.receiver.misbehave(broken);
    let accept_no = apply(world, platform, 30).await;
    world.until(PARKED, &accept_no, 1).await;
    let failed = ["failed"; 5];
    attempts_are(world, &accept_no, &[&failed[..], &["exhausted"]].concat()).await;
    replayed(world, platform, &accept_no).await;
}

/// A platform that says it has the callback already will say so for ever: an operator must look.
async fn refused_for_good_then_replayed(world: &World, platform: &Platform) {
    platform.receiver.misbehave(Misbehaviour::new(RESULT, 1, How::Refuse { msg: "重复反馈".to_owned() }));
    let accept_no = apply(world, platform, 31).await;
    world.until(PARKED, &accept_no, 1).await;
    attempts_are(world, &accept_no, &["refused"]).await;
    replayed(world, platform, &accept_no).await;
}

async fn replayed(world: &World, platform: &Platform, accept_no: &str) {
    platform.receiver.behave();
    let callback = world.text("select id from callbacks where order_no = $1", accept_no).await;
    let listed = world.baohan(&["callbacks", "list", "--json"]);
    assert!(listed.contains(&callback), "an operator sees it: {listed}");
    let rehearsed = world.baohan(&["callbacks", "replay", &callback, "--dry-run"]);
    assert!(rehearsed.contains(&callback), "{rehearsed}");
    assert_eq!(world.count(PARKED, accept_no).await, 1, "a rehearsal changes nothing");
    world.baohan(&["callbacks", "replay", &callback]);
    heard(platform, RESULT, &[("accept_no", accept_no), ("approve_status", "1")]).await;
    world
        .until("select count(*) from callbacks where order_no = $1 and state = 'delivered'", accept_no, 1)
        .await;
    assert_eq!(world.count("select cycle::bigint from callbacks where order_no = $1", accept_no).await, 1);
    assert_eq!(world.count("select count(*) from audit where subject = $1", &callback).await, 1);
}

/// All of a silent partner's places are taken; another partner's callbacks pass by.
async fn a_dead_partner_delays_nobody(world: &World, platform: &Platform, dead: &Platform) {
    dead.receiver.misbehave(Misbehaviour { method: "*".to_owned(), times: None, how: How::Silence });
    let mut waiting = Vec::new();
    for n in 40..60 {
        waiting.push(apply(world, dead, n).await);
    }
    let silent = dead.receiver.ledger().wait_for(PATIENCE, |entry| entry.seq == 16).await;
    assert!(silent.is_some(), "sixteen deliveries at a time");
    for n in 40..45 {
        applied(world, platform, n).await;
    }
    dead.receiver.behave();
    for accept_no in &waiting {
        heard(dead, RESULT, &[("accept_no", accept_no)]).await;
    }
}

async fn apply(world: &World, platform: &Platform, n: u64) -> String {
    let bidder = Bidder::new(3, n, sandbox::now());
    let partner = platform.partner(&world.gateway).expect("keys");
    agreed(&partner, &bidder.bid_application()).await.text("accept_no").to_owned()
}

async fn applied(world: &World, platform: &Platform, n: u64) -> Held {
    let bidder = Bidder::new(3, n, sandbox::now());
    let application = bidder.bid_application();
    issue(world, platform, bidder, &application).await
}

fn deliveries(platform: &Platform, accept_no: &str) -> Vec<String> {
    let ours = platform.receiver.ledger().select(|entry| entry.text("accept_no") == accept_no);
    ours.into_iter().map(|entry| entry.answered).collect()
}

/// The attempts on record, in order; the last may still be on its way.
async fn attempts_are(world: &World, accept_no: &str, expected: &[&str]) {
    world.until(ATTEMPTS, accept_no, expected.len() as i64).await;
    assert_eq!(world.text(OUTCOMES, accept_no).await, expected.join(" "));
}

const PARKED: &str = "select count(*) from callbacks where order_no = $1 and state = 'parked'";
const ATTEMPTS: &str =
    "select count(*) from attempts a join callbacks c on c.id = a.callback_id where c.order_no = $1";
const OUTCOMES: &str = "select string_agg(a.outcome, ' ' order by a.cycle, a.number) from attempts a
    join callbacks c on c.id = a.callback_id where c.order_no = $1";
