//! What a partner gets, what it may answer, and what follows from each answer.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;
mod receiver;

use domain::{DocumentRef, GuaranteeIssued, GuaranteeNo, Money, Notice, Rate};
use egress::Schedule;
use house::{House, Office, RUNGS, head, message, partner, ready, rejected};
use messages::AttemptOutcome;
use receiver::{Act, Receiver};
use testkit::world;

const OK: Act = Act::Say(200, "ok");

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_sealed_sent_once_and_reported() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/told"))]);
    office.tell("plain-a", "one").await;
    let report = office.reports("one", 1).await.remove(0);
    assert_eq!((report.number, report.cycle, report.status), (1, 0, 200));
    assert_eq!((report.outcome, report.interface.as_str()), (AttemptOutcome::Delivered, "tell_plain"));
    let got = receiver.got();
    assert_eq!((got.len(), got[0].path.as_str()), (1, "/told"));
    assert_eq!(got[0].words[0], "one");
    assert!(got[0].agent.starts_with("baohan-gateway/"), "{}", got[0].agent);
    let counted = r#"egress_attempts_total{partner="plain-a",interface="tell_plain",outcome="delivered"}"#;
    assert_eq!(house.count(counted), 1);
    ready(&world, "egress.finserv", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_as_an_expiring_link() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    let document = DocumentRef { sha256: "0a".repeat(32), name: "guarantee.pdf".to_owned() };
    let issued = GuaranteeIssued {
        head: head("one"),
        guarantee_no: GuaranteeNo::quoted("BH1"),
        document: document.clone(),
        bond: Money::from_fen(100),
        premium: Money::from_fen(1),
        rate: Rate::parse("0.01").expect("a rate"),
        valid_until: None,
        valid_from: None,
    };
    office.send(Notice::GuaranteeIssued(issued), "plain-a", None).await;
    testkit::eventually(house::LONG, "the report", || async { (!office.all().is_empty()).then_some(()) })
        .await;
    let link = receiver.got()[0].words[3].clone();
    let opened =
        house::links().check(link.strip_prefix("https://files.test").expect("ours"), office.all()[0].1.at);
    assert_eq!(opened, Ok(document));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_comes_again_freshly_sealed_and_counted() {
    let act = |_: &receiver::Got, before| if before < 2 { Act::Say(500, "broken") } else { OK };
    let (world, receiver) = (world(), Receiver::start(act).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    let again = message(rejected("one"), "plain-a", None).header("x-cycle", "3");
    office.publisher.publish(again, house::LONG).await.expect("published");
    let reports = office.reports("one", 3).await;
    let numbers: Vec<_> = reports.iter().map(|report| (report.number, report.cycle, report.status)).collect();
    assert_eq!(numbers, [(1, 3, 500), (2, 3, 500), (3, 3, 200)]);
    for failed in &reports[..2] {
        let AttemptOutcome::Failed { next_due } = failed.outcome else { panic!("{failed:?}") };
        assert!(next_due >= failed.at.plus_seconds(1) && failed.why == "neither yes nor no");
    }
    assert_eq!(reports[2].outcome, AttemptOutcome::Delivered);
    let got = receiver.got();
    assert!(got[0].words[2] != got[1].words[2] && got[1].words[2] != got[2].words[2], "nonces");
    let ids: std::collections::HashSet<_> = office.all().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 3, "every report counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_ends() {
    let (world, receiver) = (world(), Receiver::start(|_, _| Act::Say(200, "?")).await);
    let office = Office::open(&world).await;
    let short = Schedule::new(&[1], &RUNGS).expect("a schedule");
    let _house = House::open(
        &world.egress(),
        vec![egress::Partner { schedule: short, ..partner("plain-a", receiver.url("/")) }],
    );
    office.tell("plain-a", "one").await;
    let reports = office.reports("one", 2).await;
    assert!(matches!(reports[0].outcome, AttemptOutcome::Failed { .. }));
    assert_eq!((reports[1].number, &reports[1].outcome), (2, &AttemptOutcome::Exhausted));
    for queue in ["egress.finserv", "wait.1s", "park.egress"] {
        ready(&world, queue, 0).await;
    }
    assert_eq!(receiver.got().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_final_is_not_tried_again() {
    let (world, receiver) = (world(), Receiver::start(|_, _| Act::Say(200, "no")).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    for (about, outcome, why) in [
        ("refused", AttemptOutcome::Refused, "said no"),
        ("silent", AttemptOutcome::Silent, "not told"),
        ("unsealable", AttemptOutcome::Unsealable, "no such setting"),
    ] {
        office.tell("plain-a", about).await;
        let report = office.reports(about, 1).await.remove(0);
        assert_eq!((report.outcome, report.why.as_str(), report.number), (outcome, why, 1));
    }
    ready(&world, "wait.1s", 0).await;
    assert_eq!(receiver.got().len(), 1, "only the refused one was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_asks_for_time_gets_it() {
    let act = |_: &receiver::Got, _| Act::Head(503, "retry-after", "20".to_owned());
    let (world, receiver) = (world(), Receiver::start(act).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-a", "one").await;
    let report = office.reports("one", 1).await.remove(0);
    let AttemptOutcome::Failed { next_due } = report.outcome else { panic!("{report:?}") };
    assert!(next_due >= report.at.plus_seconds(30));
    ready(&world, "wait.30s", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start(|_, _| OK).await;
    let there = elsewhere.url("/");
    let act = move |_: &receiver::Got, _| Act::Head(302, "location", there.clone());
    let (world, receiver) = (world(), Receiver::start(act).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-a", "one").await;
    let reports = office.reports("one", 2).await;
    for report in reports {
        assert!(
            matches!(report.outcome, AttemptOutcome::Failed { .. }) && report.status == 302,
            "{report:?}"
        );
    }
    assert!(elsewhere.got().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_listed_hosts_are_called_back() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/configured"))]);
    let port = receiver.address.port();
    for (about, callback) in [
        ("listed", format!("http://localhost:{port}/wished")),
        ("other", format!("http://127.0.0.1:{port}/evil")),
        ("disguised", format!("http://localhost@127.0.0.1:{port}/evil")),
        ("file", "file:///etc/passwd".to_owned()),
    ] {
        office.send(rejected(about), "plain-a", Some(&callback)).await;
        office.reports(about, 1).await;
    }
    let got: Vec<_> = receiver.got().into_iter().map(|got| (got.words[0].clone(), got.path)).collect();
    let wanted = [
        ("listed", "/wished"),
        ("other", "/configured"),
        ("disguised", "/configured"),
        ("file", "/configured"),
    ];
    assert_eq!(got, wanted.map(|(about, path)| (about.to_owned(), path.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_deliver_is_parked() {
    let (world, receiver) = (world(), Receiver::start(|_, _| OK).await);
    let office = Office::open(&world).await;
    let house = House::open(&world.egress(), vec![partner("plain-a", receiver.url("/"))]);
    office.tell("plain-z", "one").await;
    let broken = message(rejected("two"), "plain-a", None);
    let broken = broker::Message { body: "not a notice".into(), ..broken };
    office.publisher.publish(broken, house::LONG).await.expect("published");
    ready(&world, "park.egress", 2).await;
    office.tell("plain-a", "three").await;
    office.reports("three", 1).await;
    assert_eq!(receiver.got().len(), 1);
    assert_eq!(house.count(r#"egress_parked_total{reason="unknown_partner"}"#), 1);
    assert_eq!(house.count(r#"egress_parked_total{reason="unreadable"}"#), 1);
}
