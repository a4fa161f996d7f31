//! Crashes, a broker that goes away in the wrong moment, and an orderly end: a callback may come twice, never not at all.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;
mod receiver;

use egress::Partner;
use house::{House, LONG, Office, partner, ready};
use messages::AttemptOutcome;
use receiver::{Act, Receiver};
use std::sync::{Arc, OnceLock};
use testkit::{Tap, World, world};

const OK: Act = Act::Say(200, "ok");

async fn tap(world: &World) -> Tap {
    let amqp = world.egress();
    let upstream = amqp.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).expect("host:port");
    Tap::open(upstream).await
}

async fn under_way(receiver: &Receiver, count: usize) {
    testkit::eventually(LONG, "requests at the receiver", || async {
        (receiver.got().len() >= count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_repeats_the_attempt() {
    let act = |_: &receiver::Got, before| if before == 0 { Act::Hang } else { OK };
    let (world, receiver) = (world(), Receiver::start(act).await);
    let office = Office::open(&world).await;
    let tap = tap(&world).await;
    let doomed = House::open(&tap.url(&world.egress()), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-a", "one").await;
    under_way(&receiver, 1).await;
    // As SIGKILL does: its wires are gone before it can say a word.
    tap.sever();
    drop(doomed);
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    let report = office.reports("one", 1).await.remove(0);
    assert_eq!((report.number, report.outcome), (1, AttemptOutcome::Delivered));
    let got = receiver.got();
    assert_eq!((got.len(), &got[0].words[0]), (2, &got[1].words[0]));
    ready(&world, "egress.finserv", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_settled_before_what_follows_is_confirmed() {
    let world = world();
    let wire: Arc<OnceLock<Tap>> = Arc::default();
    let cutting = Arc::clone(&wire);
    // The broker goes away while the partner answers: what the answer means cannot be reported.
    let act = move |_: &receiver::Got, before| {
        if before == 0 {
            cutting.get().expect("a tap").sever();
        }
        OK
    };
    let receiver = Receiver::start(act).await;
    let office = Office::open(&world).await;
    let tap = wire.get_or_init(|| {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(tap(&world)))
    });
    let _house = House::open(&tap.url(&world.egress()), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-a", "one").await;
    under_way(&receiver, 1).await;
    ready(&world, "egress.finserv", 1).await;
    assert!(office.all().is_empty());
    tap.heal();
    let report = office.reports("one", 1).await.remove(0);
    assert_eq!((report.number, report.outcome), (1, AttemptOutcome::Delivered));
    ready(&world, "egress.finserv", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_is_under_way_and_gives_the_rest_back() {
    let world = world();
    let (go, gone) = tokio::sync::watch::channel(false);
    let receiver = Receiver::start(|_, _| OK).await;
    let gate = Gate::open(receiver.address, gone).await;
    let office = Office::open(&world).await;
    let narrow = Partner { concurrency: 1, ..partner("plain-a", format!("http://{}/", gate.0)) };
    let mut house = House::open(&world.egress(), vec![narrow]);
    for number in 0..5 {
        office.tell("plain-a", &format!("call-{number}")).await;
    }
    testkit::eventually(LONG, "one is under way", || async {
        (house.count(r#"egress_in_flight{partner="plain-a"}"#) == 1).then_some(())
    })
    .await;
    house.stop.request();
    go.send(true).expect("the gate listens");
    assert!((&mut house.running).await.expect("no panic"), "finished within the bound");
    let told = receiver.got().len();
    let left = u32::try_from(5 - told).expect("no more than five");
    ready(&world, "egress.finserv", left).await;
    testkit::eventually(LONG, "all that was told is reported", || async {
        (office.all().len() == told).then_some(())
    })
    .await;
    assert_eq!(told, 1, "only the one under way");
}

/// A wire to the receiver on which nothing moves until the test says so.
struct Gate(std::net::SocketAddr);

impl Gate {
    async fn open(to: std::net::SocketAddr, mut go: tokio::sync::watch::Receiver<bool>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                go.wait_for(|go| *go).await.expect("the test lives");
                let mut to = tokio::net::TcpStream::connect(to).await.expect("the receiver");
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut from, &mut to).await });
            }
        });
        Self(address)
    }
}
