//! One message, one effect, whatever happens to the process, the message or the database.

use crate::house::{House, envelope, house, policy};
use crate::samples::{application, at, origin};
use crate::toy::Toy;
use domain::{Command, ConfirmPayment, Mode, Money, Payment, RefusalKind, Reply};
use messages::Envelope;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreSettings};
use testkit::{Tap, eventually, fresh_database};
use worker::{Engine, Policies, Verdict};

async fn toy() -> House<Toy> {
    house(Toy, policy(Mode::Auto, Payment::Later)).await
}

fn place(business_no: &str) -> Envelope<Command> {
    envelope("apply_guarantee", business_no, Command::PlaceOrder(application(business_no, "S-1")))
}

fn pay(envelope: &Envelope<Command>) -> Envelope<Command> {
    let payment = ConfirmPayment {
        no: envelope.no.clone(),
        amount: Money::ZERO,
        paid_at: at(0),
        reference: String::new(),
        by: "wang".to_owned(),
        payer: None,
    };
    let mut message = crate::house::envelope("operator", "p", Command::ConfirmPayment(payment));
    message.id = "payment".to_owned();
    message
}

#[tokio::test]
async fn a_message_that_comes_again_after_a_crash_before_the_acknowledgement_has_one_effect() {
    let house = toy().await;
    let message = place("1");
    let first = house.ask(&message).await;
    assert_eq!(first, Reply::Accepted { no: message.no.clone() });
    // Committed, never acknowledged: the broker hands it out again.
    assert_eq!(house.ask(&message).await, first);
    for table in ["select count(*) from orders", "select count(*) from events", "select count(*) from outbox"]
    {
        assert_eq!(house.count(table).await, 1, "{table}");
    }
}

#[tokio::test]
async fn two_workers_with_the_same_message_give_the_same_reply_and_one_effect() {
    let house = toy().await;
    let message = place("1");
    let engine = Arc::new(house.engine);
    let both = (0..16).map(|_| {
        let (engine, message) = (Arc::clone(&engine), message.clone());
        tokio::spawn(async move { engine.judge(&message, String::new(), true).await })
    });
    for verdict in both.collect::<Vec<_>>() {
        let accepted = Reply::Accepted { no: message.no.clone() };
        assert_eq!(verdict.await.expect("no panic"), Verdict::Replied(accepted));
    }
    let effects: i64 =
        sqlx::query_scalar("select count(*) from events").fetch_one(&house.pool).await.expect("counts");
    assert_eq!(effects, 1);
}

#[tokio::test]
async fn other_content_under_the_same_number_is_refused_and_recorded() {
    let house = toy().await;
    let first = place("1");
    house.ask(&first).await;
    let mut second = place("1");
    second.content_hash = "other".to_owned();
    let Reply::Refused(refusal) = house.ask(&second).await else { panic!("accepted") };
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    assert_eq!(house.count("select count(*) from conflicts").await, 1);
    assert_eq!(house.count("select count(*) from orders").await, 1);
    assert_eq!(house.ask(&first).await, Reply::Accepted { no: first.no.clone() });
}

#[tokio::test]
async fn another_way_to_the_same_business_number_is_a_conflict() {
    let house = toy().await;
    house.ask(&place("1")).await;
    let other = envelope("another_interface", "1", Command::PlaceOrder(application("1", "S-1")));
    let Reply::Refused(refusal) = house.ask(&other).await else { panic!("accepted") };
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    assert_eq!(house.count("select count(*) from conflicts").await, 1);
}

#[tokio::test]
async fn a_refused_ask_leaves_nothing_and_a_refused_tell_a_line() {
    let house = toy().await;
    let order = place("1");
    house.ask(&order).await;
    let payment = pay(&order);
    assert!(matches!(house.ask(&payment).await, Reply::Refused(_)));
    assert_eq!(house.count("select count(*) from events").await, 1);
    assert_eq!(house.count("select count(*) from inbox").await, 1);
    let told = house.engine.judge(&payment, String::new(), false).await;
    assert!(matches!(told, Verdict::Replied(Reply::Refused(_))));
    let story = house.store.story(&order.no).await.expect("answers").expect("there");
    assert_eq!(story.events.last().map(|event| event.what.as_str()), Some("refused"));
    assert_eq!(house.count("select count(*) from inbox").await, 1, "a later try is judged anew");
}

#[tokio::test]
async fn a_partner_without_settings_is_parked_for_an_operator() {
    struct Careful;
    impl worker::Office for Careful {
        const NOUN: domain::Noun = domain::Noun::Apply;
        async fn command(&self, desk: &mut worker::Desk, _: &Command) -> worker::Handled {
            desk.policy(&desk.origin)?;
            Ok(Reply::Accepted { no: desk.no.clone() })
        }
        async fn query(&self, _: &worker::Window, _: &domain::Query) -> worker::Handled {
            Err(worker::Failure::not_ours())
        }
    }
    let house = house(Careful, policy(Mode::Auto, Payment::Later)).await;
    assert!(matches!(house.ask(&place("1")).await, Reply::Accepted { .. }));
    let mut stranger = place("2");
    stranger.origin = origin("nobody");
    assert_eq!(house.engine.judge(&stranger, String::new(), true).await, Verdict::Park);
}

#[tokio::test]
async fn while_the_database_is_away_a_message_is_held_and_done_when_it_is_back() {
    let database = fresh_database().await;
    let direct = Store::connect(&StoreSettings::new(&database.url, "test")).expect("settings");
    direct.migrate().await.expect("migrates");
    let upstream =
        database.url.split('@').next_back().and_then(|rest| rest.split('/').next()).expect("an address");
    let tap = Tap::open(upstream).await;
    let mut settings = StoreSettings::new(&tap.url(&database.url), "test");
    settings.patience = Duration::from_millis(300);
    let store = Store::connect(&settings).expect("settings");
    let policies = Policies::new([(origin("demo").partner, policy(Mode::Auto, Payment::Later))]);
    let engine = Arc::new(Engine::new(Toy, "worker-test", store, policies));
    tap.sever();
    let message = place("1");
    let held = {
        let (engine, message) = (Arc::clone(&engine), message.clone());
        tokio::spawn(async move { engine.judge(&message, String::new(), true).await })
    };
    eventually(Duration::from_secs(20), "the engine notices", async || {
        (!engine.is_database_up()).then_some(())
    })
    .await;
    assert!(!held.is_finished());
    tap.heal();
    let verdict = held.await.expect("no panic");
    assert_eq!(verdict, Verdict::Replied(Reply::Accepted { no: message.no.clone() }));
    assert!(direct.find_order(&origin("demo").partner, &message.no).await.expect("answers").is_some());
}
