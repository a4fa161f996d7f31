//! Tender changes reach every order of the section, or the one that is named, exactly once.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Tenders;
use domain::{ChangeTender, Command, Mode, Payment, Reply, TenderChange, TenderChangeKind};
use house::{House, envelope, house, policy};
use messages::Envelope;
use samples::{at, key, order, origin};

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

/// A house with three orders of the section, and one of another partner.
async fn section() -> House<Tenders> {
    let house = house(Tenders { press: house::press() }, policy(Mode::Auto, Payment::Later)).await;
    for (name, business_no) in [("demo", "1"), ("demo", "2"), ("demo", "3"), ("other", "1")] {
        let order = order(name, business_no);
        let mut work = house.store.work(key(order.no.as_str(), "placed"));
        work.save(&order).expect("serialises");
        work.commit(&Reply::Accepted { no: order.no }).await.expect("commits");
    }
    house
}

fn change(business_no: &str, kind: TenderChangeKind, opening: Option<i64>) -> Envelope<Command> {
    let change = TenderChange { kind, opening: opening.map(at), notice_url: String::new(), deadline: None };
    let change = ChangeTender {
        business_no: business_no.to_owned(),
        section_no: "S-1".to_owned(),
        change,
        project_no: String::new(),
    };
    envelope("update_bidinfo", business_no, Command::ChangeTender(change))
}

#[tokio::test]
async fn a_postponement_moves_the_opening_of_every_order_of_the_section() {
    let house = section().await;
    let message = change("t1", TenderChangeKind::Postponed, Some(999));
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    let moved = "select count(*) from orders where partner = 'demo' and version = 2 \
                 and body->'application'->'product'->>'opening' like '2026-11-22T10:16:39%'";
    assert_eq!(house.count(moved).await, 3);
    assert_eq!(house.count("select count(*) from orders where partner = 'other' and version = 1").await, 1);
    assert_eq!(house.count("select orders::bigint from tender_changes").await, 3);
    assert_eq!(house.count("select count(*) from events where what = 'tender_postponed'").await, 3);
}

#[tokio::test]
async fn it_is_noted_once_also_after_the_memory_of_messages_is_gone() {
    let house = section().await;
    let message = change("t1", TenderChangeKind::Cancelled, None);
    house.ask(&message).await;
    house.ask(&message).await;
    sqlx::query("delete from inbox").execute(&house.pool).await.expect("deletes");
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    assert_eq!(house.count("select sum(version)::bigint from orders where partner = 'demo'").await, 6);
}

#[tokio::test]
async fn a_known_number_means_that_order_alone_and_a_date_may_be_missing() {
    let house = section().await;
    house.ask(&change("2", TenderChangeKind::Postponed, None)).await;
    assert_eq!(house.texts("select business_no from orders where version = 2").await, ["2"]);
    assert_eq!(house.texts("select what from events").await, ["tender_postponed_without_date"]);
}

#[tokio::test]
async fn a_section_without_orders_is_recorded() {
    let house = section().await;
    let mut message = change("t9", TenderChangeKind::Failed, None);
    message.origin = origin("nobody");
    assert!(matches!(house.ask(&message).await, Reply::Accepted { .. }));
    assert_eq!(house.count("select orders::bigint from tender_changes").await, 0);
}

