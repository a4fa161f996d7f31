//! What is kept is sealed: no table shows a person, no value opens in another row, and what was written in plain is read.

use crate::database::{fresh, sealing};
use crate::samples::{at, issued, key, number, order, origin, partner, refund};
use domain::{
    BankAccount, ChangeTender, Command, Company, ConfirmPayment, CreditLine, Money, Notice, NoticeHead,
    Order, OrderRejected, Private, Reply, RequestCredit, TenderChange, TenderChangeKind,
};
use messages::{Attempt, AttemptOutcome, Envelope};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use store::{CallbackFilter, Event, Store, StoreError, StoreSettings, TaskFilter};

/// What the samples say of people, and what is said of them here.
pub(crate) const PRIVATE: [&str; 7] = [
    "测试建设有限公司",
    "91350100MA00000000",
    "张三",
    "350100199001010011",
    "李四",
    "6222020000000000000",
    "13800000000",
];

/// One of everything that can be kept about an order with a guarantee.
pub(crate) async fn filled(store: &Store, business_no: &str) -> Order {
    let order = issued("demo", business_no);
    let code = order.application.applicant.company.code.expose().to_owned();
    let mut work = store.work(key(order.no.as_str(), "content"));
    work.save(&order).expect("serialises");
    work.use_credit(&order, &code).expect("short");
    work.note(&order, Event { what: "order_placed", detail: json!({ "reason": "张三 13800000000" }) });
    work.note(&order, Event::plain("order_paid"));
    work.raise(&order, "application_remark", "请联系 李四 13800000000");
    let notice = Notice::OrderRejected(OrderRejected {
        head: NoticeHead::of_order(&order, at(1)),
        reason: "张三 不在服务范围".to_owned(),
    });
    let id = notice.callback_id();
    work.notify(&origin("demo"), notice).expect("serialises");
    let payer = BankAccount {
        holder: "测试建设有限公司".into(),
        number: "6222020000000000000".into(),
        bank: "".into(),
        bank_no: "".into(),
    };
    let command = Command::ConfirmPayment(ConfirmPayment {
        no: order.no.clone(),
        amount: Money::ZERO,
        paid_at: at(0),
        reference: String::new(),
        by: "gateway".to_owned(),
        payer: Some(payer),
    });
    let envelope =
        Envelope::command(order.no.clone(), origin("demo"), "gateway", String::new(), at(0), command);
    work.tell(&order.no, &envelope).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    more(store, &order, business_no, &id).await;
    order
}

async fn more(store: &Store, order: &Order, business_no: &str, callback: &str) {
    let case = refund(order, &format!("r{business_no}"), 2);
    let company = order.application.applicant.company.clone();
    let request =
        RequestCredit { business_no: format!("c{business_no}"), company, papers: Private::default() };
    let line = CreditLine::request(number("demo", &request.business_no), origin("demo"), request, at(2));
    let change = ChangeTender {
        business_no: format!("t{business_no}"),
        section_no: "S-1".to_owned(),
        project_no: "P-1".to_owned(),
        change: TenderChange {
            kind: TenderChangeKind::Other,
            opening: None,
            notice_url: "https://example.cn/张三".to_owned(),
            deadline: None,
        },
    };
    let mut work = store.work(key(case.no.as_str(), "content"));
    work.save(&case).expect("serialises");
    work.save(&line).expect("serialises");
    let no = number("demo", &change.business_no);
    work.save_tender_change(&no, &origin("demo"), &change, 1).expect("serialises");
    work.commit(&Reply::Accepted { no: case.no.clone() }).await.expect("commits");
    let attempt = Attempt {
        callback_id: callback.to_owned(),
        origin: origin("demo"),
        interface: "feedback".to_owned(),
        number: 1,
        cycle: 0,
        at: at(3),
        duration_ms: 1,
        status: 200,
        outcome: AttemptOutcome::Failed { next_due: at(4) },
        why: "the partner said 张三 350100199001010011".to_owned(),
    };
    store.record_attempts(&[attempt]).await.expect("records");
}

/// Everything that stands in the database, as text.
pub(crate) async fn everything(behind: &PgPool) -> String {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
            .fetch_all(behind)
            .await
            .expect("tables");
    let mut all = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("select t::text from {table} t")))
            .fetch_all(behind)
            .await
            .expect("rows");
        all.extend(rows);
    }
    let messages: Vec<String> = sqlx::query_scalar("select convert_from(payload, 'UTF8') from outbox")
        .fetch_all(behind)
        .await
        .expect("messages");
    all + &messages.concat()
}

pub(crate) fn shown(all: &str) -> Vec<&'static str> {
    PRIVATE.into_iter().filter(|private| all.contains(private)).collect()
}

