//! `baohan parked` and `baohan callbacks` on a real broker: seen, sent again, discarded, and written down.

use crate::desk::Desk;
use crate::samples::{LEGAL_ID, NAME, eventful, order, store};
use broker::{Consumer, Delivery, Message, Publisher, Settings, Settled};
use domain::Command;
use messages::{CallbackTask, Envelope, Replay};
use std::time::Duration;
use store::Store;
use testkit::{FreshDatabase, World, eventually, fresh_database, world};
use tokio::sync::mpsc;

const WITHIN: Duration = Duration::from_secs(20);

struct Ground {
    desk: Desk,
    world: World,
    store: Store,
    _database: FreshDatabase,
}

async fn ground() -> Ground {
    let (database, world) = (fresh_database().await, world());
    let desk =
        Desk::new().with("GATEWAY_POSTGRES_URL", &database.url).with("GATEWAY_AMQP_URL", &world.operator());
    Ground { desk, store: store(&database).await, world, _database: database }
}

impl Ground {
    fn consumer(&self, queue: &str, settled: Settled) -> (Consumer, mpsc::UnboundedReceiver<Delivery>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let consumer =
            Consumer::start(&Settings::new(self.world.admin(), "test"), queue, 8, move |delivery| {
                let _ = sender.send(delivery);
                async move { settled }
            });
        (consumer.unwrap(), receiver)
    }

    async fn publish(&self, messages: Vec<Message>) {
        let publisher = Publisher::start(&Settings::new(self.world.admin(), "test")).unwrap();
        publisher.ready(WITHIN).await.unwrap();
        for message in messages {
            publisher.publish(message, WITHIN).await.unwrap();
        }
    }

    /// Commands that their worker gave up.
    async fn park(&self, messages: Vec<Message>) {
        let ids: Vec<String> = messages.iter().map(|message| message.id.clone()).collect();
        let (refusing, _refused) = self.consumer("cmd.apply", Settled::Park);
        self.publish(messages).await;
        eventually(WITHIN, "everything parked", || async {
            let listed = self.desk.done(&["parked", "list"]);
            ids.iter().all(|id| listed.contains(id.as_str())).then_some(())
        })
        .await;
        assert!(refusing.stop(WITHIN).await);
    }

    async fn audited(&self, no: &domain::AcceptanceNo) -> Vec<(String, String)> {
        let story = self.store.story(no).await.unwrap().unwrap();
        story.audit.into_iter().map(|row| (row.who, row.action)).collect()
    }
}

