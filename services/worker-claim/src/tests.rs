//! Claims: one guarantee is paid once, and whoever competed for it hears that it is gone.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Claims;
use domain::{
    About, BankAccount, CaseQuery, Command, Company, Contact, Decide, Decision, GuaranteeNo, Mode, Money,
    Order, Payment, Query, RefusalKind, Reply, RequestClaim, Subject,
};
use house::{House, envelope, house, policy};
use messages::Envelope;
use samples::{issued, key, order, partner, refund};
use worker::Office;

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

/// A house with this order in it.
async fn with(mode: Mode, order: &Order) -> House<Claims> {
    let house = house(Claims, policy(mode, Payment::Later)).await;
    let mut work = house.store.work(key(order.no.as_str(), "placed"));
    work.save(order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    house
}

fn claim(business_no: &str, guarantee: &str, yuan: &str) -> Envelope<Command> {
    let request = RequestClaim {
        reason: "投标人违约".to_owned(),
        claimer: Company::default(),
        contact: Contact::default(),
        amount: Some(Money::parse(yuan).expect("an amount")),
        account: Some(BankAccount::default()),
        evidence: Vec::new(),
    };
    let guarantee_no = GuaranteeNo::quoted(guarantee);
    let about = About {
        business_no: business_no.to_owned(),
        guarantee_no,
        request,
        by: String::new(),
        order_no: String::new(),
        stage: None,
    };
    envelope("apply_claim", &format!("{business_no}/{guarantee}/{yuan}"), Command::RequestClaim(about))
}

fn guarantee(order: &Order) -> &str {
    order.guarantee.as_ref().expect("issued").no.as_str()
}

async fn refused(house: &House<Claims>, message: &Envelope<Command>) -> RefusalKind {
    match house.ask(message).await {
        Reply::Refused(refusal) => refusal.kind,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_approved_claim_ends_the_guarantee_once_and_overtakes_what_competed() {
    let order = issued("demo", "1");
    let house = with(Mode::Auto, &order).await;
    let competing = refund(&order, "r1", 1);
    let mut work = house.store.work(key(competing.no.as_str(), "r1"));
    work.save(&competing).expect("serialises");
    work.commit(&Reply::Accepted { no: competing.no.clone() }).await.expect("commits");

    let message = claim("c1", guarantee(&order), "1000.00");
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    assert_eq!(house.texts("select body->'guarantee'->>'state' from orders").await, ["claimed"]);
    assert_eq!(house.count("select version::bigint from orders").await, i64::from(order.version) + 1);
    assert_eq!(house.texts("select state from refunds").await, ["refused"]);
    let mut told = house.texts("select event from callbacks").await;
    told.sort();
    assert_eq!(told, ["claim_decided", "refund_decided"]);
    let second = claim("c2", guarantee(&order), "1000.00");
    assert_eq!(refused(&house, &second).await, RefusalKind::NotNow);
    assert_eq!(house.count("select count(*) from claims").await, 1);
}

#[tokio::test]
async fn an_operator_refuses_and_the_guarantee_stays() {
    let order = issued("demo", "1");
    let house = with(Mode::Manual, &order).await;
    let message = claim("c1", guarantee(&order), "1000.00");
    house.ask(&message).await;
    let decision = Decision::Refuse { reason: "证据不足".to_owned() };
    let decide = Decide {
        subject: Subject::Claim,
        no: message.no.clone(),
        decision,
        invoice: None,
        by: "wang".to_owned(),
        amount: None,
        until: None,
    };
    let mut decide = envelope("operator", "d", Command::Decide(decide));
    decide.id = "d1".to_owned();
    house.ask(&decide).await;
    assert_eq!(house.texts("select body->'guarantee'->>'state' from orders").await, ["in_force"]);
    assert_eq!(house.texts("select action from audit").await, ["decide_claim"]);
    let window = house.window();
    let query =
        CaseQuery { guarantee_no: GuaranteeNo::quoted(guarantee(&order)), no: Some(message.no.clone()) };
    let Ok(Reply::Case(status)) = house.engine.office().query(&window, &Query::ClaimStatus(query)).await
    else {
        panic!("no status")
    };
    assert_eq!((status.no, status.reason.as_str()), (message.no, "证据不足"));
    decide.id = "d2".to_owned();
    assert_eq!(refused(&house, &decide).await, RefusalKind::NotNow);
}

#[tokio::test]
async fn the_order_is_found_by_guarantee_first_then_by_number_and_never_across_partners() {
    let order = issued("demo", "1");
    let house = with(Mode::Manual, &order).await;
    let found = claim("unknown", guarantee(&order), "1.00");
    assert!(matches!(house.ask(&found).await, Reply::Accepted { .. }));
    assert!(matches!(house.ask(&claim("1", "", "2.00")).await, Reply::Accepted { .. }));
    let other_guarantee = claim("1", "BH-OF-SOMEONE", "3.00");
    assert_eq!(refused(&house, &other_guarantee).await, RefusalKind::Unknown);
    let mut stranger = claim("1", guarantee(&order), "4.00");
    stranger.origin.partner = partner("other");
    assert_eq!(refused(&house, &stranger).await, RefusalKind::Unknown);
    assert_eq!(refused(&house, &claim("1", guarantee(&order), "100000.01")).await, RefusalKind::AgainstRules);
}

#[tokio::test]
async fn without_a_guarantee_the_state_of_the_application_is_told() {
    let order = order("demo", "1");
    let house = with(Mode::Auto, &order).await;
    let Reply::Refused(refusal) = house.ask(&claim("1", "BH-QUOTED", "1.00")).await else {
        panic!("accepted")
    };
    assert_eq!((refusal.kind, refusal.say.as_str()), (RefusalKind::NotNow, "保函申请审核中"));
}

fn revoke(business_no: &str) -> Envelope<Command> {
    let wish = domain::RevokeCase {
        subject: Subject::Claim,
        business_no: business_no.to_owned(),
        reason: "误报".to_owned(),
    };
    envelope("compensateRevocation", business_no, Command::RevokeCase(wish))
}

fn confirm_revocation(claim: &Envelope<Command>, decision: Decision) -> Envelope<Command> {
    let decide = Decide {
        subject: Subject::ClaimRevocation,
        no: claim.no.clone(),
        decision,
        invoice: None,
        amount: None,
        until: None,
        by: "wang".to_owned(),
    };
    envelope("operator", "confirm", Command::Decide(decide))
}

#[tokio::test]
async fn a_claim_is_taken_back_only_when_an_operator_confirms() {
    let order = issued("demo", "1");
    let house = with(Mode::Manual, &order).await;
    let no = order.guarantee.as_ref().expect("issued").no.to_string();
    let message = claim("C1", &no, "10.00");
    house.ask(&message).await;
    for _ in 0..2 {
        assert_eq!(refused(&house, &revoke("C1")).await, RefusalKind::NotNow, "it waits for somebody");
        assert_eq!(house.texts("select state from claims").await, ["reviewing"]);
        assert_eq!(house.count("select count(*) from tasks where what = 'claim_revocation'").await, 1);
    }
    house.ask(&confirm_revocation(&message, Decision::Approve)).await;
    assert_eq!(house.texts("select state from claims").await, ["revoked"]);
    for _ in 0..2 {
        assert!(matches!(house.ask(&revoke("C1")).await, Reply::Accepted { .. }), "now it is true");
    }
    let order = house.store.find_order(&partner("demo"), &order.no).await.expect("reads").expect("there");
    assert!(order.guarantee.expect("issued").must_be_in_force().is_ok());
}

#[tokio::test]
async fn what_is_approved_is_not_taken_back_and_is_paid_once() {
    let order = issued("demo", "1");
    let house = with(Mode::Auto, &order).await;
    let no = order.guarantee.as_ref().expect("issued").no.to_string();
    let message = claim("C1", &no, "10.00");
    house.ask(&message).await;
    let Reply::Refused(refusal) = house.ask(&revoke("C1")).await else { panic!("not refused") };
    assert_eq!(refusal.say, "该索赔已有审核结果，不能撤回");
    let paid = |id: &str, yuan: Option<&str>| {
        let paid = domain::ConfirmPayout {
            no: message.no.clone(),
            amount: yuan.map(|yuan| Money::parse(yuan).expect("an amount")),
            paid_at: samples::at(9),
            reference: "R-1".to_owned(),
            by: "wang".to_owned(),
        };
        envelope("operator", id, Command::ConfirmPayout(paid))
    };
    assert!(matches!(house.ask(&paid("p1", Some("9.00"))).await, Reply::Refused(_)));
    assert!(matches!(house.ask(&paid("p2", None)).await, Reply::Accepted { .. }));
    assert!(matches!(house.ask(&paid("p3", None)).await, Reply::Refused(_)));
    assert_eq!(house.texts("select body #>> '{payout,amount}' from claims").await, ["10.00"]);
}
