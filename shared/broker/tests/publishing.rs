//! What a publisher is told is what happened, for each message and under every kind of refusal.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use broker::{Message, NotPublished, Operator, Publisher, Settings};
use serde_json::json;
use testkit::{World, world};
use tokio::task::JoinSet;

const WITHIN: Duration = Duration::from_secs(10);

async fn publisher(url: String) -> Publisher {
    let publisher = Publisher::start(&Settings::new(url, "test")).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    publisher
}

async fn depth(world: &World, queue: &str) -> u32 {
    let operator = Operator::connect(&Settings::new(world.admin(), "test")).await.unwrap();
    operator.depths(&[queue.to_owned()]).await.unwrap()[0].messages
}

fn command(key: &str, id: impl Into<String>) -> Message {
    Message::durable("cmd", key, id, vec![7_u8; 1024])
}

#[tokio::test]
async fn a_confirmed_message_is_in_its_queue() {
    let world = world();
    let publisher = publisher(world.ingress()).await;
    assert_eq!(publisher.publish(command("apply.p1", "1"), WITHIN).await, Ok(()));
    assert_eq!(depth(&world, "cmd.apply").await, 1);
    let vitals = publisher.vitals();
    assert!(vitals.connected && !vitals.blocked);
    assert_eq!((vitals.confirmed, vitals.confirm_buckets.iter().sum::<u64>()), (1, 1));
}

#[tokio::test]
async fn what_no_queue_wants_is_kept_and_without_a_keeper_is_unroutable() {
    let world = world();
    let publisher = publisher(world.admin()).await;
    assert_eq!(publisher.publish(command("nobody.p1", "1"), WITHIN).await, Ok(()));
    assert_eq!(depth(&world, "unrouted").await, 1);
    world.management().must("DELETE", &format!("policies/{}/unrouted", world.name), None);
    assert_eq!(publisher.publish(command("nobody.p1", "2"), WITHIN).await, Err(NotPublished::Unroutable));
}

#[tokio::test]
async fn an_exchange_that_is_not_there_and_a_name_too_long_are_told_apart() {
    let world = world();
    let publisher = publisher(world.admin()).await;
    let lost = Message::durable("nowhere", "k", "1", "");
    assert_eq!(publisher.publish(lost, WITHIN).await, Err(NotPublished::Unroutable));
    let long = command(&"k".repeat(300), "2");
    assert_eq!(publisher.publish(long, WITHIN).await, Err(NotPublished::Rejected));
    assert_eq!(publisher.publish(command("apply.p1", "3"), WITHIN).await, Ok(()));
    assert_eq!(publisher.vitals().reconnects, 0, "a refusal costs a channel, not the connection");
}

/// The reason for lanes: on a shared channel lapin 4.12.3 reports some of these as confirmed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_publishers_each_hear_of_their_own_message_only() {
    let world = world();
    world.adjust_policy("commands", &json!({ "max-length": 1 }));
    world.management().must("DELETE", &format!("policies/{}/unrouted", world.name), None);
    let publisher = publisher(world.admin()).await;
    // Fill it up: the limit overshoots a little.
    while publisher.publish(command("apply.p1", "fill"), WITHIN).await.is_ok() {}
    let mut tasks = JoinSet::new();
    for task in 0..64 {
        let publisher = publisher.clone();
        tasks.spawn(async move {
            for round in 0..30 {
                let (key, wanted) = match (task + round) % 3 {
                    0 => ("apply.p1", Err(NotPublished::Rejected)),
                    1 => ("nobody.p1", Err(NotPublished::Unroutable)),
                    _ => ("unlimited.p1", Ok(())),
                };
                let exchange = if key == "unlimited.p1" { "park" } else { "cmd" };
                let key = if key == "unlimited.p1" { "cmd" } else { key };
                let body = vec![7_u8; 20_000];
                let message = Message::durable(exchange, key, format!("{task}-{round}"), body);
                assert_eq!(publisher.publish(message, WITHIN).await, wanted, "{key}");
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(depth(&world, "park.cmd").await, 64 * 30 / 3);
}

#[tokio::test]
async fn a_batch_names_the_message_that_was_returned() {
    let world = world();
    world.management().must("DELETE", &format!("policies/{}/unrouted", world.name), None);
    let publisher = publisher(world.admin()).await;
    for round in 0..20 {
        let batch = (0..200).map(|n| {
            let key = if n % 7 == 3 { "nobody.p1" } else { "apply.p1" };
            command(key, format!("{round}-{n}"))
        });
        let outcomes = publisher.publish_batch(batch.collect(), WITHIN).await;
        for (n, outcome) in outcomes.into_iter().enumerate() {
            let wanted = if n % 7 == 3 { Err(NotPublished::Unroutable) } else { Ok(()) };
            assert_eq!(outcome, wanted, "round {round}, message {n}");
        }
    }
    assert!(publisher.publish_batch(Vec::new(), WITHIN).await.is_empty());
}

#[tokio::test]
async fn without_a_broker_the_answer_is_busy_and_at_once() {
    let nowhere = format!("amqp://u:p@127.0.0.1:{}/gw", testkit::free_port());
    let publisher = Publisher::start(&Settings::new(nowhere, "test")).unwrap();
    let hour = Duration::from_secs(3600);
    assert_eq!(publisher.publish(command("apply.p1", "1"), hour).await, Err(NotPublished::Busy));
    assert_eq!(publisher.vitals().busy, 1);
    assert!(!publisher.vitals().connected);
}
