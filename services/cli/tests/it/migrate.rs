//! `baohan migrate`: creates what is missing, and nothing twice.

use crate::desk::Desk;
use testkit::fresh_database;

#[tokio::test]
async fn an_empty_database_is_migrated_once() {
    let database = fresh_database().await;
    let desk = Desk::new().with("GATEWAY_POSTGRES_URL", &database.url);
    let first = desk.done(&["migrate"]);
    assert!(first.contains("migrated: aggregates, messages, records"), "{first}");
    let second = desk.done(&["migrate", "--json"]);
    assert!(second.contains(r#""state": "current""#) && second.contains(r#""applied": []"#), "{second}");
}

#[test]
fn without_a_database_it_says_what_to_look_at() {
    let told = Desk::new().refused(&["migrate"]);
    assert!(told.contains("PostgreSQL is unavailable") && told.contains("[postgres] url"), "{told}");
    let desk = Desk::new();
    desk.write("postgres.toml", "");
    let told = desk.refused(&["migrate"]);
    assert!(told.contains("postgres: is missing") && told.contains("GATEWAY_POSTGRES_URL"), "{told}");
}
