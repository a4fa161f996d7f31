//! From the settings of a process to a running ingress.

use crate::engine::{Ingress, Parts};
use crate::pace::Pace;
use crate::partner::{Partner, Partners};
use anyhow::Context;
use boot::{Boot, Mistakes, Problem};
use broker::Publisher;
use protocol::{CallbackHosts, Inbound};
use replies::Replies;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use web::Limits;

/// Runs the ingress of one protocol: reads every instance of `kind`, makes its protocol with `speak`, and serves until
/// the process is told to stop.
///
/// # Errors
/// Mistakes in the settings, all of them at once; a port that cannot be opened.
pub async fn run<P: DeserializeOwned, T: Inbound>(
    boot: Boot,
    kind: &'static str,
    speak: impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> anyhow::Result<()> {
    let partners = Partners::new(kind, partners(&boot, kind, speak)?)
        .with_context(|| format!("no partner with protocol {kind:?} is enabled"))?;
    let publisher = Publisher::start(&broker_settings(&boot)?)?;
    let ingress = &boot.settings.ingress;
    let parts = Parts {
        limits: limits(&boot, &partners),
        partners,
        publisher,
        replies: replies(&boot)?,
        ask_deadline: Duration::from_millis(ingress.ask_deadline_ms),
        metrics: boot.metrics.clone(),
        health: boot.health.clone(),
    };
    let listener = TcpListener::bind(ingress.listen).await.with_context(|| {
        format!("cannot open the port {}: see [ingress] listen, GATEWAY_LISTEN", ingress.listen)
    })?;
    tracing::info!(listen = %ingress.listen, kind, "serving partners");
    let stop = boot.stop.clone();
    boot.run(async move {
        let drained = Ingress::new(parts).serve(listener, async move { stop.requested().await }).await;
        if drained.cut_off > 0 {
            tracing::warn!(cut_off = drained.cut_off, "requests were cut off: partners will repeat them");
        }
        Ok(())
    })
    .await
}

fn partners<P: DeserializeOwned, T: Inbound>(
    boot: &Boot,
    kind: &str,
    speak: impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> Result<Vec<Partner>, Mistakes> {
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for partner in boot.partners::<P>(kind)? {
        let hosts = CallbackHosts::parse(&partner.callback_hosts)
            .map_err(|why| partner.mistakes(vec![Problem::new("callback_hosts", why.to_string())]));
        match (speak(&partner).map_err(|problems| told(&partner, problems)), hosts) {
            (Ok(protocol), Ok(hosts)) if partner.enabled => {
                let body_bytes =
                    partner.limits.body_limit_bytes.unwrap_or(boot.settings.ingress.body_limit_bytes);
                let pace = Pace::new(partner.limits.requests_per_s, Instant::now());
                found.push(Partner { id: partner.id, protocol: Arc::new(protocol), hosts, body_bytes, pace });
            }
            (protocol, hosts) => {
                mistakes.extend(protocol.err().into_iter().chain(hosts.err()).flat_map(Vec::from));
            }
        }
    }
    Mistakes::unless_none(mistakes).map(|()| found)
}

/// What a protocol found wrong, told with file and line.
fn told<P>(partner: &boot::Partner<P>, problems: Vec<protocol::Problem>) -> Mistakes {
    partner.mistakes(problems.into_iter().map(|problem| Problem::new(problem.key, problem.say)).collect())
}

fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let section = boot.need("broker", &boot.settings.broker)?;
    let url = boot.secret("broker.url", &section.url)?;
    let mut settings = broker::Settings::new(url.expose(), boot.process.name);
    settings.lanes = usize::from(section.lanes);
    settings.heartbeat = Duration::from_secs(u64::from(section.heartbeat_s));
    settings.confirm_within = Duration::from_millis(section.publish_timeout_ms);
    Ok(settings)
}

fn replies(boot: &Boot) -> anyhow::Result<Replies> {
    let section = boot.need("redis", &boot.settings.redis)?;
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?)
}

fn limits(boot: &Boot, partners: &Partners) -> Limits {
    let ingress = &boot.settings.ingress;
    Limits {
        body_bytes: partners.body_bytes(),
        header_read: Duration::from_secs(ingress.header_timeout_s),
        body_read: Duration::from_secs(ingress.body_timeout_s),
        connections: ingress.max_connections,
        drain: Duration::from_secs(boot.settings.process.drain_s),
        ..Limits::default()
    }
}
