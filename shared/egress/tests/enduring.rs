//! Partners that hang, drip, flood or cannot be reached, and what the others notice of it: nothing.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;
mod receiver;

use egress::{BreakerRule, Partner};
use house::{House, LONG, Office, partner};
use messages::AttemptOutcome;
use receiver::{Act, Receiver};
use std::time::Duration;
use testkit::world;
use tokio::net::{TcpSocket, TcpStream};

const OK: Act = Act::Say(200, "ok");
const SHORT: Duration = Duration::from_millis(300);

fn hasty(id: &str, base: String) -> Partner {
    Partner { deadline: SHORT, ..partner(id, base) }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_deadline_covers_head_and_body() {
    for act in [Act::Hang, Act::Drip] {
        let doing = act.clone();
        let (world, receiver) = (world(), Receiver::start(move |_, _| doing.clone()).await);
        let office = Office::open(&world).await;
        let mut patient = hasty("plain-a", receiver.url("/"));
        // The drip stays far below the cap: only the deadline can end it.
        patient.reply_bytes = 1 << 20;
        let _house = House::open(&world.egress(), vec![patient]);
        office.tell("plain-a", "one").await;
        let report = office.reports("one", 1).await.remove(0);
        assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }), "{act:?} {report:?}");
        assert_eq!((report.status, report.why.as_str()), (0, "no whole reply within 300 ms"), "{act:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_covers_connecting() {
    // A listener whose queue is full: the kernel answers no further handshake.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("a listener");
    let address = listener.local_addr().expect("its address");
    let mut filling = Vec::new();
    while let Ok(wire) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        filling.push(wire.expect("a connection"));
    }
    let world = world();
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![hasty("plain-a", format!("http://{address}/"))]);
    office.tell("plain-a", "one").await;
    let report = office.reports("one", 1).await.remove(0);
    assert_eq!((report.status, report.why.as_str()), (0, "no whole reply within 300 ms"));
    drop((filling, listener));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_without_end_is_cut_and_judged() {
    let (world, receiver) = (world(), Receiver::start(|_, _| Act::Flood).await);
    let office = Office::open(&world).await;
    // With this deadline only the cap can end the reading in time.
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-a", "one").await;
    let report = office.reports("one", 1).await.remove(0);
    assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }));
    assert_eq!((report.status, report.why.as_str()), (200, "neither yes nor no"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dripping_partner_keeps_its_own_places_only() {
    let dripping = Receiver::start(|_, _| Act::Drip).await;
    let healthy = Receiver::start(|_, _| OK).await;
    let world = world();
    let office = Office::open(&world).await;
    // Far more for the dripping one than the window holds, and before the others in the queue.
    for number in 0..60 {
        office.tell("plain-a", &format!("drip-{number}")).await;
    }
    for number in 0..30 {
        office.tell("plain-b", &format!("fine-{number}")).await;
    }
    let slow = Partner { concurrency: 2, reply_bytes: 1 << 30, ..partner("plain-a", dripping.url("/")) };
    let quick = Partner { concurrency: 2, ..partner("plain-b", healthy.url("/")) };
    let house = House::open(&world.egress(), vec![slow, quick]);
    for number in 0..30 {
        let report = office.reports(&format!("fine-{number}"), 1).await.remove(0);
        assert_eq!(report.outcome, AttemptOutcome::Delivered);
    }
    assert_eq!(dripping.got().len(), 2, "as many as may be under way, and still the first ones");
    assert!(office.all().iter().all(|(_, report)| report.origin.partner.as_str() == "plain-b"));
    assert_eq!(house.count(r#"egress_in_flight{partner="plain-a"}"#), 2);
    assert!(
        house.count(r#"egress_moved_total{partner="plain-a",reason="saturated"}"#) >= 56,
        "the rest waits elsewhere"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_cannot_be_reached_is_left_alone_and_found_again() {
    let address = format!("127.0.0.1:{}", testkit::free_port());
    let world = world();
    let office = Office::open(&world).await;
    let breaker = BreakerRule { failures: 3, pause: Duration::from_secs(2) };
    let away = Partner { concurrency: 1, breaker, ..partner("plain-a", format!("http://{address}/")) };
    let house = House::open(&world.egress(), vec![away]);
    for number in 0..12 {
        office.tell("plain-a", &format!("call-{number}")).await;
    }
    testkit::eventually(LONG, "most of them wait untried", || async {
        let moved = house.count(r#"egress_moved_total{partner="plain-a",reason="unreachable"}"#);
        (moved >= 9).then_some(())
    })
    .await;
    assert_eq!(house.count(r#"egress_breaker_open{partner="plain-a"}"#), 1);
    let tried = office.all().len();
    assert!(tried < 12, "{tried} attempts were counted though the partner was left alone");
    let _receiver = Receiver::at(&address, |_, _| OK).await;
    for number in 0..12 {
        let about = format!("call-{number}");
        testkit::eventually(LONG, "it is delivered", || async {
            let reports = office.reports(&about, 1).await;
            reports.iter().any(|report| report.outcome == AttemptOutcome::Delivered).then_some(())
        })
        .await;
    }
    assert_eq!(house.count(r#"egress_breaker_open{partner="plain-a"}"#), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_partner_is_not_called_and_loses_nothing() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let off = Partner { enabled: false, ..partner("plain-a", receiver.url("/")) };
    let house = House::open(&world.egress(), vec![off]);
    office.tell("plain-a", "one").await;
    testkit::eventually(LONG, "it is moved", || async {
        (house.count(r#"egress_moved_total{partner="plain-a",reason="paused"}"#) >= 2).then_some(())
    })
    .await;
    assert!(receiver.got().is_empty() && office.all().is_empty());
    drop(house);
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    let report = office.reports("one", 1).await.remove(0);
    assert_eq!((report.number, report.outcome), (1, AttemptOutcome::Delivered), "moves were not counted");
}
