//! Versions side by side: what the first one queued and what a later one adds to is done, and what nobody here knows is kept.

use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::Management;

const ORDERS: &str = "select count(*) from orders where no = $1";

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_other_versions_are_done_or_kept() {
    let platform = Platform::open("finserv-versions").await.expect("a receiver");
    let world = World::start("versions", &[platform.file(BY_ITSELF)]);
    let first = queued(&world, &platform, 1, |_| {});
    let wider = queued(&world, &platform, 2, |message| {
        message["added_later"] = json!({"by": ["a", "later", "version"]});
        message["body"]["with"]["added_later"] = json!(true);
    });
    let unknown = queued(&world, &platform, 3, |message| message["body"]["type"] = json!("place_order.v2"));
    for no in [&first, &wider] {
        world.until(ORDERS, no, 1).await;
    }
    kept(&world, &unknown).await;
    // An older version that gets it again by an operator's order keeps it again: it waits for the version that knows it.
    world.baohan(&["parked", "replay", "--all", "--queue", "park.cmd", "--by", "ops"]);
    kept(&world, &unknown).await;
    assert_eq!(world.count(ORDERS, &unknown).await, 0, "a guess at what a later version means");
}

/// Puts what the first version wrote into the queue of commands, changed, under a number of its own; gives the number.
fn queued(world: &World, platform: &Platform, n: u8, change: impl FnOnce(&mut Value)) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/messages/fixtures/foundation");
    let written = std::fs::read_to_string(fixtures.join("place_order.json")).expect("a golden message");
    let mut message: Value = serde_json::from_str(&written).expect("JSON");
    let no = format!("ANBMYTSPQQ92AQNWQPN{n}");
    (message["id"], message["no"]) = (json!(no), json!(no));
    message["origin"]["partner"] = json!(platform.id);
    let order = &mut message["body"]["with"];
    order["business_no"] = json!(format!("VERSIONS-{n}"));
    // As in the samples, which `silence` looks for.
    order["applicant"]["company"]["name"] = json!("示例市测试建设有限公司");
    order["tender"]["section_name"] = json!("施工第一标段");
    change(&mut message);
    let post = json!({
        "properties": {"delivery_mode": 2, "message_id": no},
        "routing_key": format!("apply.{}", platform.id),
        "payload": message.to_string(),
        "payload_encoding": "string",
    });
    let broker = Management::new(world.stack.address("GATEWAY_RABBITMQ_MANAGEMENT_URL"));
    let answer = broker.must("POST", "exchanges/gw/cmd/publish", Some(&post));
    assert_eq!(answer["routed"], true, "{answer}");
    no
}

/// Waits until this message, and no other, is parked; it must be whole.
async fn kept(world: &World, id: &str) {
    let until = Instant::now() + PATIENCE;
    loop {
        let said = world.baohan(&["--json", "parked", "list", "--queue", "park.cmd"]);
        let said: Value = serde_json::from_str(&said).expect("JSON");
        let messages = said["messages"].as_array().expect("messages");
        if let [only] = messages.as_slice() {
            assert_eq!(only["id"], id, "{said}");
            break;
        }
        assert!(Instant::now() < until, "never parked: {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let shown = world.baohan(&["parked", "show", id, "--reveal"]);
    for part in ["place_order.v2", "VERSIONS-3", "20000.00"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}
