//! Orders and cases as partners would send them.

use domain::{
    AcceptanceNo, Applicant, Attachment, Case, CaseState, Company, Contact, DocumentRef, Guarantee,
    GuaranteeKind, GuaranteeNo, GuaranteeState, Invoice, InvoiceKind, Money, Order, OrderState, Origin,
    PartnerId, PlaceOrder, Private, Product, RequestInvoice, RequestRefund, Tender, Timestamp,
};
use store::MessageKey;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).expect("an instant").plus_seconds(second)
}

pub(crate) fn partner(name: &str) -> PartnerId {
    PartnerId::parse(name).expect("a partner id")
}

pub(crate) fn origin(name: &str) -> Origin {
    Origin { kind: "finserv".to_owned(), partner: partner(name), callback: None }
}

pub(crate) fn number(name: &str, business_no: &str) -> AcceptanceNo {
    AcceptanceNo::of(&partner(name), "apply_guarantee", business_no)
}

pub(crate) fn application(business_no: &str, section_no: &str) -> PlaceOrder {
    PlaceOrder {
        business_no: business_no.to_owned(),
        product: Product::Bid { opening: Some(at(864_000)), validity_days: Some(90) },
        applicant: Applicant {
            company: Company {
                name: "测试建设有限公司".into(),
                code: "91350100MA00000000".into(),
                address: "".into(),
            },
            legal_name: "张三".into(),
            legal_id: "350100199001010011".into(),
            account: None,
        },
        tender: Tender {
            project_no: "P-1".to_owned(),
            section_no: section_no.to_owned(),
            area: "350100".to_owned(),
            tenderee: Company { name: "招标人".into(), ..Company::default() },
            ..Tender::default()
        },
        bond: Money::from_fen(10_000_000),
        contact: Contact { name: "李四".into(), ..Contact::default() },
        attachments: vec![Attachment {
            name: "营业执照.pdf".into(),
            kind: "business_licence".to_owned(),
            url: "https://files.example.cn/1".into(),
        }],
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    }
}

pub(crate) fn order(name: &str, business_no: &str) -> Order {
    let no = number(name, business_no);
    Order::place(no, origin(name), application(business_no, "S-1"), at(0))
}

/// The order with a guarantee in force.
pub(crate) fn issued(name: &str, business_no: &str) -> Order {
    let mut order = order(name, business_no);
    order.state = OrderState::Paid;
    let guarantee = Guarantee {
        no: GuaranteeNo::of("BH", "20261122", &order.no),
        state: GuaranteeState::InForce,
        issued_at: at(0),
        valid_until: None,
        document: DocumentRef { sha256: "0".repeat(64), name: "保函.pdf".to_owned() },
        kind: GuaranteeKind::Plain,
        valid_from: None,
        serial_no: None,
        earlier: Vec::new(),
    };
    order.issue(guarantee).expect("paid");
    order
}

pub(crate) fn refund(order: &Order, business_no: &str, second: i64) -> Case<RequestRefund> {
    let request = RequestRefund {
        reason: "流标".to_owned(),
        section_no: "S-1".to_owned(),
        applicant: Company::default(),
        contact: Contact::default(),
    };
    case(order, "guarantee_quit", business_no, second, request)
}

pub(crate) fn invoice(order: &Order, business_no: &str, second: i64) -> Invoice {
    let request = RequestInvoice {
        buyer: Company::default(),
        amount: Some(Money::from_fen(10_000)),
        kind: InvoiceKind::Ordinary,
        contact_phone: "".into(),
        contact_email: "".into(),
        postal_address: Private::default(),
        recipient: Private::default(),
        orders: Vec::new(),
    };
    Invoice { case: case(order, "apply_invoice", business_no, second, request), issued: None }
}

fn case<R>(order: &Order, interface: &str, business_no: &str, second: i64, request: R) -> Case<R> {
    Case {
        no: AcceptanceNo::of(&order.origin.partner, interface, business_no),
        origin: order.origin.clone(),
        business_no: business_no.to_owned(),
        order: order.no.clone(),
        guarantee_no: order.guarantee.as_ref().expect("issued").no.clone(),
        request,
        state: CaseState::Reviewing,
        reason: String::new(),
        requested_at: at(second),
        decided_at: None,
        version: 1,
        payout: None,
        confirmation: None,
        revocation: None,
    }
}

pub(crate) fn key(id: &str, content: &str) -> MessageKey {
    MessageKey {
        consumer: "worker-apply",
        id: id.to_owned(),
        content_hash: content.to_owned(),
        trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        at: at(1),
    }
}
