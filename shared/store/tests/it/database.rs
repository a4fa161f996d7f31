//! A fresh, migrated database for each test.

use std::sync::atomic::{AtomicU32, Ordering};
use store::{Store, StoreSettings};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The server, from the environment of `scripts/services run`.
#[expect(clippy::disallowed_methods, reason = "the stack of the test run is named by the environment")]
pub(crate) fn server() -> String {
    std::env::var("GATEWAY_POSTGRES_URL").expect("run through: scripts/services run -- cargo nextest run")
}

/// Settings of an empty database of its own.
pub(crate) async fn empty() -> StoreSettings {
    let server = server();
    let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (address, _) = server.rsplit_once('/').expect("a database in the address");
    let admin = sqlx::PgPool::connect(&server).await.expect("PostgreSQL answers");
    for sql in [format!("drop database if exists {name}"), format!("create database {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("may create databases");
    }
    admin.close().await;
    let mut settings = StoreSettings::new(&format!("{address}/{name}"), "test");
    settings.connections = 8;
    settings
}

/// A store with the schema in place, and a plain pool to look behind it.
pub(crate) async fn fresh() -> (Store, sqlx::PgPool) {
    let settings = empty().await;
    let store = Store::connect(&settings).expect("settings");
    store.migrate().await.expect("migrates");
    (store, sqlx::PgPool::connect(&settings.url).await.expect("connects"))
}

/// The number a query counts.
pub(crate) async fn count(pool: &sqlx::PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.expect("counts")
}