#[tokio::test]
async fn a_guarantee_in_force_is_made_out_anew_and_found_by_both_numbers() {
    let mut policy = policy(Mode::Auto, Payment::Later);
    policy.reissue = true;
    let house = house(Tenders { press: house::press() }, policy).await;
    let issued = samples::issued("demo", "1");
    let mut work = house.store.work(key(issued.no.as_str(), "placed"));
    work.save(&issued).expect("serialises");
    work.commit(&Reply::Accepted { no: issued.no.clone() }).await.expect("commits");
    let old = issued.guarantee.clone().expect("issued");
    for (round, opening) in [(1, 999), (2, 1_999)] {
        house.ask(&change(&format!("t{round}"), TenderChangeKind::Postponed, Some(opening))).await;
        let partner = origin("demo").partner;
        let found = house
            .store
            .order_of_guarantee(&partner, &old.no)
            .await
            .expect("reads")
            .expect("by the old number");
        let guarantee = found.guarantee.expect("still there");
        assert_eq!(
            guarantee.no.as_str(),
            format!("{}R{round}", &old.no.as_str()[..guarantee.no.as_str().len() - 2])
        );
        assert!(guarantee.no.as_str().len() <= 30);
        assert_eq!((guarantee.kind, guarantee.earlier.len()), (domain::GuaranteeKind::Reissued, round));
        assert!(house.store.order_of_guarantee(&partner, &guarantee.no).await.expect("reads").is_some());
        assert!(
            house.store.order_of_document(&partner, &old.document.sha256).await.expect("reads").is_some()
        );
    }
    let told = "select count(*) from callbacks where event = 'guarantee_reissued'";
    assert_eq!(house.count(told).await, 2);
}

#[tokio::test]
async fn a_whole_section_is_made_out_anew_and_one_that_cannot_be_holds_up_none() {
    let reissuing = domain::Policy { reissue: true, ..policy(Mode::Auto, Payment::Later) };
    let house = house(Tenders { press: house::press() }, reissuing).await;
    for number in 0..12 {
        let mut issued = samples::issued("demo", &number.to_string());
        issued.application.term = Some((at(864_000), at(2 * 864_000)));
        if number == 7 {
            issued.application.tender.section_name = "很长的名称".repeat(20_000).into();
        }
        let mut work = house.store.work(key(issued.no.as_str(), "placed"));
        work.save(&issued).expect("serialises");
        work.commit(&Reply::Accepted { no: issued.no.clone() }).await.expect("commits");
    }
    house.ask(&change("t1", TenderChangeKind::Rescheduled, Some(864_000 + 3_600))).await;
    assert_eq!(house.count("select count(*) from orders where version = 4").await, 11);
    assert_eq!(house.texts("select what from tasks").await, ["not_reissued"]);
    assert_eq!(house.count("select count(distinct document_sha256) from orders").await, 12);
    let until = "select distinct payload #>> '{body,with,valid_until}' from callbacks";
    let moved = serde_json::to_value(at(2 * 864_000 + 3_600)).expect("an instant");
    assert_eq!(
        house.texts(until).await,
        [moved.as_str().expect("a text")],
        "the term moved with the opening"
    );
    house.ask(&change("t2", TenderChangeKind::Rescheduled, Some(864_000 + 3_600))).await;
    assert_eq!(
        house.count("select count(*) from callbacks").await,
        11,
        "the same opening changes no document"
    );
}

#[tokio::test]
async fn a_tender_that_ends_leaves_a_task_and_no_refund() {
    let house = house(Tenders { press: house::press() }, policy(Mode::Auto, Payment::Later)).await;
    let issued = samples::issued("demo", "1");
    let mut work = house.store.work(key(issued.no.as_str(), "placed"));
    work.save(&issued).expect("serialises");
    work.commit(&Reply::Accepted { no: issued.no.clone() }).await.expect("commits");
    house.ask(&change("t1", TenderChangeKind::Terminated, None)).await;
    assert_eq!(house.texts("select what from tasks").await, ["ending_pending"]);
    assert_eq!(house.count("select count(*) from refunds").await, 0);
    let filter = store::TaskFilter { partner: None, order: None, done_too: false, limit: 10 };
    let open = house.store.tasks(&filter).await.expect("reads");
    assert!(house.store.finish_task(open[0].id, "wang", at(5)).await.expect("writes").is_some());
    let again = house.store.finish_task(open[0].id, "wang", at(6)).await.expect("writes");
    assert_eq!(again, None, "done is done");
    assert_eq!(house.store.tasks(&filter).await.expect("reads"), []);
}
