//! Refunds and releases: one ending for each guarantee, whoever comes first.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Endings;
use domain::{
    About, CaseQuery, Command, Company, Contact, Decide, Decision, Mode, Order, Payment, Query, Reply,
    RequestRefund, RequestRelease, Subject,
};
use house::{House, documents, envelope, house, policy, press};
use messages::Envelope;
use samples::{issued, key};
use std::sync::Arc;
use worker::{Office, Verdict};

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

async fn with(mode: Mode) -> (House<Endings>, Order) {
    let house = house(Endings { press: press() }, policy(mode, Payment::Later)).await;
    let order = issued("demo", "1");
    let mut work = house.store.work(key(order.no.as_str(), "placed"));
    work.save(&order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    (house, order)
}

fn refund(order: &Order, business_no: &str) -> Envelope<Command> {
    let request = RequestRefund {
        reason: "流标".to_owned(),
        section_no: "S-1".to_owned(),
        applicant: Company::default(),
        contact: Contact::default(),
    };
    let guarantee_no = order.guarantee.as_ref().expect("issued").no.clone();
    let about = About {
        business_no: business_no.to_owned(),
        guarantee_no,
        request,
        by: String::new(),
        order_no: String::new(),
        stage: None,
    };
    envelope("guarantee_quit", business_no, Command::RequestRefund(about))
}

fn release(order: &Order, business_no: &str) -> Envelope<Command> {
    let request = RequestRelease { reason: domain::ReleaseReason::NotAwarded, section_no: String::new() };
    let guarantee_no = order.guarantee.as_ref().expect("issued").no.clone();
    let about = About {
        business_no: business_no.to_owned(),
        guarantee_no,
        request,
        by: String::new(),
        order_no: String::new(),
        stage: None,
    };
    envelope("apply_cancel", business_no, Command::RequestRelease(about))
}

fn approve(subject: Subject, case: &Envelope<Command>) -> Envelope<Command> {
    let decision = Decision::Approve;
    let decide = Decide {
        subject,
        no: case.no.clone(),
        decision,
        invoice: None,
        by: "wang".to_owned(),
        amount: None,
        until: None,
    };
    let mut message = envelope("operator", "d", Command::Decide(decide));
    message.id = format!("decide {}", case.no);
    message
}

#[tokio::test]
async fn a_refund_ends_the_guarantee_and_a_release_then_finds_it_gone() {
    let (house, order) = with(Mode::Auto).await;
    assert!(matches!(house.ask(&refund(&order, "r1")).await, Reply::Accepted { .. }));
    assert_eq!(house.texts("select body->'guarantee'->>'state' from orders").await, ["refunded"]);
    assert_eq!(house.texts("select event from callbacks").await, ["refund_decided"]);
    let Reply::Refused(refusal) = house.ask(&release(&order, "x1")).await else { panic!("accepted") };
    assert_eq!(refusal.say, "保函已退保");
    let kept = house.texts("select body->'confirmation'->>'sha256' from refunds").await;
    assert_eq!(confirmation(&kept[0], "退保确认书").await, kept[0]);
    let told = "select payload->'body'->'with'->'confirmation'->>'sha256' from callbacks";
    assert_eq!(house.texts(told).await, kept);
}

/// A confirmation as it is kept: signed, and the file that its hash says; the name is what whoever downloads it sees.
async fn confirmation(sha256: &str, title: &str) -> String {
    let document = domain::DocumentRef { sha256: sha256.to_owned(), name: format!("{title}.pdf") };
    let bytes = documents().get(&document).await.expect("it is kept");
    assert!(bytes.starts_with(b"%PDF-"));
    let signed = bytes.windows(19).any(|part| part == b"ETSI.CAdES.detached");
    assert!(signed, "nobody signed the {title}");
    hex::encode(crypto::digest::sha256(&bytes))
}

#[tokio::test]
async fn a_release_leaves_a_confirmation_that_its_query_links_to_and_a_refusal_leaves_none() {
    let (house, order) = with(Mode::Manual).await;
    let (refused, granted) = (refund(&order, "r1"), release(&order, "x1"));
    house.ask(&refused).await;
    house.ask(&granted).await;
    let window = house.window();
    let guarantee_no = order.guarantee.as_ref().expect("issued").no.clone();
    let query = Query::ReleaseStatus(CaseQuery { guarantee_no, no: None });
    let url = async || match house.engine.office().query(&window, &query).await {
        Ok(Reply::Case(status)) => status.document_url,
        other => panic!("no status: {other:?}"),
    };
    assert_eq!(url().await, None);
    assert!(matches!(house.ask(&approve(Subject::Release, &granted)).await, Reply::Accepted { .. }));
    assert!(url().await.expect("a link").starts_with("https://files.example.cn/d/"));
    let kept = house.texts("select body->'confirmation'->>'sha256' from releases").await;
    assert_eq!(confirmation(&kept[0], "保函注销确认书").await, kept[0]);
    assert_eq!(house.texts("select no from refunds where body->'confirmation' is not null").await, [""; 0]);
    let events = house.texts("select detail->>'document' from events where what = 'release_approved'").await;
    assert_eq!(events, kept, "the timeline names it");
}

#[tokio::test]
async fn a_second_refund_waits_for_the_first_and_the_query_tells_the_latest() {
    let (house, order) = with(Mode::Manual).await;
    let first = refund(&order, "r1");
    house.ask(&first).await;
    let Reply::Refused(refusal) = house.ask(&refund(&order, "r2")).await else { panic!("accepted") };
    assert_eq!(refusal.say, "该保函已有退保申请在审核中");
    let window = house.window();
    let guarantee_no = order.guarantee.as_ref().expect("issued").no.clone();
    let query = Query::RefundStatus(CaseQuery { guarantee_no, no: None });
    let Ok(Reply::Case(status)) = house.engine.office().query(&window, &query).await else {
        panic!("no status")
    };
    assert_eq!(status.no, first.no);
}

#[tokio::test]
async fn of_two_decisions_at_the_same_moment_one_ends_the_guarantee_and_the_other_case_is_refused() {
    let (house, order) = with(Mode::Manual).await;
    let (out, back) = (release(&order, "x1"), refund(&order, "r1"));
    house.ask(&out).await;
    house.ask(&back).await;
    let engine = Arc::new(house.engine);
    let both = [approve(Subject::Release, &out), approve(Subject::Refund, &back)].map(|message| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move { engine.judge(&message, String::new(), true).await })
    });
    let mut accepted = 0;
    for verdict in both {
        let Verdict::Replied(reply) = verdict.await.expect("no panic") else { panic!("no reply") };
        accepted += usize::from(matches!(reply, Reply::Accepted { .. }));
    }
    assert_eq!(accepted, 1);
    let states: Vec<String> =
        sqlx::query_scalar("select state from refunds union all select state from releases order by 1")
            .fetch_all(&house.pool)
            .await
            .expect("finds");
    assert_eq!(states, ["approved", "refused"]);
    let told: i64 =
        sqlx::query_scalar("select count(*) from callbacks").fetch_one(&house.pool).await.expect("counts");
    assert_eq!(told, 2, "both partners' cases have their notice");
    let version: i32 =
        sqlx::query_scalar("select version from orders").fetch_one(&house.pool).await.expect("finds");
    assert_eq!(version, i32::try_from(order.version).expect("small") + 1, "one change of state");
}
