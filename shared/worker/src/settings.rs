//! The parts of a worker, made from the gateway's settings.

use crate::{Policies, Press};
use anyhow::Context;
use boot::{Boot, Mistakes, Problem};
use documents::{Documents, Links};
use replies::Replies;
use std::time::Duration;
use store::{Store, StoreSettings};

pub(crate) fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let section = boot.need("broker", &boot.settings.broker)?;
    let url = boot.secret("broker.url", &section.url)?;
    let mut settings = broker::Settings::new(url.expose(), boot.process.name);
    settings.lanes = usize::from(section.lanes);
    settings.heartbeat = Duration::from_secs(u64::from(section.heartbeat_s));
    settings.confirm_within = Duration::from_millis(section.publish_timeout_ms);
    Ok(settings)
}

pub(crate) fn store(boot: &Boot) -> anyhow::Result<Store> {
    let section = boot.need("postgres", &boot.settings.postgres)?;
    let url = boot.secret("postgres.url", &section.url)?;
    let mut settings = StoreSettings::new(url.expose(), boot.process.name);
    settings.connections = section.max_connections;
    Store::connect(&settings)
        .map_err(|error| boot.source.locate(vec![Problem::new("postgres.url", error.to_string())]).into())
}

pub(crate) fn replies(boot: &Boot) -> anyhow::Result<Replies> {
    let section = boot.need("redis", &boot.settings.redis)?;
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?)
}

pub(crate) fn policies(boot: &Boot) -> Result<Policies, Mistakes> {
    Ok(Policies::new(boot.every_partner()?.into_iter().map(|partner| (partner.id, partner.policy))))
}

impl Press {
    /// The press of this institution, with the document store of the settings.
    ///
    /// # Errors
    /// Mistakes in the settings; a folder that cannot be opened.
    pub fn open(boot: &Boot) -> anyhow::Result<Self> {
        let section = boot.need("documents", &boot.settings.documents)?;
        let documents = Documents::open(&section.folder)
            .with_context(|| format!("cannot open the document folder {}", section.folder.display()))?;
        let secret = boot.secret("documents.link_secret", &section.link_secret)?;
        let links = Links::new(&section.public_base_url, secret, section.link_valid_days)?;
        Ok(Self::new(documents, links, &boot.settings.institution.name))
    }
}
