//! One trace for each order and case: whatever happens to it later is told in the trace of the request that began it.

use crate::database::fresh;
use crate::samples::{at, key, order, origin};
use domain::{Notice, NoticeHead, Order, OrderRejected, Reply};
use messages::{Attempt, AttemptOutcome, Replay};
use std::collections::BTreeMap;
use store::{CAUSE, MessageKey, Store, Work};

const OPERATOR: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn rejected(order: &Order) -> Notice {
    Notice::OrderRejected(OrderRejected {
        head: NoticeHead::of_order(order, at(1)),
        reason: "不在服务范围".to_owned(),
    })
}

async fn placed(store: &Store, key: MessageKey) -> Order {
    let order = order("demo", "1");
    let mut work = store.work(key);
    work.save(&order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    order
}

async fn decided(mut work: Work, order: &Order) {
    let mut order = work.any_order(&order.no).await.expect("answers").expect("there");
    order.version += 1;
    work.save(&order).expect("serialises");
    work.notify(&origin("demo"), rejected(&order)).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
}

/// The headers of the only message, which is then gone.
async fn sent(store: &Store) -> BTreeMap<String, String> {
    let batch = store.outbox_batch(10).await.expect("answers");
    assert_eq!(batch.rows.len(), 1, "{batch:?}");
    let (id, headers) = (batch.rows[0].id, batch.rows[0].headers.clone());
    batch.done(&[id]).await.expect("commits");
    headers
}

#[tokio::test]
async fn a_decision_hours_later_is_told_in_the_trace_of_the_application() {
    let (store, _, _database) = fresh().await;
    let application = key("A1", "content");
    let order = placed(&store, application.clone()).await;
    let mut work = store.work(MessageKey { trace: OPERATOR.to_owned(), ..key("decide:A1", "content") });
    assert_eq!(work.others(), [""; 0]);
    work.any_order(&order.no).await.expect("answers").expect("there");
    assert_eq!(work.others(), std::slice::from_ref(&application.trace), "what the handling is linked with");
    decided(work, &order).await;
    let headers = sent(&store).await;
    assert_eq!(
        (headers["traceparent"].as_str(), headers[CAUSE].as_str()),
        (application.trace.as_str(), OPERATOR)
    );
    told_again(&store, &order, &application.trace).await;
}

/// By the sweeper, and by an operator: in the same trace, without another cause.
async fn told_again(store: &Store, order: &Order, trace: &str) {
    assert_eq!(store.sweep_overdue(at(10_000), 600, 10).await.expect("answers"), 1);
    let swept = sent(store).await;
    assert_eq!((swept["traceparent"].as_str(), swept.get(CAUSE)), (trace, None));
    let id = rejected(&Order { version: order.version + 1, ..order.clone() }).callback_id();
    let refused = Attempt {
        callback_id: id.clone(),
        origin: origin("demo"),
        interface: "feedback".to_owned(),
        number: 1,
        cycle: 0,
        at: at(2),
        duration_ms: 1,
        status: 200,
        outcome: AttemptOutcome::Refused,
        why: String::new(),
    };
    store.record_attempts(&[refused]).await.expect("records");
    let replay = Replay { callback_ids: vec![id], by: "someone".to_owned() };
    assert_eq!(store.replay_callbacks(&replay, at(3)).await.expect("answers").ids.len(), 1);
    assert_eq!(sent(store).await["traceparent"], trace);
}

#[tokio::test]
async fn an_order_from_before_traces_were_kept_is_told_in_the_trace_of_the_decision() {
    let (store, behind, _database) = fresh().await;
    let order = placed(&store, key("A1", "content")).await;
    sqlx::query("update orders set trace = ''")
        .execute(&behind)
        .await
        .expect("as an earlier version left it");
    let work = store.work(MessageKey { trace: OPERATOR.to_owned(), ..key("decide:A1", "content") });
    decided(work, &order).await;
    let headers = sent(&store).await;
    assert_eq!((headers["traceparent"].as_str(), headers.get(CAUSE)), (OPERATOR, None));
}
