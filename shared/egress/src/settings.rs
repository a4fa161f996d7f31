//! From the settings of a process to a running egress.

use crate::breaker::BreakerRule;
use crate::engine::{Egress, Parts};
use crate::partner::Partner;
use crate::post::Credentials;
use crate::reach::Reach;
use crate::schedule::Schedule;
use anyhow::Context;
use boot::settings::{Delivery, PartnerTls};
use boot::{Boot, DocumentPlace, Mistakes, Problem};
use crypto::secret::Secrets;
use documents::{Documents, Links};
use protocol::{AllowList, CallbackHosts, Outbound};
use replies::Replies;
use reqwest::{Certificate, Identity};
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
    let found = partners(&boot, kind, &speak)?;
    let broker = broker_settings(&boot)?;
    let parts = Parts {
        kind,
        partners: found,
        broker,
        connect: Duration::from_secs(boot.settings.egress.connect_timeout_s),
        reach: reach(&boot)?,
        links: links(&boot)?,
        documents: Some(documents(&boot)?),
        replies: replies(&boot)?,
        metrics: boot.metrics.clone(),
        traces: boot.traces.clone(),
        health: boot.health.clone(),
        stop: boot.stop.clone(),
    };
    let drain = Duration::from_secs(boot.settings.process.drain_s);
    boot.run(async {
        let egress = Egress::start(parts)?;
        let renewal = egress.renewal();
        tokio::select! {
            finished = egress.run(drain) => if !finished {
                tracing::warn!("callbacks under way were given up: they will be sent again");
            },
            never = boot.renew(|| renewal.take(partners(&boot, kind, &speak)?)) => match never {},
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
        let list = |key: &str, hosts: &[String]| {
            CallbackHosts::parse(hosts).map_err(|why| problem(key, why.to_string()))
        };
        let hosts = list("callback_hosts", &partner.callback_hosts)
            .and_then(|callbacks| Ok([callbacks, list("file_hosts", &partner.file_hosts)?]));
        let schedule = Schedule::new(&wide(&partner.retry_schedule_s), &wide(&boot.settings.retry.rungs_s))
            .map_err(|why| problem("retry_schedule_s", why.to_string()));
        let credentials = credentials(&partner.egress).map_err(|found| partner.mistakes(vec![found]));
        match (speak(&partner).map_err(|problems| told(&partner, problems)), hosts, schedule, credentials) {
            (Ok(protocol), Ok(hosts), Ok(schedule), Ok(credentials)) => {
                let one = one(&boot.settings.egress, &partner, Arc::new(protocol), hosts, schedule);
                found.push(Partner { credentials, ..one });
            }
            (protocol, hosts, schedule, credentials) => mistakes.extend(
                [protocol.err(), hosts.err(), schedule.err(), credentials.err()]
                    .into_iter()
                    .flatten()
                    .flat_map(Vec::from),
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
    [hosts, file_hosts]: [CallbackHosts; 2],
    schedule: Schedule,
) -> Partner {
    let own = &partner.egress;
    Partner {
        id: partner.id.clone(),
        protocol,
        hosts,
        file_hosts,
        schedule,
        concurrency: own.concurrency.unwrap_or(general.concurrency),
        deadline: Duration::from_secs(own.total_timeout_s.unwrap_or(general.total_timeout_s)),
        reply_bytes: general.reply_cap_bytes,
        breaker: BreakerRule {
            failures: general.breaker_failures,
            pause: Duration::from_secs(general.breaker_rest_s),
        },
        enabled: partner.enabled,
        paused: partner.paused.clone(),
        credentials: None,
    }
}

/// What `[egress.tls]` of a partner names, read.
fn credentials(delivery: &Delivery) -> Result<Option<Credentials>, Problem> {
    let Some(PartnerTls { certificates, key, roots }) = &delivery.tls else { return Ok(None) };
    let unusable = |key: &str| {
        let key = format!("egress.tls.{key}");
        move |why: &dyn std::fmt::Display| Problem::new(key, format!("cannot be used: {why}"))
    };
    let identity = match (certificates, key) {
        (Some(certificates), Some(key)) => {
            let mut pem = std::fs::read(certificates).map_err(|why| unusable("certificates")(&why))?;
            let secret = boot::secrets().resolve(key).map_err(|why| unusable("key")(&why))?;
            pem.push(b'\n');
            pem.extend_from_slice(secret.expose().as_bytes());
            Some(Identity::from_pem(&pem).map_err(|why| unusable("certificates")(&why))?)
        }
        (None, None) => None,
        _ => return Err(Problem::new("egress.tls", "must name certificates and key together")),
    };
    let roots = match roots {
        Some(path) => {
            let pem = std::fs::read(path).map_err(|why| unusable("roots")(&why))?;
            let roots = Certificate::from_pem_bundle(&pem).map_err(|why| unusable("roots")(&why))?;
            // An empty list would mean "whom the system believes": less than what was asked for.
            if roots.is_empty() {
                return Err(Problem::new("egress.tls.roots", "holds no certificate (PEM)"));
            }
            roots
        }
        None => Vec::new(),
    };
    Ok(Some(Credentials { identity, roots }))
}

fn reach(boot: &Boot) -> Result<Reach, Mistakes> {
    let listed = AllowList::parse(&boot.settings.egress.private_networks);
    let bad = |entry: &str| {
        let say = format!("\"{entry}\" is no network: write 10.1.0.0/16, or one address");
        boot.source.locate(vec![Problem::new("egress.private_networks", say)])
    };
    listed.map(Reach::new).map_err(bad)
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
    let ring = boot::document_keyring(&boot.settings, &boot.source)?;
    let documents = match boot.document_place()? {
        DocumentPlace::Folder(folder) => Documents::open(&folder).with_context(|| {
            format!("cannot open the document folder {}: see [documents] folder", folder.display())
        }),
        DocumentPlace::Bucket { url, endpoint, region, keys } => {
            Documents::in_bucket(&url, endpoint.as_deref(), &region, &keys)
                .with_context(|| format!("cannot use the bucket {url}: see [documents] store"))
        }
    };
    Ok(documents?.sealed_under(ring, boot::random))
}

/// Without Redis settings each process fetches access tokens of its own.
fn replies(boot: &Boot) -> anyhow::Result<Option<Replies>> {
    let Some(section) = &boot.settings.redis else { return Ok(None) };
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Some(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?))
}

fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let (section, url) = boot.broker()?;
    let settings = broker::Settings::new(url.expose(), boot.process.name);
    Ok(settings.tuned(section.lanes, section.heartbeat_s, section.publish_timeout_ms))
}
