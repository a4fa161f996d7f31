//! Partners that are changed while the ingress serves: paused, resumed, added, and with new keys beside the old.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;

use domain::Timestamp;
use house::{House, LONG, Worker, partner};
use ingress::{Partner, Partners};
use plain::PlainBefore;
use std::sync::Arc;
use testkit::world;

const PAUSED: &str = "rejected unwelcome 接口暂停服务，请稍后重试";
const FORGED: &str = "rejected forged 身份验证失败";

fn no_redis() -> replies::Replies {
    let patience = std::time::Duration::from_millis(50);
    replies::Replies::connect("redis://127.0.0.1:1/", patience).expect("an address")
}

fn take(house: &House, partners: Vec<Partner>) {
    house.renewal.take(Partners::new("finserv", partners).expect("some"));
}

fn until(year: u16) -> Timestamp {
    Timestamp::try_from(format!("{year}-01-01T00:00:00Z")).expect("an instant")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_said_to_who_proves_himself_and_ends() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let _worker =
        Worker::at(&world, "cmd.tender", |got| Some(domain::Reply::Accepted { no: house::command(got).no }));
    let paused = |names: &[&str], enabled| Partner {
        paused: names.iter().map(ToString::to_string).collect(),
        enabled,
        ..partner("plain-a", &[])
    };
    take(&house, vec![paused(&["ask"], true)]);
    assert_eq!(house.say("ask", "key-1 content").await, PAUSED);
    assert!(house.say("tell", "key-2 content").await.starts_with("accepted"), "another interface serves");
    take(&house, vec![paused(&[], false)]);
    assert_eq!(house.say("tell", "key-3 content").await, PAUSED);
    assert_eq!(house.post("/plain-a/tell", "unsigned").await, FORGED, "a stranger is not told");
    assert_eq!(house.post("/plain-b/tell", "signed\nkey content").await, FORGED, "it was removed");
    take(&house, vec![paused(&[], true), partner("plain-new", &[])]);
    assert!(
        house.say("tell", "key-3 content").await.starts_with("accepted"),
        "nothing was lost by the pause"
    );
    assert!(house.post("/plain-new/tell", "signed\nkey content").await.starts_with("accepted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_keys_are_understood_until_their_day() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let _worker =
        Worker::at(&world, "cmd.tender", |got| Some(domain::Reply::Accepted { no: house::command(got).no }));
    let before = "signed before\nkey-1 content";
    assert_eq!(house.post("/plain-a/tell", before).await, FORGED, "there were no others");
    let changed = |year| {
        let former = Some((Arc::new(PlainBefore) as Arc<dyn protocol::Inbound>, until(year)));
        vec![Partner { former, ..partner("plain-a", &[]) }]
    };
    take(&house, changed(2999));
    let old = house.post("/plain-a/tell", before).await;
    let new = house.say("tell", "key-1 content").await;
    assert!(new.starts_with("accepted"), "{new}");
    assert_eq!(
        old,
        format!("before: {new}"),
        "each is answered with its own keys, and they are the same request"
    );
    assert_eq!(
        house.post("/plain-a/tell", "unsigned").await,
        FORGED,
        "the answer to a stranger is the new one's"
    );
    take(&house, changed(2001));
    assert_eq!(house.post("/plain-a/tell", before).await, FORGED, "their day has passed");
}
