//! What is turned away is kept for a doctor, as it came; and a flood of it costs no answer.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;

use house::{House, Worker};
use messages::{RejectedRequest, RejectionTask};
use std::time::Duration;
use testkit::world;

fn no_redis() -> replies::Replies {
    replies::Replies::connect("redis://127.0.0.1:1/", Duration::from_millis(50)).expect("an address")
}

fn kept(body: &[u8]) -> RejectedRequest {
    let RejectionTask::Keep(request) = serde_json::from_slice(body).expect("a rejected request");
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_request_reaches_its_queue_as_it_came() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), Duration::from_secs(1)).await;
    let answer = house.raw("/plain-a/tell?x=1", "X-Own: 张三\r\n", "forged\nkey-1 内容").await;
    assert!(answer.contains("rejected forged"), "{answer}");
    // The worker's user may take it.
    let worker = Worker::at(&world, "cmd.rejected", |_| None);
    let got = worker.got(1).await.remove(0);
    assert_eq!((got.exchange.as_str(), got.key.as_str()), ("cmd", "rejected.plain-a"));
    let request = kept(&got.body);
    assert_eq!((request.partner.as_str(), request.protocol.as_str()), ("plain-a", "finserv"));
    assert_eq!((request.reason.as_str(), request.why.as_str()), ("forged", "first line"));
    assert_eq!((request.method.as_str(), request.target.expose()), ("POST", "/tell?x=1"));
    assert_eq!(request.caller, "127.0.0.1");
    let body = crypto::text::from_base64(request.body.expose()).expect("base64");
    assert_eq!((String::from_utf8(body).expect("text").as_str(), request.size), ("forged\nkey-1 内容", 19));
    assert!(request.headers.iter().any(|(name, value)| name == "x-own" && value.expose() == "张三"));
    assert_eq!((request.id.len(), got.id == request.id), (16, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_answered_all_the_same_and_kept_in_part() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), Duration::from_secs(1)).await;
    for _ in 0..200 {
        assert!(house.post("/plain-a/tell", "forged").await.starts_with("rejected forged"));
    }
    // What names no partner of ours is nobody's, and what came at a bad moment proves itself the next time.
    assert!(house.post("/nobody/tell", "forged").await.starts_with("rejected forged"));
    assert!(house.post("/plain-a/tell", &"x".repeat(5000)).await.starts_with("rejected unwelcome"));
    let worker = Worker::at(&world, "cmd.rejected", |_| None);
    let got = testkit::eventually(house::LONG, "one of the other partner", || async {
        // As soon as there is room again: the other's minute is used up.
        assert!(house.post("/plain-b/tell", "forged").await.starts_with("rejected forged"));
        let got = worker.got(1).await;
        got.iter().any(|delivery| delivery.key == "rejected.plain-b").then_some(got)
    })
    .await;
    let of_a = got.iter().filter(|delivery| delivery.key == "rejected.plain-a").count();
    assert!((1..200).contains(&of_a), "a minute's worth: {of_a}");
    assert!(got.iter().all(|delivery| kept(&delivery.body).reason == "forged"));
    assert!(got.iter().all(|delivery| !delivery.key.contains("nobody")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_broker_rejections_are_answered_at_once() {
    let world = world();
    let upstream = world.ingress();
    let address = upstream
        .rsplit_once('@')
        .and_then(|(_, rest)| rest.split('/').next())
        .expect("an address")
        .to_owned();
    let tap = testkit::Tap::open(address).await;
    let house = House::open(&tap.url(&upstream), no_redis(), Duration::from_secs(1)).await;
    tap.black_hole();
    for _ in 0..50 {
        assert!(house.post("/plain-a/tell", "forged").await.starts_with("rejected forged"));
    }
}
