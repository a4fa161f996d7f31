//! Every protocol this gateway speaks: its partners made and tried as its services would, before anything runs.

use boot::settings::survey;
use boot::{Mistake, Mistakes, Partner, Problem};
use domain::{PartnerId, Timestamp};
use protocol::{Inbound, Outbound};
use protocol_finserv::Finserv;
use protocol_fuzhou::Fuzhou;
use protocol_govproc::Govproc;
use protocol_pubres::Pubres;
use protocol_yueyang::Yueyang;
use serde::de::DeserializeOwned;
use std::path::Path;

/// What one protocol's partners came to: the signed string of each rehearsal, `***` in place of the secret, and mistakes.
type Tried = (Vec<(PartnerId, String)>, Vec<Mistake>);

/// A partner that was made and tried.
struct Rehearsed {
    signed: String,
    /// The names of all its interfaces, both directions.
    interfaces: Vec<&'static str>,
}

/// How the partners of a protocol in this folder are tried.
type Try = fn(&Path) -> Result<Tried, Mistakes>;

/// The protocols this gateway speaks.
pub(crate) const PROTOCOLS: [(&str, Try); 5] = [
    ("finserv", finserv),
    ("fuzhou", fuzhou),
    ("govproc", govproc),
    ("pubres", pubres),
    ("yueyang", yueyang),
];

/// Their names.
pub(crate) fn spoken() -> Vec<&'static str> {
    PROTOCOLS.iter().map(|(name, _)| *name).collect()
}

fn finserv(folder: &Path) -> Result<Tried, Mistakes> {
    tried(folder, "finserv", |partner: &Partner<protocol_finserv::Settings>, now| {
        let (id, secrets) = (partner.id.clone(), boot::secrets());
        let made = Finserv::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
        let signed = made.dry_run(now).map_err(|problem| vec![problem])?;
        Ok(rehearsed(&made, signed))
    })
}

fn fuzhou(folder: &Path) -> Result<Tried, Mistakes> {
    tried(folder, "fuzhou", |partner: &Partner<protocol_fuzhou::Settings>, now| {
        let (id, secrets) = (partner.id.clone(), boot::secrets());
        let made = Fuzhou::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
        let signed = made.dry_run(now).map_err(|problem| vec![problem])?;
        Ok(rehearsed(&made, signed))
    })
}

fn pubres(folder: &Path) -> Result<Tried, Mistakes> {
    tried(folder, "pubres", |partner: &Partner<protocol_pubres::Settings>, now| {
        let (id, secrets) = (partner.id.clone(), boot::secrets());
        let made = Pubres::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
        let signed = made.dry_run(now).map_err(|problem| vec![problem])?;
        Ok(rehearsed(&made, signed))
    })
}

fn govproc(folder: &Path) -> Result<Tried, Mistakes> {
    tried(folder, "govproc", |partner: &Partner<protocol_govproc::Settings>, now| {
        let (id, secrets) = (partner.id.clone(), boot::secrets());
        let made = Govproc::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
        let signed = made.dry_run(now).map_err(|problem| vec![problem])?;
        Ok(rehearsed(&made, signed))
    })
}

fn yueyang(folder: &Path) -> Result<Tried, Mistakes> {
    tried(folder, "yueyang", |partner: &Partner<protocol_yueyang::Settings>, now| {
        let (id, secrets) = (partner.id.clone(), boot::secrets());
        let made = Yueyang::new(id, &partner.settings, &partner.base_url, &partner.urls, &secrets)?;
        let signed = made.dry_run(now).map_err(|problem| vec![problem])?;
        Ok(rehearsed(&made, signed))
    })
}

/// What partners are allowed in the sandbox only; a mistake in production.
pub(crate) fn sandbox_only(folder: &Path) -> Result<Vec<Mistake>, Mistakes> {
    let (found, _) = survey::<protocol_govproc::Settings>(folder, "govproc")?;
    let told = |partner: Partner<protocol_govproc::Settings>| {
        let keys = partner.settings.sandbox_only();
        let problems = keys.into_iter().map(|(key, say)| Problem::new(key, say));
        Vec::from(partner.mistakes(problems.collect()))
    };
    Ok(found.into_iter().flat_map(told).collect())
}

fn tried<S: DeserializeOwned>(
    folder: &Path,
    protocol: &str,
    rehearse: impl Fn(&Partner<S>, Timestamp) -> Result<Rehearsed, Vec<protocol::Problem>>,
) -> Result<Tried, Mistakes> {
    let (found, mut mistakes) = survey::<S>(folder, protocol)?;
    let now = Timestamp::new(boot::now());
    let mut good = Vec::new();
    for partner in found {
        match rehearse(&partner, now) {
            Ok(Rehearsed { signed, interfaces }) => {
                mistakes.extend(unknown_pauses(&partner, &interfaces));
                match partner.former() {
                    Ok(Some((before, _))) => {
                        mistakes.extend(
                            rehearse(&before, now)
                                .err()
                                .map(|wrong| told(&partner, "former.", wrong))
                                .unwrap_or_default(),
                        );
                    }
                    Ok(None) => {}
                    Err(wrong) => mistakes.extend(Vec::from(wrong)),
                }
                good.push((partner.id, signed));
            }
            Err(problems) => {
                // What is common to all protocols was told already.
                let again = |one: &Mistake| {
                    mistakes.iter().any(|known| (&known.file, &known.key) == (&one.file, &one.key))
                };
                let more =
                    told(&partner, "", problems).into_iter().filter(|one| !again(one)).collect::<Vec<_>>();
                mistakes.extend(more);
            }
        }
    }
    Ok((good, mistakes))
}

fn rehearsed(made: &(impl Inbound + Outbound), signed: String) -> Rehearsed {
    let all = made.interfaces().iter().chain(made.callbacks());
    Rehearsed { signed, interfaces: all.map(|interface| interface.name).collect() }
}

fn told<S: DeserializeOwned>(
    partner: &Partner<S>,
    under: &str,
    problems: Vec<protocol::Problem>,
) -> Vec<Mistake> {
    let there = |problem: protocol::Problem| Problem::new(format!("{under}{}", problem.key), problem.say);
    partner.mistakes(problems.into_iter().map(there).collect()).into()
}

/// A pause of an interface that does not exist would pause nothing, and nobody would know.
fn unknown_pauses<S: DeserializeOwned>(partner: &Partner<S>, interfaces: &[&str]) -> Vec<Mistake> {
    let unknown = partner.paused.iter().filter(|name| !interfaces.contains(&name.as_str()));
    let say = |name: &String| format!("there is no interface {name:?}; there are {}", interfaces.join(", "));
    partner.mistakes(unknown.map(|name| Problem::new("paused", say(name))).collect()).into()
}
