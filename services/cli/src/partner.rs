//! `baohan partner`: a new file, the sheet for the other side, and pausing, resuming and new keys beside the old by changing the
//! partner's file, which running processes read anew.

mod guide;
mod new;
mod today;

pub(crate) use guide::guide;
pub(crate) use new::new;
pub(crate) use today::Today;

use crate::arguments::{Pause, Rotate};
use crate::ground::Ground;
use crate::page::Page;
use crate::rehearse::PROTOCOLS;
use anyhow::{Context, Result, bail};
use boot::{Mistake, Mistakes, Source};
use domain::{PartnerId, Timestamp};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use toml_edit::{Array, DocumentMut, Item, Table, value};

/// Stops serving and telling a partner, or some of its interfaces.
///
/// # Errors
/// If there is no such partner or interface, or its file cannot be written.
pub(crate) async fn pause(ground: &Ground, wanted: &Pause) -> Result<Page> {
    let mut sheet = Sheet::of(ground, &wanted.id)?;
    if wanted.interface.is_empty() {
        sheet.document["enabled"] = value(false);
    } else {
        let paused = sheet.document.entry("paused").or_insert_with(|| value(Array::new()));
        let paused = paused.as_array_mut().context("paused is no list")?;
        for name in &wanted.interface {
            if !paused.iter().any(|known| known.as_str() == Some(name)) {
                paused.push(name);
            }
        }
        paused.fmt();
    }
    let detail = json!({ "interfaces": wanted.interface });
    sheet.done(ground, ("pause_partner", &wanted.by.by, detail), "已暂停 paused").await
}

/// Serves and tells again.
///
/// # Errors
/// As [`pause`].
pub(crate) async fn resume(ground: &Ground, wanted: &Pause) -> Result<Page> {
    let mut sheet = Sheet::of(ground, &wanted.id)?;
    if wanted.interface.is_empty() {
        sheet.document.remove("enabled");
        sheet.document.remove("paused");
    } else if let Some(paused) = sheet.document.get_mut("paused").and_then(Item::as_array_mut) {
        paused.retain(|known| {
            known.as_str().is_none_or(|name| !wanted.interface.iter().any(|given| given == name))
        });
        paused.fmt();
    }
    let detail = json!({ "interfaces": wanted.interface });
    sheet.done(ground, ("resume_partner", &wanted.by.by, detail), "已恢复 resumed").await
}

/// Gives a partner new keys; requests made with the old ones are accepted for some days more.
///
/// # Errors
/// As [`pause`]; and if a setting is not there, is no different, or an overlap has not ended yet.
pub(crate) async fn rotate(ground: &Ground, wanted: &Rotate) -> Result<Page> {
    let mut sheet = Sheet::of(ground, &wanted.id)?;
    let now = Timestamp::new(boot::now());
    if sheet.overlaps(now) && !wanted.replace {
        bail!(
            "an overlap has not ended yet ([former] until …): its keys would no longer be accepted; --replace does it"
        );
    }
    let settings =
        sheet.document.get_mut("settings").and_then(Item::as_table_mut).context("there is no [settings]")?;
    let mut former = Table::new();
    for (key, next) in &wanted.set {
        let Some(before) = settings.get(key) else {
            bail!("settings.{key} is not there: only what is there can change")
        };
        if before.as_str() == Some(next) {
            bail!("settings.{key} is that already: name the new secret, file:PATH or env:NAME");
        }
        former.insert(key, before.clone());
        settings[key] = value(next.as_str());
    }
    let until = now.plus_seconds(i64::from(wanted.days) * 86_400);
    let mut overlap = Table::new();
    overlap.insert("until", value(until.to_string()));
    overlap.insert("settings", Item::Table(former));
    sheet.document.insert("former", Item::Table(overlap));
    let keys: Vec<&str> = wanted.set.iter().map(|(key, _)| key.as_str()).collect();
    let said = format!("新密钥已启用，旧密钥有效至 {until} new keys in use, old ones accepted until then");
    sheet
        .done(ground, ("rotate_partner", &wanted.by.by, json!({ "settings": keys, "until": until })), &said)
        .await
}

/// A partner's file, to be changed with its comments kept.
pub(crate) struct Sheet {
    id: String,
    path: PathBuf,
    protocol: String,
    pub(crate) document: DocumentMut,
}

impl Sheet {
    fn of(ground: &Ground, id: &PartnerId) -> Result<Self> {
        let folder = &ground.gateway.partners.folder;
        Self::find(folder, id.as_str())?
            .with_context(|| format!("no partner {id} in {}: `baohan check` lists them", folder.display()))
    }

    /// The file of the partner with this id, if there is one.
    pub(crate) fn find(folder: &Path, id: &str) -> Result<Option<Self>> {
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let source = Source::of(&path, &text);
            if let Some(id) = source.peek("id").filter(|found| found == id) {
                let document = text.parse().with_context(|| path.display().to_string())?;
                let protocol = source.peek("protocol").unwrap_or_default();
                return Ok(Some(Self { id, path, protocol, document }));
            }
        }
        Ok(None)
    }

    fn overlaps(&self, now: Timestamp) -> bool {
        let until = self.document.get("former").and_then(|former| former.get("until")).and_then(Item::as_str);
        until.and_then(|until| Timestamp::try_from(until.to_owned()).ok()).is_some_and(|until| now < until)
    }

    /// Tries the changed file alone, then puts it in the place of the old one, whole or not at all; audited.
    async fn done(
        self,
        ground: &Ground,
        (action, who, detail): (&'static str, &str, Value),
        said: &str,
    ) -> Result<Page> {
        let text = self.document.to_string();
        self.judge(&text)?;
        if ground.gateway.postgres.is_some() {
            let store = ground.store().await?;
            let now = Timestamp::new(boot::now());
            let noted = store.audited(now, who, action, &self.id, &detail).await;
            noted.map_err(|error| ground.database_trouble(&error))?;
        }
        let next = self.path.with_extension("toml.next");
        fs::write(&next, &text).and_then(|()| fs::rename(&next, &self.path)).with_context(|| {
            format!("{} cannot be written: change it by hand, or where it is kept", self.path.display())
        })?;
        let page = Page::of(json!({ "partner": self.id, "file": self.path, "action": action }));
        Ok(page.line(format!("✓ {} {said}", self.id)).line(format!(
            "{}；运行中的进程会在数秒内重新读取 running processes read it within seconds",
            self.path.display()
        )))
    }

    /// What `baohan check` would say of the changed file; it is tried in a folder of its own.
    fn judge(&self, text: &str) -> Result<()> {
        let unspoken = || Mistakes::about(&self.path, "its protocol is none that is spoken");
        let (_, attempt) =
            PROTOCOLS.into_iter().find(|(name, _)| *name == self.protocol).ok_or_else(unspoken)?;
        let trial = self.path.with_extension("trial");
        fs::create_dir_all(&trial).with_context(|| trial.display().to_string())?;
        let tried = fs::write(trial.join("partner.toml"), text).map(|()| attempt(&trial));
        fs::remove_dir_all(&trial).with_context(|| trial.display().to_string())?;
        let (_, mistakes) = tried??;
        let here = |mistake: Mistake| Mistake { file: self.path.clone(), ..mistake };
        Ok(Mistakes::unless_none(mistakes.into_iter().map(here).collect())?)
    }
}
