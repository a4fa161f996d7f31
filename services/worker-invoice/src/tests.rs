//! Invoices: made out as a document under the tax system's numbers, or refused with a reason.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use crate::office::Invoices;
use domain::{
    About, CaseQuery, Command, Company, Decide, Decision, InvoiceKind, Mode, Money, Order, Payment, Query,
    Reply, RequestInvoice, Subject,
};
use house::{House, envelope, house, policy, press};
use messages::Envelope;
use samples::{issued, key};
use worker::Office;

#[allow(dead_code, reason = "shared by the tests of all workers")]
#[path = "../../../shared/worker/tests/it/house.rs"]
mod house;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../shared/store/tests/it/samples.rs"]
mod samples;

async fn with(mode: Mode) -> (House<Invoices>, Order) {
    let house = house(Invoices { press: press() }, policy(mode, Payment::Later)).await;
    let mut order = issued("demo", "1");
    order.premium = Some(Money::from_fen(50_000));
    let mut work = house.store.work(key(order.no.as_str(), "placed"));
    work.save(&order).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    (house, order)
}

fn request(order: &Order, yuan: &str) -> Envelope<Command> {
    request_no(order, "i1", yuan)
}

fn request_no(order: &Order, business_no: &str, yuan: &str) -> Envelope<Command> {
    let request = RequestInvoice {
        buyer: Company { name: "测试建设有限公司".into(), ..Company::default() },
        amount: Some(Money::parse(yuan).expect("an amount")),
        kind: InvoiceKind::Ordinary,
        contact_phone: "".into(),
        contact_email: "".into(),
        postal_address: domain::Private::default(),
        recipient: domain::Private::default(),
        orders: Vec::new(),
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
    envelope("apply_invoice", business_no, Command::RequestInvoice(about))
}

async fn status(house: &House<Invoices>, order: &Order) -> domain::InvoiceStatus {
    let window = house.window();
    let guarantee_no = order.guarantee.as_ref().expect("issued").no.clone();
    let query = Query::InvoiceStatus(CaseQuery { guarantee_no, no: None });
    match house.engine.office().query(&window, &query).await {
        Ok(Reply::Invoice(status)) => status,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_invoice_is_made_out_at_once_and_found_by_its_guarantee() {
    let (house, order) = with(Mode::Auto).await;
    let message = request(&order, "500.00");
    assert_eq!(house.ask(&message).await, Reply::Accepted { no: message.no.clone() });
    assert_eq!(house.texts("select event from callbacks").await, ["invoice_issued"]);
    let status = status(&house, &order).await;
    assert_eq!((status.code.len(), status.number.len()), (12, 8));
    assert!(status.document_url.starts_with("https://files.example.cn/"));
}

#[tokio::test]
async fn an_operator_gives_the_numbers_of_the_tax_system() {
    let (house, order) = with(Mode::Manual).await;
    let message = request(&order, "500.00");
    house.ask(&message).await;
    assert_eq!(status(&house, &order).await.document_url, "", "FS-26: nothing made out yet");
    let decide = Decide {
        subject: Subject::Invoice,
        no: message.no.clone(),
        decision: Decision::Approve,
        invoice: Some(("035001900111".to_owned(), "12345678".to_owned())),
        by: "wang".to_owned(),
        amount: None,
        until: None,
    };
    let mut decide = envelope("operator", "d", Command::Decide(decide));
    decide.id = "d1".to_owned();
    house.ask(&decide).await;
    let status = status(&house, &order).await;
    assert_eq!((status.code.as_str(), status.number.as_str()), ("035001900111", "12345678"));
    assert_eq!(house.texts("select action from audit").await, ["decide_invoice"]);
}

#[tokio::test]
async fn more_than_the_premium_is_refused_and_leaves_nothing() {
    let (house, order) = with(Mode::Auto).await;
    assert!(matches!(house.ask(&request(&order, "500.01")).await, Reply::Refused(_)));
    assert_eq!(house.count("select count(*) from invoices").await, 0);
    assert_eq!(house.count("select count(*) from callbacks").await, 0);
}

#[tokio::test]
async fn several_invoices_together_are_for_no_more_than_the_premium() {
    let (house, order) = with(Mode::Auto).await;
    let first = request_no(&order, "i1", "300.00");
    assert_eq!(house.ask(&first).await, Reply::Accepted { no: first.no.clone() });
    assert!(matches!(house.ask(&request_no(&order, "i2", "200.01")).await, Reply::Refused(_)));
    let rest = request_no(&order, "i3", "200.00");
    assert_eq!(house.ask(&rest).await, Reply::Accepted { no: rest.no.clone() });
    assert_eq!(house.count("select count(*) from invoices").await, 2);
}
