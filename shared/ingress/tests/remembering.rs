//! A repeated request gets its answer again, other content under the same number is refused: with Redis, without, emptied.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod memory;
mod plain;

use broker::Delivery;
use domain::{Refusal, Reply};
use house::{House, LONG, Worker, command};
use memory::Redis;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use testkit::{World, world};

/// A worker that judges as PostgreSQL would: the first content of a number stands.
fn judge(world: &World) -> Worker {
    let seen = Mutex::new(HashMap::new());
    Worker::at(world, "cmd.tender", move |got: &Delivery| {
        let envelope = command(got);
        let mut seen = seen.lock().expect("whole");
        let first = seen.entry(envelope.no.clone()).or_insert_with(|| envelope.content_hash.clone());
        Some(match *first == envelope.content_hash {
            true => Reply::Accepted { no: envelope.no },
            false => Reply::Refused(Refusal::conflict()),
        })
    })
}

fn conflict() -> String {
    format!("refused {}", Refusal::conflict().say)
}

/// Remembering goes on beside answering, so a test waits until it is done.
async fn remembered(redis: &Redis, answer: &str) {
    let no = domain::AcceptanceNo::parse(&house::number(answer)).expect("a number");
    let replies = redis.replies();
    testkit::eventually(LONG, "the number is remembered", || async {
        matches!(replies.recall(&no).await, replies::Recall::Known(_)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_a_repeat_publishes_nothing_and_a_conflict_is_refused() {
    let (world, redis) = (world(), Redis::start().await);
    let house = House::open(&world.ingress(), redis.complete().await, LONG).await;
    let first = house.say("tell", "key-1 content").await;
    assert!(first.starts_with("accepted A"), "{first}");
    remembered(&redis, &first).await;
    let published = house.publisher.vitals().confirmed;
    assert_eq!(house.say("tell", "key-1 content").await, first);
    assert_eq!(house.say("tell", "key-1 other").await, conflict());
    assert_eq!(house.say("tell", "key-1 content").await, first, "a conflict changes nothing");
    assert_eq!(house.publisher.vitals().confirmed, published, "all from memory");
    let metrics = house.metrics.text().expect("metrics");
    assert!(metrics.contains(r#"ingress_repeats_total{partner="plain-a",interface="tell"} 2"#), "{metrics}");
    let counted = r#"ingress_asks_total{partner="plain-a",interface="tell",outcome="conflict"} 1"#;
    assert!(metrics.contains(counted), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_contradicts_itself_is_refused_where_it_does() {
    let (world, redis) = (world(), Redis::start().await);
    let house = House::open(&world.ingress(), redis.complete().await, LONG).await;
    let answer = house.say("tell", "key-1 content\nkey-1 other\nkey-1 content").await;
    let lines: Vec<&str> = answer.lines().collect();
    assert!(lines[0].starts_with("accepted A"), "{answer}");
    assert_eq!((lines[1], lines[2]), (conflict().as_str(), lines[0]));
    assert_eq!(house.publisher.vitals().confirmed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_redis_is_not_believed_and_the_worker_judges() {
    let (world, redis) = (world(), Redis::start().await);
    let house = House::open(&world.ingress(), redis.complete().await, LONG).await;
    let worker = judge(&world);
    let first = house.say("tell", "key-1 content").await;
    remembered(&redis, &first).await;
    worker.got(1).await;
    redis.flush();
    assert_eq!(house.say("tell", "key-1 other").await, conflict());
    assert_eq!(house.say("tell", "key-1 content").await, first);
    remembered(&redis, &first).await;
    let published = house.publisher.vitals().confirmed;
    assert_eq!(house.say("tell", "key-1 other").await, conflict());
    assert_eq!(house.publisher.vitals().confirmed, published, "from memory again");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_worker_judges() {
    let (world, mut redis) = (world(), Redis::start().await);
    let house = House::open(&world.ingress(), redis.complete().await, LONG).await;
    let _worker = judge(&world);
    redis.kill();
    let first = house.say("tell", "key-1 content").await;
    assert!(first.starts_with("accepted A"), "{first}");
    assert_eq!(house.say("tell", "key-1 other").await, conflict());
    assert_eq!(house.say("tell", "key-1 content").await, first);
    let told = testkit::eventually(LONG, "health tells of Redis", || async {
        let report = house.health.report();
        (report.checks["broker"].up && !report.checks["redis"].up).then_some(report.ready)
    });
    assert!(told.await, "ready without Redis");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_and_workers_a_command_is_accepted_once_it_is_durable() {
    let world = world();
    let nowhere =
        replies::Replies::connect("redis://127.0.0.1:1/", Duration::from_millis(100)).expect("an address");
    let house = House::open(&world.ingress(), nowhere, Duration::from_millis(300)).await;
    let answer = house.say("tell", "key-1 content").await;
    assert!(answer.starts_with("accepted A"), "{answer}");
    assert_eq!(judge(&world).got(1).await[0].id, house::number(&answer));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_application_is_never_unknown_even_if_the_question_overtakes_it() {
    let (world, redis) = (world(), Redis::start().await);
    let house = House::open(&world.ingress(), redis.complete().await, LONG).await;
    let _worker = Worker::at(&world, "ask.apply", |_| Some(Reply::Refused(Refusal::unknown("保函申请"))));
    let no = house::number(&house.say("tell", "key-1 content").await);
    remembered(&redis, &format!("accepted {no}")).await;
    assert_eq!(house.say("query", &format!("key {no}")).await, "reviewing");
    let other =
        domain::AcceptanceNo::of(&domain::PartnerId::parse("plain-a").expect("an id"), "tell", "never sent");
    assert_eq!(house.say("query", &format!("key {other}")).await, "refused 保函申请不存在");
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_counts_for_all_processes_together() {
    let (world, redis) = (world(), Redis::start().await);
    let one = House::open(&world.ingress(), redis.replies(), LONG).await;
    let two = House::open(&world.ingress(), redis.replies(), LONG).await;
    let mut admitted = 0;
    for n in 0..80 {
        let house = if n % 2 == 0 { &one } else { &two };
        admitted += usize::from(!house.post("/plain-a/tell", "signed").await.starts_with("rejected"));
    }
    assert!((60..80).contains(&admitted), "{admitted} of a minute's 60 and what came back meanwhile");
}
