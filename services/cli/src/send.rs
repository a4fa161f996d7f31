//! `baohan send`: plays a partner towards a running ingress, with that partner's own keys and variants.

mod finserv;
mod fuzhou;
mod govproc;
mod pubres;
mod yueyang;

use crate::arguments::Send;
use crate::ground::Ground;
use crate::page::Page;
use anyhow::{Context, Result, anyhow};
use boot::Partner;
use boot::settings::every_partner;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value, json};
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

/// What came of a request, in any protocol.
struct Played {
    /// The interface, in the partner's words.
    interface: &'static str,
    /// HTTP status.
    status: u16,
    took: Duration,
    good: bool,
    fields: Map<String, Value>,
}

/// Sends one request and prints the answer.
///
/// # Errors
/// If the partner's settings have mistakes, nobody listens there, or the answer is no answer.
pub(crate) async fn send(ground: &Ground, send: Send) -> Result<Page> {
    let folder = &ground.gateway.partners.folder;
    let partner = chosen(folder, &send)?;
    let to =
        send.to.clone().unwrap_or_else(|| format!("http://{}/{}", ground.gateway.ingress.listen, partner.id));
    let played = match partner.protocol.as_str() {
        "finserv" => finserv::play(&known(folder, &partner)?, &send, &to).await,
        "fuzhou" => fuzhou::play(&known(folder, &partner)?, &send, &to).await,
        "pubres" => pubres::play(&known(folder, &partner)?, &send, &to).await,
        "govproc" => govproc::play(&known(folder, &partner)?, &send, &to).await,
        "yueyang" => yueyang::play(&known(folder, &partner)?, &send, &to).await,
        other => Err(anyhow!("{other:?} is not spoken here: see `baohan check`")),
    };
    Ok(page(played?, &to))
}

fn page(played: Played, to: &str) -> Page {
    let Played { interface, status, took, good, fields } = played;
    let (took, fields) = (took.as_millis(), Value::Object(fields));
    let json = json!({ "to": to, "method": interface, "status": status, "ms": took, "answer": fields });
    let mark = if good { "✓" } else { "✗" };
    let page = Page::of(json)
        .line(format!("{mark} {interface} → {to}  HTTP {status} · {took} ms"))
        .line(format!("{fields:#}"));
    if good { page } else { page.not_good() }
}

fn chosen(folder: &Path, send: &Send) -> Result<Partner<IgnoredAny>> {
    let all = every_partner(folder)?;
    let ids = all.iter().map(|partner| partner.id.to_string()).collect::<Vec<_>>().join(", ");
    let mut fitting = all.into_iter().filter(|one| send.partner.as_ref().is_none_or(|id| *id == one.id));
    match (fitting.next(), fitting.next()) {
        (Some(partner), None) => Ok(partner),
        (None, _) => Err(anyhow!("there is no such partner: write --partner and one of: {ids}")),
        (Some(_), Some(_)) => Err(anyhow!("there are several partners: write --partner and one of: {ids}")),
    }
}

/// The same partner with the settings of its protocol.
pub(crate) fn known<S: DeserializeOwned>(folder: &Path, partner: &Partner<IgnoredAny>) -> Result<Partner<S>> {
    let all = boot::partners::<S>(folder, &partner.protocol)?;
    all.into_iter().find(|one| one.id == partner.id).context("the partner's file went away")
}

fn unanswered(to: &str) -> String {
    format!(
        "{to} gives no answer of the protocol: see that the partner's ingress runs there, or give --to URL"
    )
}

// === what is sent ===

fn data(file: &Path) -> Result<Value> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
    } else {
        text = std::fs::read_to_string(file)
            .with_context(|| format!("--data {} cannot be read", file.display()))?;
    }
    serde_json::from_str(&text).with_context(|| format!("--data {} is not JSON", file.display()))
}

/// FIELD and VALUE of every `--set`.
fn changes(send: &Send) -> Result<Vec<(&str, &str)>> {
    send.set.iter().map(|pair| pair.split_once('=').context("--set wants FIELD=VALUE")).collect()
}

fn without_guarantee(method: &str) -> anyhow::Error {
    anyhow!("the sample of {method} is about a guarantee: give --guarantee-no, or the whole --data")
}
