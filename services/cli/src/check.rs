//! `baohan check`: everything that can be known of the settings without anything running, told at once.

use crate::ground::{PROCESS, source};
use crate::page::{Grid, Page, Tone, Word};
use crate::rehearse::{PROTOCOLS, sandbox_only, spoken};
use anyhow::Result;
use boot::settings::{Environment, Installation, Partners, survey_every};
use boot::{Gateway, Mistake, Mistakes, Partner, Problem, Source};
use crypto::secret::{Secret, SecretRef, Secrets};
use domain::{Mode, Payment};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is too short to sign links with, bytes.
const SHORT_SECRET: usize = 32;

/// What it is for and where the partners are, whatever else is wrong.
#[derive(Debug, Default, Deserialize)]
struct Whereabouts {
    #[serde(default)]
    gateway: Installation,
    #[serde(default)]
    partners: Partners,
}

/// Checks the gateway's files and every partner's.
///
/// # Errors
/// None: mistakes are what the page is about.
pub(crate) fn check(files: &[PathBuf]) -> Result<Page> {
    let source = match source(files) {
        Ok(source) => source,
        Err(mistakes) => return Ok(bad(&mistakes)),
    };
    let mut mistakes = gateway(&source);
    let Whereabouts { gateway, partners: place } = source.parse().unwrap_or_default();
    let mut good = Vec::new();
    match partners(&place.folder, gateway.environment) {
        Ok((found, more)) => {
            good = found;
            mistakes.extend(more);
        }
        Err(more) => mistakes.extend(Vec::from(more)),
    }
    Ok(match Mistakes::unless_none(mistakes) {
        Ok(()) => well(&good, files.len()),
        Err(mistakes) => bad(&mistakes),
    })
}

// === the gateway ===

fn gateway(source: &Source) -> Vec<Mistake> {
    match Gateway::of(source, PROCESS) {
        Ok(gateway) => {
            let mut found = Vec::from(source.locate(gateway_secrets(&gateway)));
            found.extend(boot::keyring(&gateway, source).err().map(Vec::from).unwrap_or_default());
            found.extend(boot::document_keyring(&gateway, source).err().map(Vec::from).unwrap_or_default());
            found.extend(crate::printing::mistakes(source, &gateway));
            found
        }
        Err(mistakes) => mistakes.into(),
    }
}

fn gateway_secrets(gateway: &Gateway) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut check =
        |key: &str, reference: Option<&SecretRef>, judge: &dyn Fn(&Secret) -> Option<&'static str>| {
            let Some(reference) = reference else { return };
            match boot::secrets().resolve(reference) {
                Err(why) => found.push(Problem::new(key, why.to_string())),
                Ok(secret) => found.extend(judge(&secret).map(|say| Problem::new(key, say))),
            }
        };
    check("broker.url", gateway.broker.as_ref().map(|section| &section.url), &|url| {
        scheme(url, &["amqp://", "amqps://"], "must hold amqp://user:password@host:port/vhost")
    });
    check("redis.url", gateway.redis.as_ref().map(|section| &section.url), &|url| {
        scheme(url, &["redis://", "rediss://", "unix:"], "must hold redis://user:password@host:port/db")
    });
    check("postgres.url", gateway.postgres.as_ref().map(|section| &section.url), &|url| {
        let known = ["postgres://", "postgresql://"];
        scheme(url, &known, "must hold postgres://user:password@host:port/database")
    });
    check(
        "documents.link_secret",
        gateway.documents.as_ref().map(|section| &section.link_secret),
        &|secret| {
            (secret.expose().len() < SHORT_SECRET)
                .then_some("must have at least 32 bytes: links could be forged")
        },
    );
    if let Some(documents) = &gateway.documents {
        found.extend(crate::signer::problems(documents));
    }
    found
}

