//! A unit of work is all or nothing, and a loaded version that moved on is noticed.

use crate::database::{count, fresh};
use crate::samples::{at, issued, key, number, order, origin, partner, refund};
use domain::{
    Case, ChangeTender, GuaranteeState, Inquiry, Notice, NoticeHead, OrderRejected, Reply, RequestRefund,
    TenderChange, TenderChangeKind, Topic,
};
use store::{Event, Store, StoreError};

fn yes(order: &domain::Order) -> Reply {
    Reply::Accepted { no: order.no.clone() }
}

async fn placed(store: &Store, order: &domain::Order) {
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(order).expect("serialises");
    work.commit(&yes(order)).await.expect("commits");
}

#[tokio::test]
async fn everything_said_is_written_by_one_statement() {
    let (store, behind, _database) = fresh().await;
    let order = order("demo", "1");
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(&order).expect("serialises");
    work.note(&order, Event::plain("order_placed"));
    work.note(&order, Event::plain("order_rejected"));
    let notice = OrderRejected { head: NoticeHead::of_order(&order, at(1)), reason: "x".to_owned() };
    work.notify(&origin("demo"), Notice::OrderRejected(notice)).expect("serialises");
    work.audit("demo", "decide", order.no.as_str(), serde_json::json!({}));
    work.commit(&yes(&order)).await.expect("commits");
    for (sql, rows) in [
        ("select count(*) from inbox", 1),
        ("select count(*) from orders", 1),
        ("select count(*) from events", 2),
        ("select count(*) from callbacks", 1),
        ("select count(*) from outbox", 1),
        ("select count(*) from audit", 1),
    ] {
        assert_eq!(count(&behind, sql).await, rows, "{sql}");
    }
}

