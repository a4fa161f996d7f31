//! The world of one journey: backing services, processes, and a look into the database.

use crate::silence;
use crypto::keyring::{Keyring, Place};
use crypto::secret::Secret;
use domain::Order;
use gateway_tests::gateway::{Gateway, services_for};
use gateway_tests::settings::{AT_REST_KEY, DOCUMENTS_KEY, PartnerFile, Rules, Setup};
use gateway_tests::stack::Stack;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// A bound, not a measure: when a journey gives up on a slow machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Decides by rules, takes no real payment.
pub(crate) const BY_ITSELF: Rules =
    Rules { mode: "auto", payment: "simulated", schedule: "[1, 1, 1, 1, 1]", concurrency: 16 };
/// Waits for an operator.
pub(crate) const BY_OPERATOR: Rules =
    Rules { mode: "manual", payment: "operator", schedule: "[1, 1, 1, 1, 1]", concurrency: 16 };

/// Processes first: they go before the services they use.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) stack: Stack,
    services: Vec<&'static str>,
    folder: PathBuf,
}

impl World {
    pub(crate) fn start(name: &str, partners: &[PartnerFile]) -> Self {
        Self::start_with(name, partners, &Setup::default())
    }

    pub(crate) fn start_with(name: &str, partners: &[PartnerFile], setup: &Setup) -> Self {
        tokio::task::block_in_place(|| {
            let stack = Stack::up(name).expect("backing services");
            let target =
                Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join("target");
            let folder = target.join(format!("journey-{name}-{}", std::process::id()));
            let services = services_for(partners);
            let mut gateway =
                Gateway::prepare(&folder, &stack, setup, partners, &services).expect("settings and ports");
            gateway.migrate().expect("a database");
            gateway.start_all().expect("a running gateway");
            Self { gateway, stack, services, folder }
        })
    }

    pub(crate) fn baohan(&self, arguments: &[&str]) -> String {
        self.gateway.baohan(arguments).expect("an order of the operator that is carried out")
    }

    pub(crate) async fn database(&self) -> PgConnection {
        PgConnection::connect(self.stack.address("GATEWAY_POSTGRES_URL")).await.expect("PostgreSQL")
    }

    /// A number; the statement may have one parameter.
    pub(crate) async fn count(&self, sql: &'static str, about: &str) -> i64 {
        let mut database = self.database().await;
        sqlx::query_scalar(sql).bind(about).fetch_one(&mut database).await.expect("a count")
    }

    /// A text; the statement may have one parameter.
    pub(crate) async fn text(&self, sql: &'static str, about: &str) -> String {
        let mut database = self.database().await;
        sqlx::query_scalar(sql).bind(about).fetch_one(&mut database).await.expect("one row")
    }

    /// What the gateway holds of one row, by a statement `select body from TABLE where …`: sealed there, opened here.
    pub(crate) async fn body<T: DeserializeOwned>(&self, sql: &'static str, about: &str) -> T {
        let table = sql.split(' ').nth(3).expect("select body from TABLE");
        let sql = AssertSqlSafe(sql.replacen("select body", "select no, body", 1));
        let mut database = self.database().await;
        let (no, body): (String, Value) =
            sqlx::query_as(sql).bind(about).fetch_one(&mut database).await.expect("one row");
        serde_json::from_value(self.opened(table, &no, &body)).expect("what the domain says it is")
    }

    /// What the body of a row says; it must be sealed, and for this row.
    pub(crate) fn opened(&self, table: &str, no: &str, body: &Value) -> Value {
        let sealed = body.as_str().expect("a sealed body");
        let plain = ring(AT_REST_KEY).open(Place { table, row: no }, sealed.as_bytes());
        serde_json::from_slice(&plain.expect("sealed for its row")).expect("JSON")
    }

    /// A document that the gateway keeps; it must be sealed, and under its name.
    pub(crate) fn document(&self, sha256: &str) -> Vec<u8> {
        let file = self.gateway.folder().join("documents").join(&sha256[..2]).join(sha256);
        let sealed = fs::read(file).unwrap_or_else(|error| panic!("{sha256} is not kept: {error}"));
        let plain = ring(DOCUMENTS_KEY).open(Place { table: "document", row: sha256 }, &sealed);
        plain.expect("sealed for its name").to_vec()
    }

    pub(crate) async fn order(&self, accept_no: &str) -> Order {
        self.body("select body from orders where no = $1", accept_no).await
    }

    /// Waits until the statement counts so many.
    pub(crate) async fn until(&self, sql: &'static str, about: &str, expected: i64) {
        let until = Instant::now() + PATIENCE;
        loop {
            let count = self.count(sql, about).await;
            if count == expected {
                return;
            }
            assert!(Instant::now() < until, "{sql} ({about}): {count}, expected {expected}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Of one dummy.
fn ring(key: &str) -> Keyring {
    Keyring::new("test-1", [("test-1", &Secret::new(key))]).expect("a ring")
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("settings and logs are in {}", self.folder.display());
            return;
        }
        tokio::task::block_in_place(|| {
            Handle::current().block_on(silence::nothing_private_shows(self, &self.services));
        });
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{}: {error}", self.folder.display());
        }
    }
}
