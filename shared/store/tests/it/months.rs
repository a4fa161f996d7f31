//! What only grows is kept by the month: rows land in theirs, the next ones are there before they begin, old ones go whole, and
//! nothing is lost or doubled on the way.

use crate::database::{count, empty, fresh};
use crate::samples::{at, key, order, origin};
use domain::{Notice, NoticeHead, Order, OrderRejected, Reply, Timestamp};
use messages::{Attempt, AttemptOutcome};
use sqlx::{PgPool, Row as _};
use store::{Event, Keep, MessageKey, Patience, Store, StoreError};

const OLD_SCHEMA: [&str; 9] = [
    include_str!("../../migrations/0001_aggregates.sql"),
    include_str!("../../migrations/0002_messages.sql"),
    include_str!("../../migrations/0003_records.sql"),
    include_str!("../../migrations/0004_credit_editions_tasks.sql"),
    include_str!("../../migrations/0005_sealed_at_rest.sql"),
    include_str!("../../migrations/0006_documents_of_cases.sql"),
    include_str!("../../migrations/0007_rejected.sql"),
    include_str!("../../migrations/0008_audit_chain.sql"),
    include_str!("../../migrations/0009_traces.sql"),
];
const MONTHS: &str = include_str!("../../migrations/0010_months.sql");

fn instant(text: &str) -> Timestamp {
    Timestamp::try_from(text.to_owned()).expect("an instant")
}

/// An order with a line of its timeline and a callback, all at this time; returns the callback's id.
async fn told(store: &Store, business_no: &str, at: Timestamp) -> String {
    try_to_tell(store, business_no, at).await.expect("commits")
}

async fn try_to_tell(store: &Store, business_no: &str, at: Timestamp) -> Result<String, StoreError> {
    let order = order("demo", business_no);
    let mut work = store.work(MessageKey { at, ..key(order.no.as_str(), "content") });
    work.save(&order).expect("serialises");
    work.note(&order, Event::plain("order_placed"));
    let notice = rejected(&order, at);
    let id = notice.callback_id();
    work.notify(&origin("demo"), notice).expect("serialises");
    work.commit(&Reply::Accepted { no: order.no.clone() }).await.map(|()| id)
}

fn rejected(order: &Order, at: Timestamp) -> Notice {
    let head = NoticeHead::of_order(order, at);
    Notice::OrderRejected(OrderRejected { head, reason: "不在服务范围".to_owned() })
}

fn attempt(callback_id: &str, number: u32, at: Timestamp) -> Attempt {
    Attempt {
        callback_id: callback_id.to_owned(),
        origin: origin("demo"),
        interface: "feedback".to_owned(),
        number,
        cycle: 0,
        at,
        duration_ms: 12,
        status: 500,
        outcome: AttemptOutcome::Failed { next_due: at },
        why: String::new(),
    }
}

