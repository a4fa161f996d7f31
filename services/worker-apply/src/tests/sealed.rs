//! Sealed orders, the steps a partner is told of, and what people must look after.

use super::*;
use domain::{BankAccount, GuaranteeKind, Private, Revealed, SealedField, Tell, Timestamp};
use std::collections::BTreeMap;

pub(super) fn sealed(business_no: &str) -> Envelope<Command> {
    let mut message = place(business_no);
    if let Command::PlaceOrder(application) = &mut message.body {
        application.sealed = vec![SealedField::SectionNo, SealedField::TendereeName];
        application.tender.section_no = "b1946ac92492d2347c6235b4d2611184".to_owned();
        application.tender.tenderee.name = "591785b794601e212b260e25925636fd".into();
        application.product = Product::Bid { opening: None, validity_days: None };
    }
    message
}

async fn reveal(house: &House<Apply>, message: &Envelope<Command>, opening: Timestamp) {
    let mut work = house.store.work(samples::key("restore", "key"));
    let mut order = work.any_order(&message.no).await.expect("answers").expect("there");
    let fields = BTreeMap::from([
        (SealedField::SectionNo, Private::from("S-9")),
        (SealedField::TendereeName, Private::from("招标人甲")),
    ]);
    order.reveal(Revealed { fields, at: at(0) });
    order.application.product = Product::Bid { opening: Some(opening), validity_days: None };
    work.save(&order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no }).await.expect("commits");
}

#[tokio::test]
async fn sealed_fields_make_a_sealed_guarantee_with_a_term_of_the_institutions_own() {
    let house = with(Policy { term_days: Some(120), ..policy(Mode::Auto, Payment::Later) }).await;
    let message = sealed("1");
    house.ask(&message).await;
    let order = order(&house, &message).await;
    let guarantee = order.guarantee.expect("issued");
    assert_eq!((guarantee.kind, guarantee.earlier.len()), (GuaranteeKind::Sealed, 0));
    assert_eq!(guarantee.valid_until, Some(guarantee.issued_at.plus_seconds(120 * 86_400)), "PR-13");
    assert_eq!(house.texts("select event from callbacks").await, ["guarantee_issued"]);
    let brief = "select payload->'body'->'with'->'head'->'brief'->'tenderee'->>'name' from callbacks";
    assert_eq!(house.texts(brief).await, ["591785b794601e212b260e25925636fd"], "as it was received");
    assert!(guarantee.document.name.starts_with("密文投标保函"), "{}", guarantee.document.name);
}

#[tokio::test]
async fn a_key_that_came_before_issue_makes_the_revealed_guarantee_follow_the_sealed_one() {
    let house = with(Policy { term_days: Some(10), ..policy(Mode::Auto, Payment::Operator) }).await;
    let message = sealed("1");
    house.ask(&message).await;
    let opening = Timestamp::try_from("2098-01-01T00:00:00Z".to_owned()).expect("an instant");
    reveal(&house, &message, opening).await;
    assert!(matches!(house.ask(&pay(&message, "500.00", "p")).await, Reply::Accepted { .. }));
    let order = order(&house, &message).await;
    let guarantee = order.guarantee.as_ref().expect("issued");
    assert_eq!(guarantee.kind, GuaranteeKind::Revealed);
    let [earlier] = &guarantee.earlier[..] else { panic!("one earlier document") };
    assert_eq!((earlier.kind, &earlier.no), (GuaranteeKind::Sealed, &guarantee.no));
    assert_ne!(earlier.document.sha256, guarantee.document.sha256);
    assert_eq!(guarantee.valid_until, Some(opening.plus_seconds(10 * 86_400)), "counted from the opening");
    for document in [&earlier.document, &guarantee.document] {
        assert!(house::documents().get(document).await.expect("kept").starts_with(b"%PDF"));
    }
    assert_eq!(
        house.texts("select event from callbacks order by payload->'body'->'with'->'head'->>'version'").await,
        ["guarantee_issued", "guarantee_revealed"]
    );
    assert_eq!(house.texts("select section_no from orders").await, ["S-9"]);
    assert_eq!(house.count("select count(*) from editions").await, 1);
}

#[tokio::test]
async fn the_steps_are_told_in_their_order_to_partners_who_want_them() {
    let also_tell = vec![Tell::Paid, Tell::Quoted, Tell::Surveyed, Tell::Confirmed];
    let house = with(Policy { also_tell, ..policy(Mode::Manual, Payment::Operator) }).await;
    let message = place("1");
    house.ask(&message).await;
    assert_eq!(house.count("select count(*) from callbacks").await, 0);
    house.ask(&decide(&message, Decision::Approve)).await;
    let mut payment = pay(&message, "500.00", "p");
    let payer = BankAccount { number: "6222".into(), ..BankAccount::default() };
    if let Command::ConfirmPayment(payment) = &mut payment.body {
        payment.payer = Some(payer.clone());
    }
    house.ask(&payment).await;
    let told = "select split_part(message_id, ':', 3) from outbox order by id";
    assert_eq!(
        house.texts(told).await,
        ["order_confirmed", "order_surveyed", "order_quoted", "payment_received", "guarantee_issued"]
    );
    let received = order(&house, &message).await.received.expect("kept");
    assert_eq!((received.amount, received.payer), (Money::from_fen(50_000), Some(payer)));
    let brief = "select payload->'body'->'with'->'head'->'brief'->'payer'->>'number' from callbacks \
                 where event = 'guarantee_issued'";
    assert_eq!(house.texts(brief).await, ["6222"]);
}

#[tokio::test]
async fn remarks_and_a_missing_account_become_tasks() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let mut message = place("1");
    if let Command::PlaceOrder(application) = &mut message.body {
        application.remarks = vec!["缺少开标时间".to_owned(), "缺少基本户标识".to_owned()];
        application.basic_account_only = true;
    }
    house.ask(&message).await;
    house.ask(&message).await;
    let says = house.texts("select what || ' ' || say from tasks order by id").await;
    assert_eq!(says[..2], ["application_remark 缺少开标时间", "application_remark 缺少基本户标识"]);
    assert!(says[2].starts_with("check_account ") && says.len() == 3, "{says:?}");
    assert_eq!(order(&house, &message).await.state, OrderState::Issued, "a task stops nothing");
}

#[tokio::test]
async fn after_the_deadline_nothing_is_sold_and_what_cannot_be_printed_is_rejected() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    let (mut late, mut long) = (place("1"), place("2"));
    if let Command::PlaceOrder(application) = &mut late.body {
        application.deadline = Some(at(0).plus_seconds(-86_400 * 400));
    }
    if let Command::PlaceOrder(application) = &mut long.body {
        application.tender.section_name = "很长的名称".repeat(20_000).into();
    }
    house.ask(&late).await;
    house.ask(&long).await;
    let (late, long) = (order(&house, &late).await, order(&house, &long).await);
    assert_eq!((late.state, late.reason.as_str()), (OrderState::Rejected, "已过保函购买截止时间"));
    assert_eq!((long.state, long.reason.as_str()), (OrderState::Rejected, "保函内容过长，无法出具"));
    assert_eq!(house.texts("select distinct event from callbacks").await, ["order_rejected"]);
    assert_eq!(house.count("select count(*) from events where what = 'order_approved'").await, 0);
}
