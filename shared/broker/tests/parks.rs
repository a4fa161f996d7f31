//! The operator's part: what is parked can be seen, sent again as if for the first time, or discarded.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use broker::{Consumer, Delivery, Message, Operator, Publisher, Settings, Settled};
use testkit::{World, eventually, world};
use tokio::sync::mpsc;

const WITHIN: Duration = Duration::from_secs(20);

async fn publish(world: &World, message: Message) {
    let publisher = Publisher::start(&Settings::new(world.admin(), "test")).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    publisher.publish(message, WITHIN).await.unwrap();
}

async fn operator(world: &World) -> Operator {
    Operator::connect(&Settings::new(world.operator(), "operator")).await.unwrap()
}

async fn next_parked(operator: &Operator, queue: &str) -> broker::Parked {
    eventually(WITHIN, "something parked", || async { operator.take(queue).await.unwrap() }).await
}

/// Hands every delivery to the test and settles it as told.
fn consumer(url: String, queue: &str, settled: Settled) -> (Consumer, mpsc::UnboundedReceiver<Delivery>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let consumer = Consumer::start(&Settings::new(url, "test"), queue, 1, move |delivery| {
        let _ = sender.send(delivery);
        async move { settled }
    });
    (consumer.unwrap(), receiver)
}

/// With its record of deaths a replayed message that waits once more is held for ever (up to 3.13).
#[tokio::test]
async fn a_replayed_notice_starts_over_and_can_wait_again() {
    let world = world();
    publish(&world, Message::durable("wait", "1s.finserv.p1", "n1", "body").header("x-attempt", "7")).await;
    let (refusing, mut refused) = consumer(world.egress(), "egress.finserv", Settled::Park);
    assert_eq!(refused.recv().await.unwrap().header_value("x-attempt"), Some("7"));
    let operator = operator(&world).await;
    let parked = next_parked(&operator, "park.egress").await;
    assert_eq!(
        (parked.reason.as_str(), parked.exchange.as_str(), parked.key.as_str()),
        ("rejected", "notice", "finserv.p1")
    );
    assert!(parked.parked_at.is_some() && parked.replays() == 0);
    assert!(refusing.stop(WITHIN).await);
    operator.replay(parked, "wang").await.unwrap();

    let (_accepting, mut accepted) = consumer(world.egress(), "egress.finserv", Settled::Ack);
    let again = accepted.recv().await.unwrap();
    let mut headers = again.headers.clone();
    headers.sort();
    let wanted = [("x-attempt", "0"), ("x-replay", "1"), ("x-replayed-by", "wang")];
    assert_eq!(headers, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((again.id.as_str(), &again.body[..]), ("n1", &b"body"[..]));
    assert_eq!((again.exchange.as_str(), again.key.as_str()), ("notice", "finserv.p1"));
    publish(&world, Message { headers, ..Message::durable("wait", "1s.finserv.p1", "n1", "body") }).await;
    assert_eq!(accepted.recv().await.unwrap().exchange, "due");
    assert_eq!(operator.depths(&["park.egress".to_owned()]).await.unwrap()[0].messages, 0);
}

#[tokio::test]
async fn what_is_only_looked_at_stays_and_what_is_discarded_goes() {
    let world = world();
    for id in ["a", "b", "c"] {
        publish(&world, Message::durable("cmd", "apply.p1", id, "x")).await;
    }
    let (_refusing, _) = consumer(world.worker(), "cmd.apply", Settled::Park);
    let looking = operator(&world).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(next_parked(&looking, "park.cmd").await.id);
    }
    assert!(looking.take("park.cmd").await.unwrap().is_none());
    looking.leave().await;
    seen.sort();
    assert_eq!(seen, ["a", "b", "c"]);

    let deciding = operator(&world).await;
    let mut kept = 0;
    for _ in 0..3 {
        let parked = next_parked(&deciding, "park.cmd").await;
        if parked.id == "b" { deciding.discard(parked).await.unwrap() } else { kept += 1 }
    }
    deciding.leave().await;
    let checking = operator(&world).await;
    eventually(WITHIN, "two left", || async {
        (checking.depths(&["park.cmd".to_owned()]).await.unwrap()[0].messages == kept).then_some(())
    })
    .await;
    assert_eq!(kept, 2);
}

#[tokio::test]
async fn a_message_nobody_wanted_is_replayed_where_it_was_sent() {
    let world = world();
    publish(&world, Message::durable("cmd", "nobody.p1", "u1", "x")).await;
    let operator = operator(&world).await;
    let parked = next_parked(&operator, "unrouted").await;
    assert_eq!(
        (parked.exchange.as_str(), parked.key.as_str(), parked.reason.as_str()),
        ("cmd", "nobody.p1", "")
    );
    operator.replay(parked, "wang").await.unwrap();
    let again = next_parked(&operator, "unrouted").await;
    assert_eq!((again.replays(), again.id.as_str()), (1, "u1"));
}
