//! What does not add up is found with the command that mends it, and that command mends it: in the end nothing is left.

use crate::issue::agreed;
use crate::world::{BY_OPERATOR, PATIENCE, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Partner};
use serde_json::Value;
use std::fs;
use std::time::{Duration, Instant};

const ID: &str = "finserv-books";
const AGED: &str = "update orders set updated_at = now() - interval '3 days'";

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_mended_by_the_command_that_it_names() {
    let platform = Platform::open(ID).await.expect("a receiver");
    let world = World::start("reconcile", &[platform.file(BY_OPERATOR)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    assert!(faults(&world).is_empty(), "nothing is wrong yet");
    let bidder = Bidder::new(71, 1, sandbox::now());
    let no = agreed(&partner, &bidder.bid_application()).await.text("accept_no").to_owned();
    world.until("select count(*) from orders where no = $1", &no, 1).await;

    // Nobody decides, then nobody pays.
    plant(&world, AGED, &["order_waits"]).await;
    mend(&world, "order_waits", &[]).await;
    plant(&world, AGED, &["order_waits"]).await;
    let standing = agreed(&partner, &bidder.ask_application(&no)).await;
    mend(&world, "order_waits", &[("金额", standing.text("fee"))]).await;
    world.until("select count(*) from callbacks where state = 'delivered' and partner = $1", ID, 1).await;

    // The callback was lost on the way, or given up.
    let lost =
        "update callbacks set state = 'pending', delivered_at = null, next_due = now() - interval '2 hours'";
    plant(&world, lost, &["callback_overdue"]).await;
    mend(&world, "callback_overdue", &[]).await;
    world.until("select count(*) from callbacks where state = 'delivered' and partner = $1", ID, 1).await;
    plant(&world, "update callbacks set state = 'parked', delivered_at = null", &["callback_parked"]).await;
    mend(&world, "callback_parked", &[]).await;
    world.until("select count(*) from callbacks where state = 'delivered' and partner = $1", ID, 1).await;

    case(&world, &partner, &bidder, &no).await;
    document(&world).await;
    assert!(faults(&world).is_empty(), "all of it adds up again");
}

/// A refund that nobody decides.
async fn case(world: &World, partner: &Partner, bidder: &Bidder, no: &str) {
    let guarantee = world.text("select guarantee_no from orders where no = $1", no).await;
    agreed(partner, &bidder.quit(&guarantee)).await;
    world.until("select count(*) from refunds where guarantee_no = $1", &guarantee, 1).await;
    plant(world, "update refunds set updated_at = now() - interval '3 days'", &["case_waits"]).await;
    mend(world, "case_waits", &[]).await;
    world.until("select count(*) from callbacks where state = 'delivered' and partner = $1", ID, 2).await;
}

/// A document that is not where it was.
async fn document(world: &World) {
    let sha256 = world.text("select document_sha256 from orders where partner = $1", ID).await;
    let place = world.gateway.folder().join("documents").join(&sha256[..2]).join(&sha256);
    let aside = place.with_extension("aside");
    fs::rename(&place, &aside).expect("away");
    let found = faults(world);
    assert!(
        found.iter().any(|fault| fault.0 == "document_missing" && fault.1.contains(&sha256)),
        "{found:?}"
    );
    fs::rename(aside, place).expect("restored, as it says");
}

/// Does the damage, and sees that this is found and nothing else.
async fn plant(world: &World, sql: &'static str, expected: &[&str]) {
    let mut database = world.database().await;
    sqlx::query(sql).execute(&mut database).await.expect("planted");
    let kinds: Vec<String> = faults(world).into_iter().map(|(what, _)| what).collect();
    assert_eq!(kinds, expected, "{sql}");
}

/// Gives the command that the fault names, until it is gone.
async fn mend(world: &World, what: &str, filled: &[(&str, &str)]) {
    let (_, mend) = faults(world).into_iter().find(|fault| fault.0 == what).expect("it is found");
    let (_, command) = mend.split_once("baohan ").expect("a command");
    let words = command.split(['，', '（']).next().expect("the first of it");
    let words = filled.iter().fold(words.to_owned(), |words, (from, to)| words.replace(from, to));
    world.baohan(&words.split_whitespace().collect::<Vec<_>>());
    let until = Instant::now() + PATIENCE;
    while faults(world).iter().any(|fault| fault.0 == what) {
        assert!(Instant::now() < until, "{words} does not mend {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// What kind each is, and what mends it.
fn faults(world: &World) -> Vec<(String, String)> {
    let said = world.gateway.baohan(&["reconcile", "--json"]).unwrap_or_else(|error| error.to_string());
    let json = said.find('{').map_or("", |at| &said[at..]);
    let told: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {said}"));
    let text = |fault: &Value, name: &str| fault[name].as_str().expect("a text").to_owned();
    told["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|one| (text(one, "what"), text(one, "mend")))
        .collect()
}
