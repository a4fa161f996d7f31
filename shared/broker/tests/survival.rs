//! What was confirmed survives: the death of the broker, a silent wire, a full memory.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use broker::{Consumer, Message, NotPublished, Publisher, Settings, Settled};
use testkit::{PrivateBroker, Tap, eventually, world};
use tokio::task::JoinSet;

const WITHIN: Duration = Duration::from_secs(10);
const RECOVERY: Duration = Duration::from_secs(60);

type Ids = Arc<Mutex<HashSet<String>>>;

async fn publisher(settings: &Settings) -> Publisher {
    let publisher = Publisher::start(settings).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    publisher
}

/// Collects the ids that arrive in a queue.
fn collector(url: String, queue: &str) -> (Consumer, Ids) {
    let ids = Ids::default();
    let seen = Arc::clone(&ids);
    let consumer = Consumer::start(&Settings::new(url, "collector"), queue, 100, move |delivery| {
        seen.lock().unwrap().insert(delivery.id);
        async { Settled::Ack }
    });
    (consumer.unwrap(), ids)
}

/// Publishes without pause until told to stop; the ids that were confirmed.
fn press(
    publisher: &Publisher,
    exchange: &'static str,
    key: &'static str,
    stop: &Arc<Mutex<bool>>,
) -> JoinSet<Vec<String>> {
    let mut presses = JoinSet::new();
    for task in 0..8 {
        let (publisher, stop) = (publisher.clone(), Arc::clone(stop));
        presses.spawn(async move {
            let mut confirmed = Vec::new();
            for n in 0.. {
                if *stop.lock().unwrap() {
                    break;
                }
                let id = format!("{exchange}-{task}-{n}");
                match publisher.publish(Message::durable(exchange, key, &id, vec![0_u8; 300]), WITHIN).await {
                    Ok(()) => confirmed.push(id),
                    Err(NotPublished::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(_) => {}
                }
            }
            confirmed
        });
    }
    presses
}

async fn all_of(mut presses: JoinSet<Vec<String>>) -> HashSet<String> {
    let mut confirmed = HashSet::new();
    while let Some(done) = presses.join_next().await {
        confirmed.extend(done.unwrap());
    }
    confirmed
}

async fn arrive(confirmed: &HashSet<String>, ids: &Ids) {
    let started = Instant::now();
    loop {
        let missing = confirmed.difference(&ids.lock().unwrap()).count();
        if missing == 0 {
            return;
        }
        assert!(
            started.elapsed() < RECOVERY * 4,
            "{missing} of {} confirmed messages are lost",
            confirmed.len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Two kills under load. Commands are consumed all the while; notices wait, fall due while the broker is dead,
/// and come back from the waiting queue.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_confirmed_message_is_lost_when_the_broker_is_killed() {
    let broker = PrivateBroker::start();
    let ingress = publisher(&Settings::new(broker.url("ingress"), "ingress")).await;
    let egress = publisher(&Settings::new(broker.url("egress"), "egress")).await;
    let (worker, commands) = collector(broker.url("worker"), "cmd.apply");
    let (_notices, waited) = collector(broker.url("egress"), "egress.finserv");
    let stop = Arc::new(Mutex::new(false));
    let told = press(&ingress, "cmd", "apply.p1", &stop);
    let waiting = press(&egress, "wait", "1s.finserv.p1", &stop);
    for kill in 1..=2 {
        let before = ingress.vitals().confirmed.min(egress.vitals().confirmed);
        eventually(RECOVERY, "load", || async {
            (ingress.vitals().confirmed.min(egress.vitals().confirmed) >= before + 200).then_some(())
        })
        .await;
        tokio::task::block_in_place(|| {
            broker.kill();
            broker.revive();
        });
        eventually(RECOVERY, "the publishers come back", || async {
            (ingress.vitals().connected && egress.vitals().connected).then_some(())
        })
        .await;
        assert!(ingress.vitals().reconnects >= kill);
    }
    *stop.lock().unwrap() = true;
    let (told, waiting) = (all_of(told).await, all_of(waiting).await);
    assert!(told.len() >= 400 && waiting.len() >= 400, "{} and {}", told.len(), waiting.len());
    arrive(&told, &commands).await;
    arrive(&waiting, &waited).await;
    assert!(worker.vitals().reconnects >= 2, "the consumer outlived both");
}

/// While the broker is out of memory a publisher hears so at once; what hung in between is unknown, and comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_broker_makes_publishers_busy_and_what_was_unknown_arrives_later() {
    let broker = PrivateBroker::start();
    let settings =
        Settings { confirm_within: Duration::from_secs(2), ..Settings::new(broker.url("ingress"), "test") };
    let publisher = publisher(&settings).await;
    let send = |id: String| publisher.publish(Message::durable("cmd", "apply.p1", id, "x"), WITHIN);
    assert_eq!(send("before".to_owned()).await, Ok(()));
    tokio::task::block_in_place(|| broker.ctl(&["set_vm_memory_high_watermark", "0.0000001"]));

    let mut unknown = Vec::new();
    for n in 0.. {
        let id = format!("blocked-{n}");
        match send(id.clone()).await {
            Err(NotPublished::Busy) if publisher.vitals().blocked => break,
            Err(NotPublished::Unknown) => unknown.push(id),
            other => assert!(n < 200, "{id}: {other:?}, and never blocked"),
        }
    }
    let vitals = publisher.vitals();
    assert!(vitals.connected && vitals.blocked);
    let hour = Duration::from_secs(3600);
    let busy = publisher.publish(Message::durable("cmd", "apply.p1", "x", "x"), hour).await;
    assert_eq!(busy, Err(NotPublished::Busy));

    tokio::task::block_in_place(|| broker.ctl(&["set_vm_memory_high_watermark", "absolute", "1GB"]));
    eventually(RECOVERY, "open again", || async { (!publisher.vitals().blocked).then_some(()) }).await;
    eventually(RECOVERY, "publishing again", || async { send("after".to_owned()).await.ok() }).await;
    let (_consumer, seen) = collector(broker.url("worker"), "cmd.apply");
    let mut expected: HashSet<String> = unknown.into_iter().collect();
    expected.extend(["before".to_owned(), "after".to_owned()]);
    eventually(RECOVERY, "all of it arrives", || async {
        expected.is_subset(&seen.lock().unwrap()).then_some(())
    })
    .await;
}

/// A wire that goes silent: in flight means unknown, then busy, and after a new connection everything works.
#[tokio::test]
async fn a_silent_wire_is_unknown_then_replaced() {
    let world = world();
    let (_, address) = world.ingress().rsplit_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let tap = Tap::open(address.split_once('/').unwrap().0).await;
    let settings = Settings {
        confirm_within: Duration::from_secs(1),
        step_within: Duration::from_secs(1),
        connections: 1,
        ..Settings::new(tap.url(&world.ingress()), "test")
    };
    let publisher = publisher(&settings).await;
    let send = |id: &'static str| publisher.publish(Message::durable("cmd", "apply.p1", id, "x"), WITHIN);
    assert_eq!(send("1").await, Ok(()));
    tap.black_hole();
    assert_eq!(send("2").await, Err(NotPublished::Unknown));
    eventually(WITHIN, "busy", || async { (send("3").await == Err(NotPublished::Busy)).then_some(()) }).await;
    tap.heal();
    eventually(RECOVERY, "published again", || async { send("2").await.ok() }).await;
    assert!(publisher.vitals().reconnects >= 1);
}

/// The caller's own deadline is shorter than ours: it hears unknown, and nobody else loses the connection.
#[tokio::test]
async fn an_impatient_caller_costs_nobody_a_connection() {
    let world = world();
    let (_, address) = world.ingress().rsplit_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let tap = Tap::open(address.split_once('/').unwrap().0).await;
    let publisher = publisher(&Settings::new(tap.url(&world.ingress()), "test")).await;
    let message = |id: &str| Message::durable("cmd", "apply.p1", id, "x");
    assert_eq!(publisher.publish(message("1"), WITHIN).await, Ok(()));
    tap.delay(Duration::from_millis(300));
    let hasty = publisher.publish(message("2"), Duration::from_millis(50)).await;
    assert_eq!(hasty, Err(NotPublished::Unknown));
    assert_eq!(publisher.publish(message("3"), WITHIN).await, Ok(()));
    tap.heal();
    let (_consumer, seen) = collector(world.worker(), "cmd.apply");
    eventually(WITHIN, "all three", || async { (seen.lock().unwrap().len() == 3).then_some(()) }).await;
    assert_eq!(publisher.vitals().reconnects, 0);
}

/// Unsettled at the loss of a connection means delivered again.
#[tokio::test]
async fn a_message_in_work_when_the_wire_is_cut_comes_again() {
    let world = world();
    let (_, address) = world.worker().rsplit_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let tap = Tap::open(address.split_once('/').unwrap().0).await;
    let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let settings = Settings::new(tap.url(&world.worker()), "test");
    let consumer = Consumer::start(&settings, "cmd.apply", 1, move |delivery| {
        sender.send(delivery.redelivered).unwrap();
        async move {
            if !delivery.redelivered {
                std::future::pending::<()>().await;
            }
            Settled::Ack
        }
    })
    .unwrap();
    let publisher = publisher(&Settings::new(world.ingress(), "test")).await;
    publisher.publish(Message::durable("cmd", "apply.p1", "1", "x"), WITHIN).await.unwrap();
    assert_eq!(seen.recv().await, Some(false));
    tap.cut();
    assert_eq!(seen.recv().await, Some(true));
    eventually(WITHIN, "done", || async { (consumer.vitals().acked == 1).then_some(()) }).await;
}
