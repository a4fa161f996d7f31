//! What is committed leaves, at least once, with the same id, also when the relay or the broker fails in between.

use crate::house::{House, envelope, house, policy};
use crate::samples::application;
use crate::toy::Toy;
use broker::{Consumer, Publisher, Settings, Settled};
use domain::{Command, Mode, Payment};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::{Tap, World, eventually, world};

const WITHIN: Duration = Duration::from_secs(20);

async fn placed(house: &House<Toy>, count: usize) {
    for n in 0..count {
        let business_no = n.to_string();
        let command = Command::PlaceOrder(application(&business_no, "S-1"));
        house.ask(&envelope("apply_guarantee", &business_no, command)).await;
    }
}

/// The ids that reach the queue of egress.
fn received(world: &World) -> (Consumer, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let book = Arc::clone(&seen);
    let settings = Settings::new(world.egress(), "egress");
    let consumer = Consumer::start(&settings, "egress.finserv", 16, move |delivery| {
        book.lock().expect("not poisoned").push(delivery.id);
        async { Settled::Ack }
    });
    (consumer.expect("an address"), seen)
}

async fn arrived(seen: &Mutex<Vec<String>>, count: usize) -> Vec<String> {
    eventually(WITHIN, "the messages arrive", async || {
        let seen = seen.lock().expect("not poisoned");
        (seen.len() >= count).then(|| seen.clone())
    })
    .await
}

#[tokio::test]
async fn what_was_confirmed_is_deleted_and_arrives_with_its_own_id() {
    let (world, house) = (world(), house(Toy, policy(Mode::Auto, Payment::Later)).await);
    placed(&house, 5).await;
    let publisher = Publisher::start(&Settings::new(world.worker(), "relay")).expect("an address");
    publisher.ready(WITHIN).await.expect("the broker is there");
    let (_consumer, seen) = received(&world);
    assert_eq!(house.engine.relay().pass(&publisher).await, Ok(5));
    assert_eq!(house.count("select count(*) from outbox").await, 0);
    let mut ids = arrived(&seen, 5).await;
    let mut known = house.texts("select id from callbacks").await;
    ids.sort();
    known.sort();
    assert_eq!(ids, known);
}

#[tokio::test]
async fn without_a_broker_nothing_is_deleted_and_afterwards_everything_leaves() {
    let (world, house) = (world(), house(Toy, policy(Mode::Auto, Payment::Later)).await);
    placed(&house, 3).await;
    let upstream = world.worker();
    let address =
        upstream.split('@').next_back().and_then(|rest| rest.split('/').next()).expect("an address");
    let tap = Tap::open(address).await;
    tap.sever();
    let publisher = Publisher::start(&Settings::new(tap.url(&upstream), "relay")).expect("an address");
    assert!(house.engine.relay().pass(&publisher).await.is_err());
    assert_eq!(house.count("select count(*) from outbox").await, 3);
    tap.heal();
    publisher.ready(WITHIN).await.expect("connected again");
    let (_consumer, seen) = received(&world);
    eventually(WITHIN, "the rows are free again and leave", async || {
        let sent = house.engine.relay().pass(&publisher).await;
        sent.ok().filter(|sent| *sent > 0)
    })
    .await;
    assert_eq!(arrived(&seen, 3).await.len(), 3);
    assert_eq!(house.count("select count(*) from outbox").await, 0);
}

#[tokio::test]
async fn published_but_not_deleted_it_is_published_again_with_the_same_id() {
    let (world, house) = (world(), house(Toy, policy(Mode::Auto, Payment::Later)).await);
    placed(&house, 1).await;
    let publisher = Publisher::start(&Settings::new(world.worker(), "relay")).expect("an address");
    publisher.ready(WITHIN).await.expect("the broker is there");
    let (_consumer, seen) = received(&world);
    // What a relay does until it dies: published and confirmed, the deletion never committed.
    let batch = house.store.outbox_batch(10).await.expect("answers");
    let row = &batch.rows[0];
    let message =
        broker::Message::durable(&row.exchange, &row.routing_key, &row.message_id, row.payload.clone());
    publisher.publish(message, WITHIN).await.expect("confirmed");
    drop(batch);
    eventually(WITHIN, "another relay finds the row", async || {
        house.engine.relay().pass(&publisher).await.ok().filter(|sent| *sent == 1)
    })
    .await;
    let ids = arrived(&seen, 2).await;
    assert_eq!(ids[0], ids[1], "receivers recognise the copy");
    assert_eq!(house.count("select count(*) from outbox").await, 0);
}
