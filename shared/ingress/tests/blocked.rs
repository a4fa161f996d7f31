//! A broker that takes nothing more (memory alarm): the protocol's failure answer at once, and everything works again after.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;

use house::{House, LONG};
use std::time::Duration;
use testkit::PrivateBroker;

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_broker_is_told_at_once_and_forgotten_after() {
    let broker = PrivateBroker::start();
    let nowhere =
        replies::Replies::connect("redis://127.0.0.1:1/", Duration::from_millis(100)).expect("an address");
    let house = House::open(&broker.url("ingress"), nowhere, Duration::from_millis(300)).await;
    assert!(house.say("tell", "key-1 c").await.starts_with("accepted "));
    broker.ctl(&["set_vm_memory_high_watermark", "absolute", "1"]);
    // The broker blocks a connection when it publishes for the first time after the alarm: that one hangs.
    testkit::eventually(LONG, "the alarm reaches the ingress", || async {
        let answer = house.say("tell", "key-2 c").await;
        assert!(answer == "unavailable" || answer.starts_with("accepted "), "{answer}");
        house.publisher.vitals().blocked.then_some(())
    })
    .await;
    let turned_away = house.publisher.vitals().busy;
    for interface in ["tell", "ask"] {
        assert_eq!(house.say(interface, "key-3 c").await, "unavailable");
    }
    assert_eq!(house.publisher.vitals().busy, turned_away + 2, "nothing was sent");
    testkit::eventually(LONG, "health tells", || async {
        (!house.health.report().checks["broker"].up).then_some(())
    })
    .await;
    broker.ctl(&["set_vm_memory_high_watermark", "0.9"]);
    house.publisher.ready(LONG).await.expect("open again");
    assert!(house.say("tell", "key-3 c").await.starts_with("accepted "));
}
