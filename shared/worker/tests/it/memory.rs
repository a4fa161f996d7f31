//! After Redis forgot, PostgreSQL tells it everything, and only then is a miss believed.

use crate::house::{envelope, house, policy};
use crate::samples::{application, at, number};
use crate::toy::Toy;
use domain::{Command, Mode, Payment};
use replies::{Recall, Replies};
use std::time::Duration;
use testkit::{eventually, free_port};

/// A Redis of one's own, so that emptying it disturbs nobody.
struct Redis(std::process::Child, u16);

impl Redis {
    fn start() -> Self {
        let port = free_port();
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()];
        let mut server = std::process::Command::new("redis-server");
        let child = server.args(arguments).stdout(std::process::Stdio::null()).spawn().expect("redis-server");
        Self(child, port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn redis_is_filled_from_the_database() {
    let redis = Redis::start();
    let replies = Replies::connect(&format!("redis://127.0.0.1:{}", redis.1), Duration::from_millis(500))
        .expect("an address");
    eventually(Duration::from_secs(20), "Redis is up", async || replies.probe().await.then_some(())).await;
    let house = house(Toy, policy(Mode::Auto, Payment::Later)).await;
    for business_no in ["1", "2", "3"] {
        let command = Command::PlaceOrder(application(business_no, "S-1"));
        house.ask(&envelope("apply_guarantee", business_no, command)).await;
    }
    assert_eq!(replies.recall(&number("demo", "2")).await, Recall::Unsure);
    assert_eq!(worker::refill(&house.store, &replies, at(60)).await, Ok(3));
    assert_eq!(replies.recall(&number("demo", "2")).await, Recall::Known("content of 2".to_owned()));
    assert_eq!(replies.recall(&number("demo", "9")).await, Recall::New);
}
