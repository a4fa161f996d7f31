//! Withdrawals: the first committed wins, whichever side it is; and orders on credit.

use super::*;
use domain::{CreditLine, CreditRules, Grant, RequestCredit, SealedField, Side, Tell, WithdrawOrder};

fn withdraw(business_no: &str, side: Side) -> Envelope<Command> {
    let wish = WithdrawOrder {
        business_no: business_no.to_owned(),
        no: None,
        reason: "不再投标".to_owned(),
        side,
        by: if side == Side::Institution { "wang".to_owned() } else { String::new() },
    };
    let mut message = envelope("giveupapply", business_no, Command::WithdrawOrder(wish));
    message.id = format!("withdraw-{business_no}-{side:?}");
    message
}

#[tokio::test]
async fn of_two_sides_at_once_one_wins_and_the_other_hears_so() {
    let house = with(policy(Mode::Manual, Payment::Later)).await;
    let message = place("1");
    house.ask(&message).await;
    let (theirs, ours) = (withdraw("1", Side::Partner), withdraw("1", Side::Institution));
    let (first, second) = tokio::join!(house.ask(&theirs), house.ask(&ours));
    let won = [&first, &second].iter().filter(|reply| matches!(reply, Reply::Accepted { .. })).count();
    assert_eq!(won, 1, "{first:?} {second:?}");
    assert_eq!(order(&house, &message).await.state, OrderState::Withdrawn);
    // The partner is told only of what the institution did.
    let told = house.count("select count(*) from callbacks where event = 'withdrawal_decided'").await;
    assert_eq!(told, i64::from(matches!(second, Reply::Accepted { .. })));
}

#[tokio::test]
async fn an_issued_order_cannot_be_withdrawn_and_some_partners_hear_it_by_notice() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    house.ask(&place("1")).await;
    let Reply::Refused(refusal) = house.ask(&withdraw("1", Side::Partner)).await else {
        panic!("not refused")
    };
    assert_eq!(refusal.say, "保函已出具");

    let mut policy = policy(Mode::Auto, Payment::Later);
    policy.also_tell = vec![Tell::Withdrawal];
    let house = with(policy).await;
    house.ask(&place("1")).await;
    assert!(matches!(house.ask(&withdraw("1", Side::Partner)).await, Reply::Accepted { .. }));
    let refused = "select count(*) from callbacks where event = 'withdrawal_decided'
        and payload #>> '{body,with,approved}' = 'false'";
    assert_eq!(house.count(refused).await, 1);
    assert_eq!(house.texts("select what from tasks").await, ["withdrawn_after_issue"]);
}

async fn bank(limit: i64) -> House<Apply> {
    let mut policy = policy(Mode::Auto, Payment::Later);
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
