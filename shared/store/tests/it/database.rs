//! A fresh, migrated database for each test.

use store::{Store, StoreSettings};
use testkit::{FreshDatabase, fresh_database};

/// Settings of an empty database of its own, which lives as long as the second value.
pub(crate) async fn empty() -> (StoreSettings, FreshDatabase) {
    let database = fresh_database().await;
    let mut settings = StoreSettings::new(&database.url, "test");
    settings.connections = 8;
    (settings, database)
}

/// A store with the schema in place, a plain pool to look behind it, and the database itself.
pub(crate) async fn fresh() -> (Store, sqlx::PgPool, FreshDatabase) {
    let (settings, database) = empty().await;
    let store = Store::connect(&settings).expect("settings");
    store.migrate().await.expect("migrates");
    (store, sqlx::PgPool::connect(&settings.url).await.expect("connects"), database)
}

/// The number a query counts.
pub(crate) async fn count(pool: &sqlx::PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.expect("counts")
}
