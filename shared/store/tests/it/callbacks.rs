//! What became of a callback: attempts count once, an acknowledgement is final, the overdue goes out again.

use crate::database::{count, fresh};
use crate::samples::{at, key, order, origin, partner};
use domain::{Notice, NoticeHead, Order, OrderRejected, Reply};
use messages::{Attempt, AttemptOutcome, Replay};
use store::{CallbackFilter, CallbackRow, CallbackState, Recorded, Store};

/// An order with one callback, whose message has already gone out; returns the callback's id.
async fn told(store: &Store, business_no: &str) -> (Order, String) {
    let order = order("demo", business_no);
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(&order).expect("serialises");
    let notice = Notice::OrderRejected(OrderRejected {
        head: NoticeHead::of_order(&order, at(1)),
        reason: "不在服务范围".to_owned(),
    });
    let id = notice.callback_id();
    work.notify(&origin("demo"), notice).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    let batch = store.outbox_batch(100).await.expect("answers");
    let confirmed: Vec<i64> = batch.rows.iter().map(|row| row.id).collect();
    batch.done(&confirmed).await.expect("commits");
    (order, id)
}

fn attempt(id: &str, cycle: u32, number: u32, outcome: AttemptOutcome) -> Attempt {
    Attempt {
        callback_id: id.to_owned(),
        origin: origin("demo"),
        interface: "feedback_apply_guarantee_result".to_owned(),
        number,
        cycle,
        at: at(i64::from(number)),
        duration_ms: 12,
        status: 200,
        outcome,
        why: "partner said no".to_owned(),
    }
}

fn failed(id: &str, number: u32) -> Attempt {
    attempt(id, 0, number, AttemptOutcome::Failed { next_due: at(100 * i64::from(number)) })
}

async fn one(store: &Store, order: &Order) -> CallbackRow {
    let filter = CallbackFilter { order: Some(order.no.clone()), limit: 10, ..CallbackFilter::default() };
    store.callbacks(&filter).await.expect("answers").pop().expect("there")
}

#[tokio::test]
async fn a_report_that_comes_twice_counts_once() {
    let (store, behind, _database) = fresh().await;
    let (order, id) = told(&store, "1").await;
    let reports = [failed(&id, 1), failed(&id, 1), failed(&id, 2)];
    assert_eq!(
        store.record_attempts(&reports).await.expect("records"),
        Recorded { new: 2, turned: 1, kept: Vec::new() }
    );
    assert_eq!(store.record_attempts(&reports).await.expect("records").new, 0);
    let row = one(&store, &order).await;
    assert_eq!((row.state.as_str(), row.attempts, row.next_due), ("pending", 2, at(200)));
    assert_eq!(count(&behind, "select count(*) from attempts").await, 2);
}

#[tokio::test]
async fn an_acknowledgement_is_final_and_reports_may_arrive_out_of_order() {
    let (store, _, _database) = fresh().await;
    let (order, id) = told(&store, "1").await;
    let recorded =
        store.record_attempts(&[attempt(&id, 0, 2, AttemptOutcome::Delivered)]).await.expect("records");
    let [promise] = recorded.kept.as_slice() else { panic!("{recorded:?}") };
    assert_eq!((promise.partner.as_str(), promise.event.as_str()), ("demo", "order_rejected"));
    assert_eq!(
        promise.acknowledged_ms - promise.decided_ms,
        1000,
        "told at second 1, acknowledged at second 2"
    );
    store.record_attempts(&[failed(&id, 1)]).await.expect("records");
    store.record_attempts(&[attempt(&id, 0, 3, AttemptOutcome::Exhausted)]).await.expect("records");
    let row = one(&store, &order).await;
    assert_eq!((row.state.as_str(), row.attempts, row.last_error.as_str()), ("delivered", 2, ""));
    assert_eq!(row.delivered_at, Some(at(2)));
}

#[tokio::test]
async fn one_batch_holds_many_callbacks_and_every_outcome() {
    let (store, _, _database) = fresh().await;
    let cases = [
        (AttemptOutcome::Delivered, "delivered"),
        (AttemptOutcome::Failed { next_due: at(9) }, "pending"),
        (AttemptOutcome::Refused, "parked"),
        (AttemptOutcome::Exhausted, "parked"),
        (AttemptOutcome::Unsealable, "parked"),
        (AttemptOutcome::Silent, "silent"),
    ];
    let (mut reports, mut wanted) = (Vec::new(), Vec::new());
    for (place, (outcome, state)) in cases.into_iter().enumerate() {
        let (order, id) = told(&store, &place.to_string()).await;
        reports.push(attempt(&id, 0, 1, outcome));
        wanted.push((order, state));
    }
    let recorded = store.record_attempts(&reports).await.expect("records");
    assert_eq!((recorded.new, recorded.turned), (6, 6));
    for (order, state) in wanted {
        assert_eq!(one(&store, &order).await.state, state);
    }
    let filter = CallbackFilter {
        state: Some(CallbackState::Parked),
        partner: Some(partner("demo")),
        since: Some(at(0)),
        limit: 10,
        ..CallbackFilter::default()
    };
    assert_eq!(store.callbacks(&filter).await.expect("answers").len(), 3);
}

