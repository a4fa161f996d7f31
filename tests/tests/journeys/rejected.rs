//! A request that nobody believed, looked at the next morning: kept sealed, listed, explained, and believed once the line that
//! the doctor recommends stands in the partner's file.

use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Joint};
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

const ID: &str = "finserv-odd";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_believed_is_explained_and_believed_after_the_advice() {
    let platform =
        Platform::open_with(ID, |settings| settings.variants.joint = Joint::Key).await.expect("a receiver");
    let world = World::start("rejected", &[platform.file(BY_ITSELF)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    let bidder = Bidder::new(61, 1, sandbox::now());
    let answer = partner.send(&bidder.bid_application()).await.expect("an answer");
    assert!(!answer.success(), "it signs otherwise than agreed");

    world.until("select count(*) from rejected where partner = $1", ID, 1).await;
    assert_eq!(world.count("select count(*) from orders where partner = $1", ID).await, 0, "without effect");
    let kept = world.text("select encode(request, 'escape') from rejected where partner = $1", ID).await;
    assert!(kept.starts_with("gcm1"), "sealed at rest");
    const PLAIN: &str = "select count(*) from rejected where position(convert_to($1, 'UTF8') in request) > 0";
    for planted in ["access_key", "apply_guarantee", "127.0.0.1", "host"] {
        assert_eq!(world.count(PLAIN, planted).await, 0, "{planted} stands in plain");
    }

    let listed: Value = serde_json::from_str(&world.baohan(&["rejected", "list", "--json"])).expect("JSON");
    let id = listed["rejected"][0]["id"].as_str().expect("its number").to_owned();
    let shown = world.baohan(&["rejected", "show", &id]);
    assert!(shown.contains(ID) && shown.contains("127.0.0.1"), "{shown}");
    let told = world.gateway.baohan(&["rejected", "doctor", &id]).expect_err("not as agreed").to_string();
    let advice = told.lines().find(|line| line.starts_with("accept_also = ")).expect("a line to paste");

    let file = world.gateway.folder().join("partners").join(ID).with_extension("toml");
    let settings = fs::read_to_string(&file).expect("its file");
    // As editors do: whole or not at all. `[settings]` stands last.
    let next = file.with_extension("next");
    fs::write(&next, format!("{settings}\n{advice}\n")).expect("written");
    fs::rename(next, file).expect("in its place");
    let until = Instant::now() + PATIENCE;
    while !partner.send(&bidder.bid_application()).await.expect("an answer").success() {
        assert!(Instant::now() < until, "believed after the advice: {advice}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let told = world.baohan(&["rejected", "doctor", &id]);
    assert!(told.contains("网关会接受"), "{told}");
}
