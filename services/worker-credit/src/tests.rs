//! A credit line from request to revocation, and what is left of it.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Credits;
use domain::{
    Command, Company, CreditRules, CreditStanding, Decide, Decision, Mode, Money, Payment, Query, Reply,
    RequestCredit, RevokeCase, Subject,
};
use house::{House, envelope, house, policy};
use messages::Envelope;
use samples::{key, order};
use worker::{Failure, Office};

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

async fn bank(mode: Mode) -> House<Credits> {
    let mut policy = policy(mode, Payment::Later);
    policy.credits = mode;
    policy.credit = Some(CreditRules { required: true, limit: Money::from_fen(20_000_000), valid_days: 365 });
    house(Credits, policy).await
}

fn company() -> Company {
    samples::application("1", "S-1").applicant.company
}

fn request(business_no: &str) -> Envelope<Command> {
    let wish = RequestCredit { business_no: business_no.to_owned(), company: company(), papers: "".into() };
    envelope("creditApply", business_no, Command::RequestCredit(wish))
}

fn decide(line: &Envelope<Command>, decision: Decision, amount: Option<i64>) -> Envelope<Command> {
    let decide = Decide {
        subject: Subject::Credit,
        no: line.no.clone(),
        decision,
        invoice: None,
        amount: amount.map(Money::from_fen),
        until: None,
        by: "tester".to_owned(),
    };
    envelope("operator", &format!("decide-{}", line.no), Command::Decide(decide))
}

fn revoke(business_no: &str) -> Envelope<Command> {
    let wish = RevokeCase {
        subject: Subject::Credit,
        business_no: business_no.to_owned(),
        reason: "不再需要".to_owned(),
    };
    envelope("creditRevocation", business_no, Command::RevokeCase(wish))
}

async fn standing(house: &House<Credits>) -> CreditStanding {
    let query = Query::CreditStatus { company: company() };
    match house.engine.office().query(&house.window(), &query).await {
        Ok(Reply::Credit(standing)) => standing,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_rules_grant_a_line_and_the_partner_is_told() {
    let house = bank(Mode::Auto).await;
    assert_eq!(standing(&house).await, CreditStanding::None);
    house.ask(&request("C1")).await;
    assert_eq!(house.texts("select event from callbacks").await, ["credit_decided"]);
    // The clock of the window stands before the grant, which began now.
    let mut window = house.window();
    window.now = domain::Timestamp::new(boot::now());
    let query = Query::CreditStatus { company: company() };
    let now = house.engine.office().query(&window, &query).await;
    assert!(matches!(now, Ok(Reply::Credit(CreditStanding::Granted))), "{now:?}");
}

#[tokio::test]
async fn an_operator_sets_the_limit_or_refuses() {
    let house = bank(Mode::Manual).await;
    let (first, second) = (request("C1"), request("C2"));
    house.ask(&first).await;
    house.ask(&second).await;
    assert_eq!(house.count("select count(*) from callbacks").await, 0);
    house.ask(&decide(&first, Decision::Approve, Some(500))).await;
    house.ask(&decide(&second, Decision::Refuse { reason: "资料不全".to_owned() }, None)).await;
    let limits = "select body #>> '{grant,limit}' from credit_lines where state = 'approved'";
    assert_eq!(house.texts(limits).await, ["5.00"]);
    assert_eq!(house.count("select count(*) from credit_lines where state = 'refused'").await, 1);
    assert_eq!(house.count("select count(*) from callbacks").await, 2);
    assert_eq!(house.count("select count(*) from audit where action = 'decide_credit'").await, 2);
    let mut again = decide(&first, Decision::Approve, Some(600));
    again.id = "another".to_owned();
    let again = house.ask(&again).await;
    assert!(matches!(again, Reply::Refused(_)), "{again:?}");
}

#[tokio::test]
async fn what_orders_draw_is_no_longer_there() {
    let house = bank(Mode::Manual).await;
    let line = request("C1");
    house.ask(&line).await;
    house.ask(&decide(&line, Decision::Approve, Some(10_000_000))).await;
    let order = order("demo", "1");
    let mut work = house.store.work(key(order.no.as_str(), "placed"));
    work.save(&order).expect("serialises");
    work.use_credit(&order, company().code.expose()).expect("short");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    let mut window = house.window();
    window.now = domain::Timestamp::new(boot::now());
    let query = Query::CreditStatus { company: company() };
    let now = house.engine.office().query(&window, &query).await;
    assert!(matches!(now, Ok(Reply::Credit(CreditStanding::TooLittle))), "{now:?}");
}

#[tokio::test]
async fn a_revoked_line_is_gone_and_cannot_be_revoked_again() {
    let house = bank(Mode::Auto).await;
    house.ask(&request("C1")).await;
    let message = revoke("C1");
    assert!(matches!(house.ask(&message).await, Reply::Accepted { .. }));
    assert!(matches!(house.ask(&message).await, Reply::Accepted { .. }), "a repeat is answered the same");
    assert_eq!(standing(&house).await, CreditStanding::None);
    let mut other = revoke("C1");
    other.id = "another".to_owned();
    assert!(matches!(house.ask(&other).await, Reply::Refused(_)));
    assert!(matches!(house.ask(&revoke("unknown")).await, Reply::Refused(_)));
}

#[tokio::test]
async fn an_institution_without_credit_says_so() {
    let house = house(Credits, policy(Mode::Auto, Payment::Later)).await;
    let Reply::Refused(refusal) = house.ask(&request("C1")).await else { panic!("not refused") };
    assert_eq!(refusal.say, "授信接口未开通");
    let query = Query::CreditStatus { company: company() };
    let asked = house.engine.office().query(&house.window(), &query).await;
    assert!(matches!(asked, Err(Failure::Refused(no)) if no.say == "授信接口未开通"));
}