/// In which partitions the rows of a table are, with how many.
async fn parts(pool: &PgPool, sql: &'static str) -> Vec<(String, i64)> {
    let rows = sqlx::query(sql).fetch_all(pool).await.expect("rows");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

const EVENTS: &str = "select tableoid::regclass::text, count(*) from events group by 1 order by 1";
const ATTEMPTS: &str = "select tableoid::regclass::text, count(*) from attempts group by 1 order by 1";

async fn is_there(pool: &PgPool, part: &str) -> bool {
    let sql = "select to_regclass($1) is not null";
    sqlx::query_scalar(sql).bind(part).fetch_one(pool).await.expect("answers")
}

#[tokio::test]
async fn rows_land_in_their_month_and_the_month_after_next_is_there() {
    let (store, behind, _database) = fresh().await;
    let early = instant("2031-03-31T23:59:59Z");
    told(&store, "1", early).await;
    // By then nobody has made that month: it is caught, told, and moves when its month is made.
    assert_eq!(parts(&behind, EVENTS).await, [("events_other".to_owned(), 1)]);
    let waiting = store.waiting(early.plus_seconds(60)).await.expect("answers");
    let stray = waiting.iter().find(|row| row.what == "row_without_month").expect("it is told");
    assert_eq!((stray.count, stray.oldest_s), (1, 60));
    let patience = Patience { people_s: 1_000_000, machines_s: 1_000_000 };
    let gaps = store.gaps(patience, early, 10).await.expect("answers");
    let missing: Vec<&str> =
        gaps.iter().filter(|gap| gap.what == "month_missing").map(|gap| gap.no.as_str()).collect();
    assert_eq!(missing, ["events_203104", "attempts_203104"]);

    store.prune(&Keep::default(), early).await.expect("prunes");
    assert_eq!(parts(&behind, EVENTS).await, [("events_203103".to_owned(), 1)]);
    for part in ["events_203104", "events_203105", "attempts_203103", "attempts_203105"] {
        assert!(is_there(&behind, part).await, "{part}");
    }
    assert!(!is_there(&behind, "events_203106").await);
    assert!(
        store.gaps(patience, early, 10).await.expect("answers").iter().all(|gap| gap.what != "month_missing")
    );
    let id = told(&store, "2", instant("2031-04-01T00:00:00Z")).await;
    assert_eq!(
        parts(&behind, EVENTS).await,
        [("events_203103".to_owned(), 1), ("events_203104".to_owned(), 1)]
    );
    store.record_attempts(&[attempt(&id, 1, instant("2031-05-01T00:00:00Z"))]).await.expect("records");
    assert_eq!(parts(&behind, ATTEMPTS).await, [("attempts_203104".to_owned(), 1)], "with its callback");
    let refused =
        sqlx::query("update events_203103 set what = 'x'").execute(&behind).await.expect_err("final");
    assert!(refused.to_string().contains("append-only"), "also by the name of a partition");
}

#[tokio::test]
async fn an_attempt_reported_again_after_the_month_has_changed_is_a_repeat() {
    let (store, behind, _database) = fresh().await;
    let last = instant("2031-03-31T23:59:59Z");
    store.prune(&Keep::default(), last).await.expect("prunes");
    let id = told(&store, "1", last).await;
    assert_eq!(store.record_attempts(&[attempt(&id, 1, last)]).await.expect("records").new, 1);
    // The same attempt, made once more after a crash: another time, another month.
    let again = [attempt(&id, 1, last.plus_seconds(2)), attempt(&id, 2, last.plus_seconds(3))];
    assert_eq!(store.record_attempts(&again).await.expect("records").new, 1);
    assert_eq!(store.record_attempts(&again).await.expect("records").new, 0);
    assert_eq!(parts(&behind, ATTEMPTS).await, [("attempts_203103".to_owned(), 2)]);
}

#[tokio::test]
async fn a_month_goes_whole_once_all_of_it_is_old() {
    let (store, behind, _database) = fresh().await;
    let keep = Keep { events_days: 30, ..Keep::default() };
    store.prune(&keep, instant("2031-03-15T00:00:00Z")).await.expect("prunes");
    for (n, at) in
        ["2031-03-01T00:00:00Z", "2031-03-31T23:59:59Z", "2031-04-01T00:00:00Z"].into_iter().enumerate()
    {
        let id = told(&store, &n.to_string(), instant(at)).await;
        store.record_attempts(&[attempt(&id, 1, instant(at))]).await.expect("records");
    }
    // Thirty days after the end of March, but for a second.
    store.prune(&keep, instant("2031-04-30T23:59:59Z")).await.expect("prunes");
    assert_eq!(count(&behind, "select count(*) from events").await, 3);
    assert_eq!(
        store.prune(&keep, instant("2031-05-01T00:00:00Z")).await.expect("prunes"),
        2,
        "of both tables"
    );
    assert!(!is_there(&behind, "events_203103").await && !is_there(&behind, "attempts_203103").await);
    assert_eq!(parts(&behind, EVENTS).await, [("events_203104".to_owned(), 1)]);
    assert_eq!(parts(&behind, ATTEMPTS).await, [("attempts_203104".to_owned(), 1)]);
    assert_eq!(count(&behind, "select count(*) from orders").await, 3);
}

#[tokio::test]
async fn a_program_of_the_version_before_deletes_no_rows_of_another_month() {
    let (store, behind, _database) = fresh().await;
    told(&store, "1", at(1)).await;
    for delete in [
        "delete from events where ctid = any(array(select ctid from events where at < now() limit 10))",
        "delete from attempts where ctid = any(array(select ctid from attempts where at < now() limit 10))",
    ] {
        let refused = sqlx::query(delete).execute(&behind).await.expect_err("it would hit other months too");
        assert!(refused.to_string().contains("older than the schema"), "{refused}");
    }
    assert_eq!(count(&behind, "select count(*) from events").await, 1);
}

#[tokio::test]
async fn two_who_tidy_at_once_do_not_disturb_each_other_nor_those_who_write() {
    let (store, behind, _database) = fresh().await;
    let now = instant("2031-03-15T00:00:00Z");
    let writing = async {
        for n in 0..20 {
            // A month that is made at this very moment lets the unit begin again, as the engine does.
            while let Err(why) = try_to_tell(&store, &n.to_string(), now).await {
                assert!(matches!(why, StoreError::Raced(_)), "{why}");
            }
        }
    };
    let keep = Keep::default();
    // Whoever tidies up may have to give way; whoever writes never.
    let _ = tokio::join!(store.prune(&keep, now), store.prune(&keep, now), writing);
    store.prune(&keep, now).await.expect("prunes");
    assert_eq!(parts(&behind, EVENTS).await, [("events_203103".to_owned(), 20)]);
}

/// The schema before, with a filled timeline: some of it old, some of it from before anyone counts.
async fn filled(pool: &PgPool) {
    for migration in OLD_SCHEMA {
        sqlx::raw_sql(migration).execute(pool).await.expect("the old schema");
    }
    sqlx::raw_sql(
        "insert into callbacks (id, no, order_no, partner, kind, event, state, next_due, exchange, routing_key, payload, created_at)
            select 'c' || n, 'A', 'A', 'demo', 'finserv', 'e', 'pending', t, 'notice', 'k', '{}', t
            from (select n, now() - make_interval(days => n * 10) t from generate_series(0, 99) n) made;
         insert into attempts select 'c' || n, 0, m, 'i', now() - make_interval(days => n * 10 - 5), 1, 200, 'failed', null, 'w' || m
            from generate_series(0, 99) n, generate_series(1, 3) m;
         insert into attempts values ('gone', 0, 1, 'i', now(), 1, 200, 'failed', null, '');
         insert into events (order_no, no, version, what, detail, message_id, trace, at)
            select 'A', 'A', n, 'w', jsonb_build_object('n', n), 'm' || n, '', now() - make_interval(days => n * 10)
            from generate_series(0, 499) n",
    )
    .execute(pool)
    .await
    .expect("rows");
}

#[tokio::test]
async fn a_filled_database_of_the_version_before_keeps_every_row() {
    let (settings, _database) = empty().await;
    let pool = PgPool::connect(&settings.url).await.expect("connects");
    filled(&pool).await;
    let rows = async |sql: &'static str| -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&pool).await.expect("rows")
    };
    const ALL_EVENTS: &str = "select row(id, order_no, no, version, what, detail, message_id, trace, at)::text from events order by id";
    const ALL_ATTEMPTS: &str = "select row(callback_id, cycle, number, interface, at, duration_ms, status, outcome, next_due, why)::text
        from attempts order by callback_id, cycle, number";
    let before = (rows(ALL_EVENTS).await, rows(ALL_ATTEMPTS).await);
    assert_eq!((before.0.len(), before.1.len()), (500, 301));
    sqlx::raw_sql(MONTHS).execute(&pool).await.expect("migrates");
    assert_eq!((rows(ALL_EVENTS).await, rows(ALL_ATTEMPTS).await), before);
    let astray = "select count(*) from events where tableoid::regclass::text <> 'events_' || to_char(at at time zone 'UTC', 'YYYYMM')
        and at > now() - interval '9 years'";
    assert_eq!(count(&pool, astray).await, 0, "each in its month");
    assert!(
        count(&pool, "select count(*) from events_other").await > 0,
        "what is older than ten years has none"
    );
    let astray = "select count(*) from attempts a join callbacks c on c.id = a.callback_id where a.callback_at <> c.created_at";
    assert_eq!(count(&pool, astray).await, 0, "each in the month of its callback");
    // New lines go on behind the old ones.
    sqlx::raw_sql("insert into events (order_no, no, version, what, detail, message_id, trace, at) values ('A', 'A', 1, 'w', '{}', 'm', '', now())")
        .execute(&pool).await.expect("a new line");
    assert_eq!(count(&pool, "select max(id) from events").await, 501);
    assert_eq!(count(&pool, "select count(*) from pg_class where relname like '%_before'").await, 0);
}
