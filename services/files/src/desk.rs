//! From the settings to a running desk.

use crate::answer;
use crate::reads::{Reads, ourselves};
use crate::verify::{UPLOAD_BYTES, Verification};
use anyhow::Context;
use boot::{Boot, Check, DocumentPlace, Problem};
use broker::Publisher;
use documents::{Documents, Links};
use protocol::{AllowList, Caller};
use signing::TrustAnchors;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use web::{Limits, Peer};

/// What surrounds a file in a form.
const FORM_BYTES: usize = 16 * 1024;
/// Each may hold an uploaded file in memory: together at most one GiB.
const CONNECTIONS: u32 = 256;
/// For an upload over a slow line.
const UPLOAD_WITHIN: Duration = Duration::from_secs(60);
/// How often health is told anew.
const GLANCE: Duration = Duration::from_millis(500);

/// Serves documents until the process is told to stop.
///
/// # Errors
/// Mistakes in the settings; a folder or a port that cannot be opened.
pub(crate) async fn run(boot: Boot) -> anyhow::Result<()> {
    let links = links(&boot)?;
    let publisher = Publisher::start(&broker_settings(&boot)?)?;
    let origin = ourselves()?;
    let reads = Reads::new(publisher.clone(), origin.clone());
    let institution = &boot.settings.institution;
    let verification = Verification::new(
        links.clone(),
        trust(&boot)?,
        (publisher.clone(), origin),
        (institution.name.clone(), institution.phone.clone()),
    );
    let desk = Arc::new(answer::Desk::new((links, documents(&boot)?), reads, verification, &boot.metrics));
    let proxies = proxies(&boot)?;
    let listen = boot.settings.files.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot open the port {listen}: see [files] listen, GATEWAY_LISTEN"))?;
    let drain = Duration::from_secs(boot.settings.process.drain_s.saturating_sub(1).max(1));
    let limits = Limits {
        body_bytes: UPLOAD_BYTES + FORM_BYTES,
        body_read: UPLOAD_WITHIN,
        connections: CONNECTIONS,
        drain,
        ..Limits::default()
    };
    let stop = boot.stop.clone();
    // Without the broker guarantees are still looked into, so the process stays ready.
    let check = boot.health.optional("broker");
    boot.run(async move {
        let refusing = Arc::clone(&desk);
        let handler = move |request: http::Request<bytes::Bytes>, peer: Peer| {
            let desk = answer::Desk::clone(&desk);
            let Caller(caller) = Caller::of(peer.addr.ip(), request.headers(), &proxies);
            desk.answer(request, caller)
        };
        let refuse = move |refusal: web::Refusal| refusing.refuse(refusal);
        tokio::select! {
            _ = web::serve(listener, limits, async move { stop.requested().await }, refuse, handler) => {}
            never = watch(publisher, check) => match never {},
        }
        Ok(())
    })
    .await
}

async fn watch(publisher: Publisher, check: Check) -> std::convert::Infallible {
    loop {
        let vitals = publisher.vitals();
        if vitals.connected && !vitals.blocked {
            check.up();
        } else {
            check.down("the broker takes nothing: documents are held back, states cannot be checked");
        }
        tokio::time::sleep(GLANCE).await;
    }
}

fn links(boot: &Boot) -> anyhow::Result<Links> {
    let section = boot.need("documents", &boot.settings.documents)?;
    let secret = boot.secret("documents.link_secret", &section.link_secret)?;
    Ok(Links::new(&section.public_base_url, secret, section.link_valid_days).map_err(|bad| {
        boot.source.locate(vec![Problem::new("documents.public_base_url", bad.to_string())])
    })?)
}

fn documents(boot: &Boot) -> anyhow::Result<Documents> {
    let ring = boot::document_keyring(&boot.settings, &boot.source)?;
    let documents = match boot.document_place()? {
        DocumentPlace::Folder(folder) => Documents::open(&folder)
            .with_context(|| format!("cannot open the folder {}: see [documents] folder", folder.display())),
        DocumentPlace::Bucket { url, endpoint, region, keys } => {
            Documents::in_bucket(&url, endpoint.as_deref(), &region, &keys)
                .with_context(|| format!("cannot use the bucket {url}: see [documents] store"))
        }
    };
    Ok(documents?.sealed_under(ring, boot::random))
}

/// The roots that uploaded files are checked against; without them nobody is trusted.
fn trust(boot: &Boot) -> anyhow::Result<TrustAnchors> {
    let section = boot.need("documents", &boot.settings.documents)?;
    let Some(path) = &section.trust else { return Ok(TrustAnchors::default()) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("documents.trust: cannot read {}", path.display()))?;
    TrustAnchors::from_pem(&text).with_context(|| format!("documents.trust: the file {}", path.display()))
}

/// The proxies of ours in front, whose word about the caller counts.
fn proxies(boot: &Boot) -> anyhow::Result<AllowList> {
    AllowList::parse(&boot.settings.files.trusted_proxies).map_err(|entry| {
        let say = format!("{entry:?} is neither an address nor a network such as 203.0.113.0/24");
        boot.source.locate(vec![Problem::new("files.trusted_proxies", say)]).into()
    })
}

fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let (section, url) = boot.broker()?;
    let settings = broker::Settings::new(url.expose(), boot.process.name);
    Ok(settings.tuned(section.lanes, section.heartbeat_s, section.publish_timeout_ms))
}
