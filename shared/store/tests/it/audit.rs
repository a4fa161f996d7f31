//! What operators did is a chain in the order of the commits, and no change to it goes unnoticed.

use crate::database::{count, fresh};
use crate::samples::at;
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use store::{AuditFilter, Store};

async fn told(store: &Store, from: i64, to: i64) {
    for number in from..to {
        let detail = json!({ "n": number, "say": "审核通过 “ok”", "amount": 20000.00 });
        store
            .audited(at(number), "wang", "decide_order", &format!("A{number}"), &detail)
            .await
            .expect("audited");
    }
}

/// As somebody with every right over the database would do it.
async fn meddled(pool: &PgPool, sql: &str) {
    let sql = format!("alter table audit disable trigger all; {sql}; alter table audit enable trigger all");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.expect("meddles");
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_transactions_make_one_chain() {
    let (store, pool, _database) = fresh().await;
    let began = std::time::Instant::now();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move { told(&store, writer * 25, writer * 25 + 25).await })
        })
        .collect();
    for writer in writers {
        writer.await.expect("ends");
    }
    println!("200 entries by 8 writers at once: {:?}", began.elapsed());
    let found = store.verify_audit(None).await.expect("verifies");
    assert_eq!((found.entries, found.broken, found.knows), (200, None, None));
    assert_eq!(found.head.len(), 64);
    assert_eq!(count(&pool, "select max(seq) - min(seq) + 1 from audit").await, 200);
}

#[tokio::test]
async fn an_entry_cannot_be_changed_deleted_or_emptied_away() {
    let (store, pool, _database) = fresh().await;
    told(&store, 0, 3).await;
    for sql in ["update audit set who = 'li'", "delete from audit", "truncate audit"] {
        let refused = sqlx::query(sql).execute(&pool).await.expect_err(sql);
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
    assert_eq!(store.verify_audit(None).await.expect("verifies").entries, 3);
}

#[tokio::test]
async fn whatever_is_done_behind_its_back_shows_and_where() {
    for (sql, place, what) in [
        ("update audit set who = 'li' where seq = 4", 4, "it was changed"),
        ("update audit set detail = '{\"n\":9}' where seq = 2", 2, "it was changed"),
        ("update audit set at = at + interval '1 microsecond' where seq = 1", 1, "it was changed"),
        ("delete from audit where seq = 3", 4, "an entry is missing before it"),
        ("delete from audit where seq = 1", 2, "an entry is missing before it"),
        (
            "delete from audit where seq = 3; update audit set seq = seq - 1 where seq > 3",
            3,
            "it does not follow on the entry before",
        ),
        (
            "update audit set who = 'li', hash = audit_digest(prev, seq, at, 'li', action, subject, detail) where seq = 2",
            3,
            "it does not follow on the entry before",
        ),
    ] {
        let (store, pool, _database) = fresh().await;
        told(&store, 0, 6).await;
        meddled(&pool, sql).await;
        let found = store.verify_audit(None).await.expect("verifies");
        assert_eq!(found.broken, Some((place, what)), "{sql}");
        assert_eq!(found.entries, place - if what.contains("missing") { 2 } else { 1 }, "{sql}");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_shows_to_whoever_noted_the_head() {
    let (store, pool, _database) = fresh().await;
    told(&store, 0, 5).await;
    let head = store.verify_audit(None).await.expect("verifies").head;
    told(&store, 5, 8).await;
    assert_eq!(store.verify_audit(Some(&head)).await.expect("verifies").knows, Some(true));
    meddled(&pool, "delete from audit where seq > 4").await;
    let found = store.verify_audit(Some(&head)).await.expect("verifies");
    assert_eq!((found.entries, found.broken, found.knows), (4, None, Some(false)));
}

#[tokio::test]
async fn entries_are_listed_newest_first_by_person_and_subject() {
    let (store, _pool, _database) = fresh().await;
    told(&store, 0, 4).await;
    store.audited(at(9), "li", "inquire", "A2", &json!({})).await.expect("audited");
    let listed = |who: Option<&str>, subject: Option<&str>| {
        let (who, subject) = (who.map(str::to_owned), subject.map(str::to_owned));
        let filter = AuditFilter { who, subject, since: None, limit: 10 };
        let store = store.clone();
        async move {
            let rows = store.audit_list(&filter).await.expect("lists");
            rows.iter().map(|row| (row.seq, row.digest() == row.hash)).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed(None, None).await, [(5, true), (4, true), (3, true), (2, true), (1, true)]);
    assert_eq!(listed(Some("li"), None).await, [(5, true)]);
    assert_eq!(listed(None, Some("A2")).await, [(5, true), (3, true)]);
}
