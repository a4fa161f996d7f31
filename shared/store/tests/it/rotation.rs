//! Sealing anew under another key: beside writers, from any point, and until nothing needs the old key.

use crate::at_rest::{everything, filled, reads_well, shown};
use crate::database::{fresh, sealing};
use crate::samples::{key, order, partner};
use domain::{Reply, TenderChange, TenderChangeKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Rotation, Store, StoreError, StoreSettings};

fn with_current(url: &str, current: &str) -> Store {
    let mut settings = StoreSettings::new(url, "test");
    settings.connections = 8;
    settings.sealing = Some(sealing(current));
    Store::connect(&settings).expect("settings")
}

async fn to_the_end(store: &Store) -> Rotation {
    let mut rotation = Rotation::default();
    while !rotation.is_over() {
        store.rotate(&mut rotation).await.expect("rotates");
    }
    rotation
}

/// The keys that are needed, and by how many values each.
async fn keys(store: &Store) -> Vec<(Option<String>, i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for used in store.key_uses().await.expect("answers") {
        *sums.entry(used.key).or_insert(0) += used.rows;
    }
    sums.into_iter().collect()
}

#[tokio::test]
async fn after_a_rotation_nothing_needs_the_old_key_or_is_plain() {
    let (store, behind, database) = fresh().await;
    let old = filled(&store, "1").await;
    let plain = Store::connect(&StoreSettings::new(&database.url, "test")).expect("settings");
    let older = filled(&plain, "2").await;
    let before = keys(&store).await;
    assert_eq!(before.len(), 2, "plain and sealed: {before:?}");
    let uses = store.key_uses().await.expect("answers");
    for table in ["events", "attempts"] {
        assert!(uses.iter().any(|used| used.table == table && used.rows > 0), "{table}, whatever its month");
    }
    assert!(before[0].0.is_none() && before[1].0.as_deref() == Some("2026-11"));
    let december = with_current(&database.url, "2026-12");
    let rotation = to_the_end(&december).await;
    let all: i64 = before.iter().map(|(_, rows)| rows).sum();
    assert_eq!((i64::try_from(rotation.sealed).expect("few"), rotation.busy), (all, 0));
    assert_eq!(keys(&december).await, [(Some("2026-12".to_owned()), all)]);
    assert_eq!(shown(&everything(&behind).await), [""; 0]);
    reads_well(&december, &old, "1").await;
    reads_well(&december, &older, "2").await;
    assert_eq!(to_the_end(&december).await.sealed, 0, "a second rotation finds nothing to do");
}

#[tokio::test]
async fn a_rotation_that_was_ended_is_begun_again_and_skips_what_is_done() {
    let (store, behind, database) = fresh().await;
    for number in 0..300 {
        let order = order("demo", &number.to_string());
        let mut work = store.work(key(order.no.as_str(), "content"));
        work.save(&order).expect("serialises");
        work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    }
    let december = with_current(&database.url, "2026-12");
    let mut first = Rotation::default();
    december.rotate(&mut first).await.expect("rotates");
    assert!((1..300).contains(&first.sealed), "a step is bounded: {first:?}");
    let rest = to_the_end(&december).await;
    let left: i64 =
        sqlx::query_scalar("select count(*) from orders where body #>> '{}' not like 'gcm1.2026-12.%'")
            .fetch_one(&behind)
            .await
            .expect("counts");
    assert_eq!(left, 0);
    assert_eq!(first.sealed + rest.sealed, 600, "orders and replies, each once: {first:?} {rest:?}");
}

#[tokio::test]
async fn a_row_that_somebody_holds_is_left_to_a_later_pass() {
    let (store, behind, database) = fresh().await;
    let order = filled(&store, "1").await;
    let mut held = behind.begin().await.expect("begins");
    sqlx::query("select 1 from orders for update").execute(&mut *held).await.expect("locks");
    let december = with_current(&database.url, "2026-12");
    let mut rotation = Rotation::default();
    while rotation.pass == 1 {
        december.rotate(&mut rotation).await.expect("does not wait for the lock");
    }
    assert!(keys(&december).await.contains(&(Some("2026-11".to_owned()), 1)), "the order alone");
    held.rollback().await.expect("ends");
    while !rotation.is_over() {
        december.rotate(&mut rotation).await.expect("rotates");
    }
    assert_eq!(keys(&december).await.len(), 1);
    assert!(december.find_order(&partner("demo"), &order.no).await.expect("answers").is_some());
}

/// Workers change the same orders meanwhile, some of them still under the old key, until the rotation is through.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_beside_writers_loses_no_change() {
    let (store, _behind, database) = fresh().await;
    let orders: Vec<_> = (0..40).map(|number| order("demo", &number.to_string())).collect();
    for order in &orders {
        let mut work = store.work(key(order.no.as_str(), "content"));
        work.save(order).expect("serialises");
        work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    }
    let december = with_current(&database.url, "2026-12");
    let over = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = [store.clone(), december.clone(), december.clone()]
        .into_iter()
        .enumerate()
        .map(|(writer, store)| {
            let (orders, over) = (orders.clone(), over.clone());
            tokio::spawn(async move { write_until(&store, writer, &orders, &over).await })
        })
        .collect();
    let first = to_the_end(&december).await;
    let second = to_the_end(&december).await;
    over.store(true, Ordering::Relaxed);
    let mut written = 0;
    for writer in writers {
        written += writer.await.expect("no panic");
    }
    assert!(first.sealed > 0 && written > 0, "{first:?} {second:?} {written}");
    // The old key was still in use until now; with its writers gone, one more rotation is the last.
    to_the_end(&december).await;
    assert_eq!(keys(&december).await.len(), 1);
    let mut kept = 0;
    for order in &orders {
        let found = december.find_order(&partner("demo"), &order.no).await.expect("answers").expect("there");
        assert_eq!(found.version as usize, found.tender_changes.len() + 1);
        kept += found.tender_changes.len();
    }
    assert_eq!(kept, written, "every change that was committed is there, once");
}

/// Returns how many changes it committed; at least one round over all orders.
async fn write_until(store: &Store, writer: usize, orders: &[domain::Order], over: &AtomicBool) -> usize {
    let change = TenderChange {
        kind: TenderChangeKind::Other,
        opening: None,
        notice_url: String::new(),
        deadline: None,
    };
    let mut done = 0;
    while !over.load(Ordering::Relaxed) || done < orders.len() {
        let no = &orders[(done * 7 + writer) % orders.len()].no;
        let mut work = store.work(key(&format!("{writer}:{done}"), "content"));
        let mut order = work.any_order(no).await.expect("answers").expect("there");
        order.note_tender_change(change.clone());
        work.save(&order).expect("serialises");
        match work.commit(&Reply::Accepted { no: no.clone() }).await {
            Ok(()) => done += 1,
            Err(StoreError::Raced(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    done
}
