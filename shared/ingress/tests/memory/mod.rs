//! A Redis of one test's own, to be emptied and killed at will.
#![allow(unreachable_pub, reason = "modules of test suites")]

use replies::Replies;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long one answer of Redis may take in these tests: the machine is busy.
const PATIENCE: Duration = Duration::from_secs(2);

pub struct Redis {
    port: u16,
    server: Child,
}

impl Redis {
    pub async fn start() -> Self {
        let port = testkit::free_port();
        let redis = Self { port, server: serve(port) };
        redis.ready().await;
        redis
    }

    /// A connection with a memory of its own of how Redis is.
    pub fn replies(&self) -> Replies {
        Replies::connect(&format!("redis://127.0.0.1:{}/", self.port), PATIENCE).expect("an address")
    }

    /// As `worker-callback` does once it has filled Redis from the database.
    pub async fn complete(&self) -> Replies {
        let replies = self.replies();
        replies.mark_complete().await.expect("Redis takes the mark");
        replies
    }

    pub fn flush(&self) {
        let port = self.port.to_string();
        let done = Command::new("redis-cli").args(["-p", &port, "FLUSHALL"]).output().expect("redis-cli");
        assert!(String::from_utf8_lossy(&done.stdout).contains("OK"));
    }

    pub fn kill(&mut self) {
        self.server.kill().expect("it runs");
        self.server.wait().expect("it ended");
    }

    async fn ready(&self) {
        let replies = self.replies();
        testkit::eventually(Duration::from_secs(20), "Redis answers", || async {
            replies.probe().await.then_some(())
        })
        .await;
    }
}

fn serve(port: u16) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server")
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = (self.server.kill(), self.server.wait());
    }
}
