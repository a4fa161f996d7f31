//! A broker that one test may kill without hurting another.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services");
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A RabbitMQ of this test's own, ended and removed when dropped or when the test's process is gone.
#[derive(Debug)]
pub struct PrivateBroker {
    dir: PathBuf,
    env: HashMap<String, String>,
}

impl PrivateBroker {
    /// Starts one; takes several seconds.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let pid = std::process::id().to_string();
        let target = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/stacks");
        let dir = PathBuf::from(target).join(format!("broker-{pid}-{number}"));
        let mut broker = Self { dir, env: HashMap::new() };
        broker.script(&["up", "--owner", &pid]);
        let lines = broker.script(&["env"]);
        broker.env = lines
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.replace('\\', "")))
            .collect();
        broker
    }

    /// The address for a user: `ingress`, `worker`, `egress`, `operator`.
    ///
    /// # Panics
    /// For any other user.
    #[must_use]
    pub fn url(&self, user: &str) -> String {
        self.env[&format!("GATEWAY_AMQP_{}_URL", user.to_uppercase())].clone()
    }

    /// The administrator's address.
    #[must_use]
    pub fn admin(&self) -> String {
        self.env["GATEWAY_AMQP_URL"].clone()
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.script(&["kill", "rabbitmq"]);
    }

    /// Starts it again on the same data and ports.
    pub fn revive(&self) {
        self.script(&["start", "rabbitmq"]);
    }

    /// An orderly restart.
    pub fn restart(&self) {
        self.script(&["restart", "rabbitmq"]);
    }

    /// Its command line tool, `rabbitmqctl`.
    pub fn ctl(&self, arguments: &[&str]) -> String {
        self.script(&[&["ctl"], arguments].concat())
    }

    fn script(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("bash");
        command.arg(SCRIPT).args(arguments).arg("--dir").arg(&self.dir).stdin(Stdio::null());
        // Of the three services only the broker is wanted here, and not the one of the test run.
        command
            .env("GATEWAY_REDIS_URL", "none")
            .env("GATEWAY_POSTGRES_URL", "none")
            .env_remove("GATEWAY_AMQP_URL");
        for role in ["INGRESS", "WORKER", "EGRESS", "FILES", "OPERATOR"] {
            command.env_remove(format!("GATEWAY_AMQP_{role}_URL"));
        }
        let output = command.output().expect("scripts/services");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "scripts/services {arguments:?}: {told}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for PrivateBroker {
    fn drop(&mut self) {
        let _ = Command::new("bash").arg(SCRIPT).arg("down").arg("--dir").arg(&self.dir).output();
    }
}
