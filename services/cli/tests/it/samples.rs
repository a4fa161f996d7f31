//! Orders as partners would send them, put into a database the way workers do.

use domain::{
    AcceptanceNo, Applicant, Case, CaseState, Company, Contact, CreditLine, DocumentRef, Guarantee,
    GuaranteeKind, GuaranteeNo, GuaranteeState, Money, Notice, NoticeHead, Order, OrderRejected, OrderState,
    Origin, PartnerId, PlaceOrder, Product, Reply, RequestCredit, RequestRefund, Tender, Timestamp,
};
use messages::{Attempt, AttemptOutcome};
use serde_json::json;
use store::{Event, MessageKey, Store, StoreSettings};
use testkit::FreshDatabase;

pub(crate) const NAME: &str = "测试建设有限公司";
pub(crate) const LEGAL_ID: &str = "350100199001010011";

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).unwrap().plus_seconds(second)
}

pub(crate) fn origin(partner: &str) -> Origin {
    Origin { kind: "finserv".to_owned(), partner: PartnerId::parse(partner).unwrap(), callback: None }
}

pub(crate) async fn store(database: &FreshDatabase) -> Store {
    let store = Store::connect(&StoreSettings::new(&database.url, "test")).unwrap();
    store.migrate().await.unwrap();
    store
}

pub(crate) fn order(partner: &str, business_no: &str) -> Order {
    let company = Company { name: NAME.into(), ..Company::default() };
    let application = PlaceOrder {
        business_no: business_no.to_owned(),
        product: Product::Bid { opening: Some(at(864_000)), validity_days: Some(90) },
        applicant: Applicant { company, legal_id: LEGAL_ID.into(), ..Applicant::default() },
        tender: Tender { project_no: "P-1".to_owned(), section_no: "S-1".to_owned(), ..Tender::default() },
        bond: Money::from_fen(10_000_000),
        contact: Contact { phone: "13800000000".into(), ..Contact::default() },
        attachments: Vec::new(),
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    };
    let origin = origin(partner);
    Order::place(
        AcceptanceNo::of(&origin.partner, "apply_guarantee", business_no),
        origin,
        application,
        at(0),
    )
}

fn key(id: &str, second: i64) -> MessageKey {
    let (id, content_hash, trace) = (id.to_owned(), "content".to_owned(), "00-trace-01".to_owned());
    MessageKey { consumer: "worker-apply", id, content_hash, trace, at: at(second) }
}

/// An order that was taken in and waits.
pub(crate) async fn waiting(store: &Store, partner: &str, business_no: &str) -> Order {
    let order = order(partner, business_no);
    let mut work = store.work(key(order.no.as_str(), 0));
    work.save(&order).unwrap();
    work.note(&order, Event::plain("order_placed"));
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
    order
}

/// An order with a guarantee in force, a refund that waits, and a callback that was given up after an attempt.
pub(crate) async fn eventful(
    store: &Store,
    partner: &str,
    business_no: &str,
) -> (Order, Case<RequestRefund>, String) {
    let mut order = waiting(store, partner, business_no).await;
    let mut work = store.work(key(&format!("decide:{business_no}"), 1));
    work.order(&order.origin.partner, &order.no).await.unwrap().unwrap();
    order.state = OrderState::Paid;
    let no = GuaranteeNo::of("BH", "20261122", &order.no);
    let document = DocumentRef { sha256: "0".repeat(64), name: "保函.pdf".to_owned() };
    let state = GuaranteeState::InForce;
    order
        .issue(Guarantee {
            no: no.clone(),
            state,
            issued_at: at(1),
            valid_until: None,
            document,
            kind: GuaranteeKind::Plain,
            valid_from: None,
            serial_no: None,
            earlier: Vec::new(),
        })
        .unwrap();
    work.save(&order).unwrap();
    work.note(&order, Event { what: "guarantee_issued", detail: json!({ "guarantee_no": no }) });
    work.audit("wang", "decide_order", order.no.as_str(), json!({ "verdict": "approve" }));
    let head = NoticeHead::of_order(&order, at(1));
    let notice = Notice::OrderRejected(OrderRejected { head, reason: String::new() });
    let callback = notice.callback_id();
    work.notify(&order.origin, notice).unwrap();
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
    let case = refund(store, &order).await;
    let attempt = Attempt {
        callback_id: callback.clone(),
        origin: order.origin.clone(),
        interface: "feedback_apply_guarantee_result".to_owned(),
        number: 1,
        cycle: 0,
        at: at(3),
        duration_ms: 12,
        status: 503,
        outcome: AttemptOutcome::Exhausted,
        why: "status 503".to_owned(),
    };
    store.record_attempts(&[attempt]).await.unwrap();
    (order, case, callback)
}

async fn refund(store: &Store, order: &Order) -> Case<RequestRefund> {
    let case = Case {
        no: AcceptanceNo::of(&order.origin.partner, "guarantee_quit", &order.application.business_no),
        origin: order.origin.clone(),
        business_no: "TD-1".to_owned(),
        order: order.no.clone(),
        guarantee_no: order.guarantee.as_ref().unwrap().no.clone(),
        request: RequestRefund {
            reason: "流标".to_owned(),
            section_no: "S-1".to_owned(),
            applicant: Company::default(),
            contact: Contact::default(),
        },
        state: CaseState::Reviewing,
        reason: String::new(),
        requested_at: at(2),
        decided_at: None,
        version: 1,
        payout: None,
        confirmation: None,
        revocation: None,
    };
    let mut work = store.work(key(case.no.as_str(), 2));
    work.order(&order.origin.partner, &order.no).await.unwrap().unwrap();
    work.save(&case).unwrap();
    work.note(&case, Event::plain("refund_requested"));
    work.commit(&Reply::Accepted { no: case.no.clone() }).await.unwrap();
    case
}

/// A line in the timeline of an order.
pub(crate) async fn note(store: &Store, order: &Order, what: &'static str, detail: serde_json::Value) {
    let mut work = store.work(key(what, 5));
    work.note(order, Event { what, detail });
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
}

/// Something that people must look after.
pub(crate) async fn task(store: &Store, order: &Order, what: &'static str, say: &str) {
    let mut work = store.work(key(what, 5));
    work.raise(order, what, say);
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.unwrap();
}

/// A credit line that waits.
pub(crate) async fn credit(store: &Store, business_no: &str) -> AcceptanceNo {
    let origin = origin("demo");
    let no = AcceptanceNo::of(&origin.partner, "creditApply", business_no);
    let company = Company { name: NAME.into(), code: "91".into(), ..Company::default() };
    let request = RequestCredit { business_no: business_no.to_owned(), company, papers: "".into() };
    let line = CreditLine::request(no.clone(), origin, request, at(0));
    let mut work = store.work(key(no.as_str(), 0));
    work.save(&line).unwrap();
    work.note(&line, Event::plain("credit_requested"));
    work.commit(&Reply::Accepted { no: no.clone() }).await.unwrap();
    no
}
