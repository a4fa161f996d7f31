//! From the settings to a running desk.

use crate::answer;
use anyhow::Context;
use boot::{Boot, Problem};
use documents::{Documents, Links};
use std::time::Duration;
use tokio::net::TcpListener;
use web::Limits;

/// No request has a body worth reading.
const BODY_BYTES: usize = 1024;

/// Serves documents until the process is told to stop.
///
/// # Errors
/// Mistakes in the settings; a folder or a port that cannot be opened.
pub(crate) async fn run(boot: Boot) -> anyhow::Result<()> {
    let section = boot.need("documents", &boot.settings.documents)?;
    let secret = boot.secret("documents.link_secret", &section.link_secret)?;
    let links = Links::new(&section.public_base_url, secret, section.link_valid_days).map_err(|bad| {
        boot.source.locate(vec![Problem::new("documents.public_base_url", bad.to_string())])
    })?;
    let folder = &section.folder;
    let store = Documents::open(folder)
        .with_context(|| format!("cannot open the folder {}: see [documents] folder", folder.display()))?;
    let desk = answer::Desk::new(links, store, &boot.metrics);
    let listen = boot.settings.files.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot open the port {listen}: see [files] listen, GATEWAY_LISTEN"))?;
    let drain = Duration::from_secs(boot.settings.process.drain_s.saturating_sub(1).max(1));
    let limits = Limits { body_bytes: BODY_BYTES, drain, ..Limits::default() };
    let stop = boot.stop.clone();
    boot.run(async move {
        let handler = move |request, _| desk.clone().answer(request);
        let refuse = |refusal: web::Refusal| answer::plain(refusal.status());
        web::serve(listener, limits, async move { stop.requested().await }, refuse, handler).await;
        Ok(())
    })
    .await
}
