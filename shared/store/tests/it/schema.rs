//! The schema is carried by the binary and compared before anything else.

use crate::database::{empty, fresh};
use std::time::Duration;
use store::{SchemaState, Store, StoreError, StoreSettings};

#[tokio::test]
async fn an_empty_database_is_behind_until_migrated_and_migrating_again_changes_nothing() {
    let (settings, _database) = empty().await;
    let store = Store::connect(&settings).expect("settings");
    let SchemaState::Behind(missing) = store.check_schema().await.expect("answers") else {
        panic!("not behind")
    };
    let titles = [
        "aggregates",
        "messages",
        "records",
        "credit, editions, tasks",
        "sealed at rest",
        "documents of cases",
        "rejected",
        "audit chain",
        "traces",
        "months",
    ];
    assert_eq!(missing, titles);
    let (one, two) = tokio::join!(store.migrate(), store.migrate());
    one.and(two).expect("both migrate");
    assert_eq!(store.check_schema().await.expect("answers"), SchemaState::Current);
}

#[tokio::test]
async fn a_migration_with_other_text_is_noticed_and_a_newer_schema_tolerated() {
    let (store, behind, _database) = fresh().await;
    sqlx::query("insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (99, 'new', true, '', 0)")
        .execute(&behind).await.expect("inserts");
    assert_eq!(store.check_schema().await.expect("answers"), SchemaState::Ahead);
    sqlx::query("update _sqlx_migrations set checksum = '\\x00' where version = 2")
        .execute(&behind)
        .await
        .expect("updates");
    assert_eq!(store.check_schema().await.expect("answers"), SchemaState::Differs("messages".to_owned()));
}

#[tokio::test]
async fn a_missing_server_is_unavailable_not_fatal() {
    let mut settings = StoreSettings::new("postgres://nobody:secret@127.0.0.1:1/none", "test");
    settings.patience = Duration::from_millis(200);
    let store = Store::connect(&settings).expect("lazy");
    assert!(!store.is_up().await);
    assert!(matches!(store.check_schema().await, Err(StoreError::Unavailable(_))));
    assert!(!format!("{settings:?}").contains("secret"));
}

#[tokio::test]
async fn a_timeline_cannot_be_rewritten() {
    let (_, behind, _database) = fresh().await;
    let refused =
        sqlx::query("update events set what = 'x'").execute(&behind).await.expect_err("append-only");
    assert!(refused.to_string().contains("append-only"));
}
