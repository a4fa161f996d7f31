//! Each user can do its work and nothing beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use broker::topology::{self, KINDS, NOUNS, PARKS};
use broker::{Consumer, Message, NotPublished, Operator, Publisher, Settings, Settled};
use testkit::{World, eventually, world};

const WITHIN: Duration = Duration::from_secs(10);

async fn may_publish(url: &str, exchange: &str, key: &str) -> bool {
    let publisher = Publisher::start(&Settings::new(url, "test")).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    match publisher.publish(Message::durable(exchange, key, "1", "x"), WITHIN).await {
        Ok(()) => true,
        Err(NotPublished::Rejected) => false,
        other => panic!("{exchange}/{key}: {other:?}"),
    }
}

/// A refused consumer never gets to consume; it keeps losing its connection instead.
async fn may_consume(url: &str, queue: &str) -> bool {
    let consumer =
        Consumer::start(&Settings::new(url, "test"), queue, 1, |_| async { Settled::Ack }).unwrap();
    eventually(WITHIN, "a verdict on consuming", || async {
        let vitals = consumer.vitals();
        if vitals.connected { Some(true) } else { (vitals.reconnects > 0).then_some(false) }
    })
    .await
}

async fn check(url: &str, writes: &[(&str, &str)], reads: &[String], world: &World) {
    for (exchange, key) in EVERY_WRITE {
        let allowed = writes.contains(&(exchange, key));
        assert_eq!(
            may_publish(url, exchange, key).await,
            allowed,
            "publish {exchange} {key} in {}",
            world.name
        );
    }
    for queue in ["cmd.apply", "ask.apply", "egress.finserv", "wait.15s", "park.cmd", "unrouted"] {
        let allowed = reads.iter().any(|read| read == queue);
        assert_eq!(may_consume(url, queue).await, allowed, "consume {queue} in {}", world.name);
    }
}

const EVERY_WRITE: [(&str, &str); 11] = [
    ("cmd", "apply.files"),
    ("ask", "apply.files"),
    ("cmd", "apply.p1"),
    ("cmd", "callback.p1"),
    ("ask", "apply.p1"),
    ("notice", "finserv.p1"),
    ("wait", "3600s.finserv.p1"),
    ("due", "15s.finserv.p1"),
    ("park", "cmd"),
    ("unrouted", ""),
    ("", "cmd.apply"),
];

#[tokio::test]
async fn ingress_tells_and_asks_and_reads_nothing() {
    let world = world();
    // A partner may have any name.
    let writes = [("cmd", "apply.p1"), ("ask", "apply.p1"), ("cmd", "apply.files"), ("ask", "apply.files")];
    check(&world.ingress(), &writes, &[], &world).await;
}

#[tokio::test]
async fn files_tells_of_reads_and_asks_about_guarantees_in_no_partner_s_name() {
    let world = world();
    check(&world.files(), &[("cmd", "apply.files"), ("ask", "apply.files")], &[], &world).await;
}

#[tokio::test]
async fn workers_read_commands_and_write_notices_commands_and_replies() {
    let world = world();
    let writes = [
        ("cmd", "apply.files"),
        ("cmd", "apply.p1"),
        ("cmd", "callback.p1"),
        ("notice", "finserv.p1"),
        ("", "cmd.apply"),
    ];
    let reads: Vec<_> =
        NOUNS.iter().flat_map(|n| [topology::command_queue(n), topology::ask_queue(n)]).collect();
    check(&world.worker(), &writes, &reads, &world).await;
}

#[tokio::test]
async fn egress_reads_notices_makes_them_wait_and_reports_attempts_and_what_partners_answered() {
    let world = world();
    let writes = [
        ("cmd", "callback.p1"),
        ("cmd", "apply.files"),
        ("cmd", "apply.p1"),
        ("cmd", "claim.p1"),
        ("wait", "3600s.finserv.p1"),
    ];
    let reads: Vec<_> = KINDS.iter().map(|kind| topology::egress_queue(kind)).collect();
    check(&world.egress(), &writes, &reads, &world).await;
}

#[tokio::test]
async fn the_operator_reads_what_is_parked_and_sends_it_again() {
    let world = world();
    let writes = [
        ("cmd", "apply.files"),
        ("ask", "apply.files"),
        ("cmd", "apply.p1"),
        ("cmd", "callback.p1"),
        ("ask", "apply.p1"),
        ("notice", "finserv.p1"),
        ("wait", "3600s.finserv.p1"),
    ];
    check(&world.operator(), &writes, &PARKS.map(str::to_owned), &world).await;
}

#[tokio::test]
async fn every_queue_of_the_code_exists_and_the_operator_sees_its_depth() {
    let world = world();
    let operator = Operator::connect(&Settings::new(world.operator(), "test")).await.unwrap();
    let depths = operator.depths(&topology::queues()).await.unwrap();
    // One queue of rejected requests besides.
    assert_eq!(depths.len(), 2 * NOUNS.len() + KINDS.len() + topology::RUNGS.len() + PARKS.len() + 1);
}
