//! A database of its own for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor, Row};

use crate::services::given;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An empty database; dropped when this is, or by the next run that finds its process gone.
#[derive(Debug)]
pub struct FreshDatabase {
    /// Its address.
    pub url: String,
    name: String,
    server: String,
}

/// Creates an empty database on the server of this test run.
///
/// # Panics
/// When there is no server, or it refuses.
pub async fn fresh_database() -> FreshDatabase {
    let server = given("GATEWAY_POSTGRES_URL");
    let mut connection = PgConnection::connect(&server).await.expect("PostgreSQL");
    remove_orphans(&mut connection).await;
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    drop_database(&mut connection, &name).await;
    let statement = format!("create database {name}");
    connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("create database");
    let (node, _) = server.rsplit_once('/').expect("an address with a database");
    FreshDatabase { url: format!("{node}/{name}"), name, server }
}

impl FreshDatabase {
    /// Runs statements behind the back of whoever uses the database: what somebody with every right could do.
    ///
    /// # Panics
    /// When a statement fails.
    pub async fn execute(&self, statements: &str) {
        let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL");
        let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned()));
        connection.execute(statements).await.expect("the statements run");
    }
}

/// What a killed test left behind: a database named after a process that is no more.
async fn remove_orphans(connection: &mut PgConnection) {
    let query = r"select datname from pg_database where datname ~ '^test_\d+_\d+$'";
    let rows = connection.fetch_all(query).await.expect("names of databases");
    for name in rows.iter().map(|row| row.get::<String, _>(0)) {
        let owner = name.split('_').nth(1).unwrap_or_default();
        if !std::path::Path::new("/proc").join(owner).exists() {
            drop_database(connection, &name).await;
        }
    }
}

async fn drop_database(connection: &mut PgConnection, name: &str) {
    // Two runs may clean up at the same moment; the loser's error is the winner's success.
    let _ =
        connection.execute(sqlx::AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await;
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own on a thread of its own: a test's runtime may already be on its way out.
        let dropping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = PgConnection::connect(&server).await {
                    drop_database(&mut connection, &name).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
