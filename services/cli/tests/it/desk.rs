//! An operator's desk: a folder with settings, and the program at hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Settings without a mistake; `HERE` stands for the folder.
pub(crate) const GATEWAY: &str = r#"[institution]
name = "示范担保有限公司"
short_name = "示范担保"
credit_code = "91310110666007217T"

[broker]
url = "env:GATEWAY_AMQP_URL"

[partners]
folder = "HERE/partners"
"#;

/// The database and the keys of what is kept there.
const POSTGRES: &str = r#"[postgres]
url = "env:GATEWAY_POSTGRES_URL"

[keys]
current = "test-1"

[keys.ring]
test-1 = "file:HERE/at-rest.key"
"#;

/// Base64 of a dummy of 32 bytes.
pub(crate) const AT_REST_KEY: &str = "ZHVtbXktYXQtcmVzdC1rZXktb2YtdGhpcy10ZXN0LTE=";

/// A partner without a mistake.
pub(crate) const PARTNER: &str = r#"id = "finserv-demo"
protocol = "finserv"
title = "示范平台"
base_url = "http://127.0.0.1:8090/callback"

[policy]
orders = "auto"
rate_card = { rate = "0.005" }

[settings]
access_key = "dummy"
secret_key = "file:HERE/dummy.key"
iv = "file:HERE/dummy.iv"
merchant_name = "示范担保"
"#;

/// A folder of its own for one test.
pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    /// Good settings and one good partner; nothing runs.
    pub(crate) fn new() -> Self {
        let name = format!("desk-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(folder.join("partners")).unwrap();
        let desk = Self { folder, environment: Vec::new() };
        desk.write("gateway.toml", GATEWAY);
        desk.write("postgres.toml", POSTGRES);
        desk.write("at-rest.key", AT_REST_KEY);
        desk.write("partners/finserv-demo.toml", PARTNER);
        desk.write("dummy.key", "0123456789abcdef\n");
        desk.write("dummy.iv", "fedcba9876543210\n");
        desk.with("GATEWAY_AMQP_URL", "amqp://nobody:nothing@127.0.0.1:1/gw")
            .with("GATEWAY_POSTGRES_URL", "postgres://nobody@127.0.0.1:1/none")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let text = text.replace("HERE", &self.folder.display().to_string());
        std::fs::write(self.folder.join(file), text).unwrap();
    }

    /// Runs the program with both settings files.
    pub(crate) fn baohan(&self, arguments: &[&str]) -> Said {
        let files = ["gateway.toml", "postgres.toml"].map(|file| self.folder.join(file));
        let list = std::env::join_paths(files).unwrap();
        run(Command::new(env!("CARGO_BIN_EXE_baohan"))
            .env_clear()
            .env("GATEWAY_CONFIG", list)
            .env("USER", "wang")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .args(arguments))
    }

    /// What it printed, having exited with 0.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let said = self.baohan(arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said.out
    }

    /// What it complained about, having exited with 1.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let said = self.baohan(arguments);
        assert_eq!(said.code, Some(1), "{arguments:?}: {said:?}");
        said.out + &said.err
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn run(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}
