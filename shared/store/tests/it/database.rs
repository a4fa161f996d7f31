//! A fresh, migrated database for each test.

use crypto::keyring::Keyring;
use crypto::secret::Secret;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Sealing, Store, StoreSettings};
use testkit::{FreshDatabase, fresh_database};

/// Two dummy keys, one of which seals. Nonces are counted: no two are alike, which is what a test needs of them.
pub(crate) fn sealing(current: &str) -> Sealing {
    static NONCES: AtomicU64 = AtomicU64::new(0);
    let (november, december) = (Secret::new("11".repeat(32)), Secret::new("22".repeat(32)));
    let ring = Keyring::new(current, [("2026-11", &november), ("2026-12", &december)]).expect("a ring");
    Sealing::new(ring, || {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&NONCES.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        nonce
    })
}

/// Settings of an empty database of its own, which lives as long as the second value.
pub(crate) async fn empty() -> (StoreSettings, FreshDatabase) {
    let database = fresh_database().await;
    let mut settings = StoreSettings::new(&database.url, "test");
    settings.connections = 8;
    settings.sealing = Some(sealing("2026-11"));
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
