//! `baohan decide` and `baohan pay`: published as the operator, answered by a worker, once however often they are given.

use crate::desk::Desk;
use crate::samples::{eventful, store, waiting};
use broker::{Consumer, Delivery, Publisher, Settings, Settled};
use domain::{CaseState, CaseStatus, Command, Decision, Order, Refusal, Reply, Subject};
use messages::Envelope;
use std::time::Duration;
use store::Store;
use testkit::{FreshDatabase, World, fresh_database, world};
use tokio::sync::mpsc;

const WITHIN: Duration = Duration::from_secs(10);

/// The program, a database and a broker.
pub(crate) struct Ground {
    desk: Desk,
    world: World,
    pub(crate) store: Store,
    pub(crate) database: FreshDatabase,
}

/// A desk with a database and a broker of its own.
pub(crate) async fn ground() -> Ground {
    let (database, world) = (fresh_database().await, world());
    let desk =
        Desk::new().with("GATEWAY_POSTGRES_URL", &database.url).with("GATEWAY_AMQP_URL", &world.operator());
    Ground { desk, store: store(&database).await, world, database }
}

impl Ground {
    /// The program blocks, and the worker of the test must go on.
    pub(crate) async fn baohan(&self, arguments: &[&str]) -> (bool, String) {
        let said = tokio::task::block_in_place(|| self.desk.baohan(arguments));
        (said.code == Some(0), said.out + &said.err)
    }

    /// A worker that gives this answer, and shows what it was asked.
    pub(crate) async fn worker(
        &self,
        queue: &str,
        reply: Reply,
    ) -> (Consumer, mpsc::UnboundedReceiver<Delivery>) {
        let publisher = Publisher::start(&Settings::new(self.world.worker(), "test")).unwrap();
        publisher.ready(WITHIN).await.unwrap();
        let (sender, receiver) = mpsc::unbounded_channel();
        let body = serde_json::to_vec(&reply).unwrap();
        let consumer =
            Consumer::start(&Settings::new(self.world.worker(), "test"), queue, 1, move |delivery| {
                let (publisher, body) = (publisher.clone(), body.clone());
                let to = delivery.reply_to.clone().unwrap();
                let _ = sender.send(delivery);
                async move {
                    publisher.reply(&to, Vec::new(), body, WITHIN).await.unwrap();
                    Settled::Ack
                }
            });
        (consumer.unwrap(), receiver)
    }

    /// An order that waits.
    pub(crate) async fn order(&self) -> Order {
        waiting(&self.store, "demo", "T1").await
    }
}

/// What the worker was asked.
pub(crate) fn command(delivery: &Delivery) -> Envelope<Command> {
    Envelope::from_bytes(&delivery.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_reaches_the_worker_and_its_answer_the_operator() {
    let ground = ground().await;
    let order = ground.order().await;
    let (_worker, mut asked) = ground.worker("cmd.apply", Reply::Accepted { no: order.no.clone() }).await;
    for number in [order.no.as_str(), "T1"] {
        let (good, told) = ground.baohan(&["decide", "order", number, "--approve", "--by", "li"]).await;
        assert!(good && told.contains(order.no.as_str()) && told.contains("已执行"), "{told}");
    }
    let (first, second) = (asked.recv().await.unwrap(), asked.recv().await.unwrap());
    assert_eq!((first.key.as_str(), &first.id), ("apply.demo", &second.id), "given twice it is one message");
    assert!(first.header_value("traceparent").is_some());
    let (envelope, again) = (command(&first), command(&second));
    assert_eq!((&envelope.id, &envelope.content_hash), (&again.id, &again.content_hash));
    assert_eq!((envelope.interface.as_str(), &envelope.origin), ("operator", &order.origin));
    let Command::Decide(decide) = envelope.body else { panic!("{:?}", envelope.body) };
    assert_eq!((decide.subject, &decide.no, decide.by.as_str()), (Subject::Order, &order.no, "li"));
    assert_eq!(decide.decision, Decision::Approve);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_found_by_its_guarantee_and_another_decision_is_another_message() {
    let ground = ground().await;
    let (order, case, _) = eventful(&ground.store, "demo", "T1").await;
    let status = CaseStatus {
        no: case.no.clone(),
        state: CaseState::Refused,
        reason: "不在退保期内".to_owned(),
        document_url: None,
    };
    let (_worker, mut asked) = ground.worker("cmd.refund", Reply::Case(status)).await;
    let guarantee = order.guarantee.as_ref().unwrap().no.as_str();
    let (good, told) = ground.baohan(&["decide", "refund", guarantee, "--refuse", "不在退保期内"]).await;
    assert!(good && told.contains("已拒绝 refused：不在退保期内"), "{told}");
    ground.baohan(&["decide", "refund", case.no.as_str(), "--refuse", "其他原因"]).await;
    let (first, second) = (asked.recv().await.unwrap(), asked.recv().await.unwrap());
    assert_ne!(first.id, second.id);
    let Command::Decide(decide) = command(&first).body else { panic!("a decision") };
    assert_eq!((decide.subject, decide.no, decide.by.as_str()), (Subject::Refund, case.no, "wang"));
    let (good, told) = ground.baohan(&["decide", "claim", guarantee, "--approve"]).await;
    assert!(!good && told.contains("no claim of") && told.contains("orders show"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_exits_with_1_and_says_why_and_where_to_look() {
    let ground = ground().await;
    let order = ground.order().await;
    let refusal = Reply::Refused(Refusal::against_rules("支付金额与保费不一致"));
    let (_worker, mut asked) = ground.worker("cmd.apply", refusal).await;
    let (good, told) = ground.baohan(&["pay", "T1", "--amount", "0.01", "--reference", "B1"]).await;
    assert!(!good && told.contains("支付金额与保费不一致") && told.contains("baohan orders show"), "{told}");
    let Command::ConfirmPayment(payment) = command(&asked.recv().await.unwrap()).body else {
        panic!("a payment")
    };
    assert_eq!((payment.no, payment.amount.fen(), payment.reference.as_str()), (order.no, 1, "B1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_or_a_broker_it_says_what_to_do() {
    let ground = ground().await;
    let order = ground.order().await;
    let no = order.no.as_str();
    let (good, told) = ground.baohan(&["decide", "order", no, "--approve", "--wait", "1"]).await;
    assert!(!good && told.contains("safe in the queue") && told.contains("worker-apply"), "{told}");
    let (_late, mut asked) = ground.worker("cmd.apply", Reply::Accepted { no: order.no.clone() }).await;
    assert!(asked.recv().await.is_some(), "the decision waited for its worker");

    let broken = Desk::new().with("GATEWAY_POSTGRES_URL", &ground.database.url);
    let told = tokio::task::block_in_place(|| broken.refused(&["pay", no, "--amount", "1.00"]));
    assert!(told.contains("the broker is not reached") && told.contains("GATEWAY_AMQP_URL"), "{told}");
    let (good, told) = ground.baohan(&["decide", "order", "NOTHING", "--approve"]).await;
    assert!(!good && told.contains("orders list"), "{told}");
}
