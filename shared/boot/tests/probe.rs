//! `--health`, by which containers and operators ask: exit 0 only where a process that is ready answers.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use boot::{Health, Metrics, Process};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Output};
use tokio::net::TcpListener;

const SETTINGS: &str = "[institution]\nname = \"某某银行\"\nshort_name = \"某某\"\n\
                        credit_code = \"91350100M000100Y43\"\n";

/// Asks as a container does: the same program, the same settings, the port from the environment.
async fn asked(test: &str, listen: SocketAddr) -> Output {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}.toml", std::process::id()));
    std::fs::write(&file, SETTINGS).unwrap();
    let program = std::env::current_exe().unwrap();
    let program = program.parent().unwrap().parent().unwrap().join("examples/ingress-idle");
    let mut command = Command::new(program);
    command.arg("--health").env("GATEWAY_CONFIG", file).env("GATEWAY_ADMIN_LISTEN", listen.to_string());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// The admin port of a process that depends on a broker, a database and, if it is there, Redis.
async fn admin(listen: &str) -> (SocketAddr, Health) {
    let health = Health::default();
    let listener = TcpListener::bind(listen).await.unwrap();
    let addr = listener.local_addr().unwrap();
    let metrics = Metrics::of(Process { name: "worker-apply" });
    tokio::spawn(boot::admin::serve(listener, health.clone(), metrics, std::future::pending()));
    (addr, health)
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_ready_is_healthy() {
    let (addr, health) = admin("127.0.0.1:0").await;
    health.check("rabbitmq").up();
    health.check("postgres").up();
    health.optional("redis").down("connection refused");
    let (code, text) = said(&asked("ready", addr).await);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("\"ready\": true"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_listens_on_every_address_is_asked_on_loopback() {
    let (addr, health) = admin("0.0.0.0:0").await;
    health.check("rabbitmq").up();
    assert!(addr.ip().is_unspecified());
    let (code, text) = said(&asked("everywhere", addr).await);
    assert_eq!(code, Some(0), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_broker_or_its_database_it_is_not() {
    for away in ["rabbitmq", "postgres"] {
        let (addr, health) = admin("127.0.0.1:0").await;
        health.check("rabbitmq").up();
        health.check("postgres").up();
        health.check(away).down("connection refused");
        let (code, text) = said(&asked(away, addr).await);
        assert_eq!(code, Some(1), "{away}: {text}");
        assert!(text.contains("not ready") && text.contains("connection refused"), "{text}");
        health.check(away).up();
        assert_eq!(said(&asked(away, addr).await).0, Some(0), "{away} is back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_told_to_stop_is_not() {
    let (addr, health) = admin("127.0.0.1:0").await;
    health.check("rabbitmq").up();
    health.stopping();
    assert_eq!(said(&asked("stopping", addr).await).0, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_listens_nothing_is_healthy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    drop(listener);
    let (code, text) = said(&asked("nobody", addr).await);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("does not answer"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_hears_and_says_nothing_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (code, text) = said(&asked("mute", listener.local_addr().unwrap()).await);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("does not answer"), "{text}");
}
