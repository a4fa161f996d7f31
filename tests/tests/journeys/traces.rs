//! Traces: one for each order, from the platform's request through the queues to the acknowledged callback, as a collector
//! of spans sees it; and the work goes on when the collector is gone or hangs.

use crate::issue::{agreed, heard, issue};
use crate::silence;
use crate::world::{BY_ITSELF, BY_OPERATOR, World};
use gateway_tests::platform::Platform;
use gateway_tests::settings::Setup;
use sandbox::finserv::Bidder;
use sandbox::{How, Misbehaviour};
use std::collections::BTreeSet;
use testkit::{Answering, CollectedSpan, Collector};

const RESULT: &str = "feedback_apply_guarantee_result";
const SERVER: u64 = 2;
const CLIENT: u64 = 3;
const CONSUMER: u64 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_request_to_the_acknowledged_callback() {
    let collector = Collector::start().await;
    let platform = Platform::open("finserv-traced").await.expect("a receiver");
    let manual = Platform::open("finserv-decided").await.expect("a receiver");
    let setup = Setup { traces: Some(collector.endpoint()), ..Setup::default() };
    let files = [platform.file(BY_ITSELF), manual.file(BY_OPERATOR)];
    let world = World::start_with("traces", &files, &setup);
    an_order_whose_first_callback_fails(&world, &platform, &collector).await;
    a_callback_that_is_replayed(&world, &platform, &collector).await;
    an_order_that_an_operator_decides(&world, &manual, &collector).await;
    for request in collector.requests() {
        silence::nothing_private_in(&world, "what the collector got", &request).await;
    }
    a_collector_that_hangs_and_one_that_is_gone(&world, &platform, collector).await;
}

async fn an_order_whose_first_callback_fails(world: &World, platform: &Platform, collector: &Collector) {
    platform.receiver.misbehave(Misbehaviour::new(RESULT, 1, How::Status { code: 500 }));
    let bidder = Bidder::new(7, 1, sandbox::now());
    let application = bidder.bid_application();
    let held = issue(world, platform, bidder, &application).await;
    let spans = trace_of(collector, &held.accept_no, 2).await;

    let services: BTreeSet<&str> = spans.iter().map(|span| span.service.as_str()).collect();
    let expected = ["egress-finserv", "ingress-finserv", "worker-apply", "worker-callback"];
    assert_eq!(services, BTreeSet::from(expected), "across processes");
    let root = spans.iter().find(|span| span.parent.is_none()).expect("one root");
    assert_eq!((root.service.as_str(), root.kind), ("ingress-finserv", SERVER));
    assert_eq!(root.name, "POST apply_guarantee");
    assert_eq!((root.text("baohan.partner"), root.text("baohan.outcome")), ("finserv-traced", "accepted"));
    assert_eq!(root.text("http.response.status_code"), "200");
    let placed = spans.iter().find(|span| span.name == "process place_order").expect("the worker's");
    assert_eq!((placed.kind, placed.text("messaging.destination.name")), (CONSUMER, "cmd"));

    let [first, second] = &attempts(&spans)[..] else { panic!("two attempts: {spans:#?}") };
    assert_eq!(
        (first.failed, first.text("error.type"), first.text("baohan.verdict")),
        (true, "500", "later")
    );
    assert_eq!((second.failed, second.text("baohan.verdict")), (false, "acknowledged"));
    assert_eq!((first.text("baohan.attempt"), second.text("baohan.attempt")), ("1", "2"));
    assert_eq!(first.parent, second.parent, "both follow from one publishing");
    assert!(second.from_ns >= first.to_ns + 1_000_000_000, "the wait of one second stands between them");
    assert_eq!(second.text("server.address"), "127.0.0.1");
}

async fn a_callback_that_is_replayed(world: &World, platform: &Platform, collector: &Collector) {
    platform.receiver.misbehave(Misbehaviour::new(RESULT, 1, How::Refuse { msg: "重复反馈".to_owned() }));
    let partner = platform.partner(&world.gateway).expect("keys");
    let answer = agreed(&partner, &Bidder::new(7, 2, sandbox::now()).bid_application()).await;
    let no = answer.text("accept_no");
    world.until("select count(*) from callbacks where order_no = $1 and state = 'parked'", no, 1).await;
    let callback = world.text("select id from callbacks where order_no = $1", no).await;
    world.baohan(&["callbacks", "replay", &callback]);
    heard(platform, RESULT, &[("accept_no", no), ("approve_status", "1")]).await;
    let spans = trace_of(collector, no, 2).await;
    let [first, second] = &attempts(&spans)[..] else { panic!("two attempts: {spans:#?}") };
    assert_eq!((first.text("baohan.verdict"), first.text("baohan.cycle")), ("refused", "0"));
    assert_eq!((second.text("baohan.verdict"), second.text("baohan.cycle")), ("acknowledged", "1"));
}

