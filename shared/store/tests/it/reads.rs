//! What operators see, what fills Redis again, and what is deleted when it is old.

use crate::database::{count, fresh};
use crate::samples::{at, invoice, issued, key, number, order, partner, refund};
use domain::{Notice, NoticeHead, Order, OrderRejected, OrderState, Reply};
use store::{Event, Keep, OrderFilter, Store};

async fn placed(store: &Store, order: &Order) {
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(order).expect("serialises");
    work.note(order, Event::plain("order_placed"));
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
}

#[tokio::test]
async fn orders_are_listed_by_partner_state_and_time_newest_first() {
    let (store, _, _database) = fresh().await;
    for (place, (name, business_no)) in [("demo", "1"), ("demo", "2"), ("other", "1")].into_iter().enumerate()
    {
        let mut order = order(name, business_no);
        order.placed_at = at(i64::try_from(place).expect("small"));
        placed(&store, &order).await;
    }
    placed(&store, &issued("demo", "3")).await;
    let list = async |filter: OrderFilter| {
        let rows = store.orders(&OrderFilter { limit: 10, ..filter }).await.expect("answers");
        rows.into_iter().map(|row| (row.partner, row.business_no)).collect::<Vec<_>>()
    };
    let reviewing = OrderFilter { state: Some(OrderState::Reviewing), ..OrderFilter::default() };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(list(reviewing.clone()).await, [pair("other", "1"), pair("demo", "2"), pair("demo", "1")]);
    let mine = OrderFilter { partner: Some(partner("demo")), since: Some(at(1)), ..reviewing };
    assert_eq!(list(mine).await, [pair("demo", "2")]);
    assert_eq!(list(OrderFilter::default()).await.len(), 4);
}

#[tokio::test]
async fn the_story_of_an_order_holds_everything() {
    let (store, _, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    let case = refund(&order, "r1", 2);
    let mut work = store.work(key(case.no.as_str(), "r1"));
    work.save(&case).expect("serialises");
    work.note(&case, Event::plain("refund_requested"));
    let head = NoticeHead::of_case(&case, at(2));
    work.notify(&order.origin, Notice::OrderRejected(OrderRejected { head, reason: String::new() }))
        .expect("writes");
    work.audit("wang", "decide", case.no.as_str(), serde_json::json!({ "verdict": "approve" }));
    work.commit(&Reply::Accepted { no: case.no.clone() }).await.expect("commits");
    let story = store.story(&order.no).await.expect("answers").expect("there");
    assert_eq!(story.order, order);
    let what: Vec<&str> = story.events.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(what, ["order_placed", "refund_requested"]);
    assert_eq!(story.cases[0].kind, "refund");
    assert_eq!(story.callbacks.len(), 1);
    assert_eq!(story.audit[0].who, "wang");
    assert!(store.story(&number("demo", "none")).await.expect("answers").is_none());
}

#[tokio::test]
async fn an_operator_finds_things_by_any_of_their_numbers() {
    let (store, _, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    placed(&store, &crate::samples::order("other", "1")).await;
    let case = refund(&order, "r1", 2);
    let mut work = store.work(key(case.no.as_str(), "refund content"));
    work.save(&case).expect("serialises");
    work.commit(&Reply::Accepted { no: case.no.clone() }).await.expect("commits");
    let found = async |number: &str| store.numbered(number).await.expect("answers");
    let guarantee = order.guarantee.as_ref().expect("issued").no.as_str();
    for number in [order.no.as_str(), guarantee] {
        let only = found(number).await;
        assert_eq!((only.len(), &only[0].no, only[0].kind.as_str()), (1, &order.no, "order"), "{number}");
        assert_eq!((&only[0].origin, only[0].state.as_str()), (&order.origin, "issued"));
    }
    let partners: Vec<_> = found("1").await.into_iter().map(|one| one.origin.partner).collect();
    assert_eq!(partners.len(), 2, "one business number, two partners");
    let only = found(case.no.as_str()).await.remove(0);
    assert_eq!((only.kind.as_str(), &only.no, &only.order), ("refund", &case.no, &order.no));
    let invoice = invoice(&order, "f1", 3);
    let mut work = store.work(key(invoice.case.no.as_str(), "invoice content"));
    work.save(&invoice).expect("serialises");
    work.commit(&Reply::Accepted { no: invoice.case.no.clone() }).await.expect("commits");
    let only = found(invoice.case.no.as_str()).await.remove(0);
    assert_eq!((only.kind.as_str(), &only.origin), ("invoice", &order.origin));
    for (number, kind) in [("r1", "refund"), ("f1", "invoice")] {
        let only = found(number).await;
        assert_eq!(
            (only.len(), only[0].kind.as_str(), &only[0].order),
            (1, kind, &order.no),
            "the partner's own"
        );
    }
    let namesake = crate::samples::invoice(&order, "1", 4);
    let mut work = store.work(key(namesake.case.no.as_str(), "namesake"));
    work.save(&namesake).expect("serialises");
    work.commit(&Reply::Accepted { no: namesake.case.no.clone() }).await.expect("commits");
    assert!(found("1").await.iter().all(|one| one.kind == "order"), "orders come before what is about them");
    assert!(found("nothing").await.is_empty());
}

#[tokio::test]
async fn every_accepted_number_is_found_again_page_by_page() {
    let (store, _, _database) = fresh().await;
    let order = issued("demo", "1");
    placed(&store, &order).await;
    for business_no in ["2", "3"] {
        placed(&store, &crate::samples::order("demo", business_no)).await;
    }
    let case = refund(&order, "r1", 2);
    let mut work = store.work(key(case.no.as_str(), "refund content"));
    work.save(&case).expect("serialises");
    work.commit(&Reply::Accepted { no: case.no.clone() }).await.expect("commits");
    let mut found = Vec::new();
    loop {
        let after = found.last().map(|(no, _): &(String, String)| no.clone()).unwrap_or_default();
        let page = store.accepted_since(at(0), &after, 3).await.expect("answers");
        let last = page.len() < 3;
        found.extend(page);
        if last {
            break;
        }
    }
    assert_eq!(found.len(), 4);
    assert!(found.contains(&(case.no.to_string(), "refund content".to_owned())));
    assert!(store.accepted_since(at(3), "", 10).await.expect("answers").is_empty());
}

#[tokio::test]
async fn only_what_is_old_is_pruned() {
    let (store, behind, _database) = fresh().await;
    placed(&store, &order("demo", "1")).await;
    let keep = Keep { inbox_days: 1, events_days: 2, conflicts_days: 2, rejected_days: 14 };
    assert_eq!(store.prune(&keep, at(86_000)).await.expect("prunes"), 0);
    assert_eq!(store.prune(&keep, at(86_402)).await.expect("prunes"), 1);
    // The timeline stays until all of its month is old.
    assert_eq!(store.prune(&keep, at(2 * 86_402)).await.expect("prunes"), 0);
    assert_eq!(count(&behind, "select count(*) from orders").await, 1);
}
