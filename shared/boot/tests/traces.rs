//! Spans on their way to a collector that takes them, refuses them, is away or hangs: sent, or dropped and counted, and never
//! in the way of the work.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

use boot::settings::TraceSettings;
use boot::{Kind, Metrics, Process, Source, Trace, Traces};
use crypto::secret::SecretRef;
use std::time::{Duration, Instant};
use testkit::{Answering, Collector};

const CARRIED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// A bound, not a measure.
const LONG: Duration = Duration::from_secs(30);

struct House {
    metrics: Metrics,
    traces: Traces,
}

impl House {
    fn open(endpoint: &str, sample: f64) -> Self {
        Self::with(TraceSettings { endpoint: Some(endpoint.to_owned()), sample, ..TraceSettings::default() })
    }

    fn with(settings: TraceSettings) -> Self {
        let metrics = Metrics::default();
        let process = Process { name: "worker-test" };
        let traces = Traces::start(&settings, &Source::default(), process, &metrics).expect("settings");
        Self { metrics, traces }
    }

    fn count(&self, metric: &str) -> u64 {
        let text = self.metrics.text().unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().unwrap())
    }

    async fn until(&self, metric: &str, expected: u64) {
        let until = Instant::now() + LONG * 4;
        while self.count(metric) != expected {
            assert!(Instant::now() < until, "{metric}: {}", self.metrics.text().unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn a_span_arrives_as_the_specification_has_it() {
    let collector = Collector::start().await;
    let house = House::open(&collector.endpoint(), 1.0);
    let mut above = house.traces.begin(Kind::Server, "POST", Some(CARRIED));
    above.about("apply_guarantee");
    above.note("http.response.status_code", 200_u16);
    above.note("baohan.no", "");
    let mut below = house.traces.within(Kind::Producer, "publish", above.trace());
    below.message("publish", "cmd", "apply.demo", "A1");
    below.link(Trace::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap());
    below.fail("busy");
    drop((below, above));
    house.traces.close(LONG).await;
    let spans = collector.until("two spans", |spans| spans.len() == 2).await;
    let [below, above] = &spans[..] else { panic!("two: {spans:?}") };
    assert_eq!((above.name.as_str(), above.kind, above.failed), ("POST apply_guarantee", 2, false));
    assert_eq!(
        (above.trace.as_str(), above.parent.as_deref()),
        ("4bf92f3577b34da6a3ce929d0e0e4736", Some("00f067aa0ba902b7"))
    );
    assert_eq!(
        (above.flags, below.flags),
        (0x301, 0x101),
        "sampled; the parent of another process, and of this one"
    );
    assert_eq!(
        (above.text("http.response.status_code"), above.attributes.contains_key("baohan.no")),
        ("200", false)
    );
    assert_eq!((&below.trace, below.parent.as_ref()), (&above.trace, Some(&above.span)));
    assert_eq!((below.name.as_str(), below.kind, below.failed), ("publish cmd", 4, true));
    assert_eq!(below.links, [("0af7651916cd43dd8448eb211c80319c".to_owned(), "b7ad6b7169203331".to_owned())]);
    for (name, value) in [
        ("error.type", "busy"),
        ("messaging.system", "rabbitmq"),
        ("messaging.operation.type", "send"),
        ("messaging.destination.name", "cmd"),
        ("messaging.rabbitmq.destination.routing_key", "apply.demo"),
        ("messaging.message.id", "A1"),
    ] {
        assert_eq!(below.text(name), value, "{name}");
    }
    assert_eq!((below.service.as_str(), below.instance.len()), ("worker-test", 36));
    assert!(
        above.from_ns <= below.from_ns && below.to_ns <= above.to_ns + 1_000_000_000,
        "{above:?} {below:?}"
    );
    assert_eq!(house.count("traces_exported_total"), 2);
}

#[tokio::test]
async fn whoever_begins_a_trace_decides_whether_it_is_recorded() {
    let collector = Collector::start().await;
    let house = House::open(&collector.endpoint(), 0.0);
    let none = house.traces.begin(Kind::Server, "GET", None);
    assert!(!none.trace().is_sampled() && !none.is_recorded());
    drop(none);
    let unwanted = CARRIED.replace("-01", "-00");
    let unwanted = house.traces.begin(Kind::Consumer, "process", Some(&unwanted));
    assert!(!unwanted.trace().is_sampled(), "carried on as it came");
    drop(unwanted);
    drop(house.traces.begin(Kind::Consumer, "process", Some(CARRIED)));
    let half = House::open(&collector.endpoint(), 0.5);
    let begun =
        (0..400).filter(|_| half.traces.begin(Kind::Server, "GET", None).trace().is_sampled()).count();
    assert!((100..300).contains(&begun), "{begun} of 400; 100 less or more happens once in 10^23 times");
    house.traces.close(LONG).await;
    assert_eq!(collector.spans().iter().filter(|span| span.name != "GET").count(), 1);
}

#[tokio::test]
async fn what_the_collector_wants_to_be_shown_is_a_secret() {
    let collector = Collector::start().await;
    let file = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("otlp.secret");
    std::fs::write(&file, "Bearer dummy-of-the-collector\n").unwrap();
    let mut settings = TraceSettings { endpoint: Some(collector.endpoint()), ..TraceSettings::default() };
    settings.headers.insert("authorization".to_owned(), SecretRef::File(file));
    let house = House::with(settings);
    assert!(!format!("{:?}", house.traces).contains("dummy-of"), "not in Debug");
    drop(house.traces.begin(Kind::Server, "GET", None));
    house.traces.close(LONG).await;
    let requests = collector.requests();
    assert!(requests[0].contains("authorization: Bearer dummy-of-the-collector\r\n"), "{requests:?}");
}

#[tokio::test]
async fn a_collector_that_is_busy_is_asked_again_when_it_says() {
    let collector = Collector::start().await;
    for status in [429, 502, 503, 504] {
        collector.answer(Answering::Status(status, Some("0")));
        let house = House::open(&collector.endpoint(), 1.0);
        let before = collector.requests().len();
        drop(house.traces.begin(Kind::Server, "GET", None));
        testkit::eventually(LONG, "a second try", || async {
            (collector.requests().len() > before + 1).then_some(())
        })
        .await;
        collector.answer(Answering::Taking);
        house.until("traces_exported_total", 1).await;
        assert_eq!(house.count("traces_dropped_total{reason=\"undelivered\"}"), 0);
    }
}

#[tokio::test]
async fn what_the_collector_refuses_is_dropped_and_counted() {
    let collector = Collector::start().await;
    let house = House::open(&collector.endpoint(), 1.0);
    collector.answer(Answering::Status(400, None));
    drop(house.traces.begin(Kind::Server, "GET", None));
    house.until("traces_dropped_total{reason=\"refused\"}", 1).await;
    collector.answer(Answering::Partly(2));
    (0..3).for_each(|_| drop(house.traces.begin(Kind::Server, "GET", None)));
    house.until("traces_dropped_total{reason=\"refused\"}", 3).await;
    assert_eq!(house.count("traces_exported_total"), 1);
}

#[tokio::test]
async fn a_collector_that_is_away_costs_spans_and_nothing_else() {
    let gone = Collector::start().await.endpoint();
    let house = House::open(&gone, 1.0);
    // More than there is room for: nobody waits for it.
    (0..10_000).for_each(|_| drop(house.traces.begin(Kind::Server, "GET", None)));
    assert!(house.count("traces_dropped_total{reason=\"full\"}") >= 10_000 - 4096 - 512);
    house.traces.close(LONG).await;
    let lost =
        ["full", "undelivered"].map(|why| house.count(&format!("traces_dropped_total{{reason=\"{why}\"}}")));
    assert_eq!(
        (lost.iter().sum::<u64>(), house.count("traces_exported_total")),
        (10_000, 0),
        "every one is counted"
    );
}

#[tokio::test]
async fn a_collector_that_hangs_does_not_hold_up_the_end() {
    let collector = Collector::start().await;
    collector.answer(Answering::Never);
    let house = House::open(&collector.endpoint(), 1.0);
    drop(house.traces.begin(Kind::Server, "GET", None));
    // It would hang for ever; a bound far above it shows that closing does not.
    tokio::time::timeout(LONG, house.traces.close(Duration::from_millis(50))).await.expect("closed");
    drop(house.traces.begin(Kind::Server, "GET", None));
    assert_eq!(collector.spans(), []);
}
