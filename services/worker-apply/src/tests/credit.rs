//! Orders on credit: a line must cover them, and two cannot both use the last of it.

use super::*;
use domain::{CreditLine, CreditRules, Grant, RequestCredit, SealedField};

async fn bank(limit: i64) -> House<Apply> {
    bank_of(Mode::Auto, limit).await
}

async fn bank_of(mode: Mode, limit: i64) -> House<Apply> {
    let mut policy = policy(mode, Payment::Later);
    policy.credit = Some(CreditRules { required: true, limit: Money::from_fen(limit), valid_days: 1 });
    let house = with(policy).await;
    let company = application("1", "S-1").applicant.company;
    let wish = RequestCredit { business_no: "C1".to_owned(), company, papers: "".into() };
    let message = envelope("creditApply", "C1", Command::RequestCredit(wish.clone()));
    let mut line = CreditLine::request(message.no.clone(), origin("demo"), wish, at(0));
    let until = domain::Timestamp::try_from("2099-01-01T00:00:00Z".to_owned()).expect("an instant");
    let grant = Grant { limit: Money::from_fen(limit), from: at(-86_400_000), until };
    line.decide(&Decision::Approve, grant, at(0)).expect("open");
    let mut work = house.store.work(samples::key("C1", "credit"));
    work.save(&line).expect("serialises");
    work.commit(&Reply::Accepted { no: line.no.clone() }).await.expect("commits");
    house
}

#[tokio::test]
async fn two_orders_cannot_both_use_the_last_of_a_line() {
    // One bond of 100000 fits, two do not.
    let house = bank(15_000_000).await;
    let (one, two) = (place("1"), place("2"));
    tokio::join!(house.ask(&one), house.ask(&two));
    let states = [order(&house, &one).await.state, order(&house, &two).await.state];
    assert!(states.contains(&OrderState::Issued) && states.contains(&OrderState::Rejected), "{states:?}");
    assert_eq!(
        house.texts("select body->>'reason' from orders where state = 'rejected'").await,
        ["授信额度不足"]
    );
}

#[tokio::test]
async fn a_sealed_bidder_cannot_be_looked_up_so_a_person_does() {
    let house = bank(1).await;
    let mut message = place("1");
    let Command::PlaceOrder(wish) = &mut message.body else { panic!("an application") };
    wish.sealed = vec![SealedField::BidderCode];
    house.ask(&message).await;
    assert_eq!(house.texts("select what from tasks").await, ["check_credit"]);
    assert_eq!(
        house.texts("select what from events where what = 'credit_drawn'").await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn of_many_at_the_same_moment_only_as_many_as_there_is_room_for_are_issued() {
    let house = bank(20_000_000).await;
    let messages: Vec<_> = (0..6).map(|number| place(&number.to_string())).collect();
    let [a, b, c, d, e, f] = &messages[..] else { panic!("six") };
    tokio::join!(house.ask(a), house.ask(b), house.ask(c), house.ask(d), house.ask(e), house.ask(f));
    let states = house.texts("select state from orders order by state").await;
    assert_eq!(states, ["issued", "issued", "rejected", "rejected", "rejected", "rejected"]);
}

#[tokio::test]
async fn what_waits_for_an_operator_counts_and_an_approval_looks_again() {
    let house = bank_of(Mode::Manual, 10_000_000).await;
    let (first, second) = (place("1"), place("2"));
    house.ask(&first).await;
    house.ask(&second).await;
    assert_eq!(order(&house, &first).await.state, OrderState::Reviewing);
    assert_eq!(order(&house, &second).await.reason, "授信额度不足", "the first is open");
    let mut work = house.store.work(samples::key("revoke", "line"));
    let found = work.credit_line_of_business(&origin("demo").partner, "C1").await.expect("answers");
    let mut line = found.expect("there");
    line.revoke("").expect("stands");
    work.save(&line).expect("serialises");
    work.commit(&Reply::Accepted { no: line.no }).await.expect("commits");
    let Reply::Refused(refusal) = house.ask(&decide(&first, Decision::Approve)).await else {
        panic!("accepted")
    };
    assert_eq!(refusal.say, "申请人未授信或授信已失效");
    let refuse = Decision::Refuse { reason: "授信已撤回".to_owned() };
    let mut refusing = decide(&first, refuse);
    refusing.id = "refuse".to_owned();
    assert!(matches!(house.ask(&refusing).await, Reply::Accepted { .. }));
}