/// All of it reads as it was written.
pub(crate) async fn reads_well(store: &Store, order: &Order, business_no: &str) {
    let story = store.story(&order.no).await.expect("answers").expect("there");
    assert_eq!(&story.order, order);
    assert_eq!(story.events[0].detail, json!({ "reason": "张三 13800000000" }));
    assert!(story.events[1].detail.is_null());
    assert!(story.attempts[0].why.contains("张三"));
    let filter = CallbackFilter { order: Some(order.no.clone()), limit: 9, ..CallbackFilter::default() };
    assert!(store.callbacks(&filter).await.expect("answers")[0].last_error.contains("张三"));
    let filter = TaskFilter { order: Some(order.no.clone()), limit: 9, ..TaskFilter::default() };
    assert_eq!(store.tasks(&filter).await.expect("answers")[0].say, "请联系 李四 13800000000");
    for number in [business_no.to_owned(), format!("r{business_no}"), format!("c{business_no}")] {
        assert_eq!(store.numbered(&number).await.expect("answers")[0].origin, order.origin, "{number}");
    }
    let (lines, used) = store.credit_of(&partner("demo"), "91350100MA00000000").await.expect("answers");
    assert!(lines.iter().any(|line| line.request.business_no == format!("c{business_no}")));
    assert!(used >= Money::from_fen(10_000_000));
}

#[tokio::test]
async fn no_table_shows_a_person_and_all_of_it_reads_again() {
    let (store, behind, _database) = fresh().await;
    let order = filled(&store, "1").await;
    assert_eq!(shown(&everything(&behind).await), [""; 0]);
    reads_well(&store, &order, "1").await;
    // One at a time of an order: the notice first, then the command.
    let mut said = String::new();
    for _ in 0..2 {
        let batch = store.outbox_batch(10).await.expect("answers");
        said += &String::from_utf8_lossy(&batch.rows[0].payload);
        let sent = batch.rows[0].id;
        batch.done(&[sent]).await.expect("commits");
    }
    assert!(said.contains("6222020000000000000") && said.contains("张三 不在服务范围"), "opened: {said}");
}

#[tokio::test]
async fn what_was_written_without_keys_is_read_and_changed_with_them() {
    let (store, behind, database) = fresh().await;
    let plain = Store::connect(&StoreSettings::new(&database.url, "test")).expect("settings");
    let order = filled(&plain, "1").await;
    assert_eq!(shown(&everything(&behind).await), PRIVATE, "the samples are worth the search");
    reads_well(&store, &order, "1").await;
    let batch = store.outbox_batch(10).await.expect("answers");
    assert!(String::from_utf8_lossy(&batch.rows[0].payload).contains("张三"));
    drop(batch);
    let mut work = store.work(key("change", "content"));
    let mut changed = work.any_order(&order.no).await.expect("answers").expect("there");
    changed.guarantee_mut().expect("issued").end(domain::GuaranteeState::Released).expect("in force");
    work.save(&changed).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    let kept: String =
        sqlx::query_scalar("select body::text from orders").fetch_one(&behind).await.expect("one");
    assert!(kept.starts_with("\"gcm1.2026-11."), "{kept}");
    assert_eq!(store.find_order(&partner("demo"), &order.no).await.expect("answers"), Some(changed));
}

#[tokio::test]
async fn a_body_in_another_row_is_refused() {
    let (store, behind, _database) = fresh().await;
    let (one, two) = (order("demo", "1"), order("demo", "2"));
    for order in [&one, &two] {
        let mut work = store.work(key(order.no.as_str(), "content"));
        work.save(order).expect("serialises");
        work.commit(&Reply::Accepted { no: order.no.clone() }).await.expect("commits");
    }
    sqlx::query("update orders set body = (select body from orders where no = $1) where no = $2")
        .bind(one.no.as_str())
        .bind(two.no.as_str())
        .execute(&behind)
        .await
        .expect("updates");
    assert!(store.find_order(&partner("demo"), &one.no).await.expect("answers").is_some());
    let refused = store.find_order(&partner("demo"), &two.no).await;
    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
}

#[tokio::test]
async fn without_the_key_work_waits_instead_of_being_thrown_away() {
    let (store, _behind, database) = fresh().await;
    let order = filled(&store, "1").await;
    let mut keyless = StoreSettings::new(&database.url, "test");
    let none = Store::connect(&keyless).expect("settings");
    let error = none.find_order(&partner("demo"), &order.no).await.expect_err("sealed");
    assert!(error.is_retryable() && error.to_string().contains("[keys]"), "{error}");
    keyless.sealing = Some(sealing("2026-12"));
    let other = Store::connect(&keyless).expect("settings");
    assert!(other.find_order(&partner("demo"), &order.no).await.expect("an earlier key opens").is_some());
}

#[tokio::test]
async fn the_credit_of_a_bidder_is_found_under_either_key() {
    let (store, _behind, database) = fresh().await;
    let company = Company { code: "91350100MA00000000".into(), ..Company::default() };
    filled(&store, "1").await;
    let mut later = StoreSettings::new(&database.url, "test");
    later.sealing = Some(sealing("2026-12"));
    let later = Store::connect(&later).expect("settings");
    filled(&later, "2").await;
    for store in [&store, &later] {
        let (lines, used) = store.credit_of(&partner("demo"), company.code.expose()).await.expect("answers");
        assert_eq!((lines.len(), used), (2, Money::from_fen(20_000_000)), "under either key");
    }
}
