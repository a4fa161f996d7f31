//! Whom the egress never calls: addresses that are not of the open internet, whatever name or redirect leads to them.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;
mod receiver;

use egress::{Credentials, Reach};
use house::{House, Office, partner};
use messages::{Attempt, AttemptOutcome};
use protocol::AllowList;
use receiver::{Act, Receiver};
use reqwest::{Certificate, Identity};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::world;

const OK: Act = Act::Say(200, "ok");

fn listed(networks: &[&str]) -> AllowList {
    AllowList::parse(&networks.iter().map(ToString::to_string).collect::<Vec<_>>()).expect("networks")
}

/// Every name leads to the next of these addresses, and at last for ever to the last one.
fn leading_to(networks: &[&str], addresses: &'static [&str]) -> Reach {
    let asked = AtomicUsize::new(0);
    Reach::through(listed(networks), move |_| {
        let turn = asked.fetch_add(1, Ordering::SeqCst).min(addresses.len() - 1);
        let address = SocketAddr::new(addresses[turn].parse().expect("an address"), 0);
        Box::pin(async move { Ok(vec![address]) })
    })
}

fn refused(report: &Attempt) {
    assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }), "{report:?}");
    assert!(
        report.why.contains("[egress] private_networks"),
        "the operator is told what to do: {}",
        report.why
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_this_machine_is_not_called() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let port = receiver.address.port();
    let partners = vec![
        partner("plain-a", format!("http://127.0.0.1:{port}/")),
        partner("plain-b", format!("http://2130706433:{port}/")),
        partner("plain-c", format!("http://localhost:{port}/")),
        partner("plain-d", format!("http://[::ffff:127.0.0.1]:{port}/")),
    ];
    let _house = House::reaching(&world.egress(), partners, Reach::new(listed(&["10.0.0.0/8"])));
    for id in ["plain-a", "plain-b", "plain-c", "plain-d"] {
        office.tell(id, id).await;
        refused(&office.reports(id, 1).await[0]);
    }
    assert!(receiver.got().is_empty(), "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_changes_its_mind_leads_nowhere_else() {
    let world = world();
    let good = Receiver::at("127.0.0.2:0", |_, _| Act::Say(500, "again")).await;
    let port = good.address.port();
    let inner = Receiver::at(&format!("127.0.0.1:{port}"), |_, _| OK).await;
    let office = Office::open(&world).await;
    let reach = leading_to(&["127.0.0.2"], &["127.0.0.2", "127.0.0.1"]);
    let rebinding = partner("plain-a", format!("http://partner.test:{port}/"));
    let _house = House::reaching(&world.egress(), vec![rebinding], reach);
    office.tell("plain-a", "one").await;
    office.reports("one", 1).await;
    assert_eq!(good.got().len(), 1, "the first address is permitted");
    // With its connection gone, the name must be resolved anew.
    drop(good);
    let reports = office.reports("one", 2).await;
    refused(&reports[1]);
    assert!(inner.got().is_empty(), "the second address is never called");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_this_machine_is_not_followed() {
    let world = world();
    let inner = Receiver::start(|_, _| OK).await;
    let to = inner.url("/inner");
    let outer = Receiver::at("127.0.0.2:0", move |_, _| Act::Head(302, "location", to.clone())).await;
    let office = Office::open(&world).await;
    let reach = Reach::new(listed(&["127.0.0.2"]));
    let _house = House::reaching(&world.egress(), vec![partner("plain-a", outer.url("/"))], reach);
    office.tell("plain-a", "one").await;
    let report = office.reports("one", 1).await.remove(0);
    assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }), "{report:?}");
    assert!(inner.got().is_empty());
}

const ROOT: &[u8] = include_bytes!("../../testkit/keys/root.pem");
const OTHER_ROOT: &[u8] = include_bytes!("../../testkit/keys/other-root.pem");
const CALLER: &str =
    concat!(include_str!("../../testkit/keys/caller.pem"), include_str!("../../testkit/keys/caller.key"));
const STRANGER: &str =
    concat!(include_str!("../../testkit/keys/stranger.pem"), include_str!("../../testkit/keys/stranger.key"));

fn credentials(root: &[u8], identity: Option<&str>) -> Option<Credentials> {
    let identity = identity.map(|pem| Identity::from_pem(pem.as_bytes()).expect("a certificate and its key"));
    Some(Credentials { identity, roots: Certificate::from_pem_bundle(root).expect("a root") })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_is_told_only_if_both_sides_prove_themselves() {
    let world = world();
    let receiver = Receiver::secured(ROOT, |_, _| OK).await;
    let base = format!("https://localhost:{}/", receiver.address.port());
    let office = Office::open(&world).await;
    let with = |id, credentials| egress::Partner { credentials, ..partner(id, base.clone()) };
    let partners = vec![
        with("plain-a", None),
        with("plain-b", credentials(ROOT, None)),
        with("plain-c", credentials(OTHER_ROOT, Some(CALLER))),
        with("plain-d", credentials(ROOT, Some(STRANGER))),
        with("plain-e", credentials(ROOT, Some(CALLER))),
    ];
    let _house = House::reaching(&world.egress(), partners, Reach::new(listed(&["127.0.0.0/8", "::1"])));
    for id in ["plain-a", "plain-b", "plain-c", "plain-d"] {
        office.tell(id, id).await;
        let report = office.reports(id, 1).await.remove(0);
        assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }), "{id}: {report:?}");
    }
    assert!(receiver.got().is_empty(), "nothing was told to or by a stranger");
    office.tell("plain-e", "plain-e").await;
    assert_eq!(office.reports("plain-e", 1).await[0].outcome, AttemptOutcome::Delivered);
}
