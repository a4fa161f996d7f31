//! Consuming: every verdict of a handler, poison, pauses, groups, and an end in good order.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use broker::{Consumer, Message, Operator, Publisher, Settings, Settled};
use serde_json::json;
use testkit::{World, eventually, world};
use tokio::sync::{Notify, mpsc};

const WITHIN: Duration = Duration::from_secs(20);

async fn publish(world: &World, noun: &str, count: usize) {
    let publisher = Publisher::start(&Settings::new(world.admin(), "test")).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    let key = format!("{noun}.p1");
    let batch =
        (0..count).map(|n| Message::durable("cmd", &key, n.to_string(), "x").header("n", n.to_string()));
    assert!(publisher.publish_batch(batch.collect(), WITHIN).await.iter().all(Result::is_ok));
}

async fn depth_is(world: &World, queue: &str, wanted: u32) {
    let operator = Operator::connect(&Settings::new(world.admin(), "test")).await.unwrap();
    let queues = [queue.to_owned()];
    eventually(WITHIN, &format!("{queue} to hold {wanted}"), || async {
        (operator.depths(&queues).await.unwrap()[0].messages == wanted).then_some(())
    })
    .await;
}

#[tokio::test]
async fn poison_is_parked_after_the_delivery_limit_and_nothing_else_with_it() {
    let world = world();
    world.adjust_policy("commands", &json!({ "delivery-limit": 3 }));
    publish(&world, "apply", 5).await;
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.apply", 2, move |delivery| {
        let counted = Arc::clone(&counted);
        async move {
            if delivery.id == "3" {
                counted.fetch_add(1, Ordering::AcqRel);
                return Settled::Requeue;
            }
            Settled::Ack
        }
    })
    .unwrap();
    depth_is(&world, "park.cmd", 1).await;
    assert_eq!(tries.load(Ordering::Acquire), 4, "once, and three times again");
    let vitals = consumer.vitals();
    assert_eq!((vitals.acked, vitals.requeued, vitals.redeliveries), (4, 4, 3));
}

#[tokio::test]
async fn a_handler_that_panics_parks_its_message_in_the_end() {
    let world = world();
    world.adjust_policy("commands", &json!({ "delivery-limit": 1 }));
    publish(&world, "claim", 1).await;
    let settings = Settings::new(world.worker(), "test");
    let _consumer =
        Consumer::start(&settings, "cmd.claim", 1, |_| async { panic!("as meant by this test") }).unwrap();
    depth_is(&world, "park.cmd", 1).await;
}

#[tokio::test]
async fn what_can_never_be_handled_is_parked_at_once() {
    let world = world();
    publish(&world, "refund", 2).await;
    let settings = Settings::new(world.worker(), "test");
    let _consumer = Consumer::start(&settings, "cmd.refund", 1, |_| async { Settled::Park }).unwrap();
    depth_is(&world, "park.cmd", 2).await;
}

#[tokio::test]
async fn no_more_handlers_than_were_asked_for() {
    let world = world();
    publish(&world, "tender", 50).await;
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (running, peak) = (Arc::clone(&now), Arc::clone(&most));
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.tender", 7, move |_| {
        let (running, peak) = (Arc::clone(&running), Arc::clone(&peak));
        async move {
            peak.fetch_max(running.fetch_add(1, Ordering::AcqRel) + 1, Ordering::AcqRel);
            tokio::time::sleep(Duration::from_millis(5)).await;
            running.fetch_sub(1, Ordering::AcqRel);
            Settled::Ack
        }
    })
    .unwrap();
    eventually(WITHIN, "all handled", || async { (consumer.vitals().acked == 50).then_some(()) }).await;
    assert_eq!(most.load(Ordering::Acquire), 7);
}

