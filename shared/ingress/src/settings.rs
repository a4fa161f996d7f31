//! From the settings of a process to a running ingress.

use crate::engine::{Ingress, Parts};
use crate::pace::Pace;
use crate::partner::{Partner, Partners};
use crate::seats::Seats;
use anyhow::Context;
use boot::{Boot, Mistakes, Problem};
use broker::Publisher;
use domain::Timestamp;
use protocol::{AllowList, CallbackHosts, Inbound};
use replies::Replies;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use web::{Limits, Port, Tls};

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
    let partners = all(&boot, kind, &speak)?;
    let publisher = Publisher::start(&broker_settings(&boot)?)?;
    let ingress = &boot.settings.ingress;
    let parts = Parts {
        limits: limits(&boot, &partners),
        partners,
        publisher,
        replies: replies(&boot)?,
        ask_deadline: Duration::from_millis(ingress.ask_deadline_ms),
        proxies: proxies(&boot)?,
        metrics: boot.metrics.clone(),
        traces: boot.traces.clone(),
        health: boot.health.clone(),
    };
    let listener = TcpListener::bind(ingress.listen).await.with_context(|| {
        format!("cannot open the port {}: see [ingress] listen, GATEWAY_LISTEN", ingress.listen)
    })?;
    let port = Port { listener, tls: tls(&boot)? };
    tracing::info!(listen = %ingress.listen, kind, "serving partners");
    let stop = boot.stop.clone();
    let ingress = Ingress::new(parts);
    let renewal = ingress.renewal();
    boot.run(async {
        let drained = tokio::select! {
            drained = ingress.serve(port, async move { stop.requested().await }) => drained,
            never = boot.renew(|| all(&boot, kind, &speak).map(|found| renewal.take(found))) => match never {},
        };
        if drained.cut_off > 0 {
            tracing::warn!(cut_off = drained.cut_off, "requests were cut off: partners will repeat them");
        }
        Ok(())
    })
    .await
}

fn all<P: DeserializeOwned, T: Inbound>(
    boot: &Boot,
    kind: &'static str,
    speak: &impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> anyhow::Result<Partners> {
    Partners::new(kind, partners(boot, kind, speak)?)
        .with_context(|| format!("there is no partner with protocol {kind:?}"))
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
        let callers = AllowList::parse(&partner.limits.addresses)
            .map_err(|entry| partner.mistakes(vec![Problem::new("limits.addresses", no_network(entry))]));
        let former = former(&partner, &speak);
        let protocol = speak(&partner).map_err(|problems| told(&partner, problems));
        match (protocol, former, hosts, callers) {
            (Ok(protocol), Ok(former), Ok(hosts), Ok(callers)) => {
                let limits = &partner.limits;
                found.push(Partner {
                    protocol: Arc::new(protocol),
                    former,
                    enabled: partner.enabled,
                    paused: partner.paused,
                    hosts,
                    body_bytes: limits.body_limit_bytes.unwrap_or(boot.settings.ingress.body_limit_bytes),
                    pace: Pace::new(limits.requests_per_s, Instant::now()),
                    seats: Seats::new(limits.concurrency),
                    callers,
                    id: partner.id,
                });
            }
            (protocol, former, hosts, callers) => {
                let all = [protocol.err(), former.err(), hosts.err(), callers.err()];
                mistakes.extend(all.into_iter().flatten().flat_map(Vec::from));
            }
        }
    }
    Mistakes::unless_none(mistakes).map(|()| found)
}

/// How it spoke before its keys were changed.
#[expect(clippy::type_complexity, reason = "as the field of `Partner`")]
fn former<P: DeserializeOwned, T: Inbound>(
    partner: &boot::Partner<P>,
    speak: impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> Result<Option<(Arc<dyn Inbound>, Timestamp)>, Mistakes> {
    let Some((before, until)) = partner.former()? else { return Ok(None) };
    let protocol = speak(&before).map_err(|problems| {
        let there = |problem: protocol::Problem| Problem::new(format!("former.{}", problem.key), problem.say);
        partner.mistakes(problems.into_iter().map(there).collect())
    })?;
    Ok(Some((Arc::new(protocol), until)))
}

/// What a protocol found wrong, told with file and line.
fn told<P>(partner: &boot::Partner<P>, problems: Vec<protocol::Problem>) -> Mistakes {
    partner.mistakes(problems.into_iter().map(|problem| Problem::new(problem.key, problem.say)).collect())
}

fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let (section, url) = boot.broker()?;
    let settings = broker::Settings::new(url.expose(), boot.process.name);
    Ok(settings.tuned(section.lanes, section.heartbeat_s, section.publish_timeout_ms))
}

fn replies(boot: &Boot) -> anyhow::Result<Replies> {
    let section = boot.need("redis", &boot.settings.redis)?;
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?)
}

fn no_network(entry: &str) -> String {
    format!("\"{entry}\" is no network: write 203.0.113.0/24, or one address")
}

fn proxies(boot: &Boot) -> Result<AllowList, Mistakes> {
    AllowList::parse(&boot.settings.ingress.trusted_proxies)
        .map_err(|entry| boot.source.locate(vec![Problem::new("ingress.trusted_proxies", no_network(entry))]))
}

/// Fails closed: what cannot be read stops the process.
fn tls(boot: &Boot) -> anyhow::Result<Option<Tls>> {
    let Some(section) = &boot.settings.ingress.tls else { return Ok(None) };
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("[ingress.tls]: {} cannot be read", path.display()))
    };
    let certificates = read(&section.certificates)?;
    let key = boot.secret("ingress.tls.key", &section.key)?;
    let roots = section.client_roots.as_deref().map(read).transpose()?;
    let tls = Tls::new(&certificates, key.expose().as_bytes(), roots.as_deref());
    Ok(Some(tls.context("[ingress.tls]")?))
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
