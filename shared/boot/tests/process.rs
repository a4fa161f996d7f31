//! A whole process from outside: what it answers on its admin port, how it refuses to start, how it stops.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use boot::{Health, Metrics, Process, Stop};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::net::TcpListener;

const SETTINGS: &str = "[institution]\nname = \"某某银行\"\nshort_name = \"某某\"\n\
                        credit_code = \"91350100M000100Y43\"\n[admin]\nlisten = \"127.0.0.1:0\"\n";

fn start(test: &str, settings: &str) -> Child {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}.toml", std::process::id()));
    std::fs::write(&file, settings).unwrap();
    let program = std::env::current_exe().unwrap();
    let program = program.parent().unwrap().parent().unwrap().join("examples/ingress-idle");
    let mut command = Command::new(program);
    command.arg("--config").arg(file).env_remove("GATEWAY_LOG").env_remove("GATEWAY_ADMIN_LISTEN");
    command.stderr(Stdio::piped()).spawn().unwrap()
}

fn get(addr: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    let (head, body) = all.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

async fn admin() -> (SocketAddr, Health, Metrics, Stop) {
    let (health, stop) = (Health::default(), Stop::new());
    let metrics = Metrics::of(Process { name: "worker-apply" });
    metrics.collect(health.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let heard = stop.clone();
    let serving =
        boot::admin::serve(listener, health.clone(), metrics.clone(), async move { heard.requested().await });
    tokio::spawn(serving);
    (addr, health, metrics, stop)
}

#[test]
fn bad_settings_end_with_64_and_one_report() {
    let child = start("bad", &SETTINGS.replace("short_name", "shortname"));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(64), "{said}");
    assert!(said.starts_with("ingress-idle does not start. 2 mistakes in the settings:"), "{said}");
    assert!(said.contains(":3: institution.shortname: unknown key"), "{said}");
}

#[test]
fn sigterm_ends_with_0_and_a_log_line() {
    let mut child = start("stop", SETTINGS);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(log.any(|line| line.contains(r#""service":"ingress-idle""#) && line.contains("nothing is up")));
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(log.any(|line| line.contains("stopped, nothing left in flight")));
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_turns_with_what_is_required() {
    let (addr, health, _, _) = admin().await;
    let (rabbitmq, redis) = (health.check("rabbitmq"), health.optional("redis"));
    let (status, body) = get(addr, "/readyz");
    assert!(status == 503 && body.contains("not connected yet"), "{body}");
    rabbitmq.up();
    redis.down("connection refused");
    let (status, body) = get(addr, "/readyz");
    assert!(status == 200 && body.contains("connection refused"), "{body}");
    rabbitmq.down("blocked: memory alarm");
    let (status, body) = get(addr, "/readyz");
    assert!(status == 503 && body.contains("blocked: memory alarm"), "{body}");
    rabbitmq.up();
    health.stopping();
    assert_eq!(get(addr, "/readyz").0, 503);
    assert_eq!(get(addr, "/livez"), (200, "alive\n".into()));
    assert_eq!(get(addr, "/other").0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_that_does_not_turn_makes_the_process_unready() {
    let (addr, health, _, _) = admin().await;
    let relay = health.progress("relay", Duration::from_secs(3600));
    relay.tick();
    assert_eq!(get(addr, "/readyz").0, 200);
    let _still = health.progress("sweeper", Duration::ZERO);
    while health.report().ready {
        tokio::task::yield_now().await;
    }
    let (status, body) = get(addr, "/readyz");
    assert!(status == 503 && body.contains("has not turned for"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_well_formed_and_counted() {
    let (addr, health, metrics, _) = admin().await;
    health.check("rabbitmq").up();
    let requests = metrics.counters("gateway_requests", "Requests by outcome", ["partner", "outcome"]);
    requests.with(["demo", "accepted"]).inc_by(3);
    metrics
        .counters("gateway_requests", "Requests by outcome", ["partner", "outcome"])
        .with(["demo", "accepted"])
        .inc();
    metrics.timing("gateway_answer_seconds", "Time to answer").observe(0.004);
    let (status, text) = get(addr, "/metrics");
    assert_eq!(status, 200);
    assert!(text.ends_with("# EOF\n"));
    let samples: Vec<(&str, f64)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(' ').map(|(name, value)| (name, value.parse().unwrap())).unwrap())
        .collect();
    let value =
        |name: &str| samples.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("{name}\n{text}")).1;
    assert_eq!(value(r#"gateway_requests_total{partner="demo",outcome="accepted"}"#), 4.0);
    assert_eq!(value(r#"gateway_check_up{check="rabbitmq"}"#), 1.0);
    assert_eq!(value("gateway_answer_seconds_count"), 1.0);
    assert_eq!(value(r#"gateway_answer_seconds_bucket{le="0.005"}"#), 1.0);
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(value("process_cpu_seconds_total") >= 0.0);
    assert!(text.contains("gateway_build_info{service=\"worker-apply\""), "{text}");
}
