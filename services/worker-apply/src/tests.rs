//! The life of an application under each policy, on a real database and a real document folder.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Apply;
use domain::{
    AutoRules, Command, ConfirmPayment, Decide, Decision, Mode, Money, Order, OrderState, Payment, Policy,
    Product, Query, RefusalKind, Reply, Subject,
};
use house::{House, envelope, house, policy, press};
use messages::Envelope;
use samples::{application, at, origin};
use worker::{Office, Verdict, Window};

mod asked;
mod credit;
mod held;
mod pulled;
mod sealed;
mod withdrawn;

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

fn place(business_no: &str) -> Envelope<Command> {
    // Far in the future: the engine asks the clock.
    let mut wish = application(business_no, "S-1");
    let opening = domain::Timestamp::try_from("2099-01-01T00:00:00Z".to_owned()).expect("an instant");
    wish.product = Product::Bid { opening: Some(opening), validity_days: Some(90) };
    envelope("apply_guarantee", business_no, Command::PlaceOrder(wish))
}

fn own(id: &str, command: Command) -> Envelope<Command> {
    let mut message = envelope("operator", id, command);
    id.clone_into(&mut message.id);
    message
}

fn decide(order: &Envelope<Command>, decision: Decision) -> Envelope<Command> {
    let decide = Decide {
        subject: Subject::Order,
        no: order.no.clone(),
        decision,
        invoice: None,
        by: "wang".to_owned(),
        amount: None,
        until: None,
    };
    own("decide", Command::Decide(decide))
}

fn pay(order: &Envelope<Command>, amount: &str, id: &str) -> Envelope<Command> {
    let payment = ConfirmPayment {
        no: order.no.clone(),
        amount: Money::parse(amount).expect("an amount"),
        paid_at: at(0),
        reference: String::new(),
        by: "wang".to_owned(),
        payer: None,
    };
    own(id, Command::ConfirmPayment(payment))
}

async fn with(policy: Policy) -> House<Apply> {
    house(Apply { press: press() }, policy).await
}

async fn order(house: &House<Apply>, message: &Envelope<Command>) -> Order {
    let found = house.store.find_order(&origin("demo").partner, &message.no).await;
    found.expect("answers").expect("there")
}

#[tokio::test]
async fn with_later_payment_one_message_places_decides_and_issues() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let message = place("1");
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    let order = order(&house, &message).await;
    assert_eq!((order.state, order.version), (OrderState::Issued, 3));
    assert_eq!(order.premium, Some(Money::from_fen(50_000)));
    let what = house.texts("select what from events order by version").await;
    assert_eq!(what, ["order_placed", "order_approved", "guarantee_issued"]);
    assert_eq!(house.texts("select event from callbacks").await, ["guarantee_issued"]);
    assert_eq!(house.count("select count(*) from outbox").await, 1);
    let guarantee = order.guarantee.expect("issued");
    let document = house::documents().get(&guarantee.document).await.expect("kept before it is spoken of");
    let trust = std::fs::read_to_string(house::keys().join("root.pem")).expect("a root");
    let trust = signing::TrustAnchors::from_pem(&trust).expect("roots");
    let now = domain::Timestamp::new(boot::now());
    let findings = signing::verify::check(&document, &trust, now, &signing::verify::Limits::default());
    assert!(findings.is_genuine(), "{findings:?}");
    assert_eq!(findings.sha256, guarantee.document.sha256);

    let window = house.window();
    let status = house.engine.office().query(&window, &Query::OrderStatus { no: message.no.clone() }).await;
    let Ok(Reply::Order(status)) = status else { panic!("{status:?}") };
    assert_eq!(status.guarantee_no, Some(guarantee.no));
    assert!(status.document_url.is_some_and(|url| url.starts_with("https://files.example.cn/")));
    let stranger = Window { origin: origin("other"), ..window };
    let status = house.engine.office().query(&stranger, &Query::OrderStatus { no: message.no }).await;
    assert!(matches!(status, Err(worker::Failure::Refused(refusal)) if refusal.kind == RefusalKind::Unknown));
}

#[tokio::test]
async fn with_simulated_payment_the_gateway_pays_by_a_command_to_itself() {
    let house = with(policy(Mode::Auto, Payment::Simulated)).await;
    let message = place("1");
    house.ask(&message).await;
    assert_eq!(order(&house, &message).await.state, OrderState::AwaitingPayment);
    let batch = house.store.outbox_batch(10).await.expect("answers");
    let row = &batch.rows[0];
    assert_eq!((row.exchange.as_str(), row.routing_key.as_str()), ("cmd", "apply.demo"));
    let payment = Envelope::<Command>::from_bytes(&row.payload).expect("reads");
    assert_eq!(payment.id, row.message_id);
    drop(batch);
    house.ask(&payment).await;
    house.ask(&payment).await;
    let order = order(&house, &message).await;
    assert_eq!((order.state, order.version), (OrderState::Issued, 4));
    assert_eq!(house.count("select count(*) from callbacks").await, 1);
}

#[tokio::test]
async fn an_operator_decides_and_books_the_payment_to_the_fen() {
    let house = with(policy(Mode::Manual, Payment::Operator)).await;
    let message = place("1");
    house.ask(&message).await;
    assert_eq!(order(&house, &message).await.state, OrderState::Reviewing);
    assert!(matches!(house.ask(&pay(&message, "500.00", "early")).await, Reply::Refused(_)));
    house.ask(&decide(&message, Decision::Approve)).await;
    assert!(matches!(house.ask(&pay(&message, "499.99", "short")).await, Reply::Refused(_)));
    assert!(matches!(house.ask(&pay(&message, "500.00", "right")).await, Reply::Accepted { .. }));
    assert!(matches!(house.ask(&pay(&message, "500.00", "twice")).await, Reply::Refused(_)));
    assert_eq!(order(&house, &message).await.state, OrderState::Issued);
    let audit = house.texts("select action from audit where who = 'wang' order by id").await;
    assert_eq!(audit, ["decide_order", "confirm_payment"]);
}

#[tokio::test]
async fn a_rejected_application_is_recorded_and_its_partner_told() {
    let rules = AutoRules { areas: vec!["44".to_owned()], ..AutoRules::default() };
    let house = with(Policy { auto: rules, ..policy(Mode::Auto, Payment::Later) }).await;
    let message = place("1");
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    let order = order(&house, &message).await;
    assert_eq!((order.state, order.version), (OrderState::Rejected, 2));
    assert_eq!(order.reason, "项目所在区域不在服务范围内");
    assert_eq!(house.texts("select event from callbacks").await, ["order_rejected"]);
    assert!(matches!(house.ask(&decide(&message, Decision::Approve)).await, Reply::Refused(_)));
}

#[tokio::test]
async fn a_message_of_another_worker_is_parked() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let stray = Decide {
        subject: Subject::Claim,
        no: place("1").no,
        decision: Decision::Approve,
        invoice: None,
        by: String::new(),
        amount: None,
        until: None,
    };
    let stray = own("stray", Command::Decide(stray));
    assert_eq!(house.engine.judge(&stray, String::new(), false).await, Verdict::Park);
}
