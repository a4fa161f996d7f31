//! Nothing that must go out is lost, doubled in the table, or overtaken by a later message about the same order.

use crate::database::{count, fresh};
use crate::samples::{at, key, number, origin};
use domain::{Command, ConfirmPayment, Money, Reply};
use messages::Envelope;
use store::{Batch, Store};

/// A unit that sends so many messages about an order.
async fn send(store: &Store, business_no: &str, ids: &[&str]) {
    let no = number("demo", business_no);
    let mut work = store.work(key(&format!("{business_no}:{ids:?}"), "content"));
    for id in ids {
        let payment = ConfirmPayment {
            no: no.clone(),
            amount: Money::ZERO,
            paid_at: at(0),
            reference: String::new(),
            by: "gateway".to_owned(),
            payer: None,
        };
        let command = Command::ConfirmPayment(payment);
        let mut envelope =
            Envelope::command(no.clone(), origin("demo"), "gateway", String::new(), at(0), command);
        envelope.id = (*id).to_owned();
        work.tell(&no, &envelope).expect("serialises");
    }
    work.commit(&Reply::Accepted { no }).await.expect("commits");
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch.rows.iter().map(|row| row.message_id.as_str()).collect()
}

fn rows(batch: &Batch) -> Vec<i64> {
    batch.rows.iter().map(|row| row.id).collect()
}

/// The next batch that holds something; the server needs a moment to notice that a relay is gone.
async fn next(store: &Store) -> Batch {
    for _ in 0..500 {
        let batch = store.outbox_batch(10).await.expect("answers");
        if !batch.rows.is_empty() {
            return batch;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing comes");
}

#[tokio::test]
async fn messages_of_one_order_go_one_after_the_other_also_between_two_relays() {
    let (store, _, _database) = fresh().await;
    send(&store, "a", &["a1", "a2", "a3"]).await;
    send(&store, "b", &["b1"]).await;
    let first = store.outbox_batch(10).await.expect("answers");
    assert_eq!(ids(&first), ["a1", "b1"]);
    let other = store.outbox_batch(10).await.expect("answers");
    assert!(ids(&other).is_empty(), "a2 waits for a1, b1 is locked");
    other.done(&[]).await.expect("rolls back");
    let confirmed = rows(&first);
    first.done(&confirmed).await.expect("commits");
    let second = store.outbox_batch(10).await.expect("answers");
    assert_eq!(ids(&second), ["a2"]);
    send(&store, "c", &["c1"]).await;
    let other = store.outbox_batch(10).await.expect("answers");
    assert_eq!(ids(&other), ["c1"], "what is locked is skipped, not waited for");
}

#[tokio::test]
async fn a_relay_that_dies_between_confirm_and_delete_publishes_the_same_id_again() {
    let (store, behind, _database) = fresh().await;
    send(&store, "a", &["a1"]).await;
    let dies = store.outbox_batch(10).await.expect("answers");
    let published = dies.rows[0].payload.clone();
    drop(dies);
    let again = next(&store).await;
    assert_eq!(ids(&again), ["a1"]);
    assert_eq!(again.rows[0].payload, published);
    assert_eq!(again.rows[0].headers["traceparent"], key("", "").trace);
    let confirmed = rows(&again);
    again.done(&confirmed).await.expect("commits");
    assert_eq!(count(&behind, "select count(*) from outbox").await, 0);
    assert_eq!(store.oldest_unsent().await.expect("answers"), None);
}

#[tokio::test]
async fn what_was_not_confirmed_stays() {
    let (store, _, _database) = fresh().await;
    send(&store, "a", &["a1"]).await;
    send(&store, "b", &["b1"]).await;
    let batch = store.outbox_batch(10).await.expect("answers");
    let confirmed = batch.rows[0].id;
    batch.done(&[confirmed]).await.expect("commits");
    assert_eq!(ids(&store.outbox_batch(10).await.expect("answers")), ["b1"]);
    assert_eq!(store.oldest_unsent().await.expect("answers"), Some(at(1)));
}

#[tokio::test]
async fn several_relays_drain_many_orders_each_in_its_order_and_each_message_once() {
    let (store, _, _database) = fresh().await;
    for order in 0..20 {
        let names: Vec<String> = (0..5).map(|n| format!("{order:02}-{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        send(&store, &format!("o{order}"), &names).await;
    }
    let log = std::sync::Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let relays = (0..4).map(|_| {
        let (store, log) = (store.clone(), log.clone());
        tokio::spawn(async move {
            // Empty only means that others hold what is left: the count ends it.
            while store.unsent().await.expect("answers") > 0 {
                let batch = store.outbox_batch(7).await.expect("answers");
                log.lock().await.extend(ids(&batch).iter().map(|id| (*id).to_owned()));
                let confirmed = rows(&batch);
                batch.done(&confirmed).await.expect("commits");
            }
        })
    });
    for relay in relays.collect::<Vec<_>>() {
        relay.await.expect("no panic");
    }
    let log = log.lock().await;
    assert_eq!(log.len(), 100);
    for order in 0..20 {
        let prefix = format!("{order:02}-");
        let seen: Vec<&String> = log.iter().filter(|id| id.starts_with(&prefix)).collect();
        assert!(seen.is_sorted() && seen.len() == 5, "{seen:?}");
    }
}