fn application() -> (String, Message) {
    let order = order("demo", "T1");
    let body = Command::PlaceOrder(order.application);
    let at = order.placed_at;
    let envelope = Envelope::command(order.no, order.origin, "apply_guarantee", "h".to_owned(), at, body);
    let message = Message::durable("cmd", "apply.demo", &envelope.id, envelope.to_bytes().unwrap());
    (envelope.id, message)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_command_is_seen_masked_sent_again_and_written_down() {
    let ground = ground().await;
    let (order, ..) = eventful(&ground.store, "demo", "T1").await;
    let (id, message) = application();
    assert_eq!(id, order.no.as_str());
    ground.park(vec![message]).await;
    let listed = ground.desk.done(&["parked", "list"]);
    assert!(listed.contains("park.cmd: 1") && listed.contains("cmd apply.demo"), "{listed}");
    assert!(listed.contains("无法处理 rejected") && listed.contains("given-up callbacks: 1"), "{listed}");
    let shown = ground.desk.done(&["parked", "show", &id]);
    assert!(shown.contains("place_order.v1") && shown.contains("\"bond\": \"100000.00\""), "{shown}");
    assert!(!shown.contains(NAME) && !shown.contains(LEGAL_ID), "{shown}");
    assert!(ground.desk.done(&["parked", "show", &id, "--reveal"]).contains(LEGAL_ID));

    let rehearsed = ground.desk.done(&["parked", "replay", &id, "--dry-run"]);
    assert!(rehearsed.contains("would be sent again"), "{rehearsed}");
    assert_eq!(ground.audited(&order.no).await.len(), 1, "a rehearsal is not written down");
    let done = ground.desk.done(&["parked", "replay", &id, "--by", "li"]);
    assert!(done.contains(&id) && done.contains("已重发"), "{done}");
    let (_accepting, mut accepted) = ground.consumer("cmd.apply", Settled::Ack);
    let again = accepted.recv().await.unwrap();
    assert_eq!((again.id.as_str(), again.header_value("x-replayed-by")), (id.as_str(), Some("li")));
    let audit = ground.audited(&order.no).await;
    assert!(audit.contains(&("li".to_owned(), "replay_parked".to_owned())), "{audit:?}");
    assert!(ground.desk.done(&["parked", "list"]).contains("park.cmd: 0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_discarded_is_gone_and_the_rest_stays() {
    let ground = ground().await;
    let (order, ..) = eventful(&ground.store, "demo", "T1").await;
    let (id, message) = application();
    let garbage = Message::durable("cmd", "apply.demo", "garbage", "李四 no JSON");
    ground.park(vec![message, garbage]).await;
    let shown = ground.desk.done(&["parked", "show", "garbage"]);
    assert!(!shown.contains("李四") && shown.contains("--reveal"), "{shown}");
    assert!(ground.desk.done(&["parked", "show", "garbage", "--reveal"]).contains("李四"));
    let done = ground.desk.done(&["parked", "discard", &id, "--queue", "park.cmd"]);
    assert!(done.contains("已丢弃"), "{done}");
    let left = ground.desk.done(&["parked", "list", "--queue", "park.cmd", "--json"]);
    assert!(left.contains("\"garbage\"") && !left.contains(&id), "{left}");
    let audit = ground.audited(&order.no).await;
    assert!(audit.contains(&("wang".to_owned(), "discard_parked".to_owned())), "{audit:?}");
    let told = ground.desk.refused(&["parked", "discard", &id]);
    assert!(told.contains("nothing is parked under") && told.contains("parked list"), "{told}");
}

/// It lands in the same queue at once; going round for ever would be no help.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_queue_is_sent_again_once() {
    let ground = ground().await;
    let unrouted = |id: &str| Message::durable("cmd", "nobody.demo", id, "{}");
    ground.publish(vec![unrouted("u1"), unrouted("u2")]).await;
    let done = ground.desk.done(&["parked", "replay", "--all", "--queue", "unrouted"]);
    assert_eq!(done.matches("已重发").count(), 2, "{done}");
    let listed = ground.desk.done(&["parked", "list", "--queue", "unrouted", "--json"]);
    assert_eq!(listed.matches("\"replays\": 1").count(), 2, "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_up_callback_is_listed_and_ordered_again() {
    let ground = ground().await;
    let (order, _, callback) = eventful(&ground.store, "demo", "T1").await;
    let listed = ground.desk.done(&["callbacks", "list", "--state", "parked", "--order", "T1"]);
    assert!(listed.contains(&callback) && listed.contains("已搁置 parked"), "{listed}");
    assert!(listed.contains("status 503"), "{listed}");
    let (_worker, mut asked) = ground.consumer("cmd.callback", Settled::Ack);
    let rehearsed = ground.desk.done(&["callbacks", "replay", "--state", "parked", "--dry-run"]);
    assert!(rehearsed.contains(&callback) && rehearsed.contains("--dry-run"), "{rehearsed}");
    for arguments in [
        &["callbacks", "replay", callback.as_str()][..],
        &["callbacks", "replay", "--partner", "demo", "--by", "li"],
        &["parked", "replay", callback.as_str()],
    ] {
        assert!(ground.desk.done(arguments).contains(&callback));
        let task = asked.recv().await.unwrap();
        assert_eq!(task.key, "callback.demo");
        let by = if arguments.contains(&"li") { "li" } else { "wang" }.to_owned();
        let wanted = CallbackTask::Replay(Replay { callback_ids: vec![callback.clone()], by });
        assert_eq!(serde_json::from_slice::<CallbackTask>(&task.body).unwrap(), wanted);
    }
    let told = ground.desk.refused(&["parked", "discard", &callback]);
    assert!(told.contains("given-up callback"), "{told}");
    let told = ground.desk.refused(&["callbacks", "replay", &format!("{}:9:nothing", order.no)]);
    assert!(told.contains("no callback") && told.contains("callbacks list"), "{told}");
    let told = ground.desk.refused(&["callbacks", "replay"]);
    assert!(told.contains("--state parked"), "{told}");
}
