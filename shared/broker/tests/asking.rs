//! Asking: the answer in time, or the certainty that the command will be handled all the same.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use broker::{Asked, Consumer, Message, NotPublished, Publisher, Settings, Settled};
use testkit::{World, eventually, world};
use tokio::task::JoinSet;

const WITHIN: Duration = Duration::from_secs(10);

async fn publisher(url: String) -> Publisher {
    let publisher = Publisher::start(&Settings::new(url, "test")).unwrap();
    publisher.ready(WITHIN).await.unwrap();
    publisher
}

/// A worker that answers each question with its own body, backwards.
async fn echo(world: &World, queue: &str) -> Consumer {
    let replier = publisher(world.worker()).await;
    let settings = Settings::new(world.worker(), "echo");
    Consumer::start(&settings, queue, 16, move |delivery| {
        let replier = replier.clone();
        async move {
            let body: Vec<u8> = delivery.body.iter().rev().copied().collect();
            let to = delivery.reply_to.expect("someone asks");
            replier.reply(&to, vec![("verdict".into(), "yes".into())], body, WITHIN).await.unwrap();
            Settled::Ack
        }
    })
    .unwrap()
}

#[tokio::test]
async fn many_questions_at_once_each_get_their_own_answer() {
    let world = world();
    let _worker = echo(&world, "ask.apply").await;
    let asker = publisher(world.ingress()).await;
    let mut tasks = JoinSet::new();
    for n in 0..200 {
        let asker = asker.clone();
        tasks.spawn(async move {
            // The same id on purpose: answers belong to questions, not to ids.
            let question = Message::query("ask", "apply.p1", "same", format!("{n:05}"));
            let Asked::Answered(reply) = asker.ask(question, WITHIN).await.unwrap() else {
                panic!("no answer to {n}");
            };
            let backwards: String = format!("{n:05}").chars().rev().collect();
            assert_eq!(reply.body, backwards.as_bytes());
            assert_eq!(reply.headers, [("verdict".to_owned(), "yes".to_owned())]);
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn a_command_without_an_answer_in_time_stays_and_is_handled() {
    let world = world();
    let asker = publisher(world.ingress()).await;
    let command = Message::durable("cmd", "restore.p1", "r1", "x");
    let asked = asker.ask(command, Duration::from_millis(500)).await;
    assert_eq!(asked, Ok(Asked::Unanswered));
    let (sender, mut handled) = tokio::sync::mpsc::unbounded_channel();
    let settings = Settings::new(world.worker(), "late");
    let _late = Consumer::start(&settings, "cmd.restore", 1, move |delivery| {
        sender.send((delivery.id, delivery.reply_to.is_some())).unwrap();
        async { Settled::Ack }
    });
    assert_eq!(handled.recv().await, Some(("r1".to_owned(), true)));
}

#[tokio::test]
async fn a_query_nobody_answers_expires() {
    let world = world();
    let asker = publisher(world.ingress()).await;
    let query = Message::query("ask", "credit.p1", "q1", "x");
    assert_eq!(asker.ask(query, Duration::from_millis(300)).await, Ok(Asked::Unanswered));
    let operator = broker::Operator::connect(&Settings::new(world.admin(), "test")).await.unwrap();
    eventually(WITHIN, "the query to expire", || async {
        // Expiry shows at the head of the queue, when someone looks.
        operator.take("ask.credit").await.unwrap().is_none().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_late_answer_to_someone_gone_harms_nobody() {
    let world = world();
    let (sender, mut questions) = tokio::sync::mpsc::unbounded_channel();
    let settings = Settings::new(world.worker(), "late");
    let _late = Consumer::start(&settings, "ask.claim", 4, move |delivery| {
        sender.send(delivery.reply_to.unwrap()).unwrap();
        async { Settled::Ack }
    });
    let asker = publisher(world.ingress()).await;
    let replier = publisher(world.worker()).await;
    let query = |id: &str| Message::query("ask", "claim.p1", id, "x");
    assert_eq!(asker.ask(query("1"), Duration::from_millis(300)).await, Ok(Asked::Unanswered));
    let first = questions.recv().await.unwrap();
    drop(asker);
    let told = replier.reply(&first, Vec::new(), "late", WITHIN).await;
    assert!(matches!(told, Ok(()) | Err(NotPublished::Unroutable)), "{told:?}");
    let asker = publisher(world.ingress()).await;
    let second = tokio::spawn(async move { asker.ask(query("2"), WITHIN).await });
    let to = questions.recv().await.unwrap();
    replier.reply(&to, Vec::new(), "in time", WITHIN).await.unwrap();
    assert!(matches!(second.await.unwrap(), Ok(Asked::Answered(reply)) if reply.body == "in time"));
}
