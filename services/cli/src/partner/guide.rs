//! `baohan partner guide`: the sheet for a partner's engineer, in Markdown. What is in it its protocol knows; no secret is read.

mod write;

use super::Sheet;
use crate::arguments::{GuideOf, Lang};
use crate::ground::Ground;
use crate::page::Page;
use crate::send::known;
use anyhow::{Context, Result, anyhow, bail};
use boot::Partner;
use boot::settings::every_partner;
use domain::{PartnerId, Timestamp};
use protocol::{Guide, Problem};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use write::Subject;

/// What a protocol makes of a partner's settings.
type Make<S> = fn(&PartnerId, &S, &str, &BTreeMap<String, String>, Timestamp) -> Result<Guide, Vec<Problem>>;

/// Prints the sheet.
///
/// # Errors
/// If there is no such partner, or its file has mistakes.
pub(crate) fn guide(ground: &Ground, wanted: &GuideOf) -> Result<Page> {
    let folder = &ground.gateway.partners.folder;
    let found = every_partner(folder)?.into_iter().find(|one| one.id == wanted.id);
    let partner = found.ok_or_else(|| anyhow!("no partner {}: `baohan check` lists them", wanted.id))?;
    let guide = match partner.protocol.as_str() {
        "finserv" => of::<protocol_finserv::Settings>(folder, &partner, protocol_finserv::guide),
        "pubres" => of::<protocol_pubres::Settings>(folder, &partner, protocol_pubres::guide),
        "govproc" => of::<protocol_govproc::Settings>(folder, &partner, protocol_govproc::guide),
        "yueyang" => of::<protocol_yueyang::Settings>(folder, &partner, protocol_yueyang::guide),
        "fuzhou" => of::<protocol_fuzhou::Settings>(folder, &partner, protocol_fuzhou::guide),
        other => bail!("{other:?} is not spoken here: see `baohan check`"),
    }?;
    let sheet = Sheet::find(folder, partner.id.as_str())?.context("its file is gone")?;
    let url = wanted.url.clone().unwrap_or_else(|| default_url(ground, &sheet));
    let subject = Subject {
        partner: &partner,
        guide: &guide,
        document: &sheet.document,
        url: url.trim_end_matches('/'),
        zh: wanted.lang == Lang::Zh,
    };
    let text = write::markdown(&subject);
    Ok(Page::of(json!({ "partner": partner.id, "markdown": text })).line(text))
}

/// What the partner reaches us by, as far as settings tell.
fn default_url(ground: &Ground, sheet: &Sheet) -> String {
    let own = sheet.document.get("settings").and_then(|settings| settings.get("public_base_url"));
    let own = own.and_then(toml_edit::Item::as_str).map(str::to_owned);
    own.unwrap_or_else(|| format!("http://{}", ground.gateway.ingress.listen))
}

fn of<S: DeserializeOwned>(folder: &Path, partner: &Partner<IgnoredAny>, make: Make<S>) -> Result<Guide> {
    let own = known::<S>(folder, partner)?;
    let now = Timestamp::new(boot::now());
    make(&own.id, &own.settings, &own.base_url, &own.urls, now).map_err(|problems| {
        let there = |one: Problem| boot::Problem::new(one.key, one.say);
        own.mistakes(problems.into_iter().map(there).collect()).into()
    })
}
