//! The same message twice has one effect; another content under its id has none.

use crate::database::{count, fresh};
use crate::samples::{key, number, order, origin};
use domain::{Reply, Subject};
use store::{Event, Recalled, Store, StoreError};

async fn place(store: &Store, business_no: &str) -> Result<(), StoreError> {
    let order = order("demo", business_no);
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(&order)?;
    work.note(&order, Event::plain("order_placed"));
    work.commit(&Reply::Accepted { no: order.no.clone() }).await
}

#[tokio::test]
async fn a_repeat_gets_the_stored_reply_and_other_content_is_a_conflict() {
    let (store, _, _database) = fresh().await;
    let no = number("demo", "1");
    let mine = key(no.as_str(), "content");
    assert_eq!(store.recall(&mine, None).await.expect("answers"), Recalled::New);
    place(&store, "1").await.expect("commits");
    let accepted = Recalled::Repeated(Reply::Accepted { no: no.clone() });
    assert_eq!(store.recall(&mine, None).await.expect("answers"), accepted);
    let other = key(no.as_str(), "other");
    let conflict = Recalled::Conflict("content".to_owned());
    assert_eq!(store.recall(&other, None).await.expect("answers"), conflict);
}

#[tokio::test]
async fn an_order_recognises_its_message_after_the_inbox_was_pruned() {
    let (store, behind, _database) = fresh().await;
    place(&store, "1").await.expect("commits");
    sqlx::query("delete from inbox").execute(&behind).await.expect("deletes");
    let no = number("demo", "1");
    let created = Some((Subject::Order, &no));
    let known = store.recall(&key(no.as_str(), "content"), created).await.expect("answers");
    assert_eq!(known, Recalled::Repeated(Reply::Accepted { no: no.clone() }));
    let other = store.recall(&key(no.as_str(), "other"), created).await.expect("answers");
    assert_eq!(other, Recalled::Conflict("content".to_owned()));
}

#[tokio::test]
async fn of_many_workers_with_the_same_message_exactly_one_commits() {
    let (store, behind, _database) = fresh().await;
    let tries = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { place(&store, "1").await })
    });
    let mut committed = 0;
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.expect("no panic") {
            Ok(()) => committed += 1,
            Err(error) => assert!(matches!(error, StoreError::Raced(_)), "{error}"),
        }
    }
    assert_eq!(committed, 1);
    assert_eq!(count(&behind, "select count(*) from events").await, 1);
}

#[tokio::test]
async fn another_number_for_the_same_business_number_is_taken() {
    let (store, _, _database) = fresh().await;
    place(&store, "1").await.expect("commits");
    let mut twin = order("demo", "1");
    twin.no = number("demo", "other");
    let mut work = store.work(key(twin.no.as_str(), "content"));
    work.save(&twin).expect("serialises");
    let refused = work.commit(&Reply::Accepted { no: twin.no }).await;
    assert!(matches!(refused, Err(StoreError::Taken(constraint)) if constraint == "orders_business"));
}

#[tokio::test]
async fn a_conflict_is_one_row_that_counts() {
    let (store, behind, _database) = fresh().await;
    let other = key("A1", "other");
    for _ in 0..3 {
        store.note_conflict(&other, "content", &origin("demo"), "apply_guarantee").await.expect("records");
    }
    assert_eq!(count(&behind, "select count(*) from conflicts").await, 1);
    assert_eq!(count(&behind, "select times::bigint from conflicts").await, 3);
}
