//! Dashboards and alerts cannot lie: every metric and label they name is exported by a running service or by RabbitMQ.

use crate::issue::issue;
use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::platform::Platform;
use sandbox::finserv::Bidder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What Prometheus itself adds.
const OF_PROMETHEUS: [&str; 2] = ["up", "ALERTS"];
const LABELS_OF_PROMETHEUS: [&str; 6] = ["job", "service", "instance", "le", "alertstate", "alertname"];

/// Metric → the labels seen on it.
type Exported = BTreeMap<String, BTreeSet<String>>;

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_that_a_dashboard_or_an_alert_names_is_exported() {
    let platform = Platform::open("finserv-auto").await.expect("a receiver");
    let world = World::start("dashboards", &[platform.file(BY_ITSELF)]);
    let bidder = Bidder::new(1, 1, sandbox::now());
    let application = bidder.bid_application();
    issue(&world, &platform, bidder, &application).await;
    let exported = until_told(&world, "worker_promise_seconds_count");
    let expressions = expressions();
    assert!(expressions.len() > 60, "too few expressions were found: {}", expressions.len());
    let mut named = 0;
    let mut lies = Vec::new();
    for (place, expression) in &expressions {
        for (metric, labels) in selectors(expression) {
            named += 1;
            match exported.get(&metric) {
                // A family without any sample is not shown at all: then its name must stand in the code that counts.
                None if registered(&metric) => {}
                None => lies.push(format!("{place}: nobody exports {metric}")),
                Some(known) if known.is_empty() => {}
                Some(known) => lies.extend(
                    labels
                        .iter()
                        .filter(|label| !known.contains(*label))
                        .filter(|label| !LABELS_OF_PROMETHEUS.contains(&label.as_str()))
                        .map(|label| format!("{place}: {metric} has no label {label}")),
                ),
            }
        }
    }
    assert!(named > 80, "too few metrics were found in the expressions: {named}");
    assert!(lies.is_empty(), "{}", lies.join("\n"));
}

/// Whether an engine registers a family of this name: what happens seldom has no sample in a short journey.
fn registered(metric: &str) -> bool {
    let family =
        ["_total", "_bucket", "_sum", "_count"].iter().find_map(|ending| metric.strip_suffix(ending));
    let quoted = format!("\"{}\"", family.unwrap_or(metric));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    ["ingress", "egress", "worker", "boot"].iter().any(|engine| {
        let sources = fs::read_dir(root.join("shared").join(engine).join("src")).expect("sources").flatten();
        sources.filter_map(|source| fs::read_to_string(source.path()).ok()).any(|text| text.contains(&quoted))
    })
}

/// Everything that is exported, once a callback has been recorded.
fn until_told(world: &World, sample: &str) -> Exported {
    let until = Instant::now() + PATIENCE;
    loop {
        let pages = pages(world);
        if pages.iter().any(|page| page.contains(sample)) {
            return exported(&pages);
        }
        assert!(Instant::now() < until, "{sample} was never exported");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn pages(world: &World) -> Vec<String> {
    let services = gateway_tests::gateway::SERVICES.iter();
    let mut pages: Vec<String> =
        services.map(|name| world.gateway.admin(name, "/metrics").expect("metrics")).collect();
    let ports = Path::new(world.stack.address("GATEWAY_STACK")).join("rabbitmq.ports");
    let ports = fs::read_to_string(ports).expect("the ports of the private broker");
    let port = ports.lines().find_map(|line| line.strip_prefix("prometheus=")).expect("a port").to_owned();
    let families = "family=queue_coarse_metrics&family=queue_consumer_count&family=queue_metrics";
    for path in ["/metrics".to_owned(), format!("/metrics/detailed?vhost=gw&{families}")] {
        pages.push(get(&port, &path));
    }
    pages
}

fn get(port: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("RabbitMQ's metrics");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Names as PromQL says them: with `_total`, `_bucket`, `_sum`, `_count` where the kind has them.
fn exported(pages: &[String]) -> Exported {
    let mut all: Exported = OF_PROMETHEUS.iter().map(|name| ((*name).to_owned(), BTreeSet::new())).collect();
    for line in pages.iter().flat_map(|page| page.lines()) {
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            let endings: &[&str] = match kind.trim() {
                "histogram" => &["_bucket", "_sum", "_count"],
                "counter" if !name.ends_with("_total") => &["_total"],
                _ => &[""],
            };
            for ending in endings {
                all.entry(format!("{name}{ending}")).or_default();
            }
        } else if let Some((name, rest)) = line.split_once('{')
            && !line.starts_with('#')
        {
            let labels = rest.split_once('}').map_or("", |(labels, _)| labels);
            all.entry(name.to_owned()).or_default().extend(label_names(labels));
        }
    }
    all
}

/// Every expression of the rules and of the dashboards, with where it stands.
fn expressions() -> Vec<(String, String)> {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").join("deploy");
    let rules = fs::read_to_string(deploy.join("prometheus/rules.yml")).expect("rules");
    let said = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut found: Vec<(String, String)> = said
        .map(|quoted| ("rules.yml".to_owned(), serde_json::from_str(quoted).expect("a quoted expression")))
        .collect();
    let folder = fs::read_dir(deploy.join("grafana/dashboards")).expect("dashboards");
    for path in folder.map(|entry| entry.expect("a file").path()) {
        found.extend(of_dashboard(&path));
    }
    found
}

fn of_dashboard(path: &PathBuf) -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_slice(&fs::read(path).expect("reads")).expect("JSON");
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    targets.map(|target| (name.clone(), target["expr"].as_str().expect("an expression").to_owned())).collect()
}

/// The metrics of an expression, each with the labels by which it is selected.
fn selectors(expression: &str) -> Vec<(String, Vec<String>)> {
    let bytes = expression.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            at += 1 + closing(&expression[at + 1..]);
        } else if bytes[at] == b'{' {
            at += expression[at..].find('}').unwrap_or(0);
        } else if word(bytes[at]) {
            let begin = at;
            while at < bytes.len() && word(bytes[at]) {
                at += 1;
            }
            let (name, rest) = (&expression[begin..at], &expression[at..]);
            if name.contains('_') && !rest.starts_with('(') || OF_PROMETHEUS.contains(&name) {
                let labels = rest.strip_prefix('{').map_or("", |rest| rest.split('}').next().unwrap_or(""));
                if !GROUPED.contains(&name) && !name.starts_with(|c: char| c.is_ascii_digit()) {
                    found.push((name.to_owned(), label_names(labels).collect()));
                }
            }
            continue;
        }
        at += 1;
    }
    found
}

/// Labels with an underscore stand in `by (…)` as metrics would.
const GROUPED: [&str; 1] = ["dead_letter_strategy"];

fn closing(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\\' if !escaped => escaped = true,
            b'"' if !escaped => return at,
            _ => escaped = false,
        }
    }
    text.len()
}

/// `a="b",c=~"d"` → a, c.
fn label_names(labels: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = labels;
    std::iter::from_fn(move || {
        let (name, behind) = rest.split_once('=')?;
        let quoted = behind.find('"').map_or(behind.len(), |at| at + 1);
        let value = behind.get(quoted..).unwrap_or("");
        rest = value.get(closing(value) + 1..).unwrap_or("");
        Some(name.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_').to_owned())
    })
}