#[tokio::test]
async fn the_overdue_goes_out_again_with_its_id_and_its_count_and_only_once() {
    let (store, _, _database) = fresh().await;
    let (_, id) = told(&store, "1").await;
    store.record_attempts(&[failed(&id, 1)]).await.expect("records");
    assert_eq!(store.sweep_overdue(at(690), 600, 10).await.expect("sweeps"), 0, "within the grace");
    let (one, two) =
        tokio::join!(store.sweep_overdue(at(701), 600, 10), store.sweep_overdue(at(701), 600, 10));
    assert_eq!(one.expect("sweeps") + two.expect("sweeps"), 1);
    let batch = store.outbox_batch(10).await.expect("answers");
    let row = &batch.rows[0];
    assert_eq!((row.message_id.as_str(), row.exchange.as_str()), (id.as_str(), "notice"));
    assert_eq!((row.headers["x-attempt"].as_str(), row.headers["x-cycle"].as_str()), ("1", "0"));
    let envelope = messages::Envelope::<Notice>::from_bytes(&row.payload).expect("reads");
    assert_eq!(envelope.id, id);
}

#[tokio::test]
async fn what_is_delivered_or_parked_is_never_swept() {
    let (store, _, _database) = fresh().await;
    let (_, id) = told(&store, "1").await;
    store.record_attempts(&[attempt(&id, 0, 1, AttemptOutcome::Exhausted)]).await.expect("records");
    assert_eq!(store.sweep_overdue(at(1_000_000), 600, 10).await.expect("sweeps"), 0);
    assert_eq!(store.oldest_due().await.expect("answers"), None);
}

#[tokio::test]
async fn a_replay_starts_a_new_cycle_is_audited_and_ordered_twice_goes_once() {
    let (store, behind, _database) = fresh().await;
    let (order, id) = told(&store, "1").await;
    store.record_attempts(&[attempt(&id, 0, 10, AttemptOutcome::Exhausted)]).await.expect("records");
    let replay = Replay { callback_ids: vec![id.clone(), "unknown".to_owned()], by: "wang".to_owned() };
    let again = store.replay_callbacks(&replay, at(50)).await.expect("replays").ids;
    assert_eq!(again, std::slice::from_ref(&id));
    assert!(store.replay_callbacks(&replay, at(51)).await.expect("replays").ids.is_empty());
    let row = one(&store, &order).await;
    assert_eq!((row.state.as_str(), row.attempts, row.cycle), ("pending", 0, 1));
    assert_eq!(count(&behind, "select count(*) from audit where who = 'wang'").await, 1);

    // A late report of the first cycle does not park the second.
    store.record_attempts(&[attempt(&id, 0, 11, AttemptOutcome::Exhausted)]).await.expect("records");
    assert_eq!(one(&store, &order).await.state, "pending");
    store.record_attempts(&[attempt(&id, 1, 1, AttemptOutcome::Delivered)]).await.expect("records");
    assert_eq!(one(&store, &order).await.state, "delivered");
    assert_eq!(store.outbox_batch(10).await.expect("answers").rows[0].headers["x-cycle"], "1");
}

#[tokio::test]
async fn what_waits_is_counted_by_partner_and_kind_and_is_gone_once_done() {
    let (store, _, _database) = fresh().await;
    let (_, id) = told(&store, "1").await;
    let of = |waiting: Vec<store::Waiting>, what: &str| {
        waiting.into_iter().find(|row| row.what == what).map(|row| (row.partner, row.count))
    };
    let pending = of(store.waiting(at(100)).await.expect("answers"), "callback_pending");
    assert_eq!(pending, Some(("demo".to_owned(), 1)));
    store.record_attempts(&[attempt(&id, 0, 1, AttemptOutcome::Exhausted)]).await.expect("records");
    let waiting = store.waiting(at(100)).await.expect("answers");
    assert_eq!(of(waiting.clone(), "callback_pending"), None);
    assert_eq!(of(waiting, "callback_parked"), Some(("demo".to_owned(), 1)));
}
