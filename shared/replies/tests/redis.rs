//! The memory against a real Redis, which is emptied, frozen and killed.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::{AcceptanceNo, PartnerId};
use replies::{Recall, Replies};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A Redis of one's own, without persistence.
struct Redis {
    port: u16,
    child: Child,
}

fn launch(port: u16) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed")
}

impl Redis {
    fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        Self { port, child: launch(port) }
    }

    fn replies(&self) -> Replies {
        // Patient enough for a busy machine; how long nothing takes is not what is tested.
        Replies::connect(&format!("redis://127.0.0.1:{}", self.port), Duration::from_millis(500))
            .expect("an address")
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().expect("kill").success());
    }

    fn kill(&mut self) {
        self.child.kill().expect("runs");
        self.child.wait().expect("ends");
    }

    fn restart(&mut self) {
        self.child = launch(self.port);
    }

    async fn say(&self, command: &str) {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("answers");
        redis::cmd(command).query_async::<()>(&mut connection).await.expect("does it");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn number(business_no: &str) -> AcceptanceNo {
    AcceptanceNo::of(&PartnerId::parse("demo").expect("an id"), "apply_guarantee", business_no)
}

async fn until_up(replies: &Replies) {
    for _ in 0..1000 {
        if replies.probe().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("Redis does not come up");
}

async fn until(replies: &Replies, no: &AcceptanceNo, wanted: Recall) {
    let mut last = Recall::Unsure;
    for _ in 0..1000 {
        last = replies.recall(no).await;
        if last == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{last:?} instead of {wanted:?}");
}

#[tokio::test]
async fn a_miss_is_believed_only_beside_the_mark() {
    let redis = Redis::start();
    let replies = redis.replies();
    until_up(&replies).await;
    assert_eq!(replies.recall(&number("1")).await, Recall::Unsure);
    replies.remember(&number("1"), "aa").await;
    assert_eq!(replies.recall(&number("1")).await, Recall::Known("aa".to_owned()));
    assert!(!replies.is_complete().await.expect("answers"));
    replies.mark_complete().await.expect("answers");
    assert_eq!(replies.recall(&number("2")).await, Recall::New);
}

#[tokio::test]
async fn the_first_content_stays_and_the_database_overrules_it() {
    let redis = Redis::start();
    let replies = redis.replies();
    until_up(&replies).await;
    replies.remember(&number("1"), "aa").await;
    replies.remember(&number("1"), "bb").await;
    assert_eq!(replies.recall(&number("1")).await, Recall::Known("aa".to_owned()));
    replies.refill(&[(number("1").to_string(), "bb".to_owned())]).await.expect("answers");
    assert_eq!(replies.recall(&number("1")).await, Recall::Known("bb".to_owned()));
}

#[tokio::test]
async fn emptied_it_is_unsure_until_it_is_filled_again() {
    let redis = Redis::start();
    let replies = redis.replies();
    until_up(&replies).await;
    replies.remember(&number("1"), "aa").await;
    replies.mark_complete().await.expect("answers");
    redis.say("FLUSHALL").await;
    assert_eq!(replies.recall(&number("1")).await, Recall::Unsure);
    let accepted: Vec<_> =
        (0..2_500).map(|n| (number(&n.to_string()).to_string(), format!("h{n}"))).collect();
    for page in accepted.chunks(1_000) {
        replies.refill(page).await.expect("answers");
    }
    assert_eq!(replies.recall(&number("7777")).await, Recall::Unsure, "not before the mark");
    replies.mark_complete().await.expect("answers");
    assert_eq!(replies.recall(&number("2499")).await, Recall::Known("h2499".to_owned()));
    assert_eq!(replies.recall(&number("7777")).await, Recall::New);
}

#[tokio::test]
async fn killed_it_is_unsure_and_comes_back_by_itself() {
    let mut redis = Redis::start();
    let replies = redis.replies();
    until_up(&replies).await;
    replies.mark_complete().await.expect("answers");
    redis.kill();
    for _ in 0..20 {
        assert_eq!(replies.recall(&number("1")).await, Recall::Unsure);
    }
    assert!(!replies.is_up());
    redis.restart();
    until_up(&replies).await;
    assert!(replies.is_up());
    assert_eq!(replies.recall(&number("1")).await, Recall::Unsure, "nothing persisted, the mark is gone");
}

#[tokio::test]
async fn a_lost_write_takes_the_mark_away() {
    let redis = Redis::start();
    let replies = redis.replies();
    until_up(&replies).await;
    replies.mark_complete().await.expect("answers");
    assert_eq!(replies.recall(&number("2")).await, Recall::New);
    redis.signal("-STOP");
    replies.remember(&number("1"), "aa").await;
    assert!(!replies.is_up(), "resting after the failure");
    redis.signal("-CONT");
    until_up(&replies).await;
    assert_eq!(replies.recall(&number("2")).await, Recall::Unsure);
    assert!(!replies.is_complete().await.expect("answers"));
    replies.mark_complete().await.expect("answers");
    until(&replies, &number("2"), Recall::New).await;
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("redis://{}", silent.local_addr().expect("an address"));
    let replies = Replies::connect(&url, Duration::from_millis(20)).expect("an address");
    // Each of these would hang for ever if anything waited.
    for _ in 0..100 {
        assert_eq!(replies.recall(&number("1")).await, Recall::Unsure);
    }
    replies.remember(&number("1"), "aa").await;
    assert!(replies.is_complete().await.is_err());
}