/// The operator's commands are traces of their own, linked with the order's, in which the partner is told.
async fn an_order_that_an_operator_decides(world: &World, platform: &Platform, collector: &Collector) {
    let partner = platform.partner(&world.gateway).expect("keys");
    let bidder = Bidder::new(8, 1, sandbox::now());
    let answer = agreed(&partner, &bidder.bid_application()).await;
    let no = answer.text("accept_no");
    world.until("select count(*) from orders where no = $1", no, 1).await;
    world.baohan(&["decide", "order", no, "--refuse", "资质不符合要求"]);
    heard(platform, RESULT, &[("accept_no", no), ("approve_status", "2")]).await;
    let spans = trace_of(collector, no, 1).await;
    let named = |spans: &[CollectedSpan], name: &str| spans.iter().find(|span| span.name == name).cloned();
    let all = collector.until("the decision", |spans| named(spans, "process decide").is_some()).await;
    let decided = named(&all, "process decide").expect("it is there");
    let placed = named(&spans, "process place_order").expect("the worker's");
    assert_eq!(decided.links, [(placed.trace.clone(), placed.span)], "from the decision to its order");
    let told = named(&spans, "publish notice").expect("the relay's");
    assert_eq!(told.links, [(decided.trace.clone(), decided.span)], "and back");
    let ordered = all.iter().find(|span| span.service == "baohan" && span.trace == decided.trace);
    assert_eq!(
        decided.parent.as_ref(),
        ordered.map(|span| &span.span),
        "the operator's own command is its root"
    );
}

async fn a_collector_that_hangs_and_one_that_is_gone(
    world: &World,
    platform: &Platform,
    collector: Collector,
) {
    platform.receiver.behave();
    collector.answer(Answering::Never);
    for n in 10..15 {
        let bidder = Bidder::new(7, n, sandbox::now());
        let application = bidder.bid_application();
        issue(world, platform, bidder, &application).await;
    }
    let address = collector.endpoint().replace("http://", "");
    drop(collector);
    for n in 20..25 {
        let bidder = Bidder::new(7, n, sandbox::now());
        let application = bidder.bid_application();
        issue(world, platform, bidder, &application).await;
    }
    let lost = "select count(*) from callbacks where state <> 'delivered' and partner = $1";
    world.until(lost, "finserv-traced", 0).await;
    // What was kept meanwhile arrives when it is back.
    let back = Collector::start_at(&address).await;
    back.until("spans of every process again", |spans| {
        ["ingress-finserv", "worker-apply", "egress-finserv"]
            .iter()
            .all(|service| spans.iter().any(|span| span.service == *service))
    })
    .await;
}

/// The whole trace of an order, once as many attempts are on record and it is a tree with one root.
async fn trace_of(collector: &Collector, no: &str, attempts: usize) -> Vec<CollectedSpan> {
    let whole = |spans: &[CollectedSpan]| {
        let trace =
            spans.iter().find(|span| span.kind == SERVER && span.text("baohan.no") == no)?.trace.clone();
        let ours: Vec<CollectedSpan> = spans.iter().filter(|span| span.trace == trace).cloned().collect();
        let recorded = ours.iter().filter(|span| span.name == "process record_attempt").count();
        (recorded == attempts && is_tree(&ours)).then_some(ours)
    };
    let spans = collector.until("a whole trace", |spans| whole(spans).is_some()).await;
    let ours = whole(&spans).expect("it was there a moment ago");
    let elsewhere: Vec<_> = spans
        .iter()
        .filter(|span| span.kind == CLIENT && span.text("baohan.no") == no && span.trace != ours[0].trace)
        .collect();
    assert!(elsewhere.is_empty(), "no attempt in another trace: {elsewhere:#?}");
    ours
}

fn is_tree(spans: &[CollectedSpan]) -> bool {
    let ids: BTreeSet<&str> = spans.iter().map(|span| span.span.as_str()).collect();
    let roots = spans.iter().filter(|span| span.parent.is_none()).count();
    let known = |span: &CollectedSpan| span.parent.as_deref().is_none_or(|parent| ids.contains(parent));
    ids.len() == spans.len() && roots == 1 && spans.iter().all(known)
}

fn attempts(spans: &[CollectedSpan]) -> Vec<CollectedSpan> {
    let mut found: Vec<CollectedSpan> = spans.iter().filter(|span| span.kind == CLIENT).cloned().collect();
    found.sort_by_key(|span| span.from_ns);
    found
}
