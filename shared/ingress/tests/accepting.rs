//! What is accepted is durable, numbered and where it belongs; what is not is said so in the protocol's words.
#![allow(clippy::expect_used, reason = "a test says what it expected")]

mod house;
mod plain;

use domain::{AcceptanceNo, Refusal, Reply};
use house::{House, LONG, Worker, command, number};
use std::time::Duration;
use testkit::{Tap, world};

/// Short, where the test wants the deadline to pass.
const SHORT: Duration = Duration::from_millis(300);

fn no_redis() -> replies::Replies {
    replies::Replies::connect("redis://127.0.0.1:1/", Duration::from_millis(50)).expect("an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_command_is_in_its_queue_with_everything_it_needs() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), SHORT).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let lines = "signed\nkey-1 content https://callback.test/done#x";
    let answer = house.raw("/plain-a/tell", &format!("traceparent: {trace}\r\n"), lines).await;
    let worker = Worker::at(&world, "cmd.tender", |_| None);
    let got = worker.got(1).await.remove(0);
    let envelope = command(&got);
    assert!(answer.ends_with(&format!("accepted {}", envelope.no)), "{answer}");
    assert_eq!((got.exchange.as_str(), got.key.as_str()), ("cmd", "tender.plain-a"));
    assert_eq!((got.id.as_str(), envelope.id.as_str()), (envelope.no.as_str(), envelope.no.as_str()));
    assert_eq!(envelope.body, plain::change("key-1", "content"));
    assert_eq!(envelope.origin.kind, "finserv");
    assert_eq!(envelope.origin.partner.as_str(), "plain-a");
    assert_eq!(envelope.origin.callback.as_deref(), Some("https://callback.test/done"));
    assert_eq!(envelope.interface, "tell");
    let content = serde_json::to_vec(&envelope.body).expect("JSON");
    assert_eq!(envelope.content_hash, hex::encode(crypto::digest::sha256(&content)));
    let carried = got.header_value("traceparent").expect("a trace").to_owned();
    assert!(carried.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && carried != trace, "{carried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_depends_on_partner_interface_and_key_alone() {
    let world = world();
    let one = House::open(&world.ingress(), no_redis(), SHORT).await;
    let two = House::open(&world.ingress(), no_redis(), SHORT).await;
    let first = one.say("tell", "key-1 content").await;
    assert!(first.starts_with("accepted A"), "{first}");
    assert_eq!(two.say("tell", "key-1 content").await, first, "another process, the same answer");
    assert_ne!(number(&one.say("tell", "key-2 content").await), number(&first));
    assert_ne!(number(&one.say("ask", "key-1 content").await), number(&first));
    let other = one.post("/plain-b/tell", "signed\nkey-1 content").await;
    assert_ne!(number(&other), number(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_address_counts_only_if_its_host_is_listed() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), SHORT).await;
    let worker = Worker::at(&world, "cmd.tender", |_| None);
    let wishes = [
        ("http://a.partner.test:81/x", Some("http://a.partner.test:81/x")),
        ("http://partner.test/x", None),
        ("http://callback.test.evil.test/", None),
        ("http://callback.test@evil.test/", None),
        ("http://127.0.0.1/", None),
        ("ftp://callback.test/", None),
        ("nonsense", None),
    ];
    let lines: Vec<String> =
        wishes.iter().enumerate().map(|(i, (wish, _))| format!("key-{i} c {wish}")).collect();
    for line in &lines {
        assert!(
            house.say("tell", line).await.starts_with("accepted "),
            "a bad address does not spoil the request"
        );
    }
    let kept: Vec<_> =
        worker.got(wishes.len()).await.iter().map(|got| command(got).origin.callback).collect();
    let wanted: Vec<_> = wishes.iter().map(|(_, kept)| kept.map(str::to_owned)).collect();
    assert_eq!(kept, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_like_a_bad_signature() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), SHORT).await;
    let forged = house.raw("/plain-a/tell", "", "forged\nkey content").await;
    assert!(forged.ends_with("rejected forged 身份验证失败"), "{forged}");
    for path in ["/plain-c/tell", "/plain-c", "/", "/PLAIN-A/tell", "/plain-a%2Ftell"] {
        assert_eq!(house.raw(path, "", "forged\nkey content").await, forged, "{path}");
    }
    assert_eq!(
        house.raw("/plain-c/tell", "", "signed\nkey content").await,
        forged,
        "nobody's signature holds"
    );
    // Whatever else is wrong with a request, it must not tell which ids exist.
    for (rest, body) in
        [("/nonsense", "signed\nkey c".to_owned()), ("/tell", "x".repeat(5000)), ("", String::new())]
    {
        let real = house.raw(&format!("/plain-a{rest}"), "", &body).await;
        assert!(real.contains("rejected"), "{real}");
        assert_eq!(house.raw(&format!("/plain-c{rest}"), "", &body).await, real, "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_in_the_protocols_words() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), SHORT).await;
    for size in [5000, 100_000] {
        let answer = house.post("/plain-a/tell", &format!("signed\nkey {}", "x".repeat(size))).await;
        assert_eq!(answer, "rejected unwelcome 请求内容过大", "{size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_refused_in_the_protocols_words_and_strangers_use_nothing_up() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), SHORT).await;
    for _ in 0..70 {
        assert!(house.post("/plain-a/tell", "forged").await.starts_with("rejected forged"));
    }
    // No asks: answered without the broker, but counted.
    let mut answers = Vec::new();
    while answers.len() < 1000
        && !answers.last().is_some_and(|answer: &String| answer.starts_with("rejected"))
    {
        answers.push(house.post("/plain-a/tell", "signed").await);
    }
    assert!(answers.len() > 60, "{} were admitted", answers.len());
    assert_eq!(answers.last().map(String::as_str), Some("rejected unwelcome 请求过于频繁，请稍后重试"));
    assert_eq!(house.post("/plain-b/tell", "signed").await, "", "another partner has its own share");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_has_so_many_seats_and_no_more() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), Duration::from_secs(5)).await;
    // No worker answers: each holds its seat until the deadline.
    let lines: Vec<String> = (0..17).map(|n| format!("key-{n} content")).collect();
    let answers = futures_util::future::join_all(lines.iter().map(|line| house.say("ask", line))).await;
    let busy = answers.iter().filter(|answer| answer.contains("请求过于频繁")).count();
    let pending = answers.iter().filter(|answer| answer.starts_with("pending")).count();
    assert_eq!((busy, pending), (1, 16), "{answers:?}");
    assert!(house.say("ask", "key-18 content").await.starts_with("pending"), "seats are given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_from_elsewhere_is_a_stranger() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let ask = async |from: &str, forwarded: &str| {
        let extra =
            if forwarded.is_empty() { String::new() } else { format!("X-Forwarded-For: {forwarded}\r\n") };
        house.raw_from(from, "/plain-far/tell", &extra, "signed").await
    };
    let forged = house.raw("/plain-a/tell", "", "unsigned").await;
    assert!(forged.contains("rejected forged"), "{forged}");
    for (from, forwarded) in [
        ("127.0.0.1", ""),
        ("127.0.0.1", "198.51.100.7"),
        ("127.0.0.2", ""),
        ("127.0.0.2", "192.0.2.1"),
        ("127.0.0.2", "198.51.100.7, 192.0.2.1"),
    ] {
        assert_eq!(ask(from, forwarded).await, forged, "{from} for {forwarded}: as a wrong signature");
    }
    for forwarded in ["198.51.100.7", "192.0.2.1, 203.0.113.77"] {
        assert!(!ask("127.0.0.2", forwarded).await.contains("rejected"), "{forwarded}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asked_command_carries_the_workers_verdict_or_stays_pending() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), Duration::from_secs(1)).await;
    let pending = house.say("ask", "key-1 content").await;
    assert!(pending.starts_with("pending A"), "{pending}");
    let worker = Worker::at(&world, "cmd.tender", |got| {
        let refused = command(got).body == plain::change("key-2", "bad");
        let no = command(got).no;
        Some(if refused { Reply::Refused(Refusal::unknown("保函")) } else { Reply::Accepted { no } })
    });
    assert_eq!(worker.got(1).await[0].id, number(&pending), "what is pending is durable");
    let patient = House::open(&world.ingress(), no_redis(), LONG).await;
    assert_eq!(patient.say("ask", "key-2 bad").await, "refused 保函不存在");
    assert_eq!(patient.say("ask", "key-1 content").await, format!("accepted {}", number(&pending)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_overtakes_the_thing_it_is_about_is_not_told_that_there_is_none() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let worker = Worker::at(&world, "cmd.tender", move |got| {
        let first = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        let no = command(got).no;
        Some(if first { Reply::Refused(Refusal::unknown("保函")) } else { Reply::Accepted { no } })
    });
    assert!(house.say("ask", "key-1 content").await.starts_with("accepted"));
    let got = worker.got(2).await;
    assert_eq!(got[0].id, got[1].id, "the same message: whatever it did would be done once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_answered_in_time_or_not_at_all() {
    let world = world();
    let no = AcceptanceNo::of(&domain::PartnerId::parse("plain-a").expect("an id"), "tell", "key");
    let line = format!("key {no}");
    let hasty = House::open(&world.ingress(), no_redis(), SHORT).await;
    assert_eq!(hasty.say("query", &line).await, "unavailable");
    let patient = House::open(&world.ingress(), no_redis(), LONG).await;
    let worker = Worker::at(&world, "ask.apply", move |_| Some(Reply::Accepted { no: no.clone() }));
    assert!(patient.say("query", &line).await.starts_with("accepted A"));
    for got in worker.got(1).await {
        assert_eq!((got.exchange.as_str(), got.key.as_str()), ("ask", "apply.plain-a"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_ask_by_ask_in_order() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let worker = Worker::at(&world, "cmd.tender", |got| {
        let refused = command(got).body == plain::change("key-1", "bad");
        let no = command(got).no;
        Some(if refused { Reply::Refused(Refusal::conflict()) } else { Reply::Accepted { no } })
    });
    let answer = house.say("tell", "key-0 c\nkey-1 bad\nkey-2 c").await;
    let got = worker.got(3).await;
    let wanted =
        format!("accepted {}\nrefused {}\naccepted {}", got[0].id, Refusal::conflict().say, got[2].id);
    assert_eq!(answer, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_confirm_there_is_no_success_and_nothing_is_lost() {
    let world = world();
    let amqp = world.ingress();
    let upstream = amqp.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).expect("host:port");
    let tap = Tap::open(upstream).await;
    let house = House::open(&tap.url(&amqp), no_redis(), LONG).await;
    let worker = Worker::at(&world, "cmd.tender", |got| Some(Reply::Accepted { no: command(got).no }));
    assert!(house.say("tell", "key-0 c").await.starts_with("accepted "));
    // The broker hangs: sent or not, nobody knows.
    tap.black_hole();
    assert_eq!(house.say("tell", "key-1 c").await, "unavailable");
    tap.heal();
    // The broker is gone: turned away at once.
    tap.sever();
    testkit::eventually(LONG, "the loss is noticed", || async {
        (!house.publisher.vitals().connected).then_some(())
    })
    .await;
    for interface in ["tell", "ask"] {
        assert_eq!(house.say(interface, "key-2 c").await, "unavailable");
    }
    let ready = testkit::eventually(LONG, "health tells", || async {
        let report = house.health.report();
        (!report.checks["broker"].up).then_some(report.ready)
    });
    assert!(!ready.await);
    tap.heal();
    house.publisher.ready(LONG).await.expect("back");
    let mut accepted = Vec::new();
    for key in ["key-1", "key-2"] {
        let answer = house.say("tell", &format!("{key} c")).await;
        assert!(answer.starts_with("accepted "), "{answer}");
        accepted.push(number(&answer));
    }
    let got = worker.until(&accepted[1]).await;
    assert!(accepted.iter().all(|no| got.iter().any(|each| each.id == *no)), "every accepted one is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_what_is_in_flight_finish() {
    let world = world();
    let house = House::open(&world.ingress(), no_redis(), LONG).await;
    let asking = async {
        let answer = house.say("ask", "key-1 c").await;
        assert!(answer.starts_with("accepted A"), "{answer}");
    };
    let stopping = async {
        testkit::eventually(LONG, "the command is published", || async {
            (house.publisher.vitals().confirmed == 1).then_some(())
        })
        .await;
        house.stop.request();
        Worker::at(&world, "cmd.tender", |got| Some(Reply::Accepted { no: command(got).no }))
    };
    let ((), worker) = tokio::join!(asking, stopping);
    assert_eq!(worker.got(1).await.len(), 1);
    assert_eq!(house.running.await.expect("no panic").cut_off, 0);
}
