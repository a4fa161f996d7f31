//! Partners that lend tokens and answer questions: one token for everybody, a new one when it is over, and no answer lost.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod lent;
mod plain;
mod receiver;

use broker::{Consumer, Delivery, Settled};
use domain::{Command, Fact};
use house::{House, LONG, Office, partner};
use lent::Lent;
use messages::{AttemptOutcome, Envelope};
use receiver::{Act, Got, Receiver};
use std::sync::{Arc, Mutex};
use testkit::{World, world};

/// What the worker of applications is told.
struct Pupil {
    learnt: Arc<Mutex<Vec<Envelope<Command>>>>,
    _consumer: Consumer,
}

impl Pupil {
    fn sit(world: &World) -> Self {
        let settings = broker::Settings::new(world.worker(), "pupil");
        let learnt: Arc<Mutex<Vec<_>>> = Arc::default();
        let kept = Arc::clone(&learnt);
        let consumer = Consumer::start(&settings, "cmd.apply", 16, move |delivery: Delivery| {
            kept.lock().expect("whole").push(Envelope::from_bytes(&delivery.body).expect("a command"));
            async { Settled::Ack }
        });
        Self { learnt, _consumer: consumer.expect("a good address") }
    }

    async fn facts(&self, count: usize) -> Vec<Fact> {
        testkit::eventually(LONG, "facts", || async {
            let facts: Vec<Fact> = (self.learnt.lock().expect("whole").iter())
                .map(|envelope| match &envelope.body {
                    Command::Learn(learn) => learn.fact.clone(),
                    other => panic!("not a lesson: {other:?}"),
                })
                .collect();
            (facts.len() >= count).then_some(facts)
        })
        .await
    }
}

/// A partner that lends `t0`, `t1`, … and takes the latest alone.
async fn lender() -> Receiver {
    let lent = Mutex::new(0_usize);
    Receiver::start(move |got: &Got, _| {
        let mut lent = lent.lock().expect("whole");
        let tokens = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"];
        match got.path.as_str() {
            "/token" => {
                *lent += 1;
                Act::Say(200, tokens[*lent - 1])
            }
            "/revoke" => {
                // The next token is lent to somebody else.
                *lent += 1;
                Act::Say(200, "")
            }
            _ if *lent > 0 && got.words.get(1).map(String::as_str) == Some(tokens[*lent - 1]) => {
                Act::Say(200, "serial-1")
            }
            _ => Act::Say(200, "expired"),
        }
    })
    .await
}

fn lent_partner(receiver: &Receiver) -> egress::Partner {
    let mut lent = partner("lent-a", receiver.url("/"));
    lent.protocol = Arc::new(Lent { base: receiver.url("") });
    lent
}

fn tokens_fetched(receiver: &Receiver) -> usize {
    receiver.got().iter().filter(|got| got.path == "/token").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_serves_all_and_what_a_reply_says_reaches_the_worker() {
    let (world, receiver) = (world(), lender().await);
    let (office, pupil) = (Office::open(&world).await, Pupil::sit(&world));
    let _house = House::open(&world.egress(), vec![lent_partner(&receiver)]);
    for about in ["one", "two", "three", "four"] {
        office.tell("lent-a", about).await;
    }
    for about in ["one", "two", "three", "four"] {
        assert_eq!(office.reports(about, 1).await[0].outcome, AttemptOutcome::Delivered, "{about}");
    }
    assert_eq!(tokens_fetched(&receiver), 1);
    assert_eq!(pupil.facts(4).await, vec![Fact::SerialNo("serial-1".to_owned()); 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_over_is_renewed_within_the_attempt() {
    let (world, receiver) = (world(), lender().await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![lent_partner(&receiver)]);
    office.tell("lent-a", "one").await;
    office.reports("one", 1).await;
    let revoked = reqwest::Client::new().post(receiver.url("/revoke")).send().await;
    assert!(revoked.expect("revoked").status().is_success());
    office.tell("lent-a", "two").await;
    let reports = office.reports("two", 1).await;
    assert_eq!((reports[0].number, &reports[0].outcome), (1, &AttemptOutcome::Delivered));
    assert_eq!(tokens_fetched(&receiver), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_lends_no_token_is_asked_again_by_schedule() {
    let receiver = Receiver::start(|got, before| match got.path.as_str() {
        "/token" if before == 0 => Act::Say(200, "no"),
        "/token" => Act::Say(200, "t0"),
        _ => Act::Say(200, "serial-1"),
    })
    .await;
    let world = world();
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![lent_partner(&receiver)]);
    office.tell("lent-a", "one").await;
    let reports = office.reports("one", 2).await;
    assert_eq!(reports[0].why, "no access token: refused");
    assert_eq!(reports[1].outcome, AttemptOutcome::Delivered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_store_is_not_taken_for_kept() {
    let (world, receiver) = (world(), lender().await);
    let office = Office::open(&world).await;
    let _house = House::open(&world.egress(), vec![lent_partner(&receiver)]);
    office.tell("lent-a", "file").await;
    let report = office.reports("file", 1).await.remove(0);
    assert!(matches!(report.outcome, AttemptOutcome::Failed { .. }), "{report:?}");
    assert_eq!(report.why, "there is no document store");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_before_the_worker_hears_of_it() {
    let (world, receiver) = (world(), lender().await);
    let (office, pupil) = (Office::open(&world).await, Pupil::sit(&world));
    let folder = format!("{}/files-{}", env!("CARGO_TARGET_TMPDIR"), testkit::free_port());
    let documents = documents::Documents::open(&folder).expect("a folder");
    let _house = House::with(&world.egress(), vec![lent_partner(&receiver)], Some(documents.clone()), None);
    office.tell("lent-a", "file").await;
    let facts = pupil.facts(1).await;
    let Fact::FileKept { file_id, document, .. } = &facts[0] else { panic!("{facts:?}") };
    assert_eq!((file_id.as_str(), document.name.as_str()), ("7", "licence.pdf"));
    assert_eq!(documents.get(document).await.expect("kept"), b"serial-1");
}

/// Two processes and one Redis: whoever comes second waits for the token of the first.
#[tokio::test(flavor = "multi_thread")]
async fn among_processes_one_fetches_and_all_use_it() {
    let (world, receiver) = (world(), lender().await);
    let office = Office::open(&world).await;
    // Other tests share this Redis: a partner of our own.
    let id = format!("lent-{}", testkit::free_port());
    let mut partner = lent_partner(&receiver);
    partner.id = domain::PartnerId::parse(&id).expect("an id");
    let open = || {
        let replies = replies::Replies::connect(&testkit::services().redis, LONG).expect("an address");
        House::with(&world.egress(), vec![partner.clone()], None, Some(replies))
    };
    let _houses = [open(), open(), open()];
    for about in 0..12 {
        office.tell(&id, &about.to_string()).await;
    }
    for about in 0..12 {
        let reports = office.reports(&about.to_string(), 1).await;
        assert_eq!(reports[0].outcome, AttemptOutcome::Delivered, "{about}: {}", reports[0].why);
    }
    assert_eq!(tokens_fetched(&receiver), 1);
}