fn scheme(url: &Secret, known: &[&str], say: &'static str) -> Option<&'static str> {
    let fits = known.iter().any(|start| url.expose().starts_with(start));
    (!fits).then_some(say)
}

// === the partners ===

/// A partner about which all is well.
struct Fine {
    partner: Partner<IgnoredAny>,
    /// The signed string of the rehearsal, `***` in place of the secret.
    rehearsal: String,
}

fn partners(folder: &Path, environment: Environment) -> Result<(Vec<Fine>, Vec<Mistake>), Mistakes> {
    // Read as nobody's, each file is asked only for what is common to all protocols.
    let (all, mut mistakes) = survey_every(folder)?;
    let strangers = all.iter().filter(|partner| !spoken().contains(&partner.protocol.as_str()));
    for stranger in strangers {
        let say = format!("is not spoken here: write one of {}", spoken().join(", "));
        mistakes.extend(Vec::from(stranger.mistakes(vec![Problem::new("protocol", say)])));
    }
    for partner in &all {
        mistakes.extend(Vec::from(partner.mistakes(prefix(partner))));
    }
    let mut rehearsals = BTreeMap::new();
    for (_, tried) in PROTOCOLS {
        let (good, more) = tried(folder)?;
        rehearsals.extend(good);
        mistakes.extend(more);
    }
    if environment == Environment::Production {
        mistakes.extend(sandbox_only(folder)?);
    }
    let with = |partner: Partner<IgnoredAny>| {
        let rehearsal = rehearsals.remove(&partner.id)?;
        Some(Fine { partner, rehearsal })
    };
    let fine: Vec<Fine> = all.into_iter().filter_map(with).collect();
    if mistakes.is_empty() && fine.is_empty() {
        mistakes.extend(Vec::from(Mistakes::about(folder, "holds no partner: add one, NAME.toml")));
    }
    Ok((fine, mistakes))
}

fn prefix<P>(partner: &Partner<P>) -> Vec<Problem> {
    let prefix = &partner.policy.guarantee_prefix;
    let fits = (1..=8).contains(&prefix.len()) && prefix.bytes().all(|c| c.is_ascii_alphanumeric());
    if fits {
        return Vec::new();
    }
    vec![Problem::new("policy.guarantee_prefix", "must be 1 to 8 letters or digits (FS-14)")]
}

// === what is said ===

fn bad(mistakes: &Mistakes) -> Page {
    let each = |mistake: &Mistake| {
        json!({
            "file": mistake.file.to_string_lossy(), "line": mistake.line, "key": mistake.key, "say": mistake.say,
        })
    };
    let all: Vec<Value> = mistakes.all().iter().map(each).collect();
    Page::of(json!({ "ok": false, "mistakes": all, "partners": [] })).line(format!("✗ {mistakes}")).not_good()
}

fn well(partners: &[Fine], files: usize) -> Page {
    let each = |fine: &Fine| {
        let partner = &fine.partner;
        json!({
            "id": partner.id, "protocol": partner.protocol, "title": partner.title, "enabled": partner.enabled,
            "base_url": partner.base_url, "signed": fine.rehearsal,
        })
    };
    let all: Vec<Value> = partners.iter().map(each).collect();
    let mut grid =
        Grid::new(vec!["平台", "协议", "名称", "启用", "审核", "保费", "回调地址", "试签"]).whole(&[0]);
    for fine in partners {
        grid.row(row(&fine.partner));
    }
    Page::of(json!({ "ok": true, "mistakes": [], "partners": all })).grid(grid).line(format!(
        "✓ 配置无误 no mistakes in {files} settings {} and {} partner {}",
        if files == 1 { "file" } else { "files" },
        partners.len(),
        if partners.len() == 1 { "file" } else { "files" },
    ))
}

fn row(partner: &Partner<IgnoredAny>) -> Vec<Word> {
    let decides = match partner.policy.orders {
        Mode::Auto => "auto",
        Mode::Manual => "manual",
    };
    let pays = match partner.policy.payment {
        Payment::Operator => "operator",
        Payment::Simulated => "simulated",
        Payment::Later => "later",
    };
    vec![
        partner.id.as_str().into(),
        partner.protocol.as_str().into(),
        partner.title.as_str().into(),
        if partner.enabled { Word::toned("是", Tone::Good) } else { Word::toned("否", Tone::Open) },
        decides.into(),
        pays.into(),
        partner.base_url.as_str().into(),
        Word::toned("✓", Tone::Good),
    ]
}
