//! Withdrawals: the first committed wins, whichever side it is.

use super::*;
use domain::{Side, Tell, WithdrawOrder};

fn withdraw(business_no: &str, side: Side) -> Envelope<Command> {
    let wish = WithdrawOrder {
        business_no: business_no.to_owned(),
        no: None,
        reason: "不再投标".to_owned(),
        side,
        by: if side == Side::Institution { "wang".to_owned() } else { String::new() },
        described: None,
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

#[tokio::test]
async fn the_same_side_again_is_no_contradiction_and_strangers_find_nothing() {
    let house = with(policy(Mode::Manual, Payment::Operator)).await;
    let message = place("1");
    house.ask(&message).await;
    let mut again = withdraw("1", Side::Partner);
    assert!(matches!(house.ask(&again).await, Reply::Accepted { .. }));
    again.id = "another interface".to_owned();
    assert!(matches!(house.ask(&again).await, Reply::Accepted { .. }));
    assert_eq!(house.count("select count(*) from events where what = 'order_withdrawn'").await, 1);
    let mut stranger = withdraw("1", Side::Partner);
    (stranger.id, stranger.origin) = ("stranger".to_owned(), origin("other"));
    for wish in [stranger, withdraw("2", Side::Partner), withdraw("", Side::Partner)] {
        // The policy of a partner that is not configured is never asked for.
        match house.engine.judge(&wish, String::new(), true).await {
            Verdict::Replied(Reply::Refused(refusal)) => assert_eq!(refusal.kind, RefusalKind::Unknown),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_withdrawal_after_issue_leaves_a_task_whoever_hears_of_it() {
    let house = with(policy(Mode::Auto, Payment::Later)).await;
    house.ask(&place("1")).await;
    let wish = withdraw("1", Side::Partner);
    for _ in 0..2 {
        assert!(matches!(house.ask(&wish).await, Reply::Refused(_)));
    }
    assert_eq!(house.texts("select what from tasks").await, ["withdrawn_after_issue"]);
    assert_eq!(house.count("select count(*) from callbacks where event = 'withdrawal_decided'").await, 0);
}

#[tokio::test]
async fn a_payment_and_a_withdrawal_at_the_same_moment_have_one_outcome() {
    let house = with(policy(Mode::Auto, Payment::Operator)).await;
    for round in 0..6 {
        let message = place(&round.to_string());
        house.ask(&message).await;
        let paid = pay(&message, "500.00", &format!("p{round}"));
        let gone = withdraw(&round.to_string(), Side::Partner);
        let (paid, gone) = tokio::join!(house.ask(&paid), house.ask(&gone));
        let accepted = |reply: &Reply| matches!(reply, Reply::Accepted { .. });
        assert_ne!(accepted(&paid), accepted(&gone), "{paid:?} {gone:?}");
        let state = order(&house, &message).await.state;
        assert_eq!(state == OrderState::Issued, accepted(&paid), "{state:?}");
    }
}