#[tokio::test]
async fn the_same_question_is_asked_once_however_often_it_is_said() {
    let (store, behind, _database) = fresh().await;
    let order = order("demo", "1");
    placed(&store, &order).await;
    let question = || Inquiry { head: NoticeHead::of_order(&order, at(1)), topic: Topic::Companies };
    for message in ["m1", "m2"] {
        let mut work = store.work(key(message, "content"));
        work.notify(&origin("demo"), Notice::Inquiry(question())).expect("serialises");
        work.notify(&origin("demo"), Notice::Inquiry(question())).expect("serialises");
        work.commit(&yes(&order)).await.expect("commits");
    }
    assert_eq!(count(&behind, "select count(*) from callbacks").await, 1);
    assert_eq!(count(&behind, "select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn a_unit_that_is_dropped_leaves_nothing() {
    let (store, behind, _database) = fresh().await;
    let order = order("demo", "1");
    placed(&store, &order).await;
    let mut work = store.work(key("m2", "content"));
    let mut loaded = work.any_order(&order.no).await.expect("answers").expect("there");
    loaded.withdraw(domain::Side::Partner, "").expect("reviewing");
    work.save(&loaded).expect("serialises");
    drop(work);
    assert_eq!(store.find_order(&partner("demo"), &order.no).await.expect("answers"), Some(order));
    assert_eq!(count(&behind, "select count(*) from inbox").await, 1);
}

#[tokio::test]
async fn a_version_that_moved_on_fails_the_whole_unit() {
    let (store, behind, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    let case = refund(&order, "r1", 1);
    let mut work = store.work(key(case.no.as_str(), "r1"));
    work.save(&case).expect("serialises");
    work.commit(&yes(&order)).await.expect("commits");

    // A case is guarded by the lock of its order; a statement by hand goes past that lock, not past the version.
    let mut work = store.work(key("m2", "content"));
    let found = work.case::<Case<RequestRefund>>(&case.no).await.expect("answers");
    let (_, mut loaded) = found.expect("there");
    sqlx::query("update refunds set version = 7").execute(&behind).await.expect("updates");
    loaded.decide(&domain::Decision::Approve, at(3)).expect("open");
    work.save(&loaded).expect("serialises");
    work.note(&loaded, Event::plain("refund_approved"));
    let refused = work.commit(&yes(&order)).await;
    assert!(matches!(refused, Err(StoreError::Raced(_))));
    assert_eq!(count(&behind, "select count(*) from events").await, 0);
    assert_eq!(count(&behind, "select count(*) from inbox where message_id = 'm2'").await, 0);
}

#[tokio::test]
async fn what_was_not_loaded_is_never_overwritten() {
    let (store, _, _database) = fresh().await;
    let order = order("demo", "1");
    placed(&store, &order).await;
    let mut blind = store.work(key("m3", "content"));
    blind.save(&order).expect("serialises");
    assert!(matches!(blind.commit(&yes(&order)).await, Err(StoreError::Raced(_))));
}

#[tokio::test]
async fn two_units_about_one_order_take_turns() {
    let (store, behind, _database) = fresh().await;
    let order = order("demo", "1");
    placed(&store, &order).await;
    let change = TenderChange {
        kind: TenderChangeKind::Other,
        opening: None,
        notice_url: String::new(),
        deadline: None,
    };
    let turns = (0..12).map(|turn| {
        let (store, change, no) = (store.clone(), change.clone(), order.no.clone());
        tokio::spawn(async move {
            let mut work = store.work(key(&format!("m{turn}"), "content"));
            let mut order = work.any_order(&no).await?.expect("there");
            order.note_tender_change(change);
            work.save(&order)?;
            work.commit(&yes(&order)).await
        })
    });
    for turn in turns.collect::<Vec<_>>() {
        turn.await.expect("no panic").expect("commits");
    }
    assert_eq!(count(&behind, "select version::bigint from orders").await, 13);
    let kept = store.find_order(&order.origin.partner, &order.no).await.expect("answers").expect("there");
    assert_eq!(kept.tender_changes.len(), 12);
}

#[tokio::test]
async fn a_partner_never_finds_another_partners_rows() {
    let (store, _, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    let guarantee = order.guarantee.as_ref().expect("issued").no.clone();
    let (mine, other) = (partner("demo"), partner("other"));
    let mut work = store.work(key("m", "content"));
    assert!(work.order(&mine, &order.no).await.expect("answers").is_some());
    assert!(work.order(&other, &order.no).await.expect("answers").is_none());
    assert!(work.order_of_guarantee(&mine, &guarantee).await.expect("answers").is_some());
    assert!(work.order_of_guarantee(&other, &guarantee).await.expect("answers").is_none());
    assert!(work.order_of_business(&mine, "1").await.expect("answers").is_some());
    assert!(work.order_of_business(&other, "1").await.expect("answers").is_none());
    assert_eq!(work.orders_of_section(&mine, "S-1", "").await.expect("answers").len(), 1);
    assert!(work.orders_of_section(&other, "S-1", "").await.expect("answers").is_empty());
    drop(work);
    assert!(store.find_order(&other, &order.no).await.expect("answers").is_none());
    assert!(store.latest_case::<Case<RequestRefund>>(&other, &guarantee).await.expect("answers").is_none());
}

#[tokio::test]
async fn a_case_comes_with_its_order_and_a_second_open_refund_is_taken() {
    let (store, _, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    let first = refund(&order, "r1", 1);
    let mut work = store.work(key(first.no.as_str(), "r1"));
    work.order(&partner("demo"), &order.no).await.expect("answers").expect("there");
    assert!(work.open_cases::<Case<RequestRefund>>(&order.no).await.expect("answers").is_empty());
    work.save(&first).expect("serialises");
    work.commit(&yes(&order)).await.expect("commits");

    let second = refund(&order, "r2", 2);
    let mut work = store.work(key(second.no.as_str(), "r2"));
    work.save(&second).expect("serialises");
    let refused = work.commit(&yes(&order)).await;
    assert!(matches!(refused, Err(StoreError::Taken(constraint)) if constraint == "refunds_one_open"));

    let mut work = store.work(key("decide", "d"));
    let found = work.case::<Case<RequestRefund>>(&first.no).await.expect("answers");
    let (mut of, mut case) = found.expect("there");
    case.decide(&domain::Decision::Approve, at(3)).expect("open");
    of.guarantee_mut().expect("issued").end(GuaranteeState::Refunded).expect("in force");
    work.save(&of).expect("serialises");
    work.save(&case).expect("serialises");
    work.commit(&yes(&order)).await.expect("commits");
    let guarantee = &first.guarantee_no;
    let latest: Option<Case<RequestRefund>> =
        store.latest_case(&partner("demo"), guarantee).await.expect("answers");
    assert_eq!(latest, Some(case));
}

#[tokio::test]
async fn a_change_of_a_section_is_recognised() {
    let (store, _, _database) = fresh().await;
    let no = number("demo", "t1");
    let change = ChangeTender {
        business_no: "t1".to_owned(),
        section_no: "S-1".to_owned(),
        change: TenderChange {
            kind: TenderChangeKind::Cancelled,
            opening: None,
            notice_url: String::new(),
            deadline: None,
        },
        project_no: String::new(),
    };
    let mut work = store.work(key(no.as_str(), "t"));
    assert!(!work.knows_tender_change(&no).await.expect("answers"));
    work.save_tender_change(&no, &origin("demo"), &change, 0).expect("serialises");
    work.commit(&Reply::Accepted { no: no.clone() }).await.expect("commits");
    assert!(store.work(key("x", "t")).knows_tender_change(&no).await.expect("answers"));
}
