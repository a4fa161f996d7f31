//! The backing services of a run: those named in the environment, or a private stack that may be broken at will.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// RabbitMQ, Redis and PostgreSQL by their addresses; a private stack ends when dropped.
#[derive(Debug)]
pub struct Stack {
    folder: Option<PathBuf>,
    addresses: BTreeMap<String, String>,
}

impl Stack {
    /// The services that `scripts/services run` named in the environment.
    #[must_use]
    pub fn of_environment() -> Self {
        let named = std::env::vars().filter(|(name, _)| name.starts_with("GATEWAY_"));
        Self { folder: None, addresses: named.collect() }
    }

    /// Starts a private stack under `target/stacks/<name>`.
    ///
    /// # Errors
    /// If it does not start; the script has said why.
    pub fn up(name: &str) -> io::Result<Self> {
        let folder = root().join("target/stacks").join(format!("{name}-{}", std::process::id()));
        let mut stack = Self { folder: Some(folder), addresses: BTreeMap::new() };
        // Should this process be killed, its services end with it.
        stack.script(&["up", "--owner", &std::process::id().to_string()])?;
        let said = stack.script(&["env"])?;
        let pairs = said.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        let plain = |value: &str| value.replace('\\', "").trim_matches('\'').to_owned();
        stack.addresses = pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect();
        Ok(stack)
    }

    /// The address under this name, for example `GATEWAY_POSTGRES_URL`; empty if there is none.
    #[must_use]
    pub fn address(&self, name: &str) -> &str {
        self.addresses.get(name).map_or("", String::as_str)
    }

    /// All addresses, for the environment of a process.
    #[must_use]
    pub const fn addresses(&self) -> &BTreeMap<String, String> {
        &self.addresses
    }

    /// The same services, but another database.
    #[must_use]
    pub fn with_database(mut self, url: &str) -> Self {
        self.addresses.insert("GATEWAY_POSTGRES_URL".to_owned(), url.to_owned());
        self
    }

    /// Breaks or mends one service: `kill` (SIGKILL), `stop`, `start`, `restart` of `rabbitmq`, `redis` or `postgres`.
    ///
    /// # Errors
    /// If the script fails, or the services are not ours to break.
    pub fn order(&self, verb: &str, service: &str) -> io::Result<()> {
        self.script(&[verb, service]).map(drop)
    }

    fn script(&self, arguments: &[&str]) -> io::Result<String> {
        let Some(folder) = &self.folder else {
            return Err(io::Error::other("these services are not ours to break"));
        };
        let mut command = Command::new(root().join("scripts/services"));
        // A private stack is private also inside `scripts/services run`, whose names would make it share that one's.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GATEWAY_")) {
            command.env_remove(name);
        }
        let output = command.args(arguments).arg("--dir").arg(folder).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(format!("scripts/services {}: {complaint}", arguments.join(" "))))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        if self.folder.is_some()
            && let Err(error) = self.script(&["down"])
        {
            eprintln!("{error}");
        }
    }
}
