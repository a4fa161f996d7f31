//! What sealing costs: the same units of work with and without keys, one after another; times are told, not judged.
//!
//!     eval "$(scripts/services env)"; cargo run -p store --example at_rest_cost
#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement ends where its ground is missing"
)]

use crypto::keyring::{Keyring, Place};
use crypto::secret::Secret;
use domain::{
    AcceptanceNo, Applicant, Company, Contact, Money, Notice, NoticeHead, Order, OrderRejected, Origin,
    PartnerId, PlaceOrder, Product, Reply, Tender, Timestamp,
};
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use store::{Event, MessageKey, Rotation, Sealing, Store, StoreSettings};
use testkit::fresh_database;

const UNITS: usize = 1_000;

fn ring() -> Keyring {
    Keyring::new("1", [("1", &Secret::new("11".repeat(32)))]).expect("a ring")
}

fn sealing() -> Sealing {
    static NONCES: AtomicU64 = AtomicU64::new(0);
    Sealing::new(ring(), || {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&NONCES.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        nonce
    })
}

fn at() -> Timestamp {
    Timestamp::try_from("2026-11-22T10:00:00Z".to_owned()).expect("an instant")
}

/// An order as large as a platform's.
fn order(business_no: &str) -> Order {
    let partner = PartnerId::parse("demo").expect("an id");
    let company = |name: &str| Company {
        name: name.into(),
        code: "91999999MA00000000".into(),
        address: "示例市滨江新区示范路一百二十八号建设大厦二十一层".into(),
    };
    let application = PlaceOrder {
        business_no: business_no.to_owned(),
        product: Product::Bid { opening: Some(at().plus_seconds(864_000)), validity_days: Some(90) },
        applicant: Applicant {
            company: company("示例市宏远建设工程有限公司"),
            legal_name: "张三".into(),
            legal_id: "999999199001010017".into(),
            account: None,
        },
        tender: Tender {
            project_no: "P-2026-0001".to_owned(),
            project_name: "示例市滨江新区人民医院门诊综合楼项目".into(),
            section_no: "P-2026-0001-01".to_owned(),
            section_name: "人民医院门诊综合楼施工第一标段".into(),
            tenderee: company("示例市滨江新区城市建设投资有限公司"),
            ..Tender::default()
        },
        bond: Money::from_fen(80_000_000),
        contact: Contact { name: "李四".into(), phone: "19900000001".into(), ..Contact::default() },
        attachments: Vec::new(),
        request_no: String::new(),
        deadline: None,
        term: None,
        sealed: Vec::new(),
        basic_account_only: false,
        remarks: Vec::new(),
    };
    let no = AcceptanceNo::of(&partner, "apply_guarantee", business_no);
    Order::place(no, Origin { kind: "finserv".to_owned(), partner, callback: None }, application, at())
}

/// An application, its timeline, its callback and its message: what `worker-apply` writes at once.
async fn unit(store: &Store, order: &Order) {
    let key = MessageKey {
        consumer: "worker-apply",
        id: order.no.to_string(),
        content_hash: "content".to_owned(),
        trace: String::new(),
        at: at(),
    };
    let mut work = store.work(key);
    work.save(order).expect("serialises");
    work.note(order, Event { what: "order_placed", detail: json!({ "bond": order.application.bond }) });
    let head = NoticeHead::of_order(order, at());
    let notice = Notice::OrderRejected(OrderRejected { head, reason: "不在服务范围".to_owned() });
    work.notify(&order.origin, notice).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
}

async fn measured(name: &str, sealing: Option<Sealing>) {
    let database = fresh_database().await;
    let store = Store::connect(&StoreSettings { sealing, ..StoreSettings::new(&database.url, "cost") })
        .expect("settings");
    store.migrate().await.expect("migrates");
    let orders: Vec<Order> = (0..UNITS).map(|number| order(&number.to_string())).collect();
    let begun = Instant::now();
    for order in &orders {
        unit(&store, order).await;
    }
    let written = begun.elapsed().as_secs_f64() * 1e6 / UNITS as f64;
    let begun = Instant::now();
    for order in &orders {
        store.find_order(&order.origin.partner, &order.no).await.expect("answers").expect("there");
    }
    let read = begun.elapsed().as_secs_f64() * 1e6 / UNITS as f64;
    let pool = sqlx::PgPool::connect(&database.url).await.expect("connects");
    let sql = "select (pg_total_relation_size('orders') + pg_total_relation_size('callbacks')) / 1024";
    let kib: i64 = sqlx::query_scalar(sql).fetch_one(&pool).await.expect("a size");
    println!(
        "{name}: write {written:.0} µs a unit, read {read:.0} µs an order, orders and callbacks {kib} KiB"
    );
    if name == "sealed" {
        let mut rotation = Rotation::default();
        let begun = Instant::now();
        while !rotation.is_over() {
            store.rotate(&mut rotation).await.expect("rotates");
        }
        println!(
            "rotation with nothing to do: {:.0} ms over {UNITS} units",
            begun.elapsed().as_secs_f64() * 1e3
        );
    }
}

#[tokio::main]
async fn main() {
    let (ring, body) = (ring(), serde_json::to_vec(&order("1")).expect("serialises"));
    let place = Place { table: "orders", row: "A1" };
    let begun = Instant::now();
    let mut sealed = String::new();
    for _ in 0..10_000 {
        sealed = ring.seal_text(place, [7; 12], &body).expect("short");
    }
    let seal = begun.elapsed().as_secs_f64() * 100.0;
    let begun = Instant::now();
    for _ in 0..10_000 {
        ring.open(place, sealed.as_bytes()).expect("ours");
    }
    let open = begun.elapsed().as_secs_f64() * 100.0;
    println!("body of {} bytes, sealed {}: seal {seal:.1} µs, open {open:.1} µs", body.len(), sealed.len());
    for _ in 0..2 {
        measured("plain", None).await;
        measured("sealed", Some(sealing())).await;
    }
}