#[tokio::test]
async fn groups_are_handed_over_and_settled_one_by_one_where_they_differ() {
    let world = world();
    publish(&world, "callback", 100).await;
    let (sender, mut groups) = mpsc::unbounded_channel();
    let settings = Settings::new(world.worker(), "test");
    let linger = Duration::from_millis(100);
    let consumer = Consumer::batches(&settings, "cmd.callback", 30, linger, move |group| {
        sender.send(group.len()).unwrap();
        async move {
            let verdict = |id: &str| if id == "42" { Settled::Park } else { Settled::Ack };
            group.iter().map(|delivery| verdict(&delivery.id)).collect()
        }
    })
    .unwrap();
    let mut sizes = Vec::new();
    while sizes.iter().sum::<usize>() < 100 {
        sizes.push(groups.recv().await.unwrap());
    }
    assert!(sizes.len() < 10 && sizes.iter().all(|size| *size <= 30), "{sizes:?}");
    depth_is(&world, "park.cmd", 1).await;
    eventually(WITHIN, "the rest settled", || async { (consumer.vitals().acked == 99).then_some(()) }).await;
    depth_is(&world, "cmd.callback", 0).await;
}

#[tokio::test]
async fn a_paused_consumer_takes_nothing_and_a_resumed_one_everything() {
    let world = world();
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.credit", 4, |_| async { Settled::Ack }).unwrap();
    eventually(WITHIN, "consuming", || async { consumer.vitals().connected.then_some(()) }).await;
    consumer.pause();
    eventually(WITHIN, "the pause", || async { (!consumer.vitals().connected).then_some(()) }).await;
    publish(&world, "credit", 10).await;
    depth_is(&world, "cmd.credit", 10).await;
    assert_eq!(consumer.vitals().deliveries, 0);
    consumer.resume();
    eventually(WITHIN, "all handled", || async { (consumer.vitals().acked == 10).then_some(()) }).await;
}

#[tokio::test]
async fn stopping_lets_handlers_finish_and_returns_the_rest() {
    let world = world();
    publish(&world, "invoice", 10).await;
    let (gate, opened) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (handler_gate, entered) = (Arc::clone(&gate), Arc::clone(&opened));
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.invoice", 3, move |_| {
        let (gate, entered) = (Arc::clone(&handler_gate), Arc::clone(&entered));
        async move {
            entered.fetch_add(1, Ordering::AcqRel);
            gate.notified().await;
            Settled::Ack
        }
    })
    .unwrap();
    eventually(WITHIN, "three at work", || async { (opened.load(Ordering::Acquire) == 3).then_some(()) })
        .await;
    let stopping = tokio::spawn(consumer.stop(WITHIN));
    // Whoever is at work when the stop comes is let through only now.
    tokio::spawn(async move {
        loop {
            gate.notify_waiters();
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(stopping.await.unwrap());
    let handled = u32::try_from(opened.load(Ordering::Acquire)).unwrap();
    depth_is(&world, "cmd.invoice", 10 - handled).await;
}

#[tokio::test]
async fn a_handler_that_never_ends_does_not_hold_up_the_stop() {
    let world = world();
    publish(&world, "apply", 1).await;
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.apply", 1, |_| std::future::pending()).unwrap();
    eventually(WITHIN, "at work", || async { (consumer.vitals().running == 1).then_some(()) }).await;
    assert!(!consumer.stop(Duration::from_millis(200)).await);
    depth_is(&world, "cmd.apply", 1).await;
}

#[tokio::test]
async fn a_queue_that_vanishes_and_returns_is_consumed_again() {
    let world = world();
    let settings = Settings::new(world.worker(), "test");
    let consumer = Consumer::start(&settings, "cmd.restore", 1, |_| async { Settled::Ack }).unwrap();
    eventually(WITHIN, "consuming", || async { consumer.vitals().connected.then_some(()) }).await;
    let queue = format!("queues/{}/cmd.restore", world.name);
    world.management().must("DELETE", &queue, None);
    eventually(WITHIN, "the loss is noticed", || async { (consumer.vitals().reconnects > 0).then_some(()) })
        .await;
    let arguments = json!({ "durable": true, "arguments": { "x-queue-type": "quorum" } });
    world.management().must("PUT", &queue, Some(&arguments));
    let binding = format!("bindings/{}/e/cmd/q/cmd.restore", world.name);
    world.management().must("POST", &binding, Some(&json!({ "routing_key": "restore.#" })));
    publish(&world, "restore", 3).await;
    eventually(WITHIN, "all handled", || async { (consumer.vitals().acked == 3).then_some(()) }).await;
}
