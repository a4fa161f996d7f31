//! The life of the processes: each tells its health and its figures, outlives its dependencies, and leaves with 0 when asked to.

use crate::issue::{agreed, heard};
use crate::world::{BY_ITSELF, PATIENCE, World};
use gateway_tests::gateway::SERVICES;
use gateway_tests::platform::Platform;
use sandbox::finserv::{Bidder, Partner};
use std::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn processes_outlive_their_dependencies_and_leave_when_asked() {
    let platform = Platform::open("finserv-life").await.expect("a receiver");
    let mut world = World::start("life", &[platform.file(BY_ITSELF)]);
    let partner = platform.partner(&world.gateway).expect("keys");
    every_process_tells_its_health_and_figures(&world);
    one_order(&world, &platform, &partner, 1).await;
    without(&world, "postgres", &["worker-apply", "worker-callback"]);
    without(&world, "rabbitmq", &["ingress-finserv", "egress-finserv", "worker-apply"]);
    without_redis_all_stay_ready(&world);
    one_order(&world, &platform, &partner, 2).await;
    for name in SERVICES {
        assert!(world.gateway.stop(name).expect("a signal"), "{name} leaves with 0, in time");
    }
}

fn every_process_tells_its_health_and_figures(world: &World) {
    for name in SERVICES {
        let says = |path| world.gateway.admin(name, path).expect("an admin port");
        assert!(says("/livez").starts_with("HTTP/1.1 200"), "{name}");
        assert!(says("/readyz").starts_with("HTTP/1.1 200"), "{name}");
        let metrics = says("/metrics");
        assert!(metrics.contains("# TYPE") && metrics.contains("# EOF"), "{name}: {metrics}");
    }
}

/// Places an order and waits for its callback.
async fn one_order(world: &World, platform: &Platform, partner: &Partner, n: u64) {
    let application = Bidder::new(9, n, sandbox::now()).bid_application();
    let answer = agreed(partner, &application).await;
    let no = answer.text("accept_no");
    heard(platform, "feedback_apply_guarantee_result", &[("accept_no", no)]).await;
    world.until("select count(*) from callbacks where order_no = $1 and state = 'delivered'", no, 1).await;
}

/// Those that need it say that they are not ready and stay alive; then all are ready again by themselves.
fn without(world: &World, service: &str, names: &[&str]) {
    world.stack.order("kill", service).expect("killed");
    for name in names {
        until(name, "not ready", || readiness(world, name).starts_with("HTTP/1.1 503"));
        assert!(
            world.gateway.admin(name, "/livez").is_ok_and(|says| says.starts_with("HTTP/1.1 200")),
            "{name} lives"
        );
    }
    world.stack.order("start", service).expect("started");
    for name in SERVICES {
        until(name, "ready again", || readiness(world, name).starts_with("HTTP/1.1 200"));
    }
}

fn without_redis_all_stay_ready(world: &World) {
    world.stack.order("kill", "redis").expect("killed");
    until("ingress-finserv", "aware of Redis being away", || {
        readiness(world, "ingress-finserv").contains(r#""up": false"#)
    });
    for name in SERVICES {
        assert!(readiness(world, name).starts_with("HTTP/1.1 200"), "{name} is ready without Redis");
    }
    world.stack.order("start", "redis").expect("started");
}

fn readiness(world: &World, name: &str) -> String {
    world.gateway.admin(name, "/readyz").unwrap_or_default()
}

fn until(name: &str, what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < until, "{name} is never {what}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
