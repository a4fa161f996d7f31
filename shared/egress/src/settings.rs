//! From the settings of a process to a running egress.

use crate::breaker::BreakerRule;
use crate::engine::{Egress, Parts};
use crate::partner::Partner;
use crate::schedule::Schedule;
use anyhow::Context;
use boot::{Boot, Mistakes, Problem};
use documents::{Documents, Links};
use protocol::{CallbackHosts, Outbound};
use replies::Replies;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// Runs the egress of one protocol: reads every instance of `kind`, makes its protocol with `speak`, and delivers until
/// the process is told to stop.
///
/// # Errors
/// Mistakes in the settings, all of them at once.
pub async fn run<P: DeserializeOwned, T: Outbound>(
    boot: Boot,
    kind: &'static str,
    speak: impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> anyhow::Result<()> {
    let partners = partners(&boot, kind, speak)?;
    let broker = broker_settings(&boot)?;
    let parts = Parts {
        kind,
        partners,
        broker,
        connect: Duration::from_secs(boot.settings.egress.connect_timeout_s),
        links: links(&boot)?,
        documents: Some(documents(&boot)?),
        replies: replies(&boot)?,
        metrics: boot.metrics.clone(),
        health: boot.health.clone(),
        stop: boot.stop.clone(),
    };
    let drain = Duration::from_secs(boot.settings.process.drain_s);
    boot.run(async move {
        if !Egress::start(parts)?.run(drain).await {
            tracing::warn!("callbacks under way were given up: they will be sent again");
        }
        Ok(())
    })
    .await
}

fn partners<P: DeserializeOwned, T: Outbound>(
    boot: &Boot,
    kind: &str,
    speak: impl Fn(&boot::Partner<P>) -> Result<T, Vec<protocol::Problem>>,
) -> Result<Vec<Partner>, Mistakes> {
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for partner in boot.partners::<P>(kind)? {
        let problem = |key: &str, why: String| partner.mistakes(vec![Problem::new(key, why)]);
        let hosts = CallbackHosts::parse(&partner.callback_hosts)
            .map_err(|why| problem("callback_hosts", why.to_string()));
        let schedule = Schedule::new(&wide(&partner.retry_schedule_s), &wide(&boot.settings.retry.rungs_s))
            .map_err(|why| problem("retry_schedule_s", why.to_string()));
        match (speak(&partner).map_err(|problems| told(&partner, problems)), hosts, schedule) {
            (Ok(protocol), Ok(hosts), Ok(schedule)) => {
                found.push(one(&boot.settings.egress, &partner, Arc::new(protocol), hosts, schedule));
            }
            (protocol, hosts, schedule) => mistakes.extend(
                [protocol.err(), hosts.err(), schedule.err()].into_iter().flatten().flat_map(Vec::from),
            ),
        }
    }
    Mistakes::unless_none(mistakes).map(|()| found)
}

/// What a protocol found wrong, told with file and line.
fn told<P>(partner: &boot::Partner<P>, problems: Vec<protocol::Problem>) -> Mistakes {
    partner.mistakes(problems.into_iter().map(|problem| Problem::new(problem.key, problem.say)).collect())
}

fn one<P>(
    general: &boot::settings::Egress,
    partner: &boot::Partner<P>,
    protocol: Arc<dyn Outbound>,
    hosts: CallbackHosts,
    schedule: Schedule,
) -> Partner {
    let own = &partner.egress;
    Partner {
        id: partner.id.clone(),
        protocol,
        hosts,
        schedule,
        concurrency: own.concurrency.unwrap_or(general.concurrency),
        deadline: Duration::from_secs(own.total_timeout_s.unwrap_or(general.total_timeout_s)),
        reply_bytes: general.reply_cap_bytes,
        breaker: BreakerRule {
            failures: general.breaker_failures,
            pause: Duration::from_secs(general.breaker_rest_s),
        },
        enabled: partner.enabled,
    }
}

fn wide(seconds: &[u32]) -> Vec<u64> {
    seconds.iter().copied().map(u64::from).collect()
}

fn links(boot: &Boot) -> anyhow::Result<Links> {
    let section = boot.need("documents", &boot.settings.documents)?;
    let secret = boot.secret("documents.link_secret", &section.link_secret)?;
    let bad = |why: documents::BadBase| {
        boot.source.locate(vec![Problem::new("documents.public_base_url", why.to_string())])
    };
    Ok(Links::new(&section.public_base_url, secret, section.link_valid_days).map_err(bad)?)
}

fn documents(boot: &Boot) -> anyhow::Result<Documents> {
    let section = boot.need("documents", &boot.settings.documents)?;
    Documents::open(&section.folder)
        .with_context(|| format!("cannot open the document folder {}", section.folder.display()))
}

/// Without Redis settings each process fetches access tokens of its own.
fn replies(boot: &Boot) -> anyhow::Result<Option<Replies>> {
    let Some(section) = &boot.settings.redis else { return Ok(None) };
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Some(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?))
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
