//! The parts of a worker, made from the gateway's settings.

use crate::{Authority, Notary, Policies, Press};
use anyhow::Context;
use boot::settings::Signer;
use boot::{Boot, DocumentPlace, Mistakes, Problem};
use documents::{Documents, Issuer, Links, Printer};
use domain::{PartnerId, Policy};
use replies::Replies;
use signing::{LocalSigner, Material, TrustAnchors};
use std::path::Path;
use std::time::Duration;
use store::{Sealing, Store, StoreSettings};

pub(crate) fn broker_settings(boot: &Boot) -> anyhow::Result<broker::Settings> {
    let (section, url) = boot.broker()?;
    let settings = broker::Settings::new(url.expose(), boot.process.name);
    Ok(settings.tuned(section.lanes, section.heartbeat_s, section.publish_timeout_ms))
}

pub(crate) fn store(boot: &Boot) -> anyhow::Result<Store> {
    let section = boot.need("postgres", &boot.settings.postgres)?;
    let url = boot.secret("postgres.url", &section.url)?;
    let mut settings = StoreSettings::new(url.expose(), boot.process.name);
    settings.connections = section.max_connections;
    settings.sealing =
        boot::keyring(&boot.settings, &boot.source)?.map(|ring| Sealing::new(ring, boot::random));
    Store::connect(&settings)
        .map_err(|error| boot.source.locate(vec![Problem::new("postgres.url", error.to_string())]).into())
}

pub(crate) fn replies(boot: &Boot) -> anyhow::Result<Replies> {
    let section = boot.need("redis", &boot.settings.redis)?;
    let url = boot.secret("redis.url", &section.url)?;
    Ok(Replies::connect(url.expose(), Duration::from_millis(section.timeout_ms))?)
}

pub(crate) fn policies(boot: &Boot) -> Result<Policies, Mistakes> {
    Ok(Policies::new(each_policy(boot)?))
}

/// As they are written now.
pub(crate) fn each_policy(boot: &Boot) -> Result<Vec<(PartnerId, Policy)>, Mistakes> {
    Ok(boot.every_partner()?.into_iter().map(|partner| (partner.id, partner.policy)).collect())
}

impl Press {
    /// The press of this institution, with the document store of the settings.
    ///
    /// # Errors
    /// Mistakes in the settings or in the templates; a folder or a font that cannot be opened.
    pub fn open(boot: &Boot) -> anyhow::Result<Self> {
        let section = boot.need("documents", &boot.settings.documents)?;
        let documents = documents(boot)?;
        let secret = boot.secret("documents.link_secret", &section.link_secret)?;
        let links = Links::new(&section.public_base_url, secret, section.link_valid_days)?;
        let printer = Printer::open(issuer(boot), &section.fonts, section.templates.as_deref())?;
        Ok(Self::new(documents, links, printer, Notary::open(boot)?))
    }
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

fn issuer(boot: &Boot) -> Issuer {
    let institution = &boot.settings.institution;
    Issuer {
        name: institution.name.clone(),
        credit_code: institution.credit_code.clone(),
        address: institution.address.clone(),
        phone: institution.phone.clone(),
    }
}

impl Notary {
    /// The notary with the key of the settings; nothing is issued without one.
    ///
    /// # Errors
    /// Mistakes in the settings: no key, a key that cannot be used, a sandbox key where none is permitted.
    pub fn open(boot: &Boot) -> anyhow::Result<Self> {
        let documents = boot.need("documents", &boot.settings.documents)?;
        let section = boot.need("documents.signer", &documents.signer)?;
        let signer = Box::new(local_signer(boot, section)?);
        let Some(url) = &section.timestamp_url else { return Ok(Self::new(signer)) };
        let authority = Authority::at(url).context("no HTTP client for the timestamp authority")?;
        let roots = documents.trust.as_deref().unwrap_or(Path::new(""));
        let text = read(boot, "documents.trust", roots)?;
        let trust = TrustAnchors::from_pem(&text).map_err(|error| wrong(boot, "documents.trust", &error))?;
        Ok(Self::with_timestamps(signer, authority, trust, section.archive))
    }
}

fn local_signer(boot: &Boot, section: &Signer) -> anyhow::Result<LocalSigner> {
    let password = match &section.password {
        Some(password) => Some(boot.secret("documents.signer.password", password)?),
        None => None,
    };
    let password = password.as_ref().map_or(&b""[..], |password| password.expose_bytes());
    let open = |material| {
        LocalSigner::open(material, password, section.sandbox)
            .map_err(|error| wrong(boot, "documents.signer", &error).into())
    };
    if let (Some(key), Some(certificates)) = (&section.key, &section.certificates) {
        let key = boot.secret("documents.signer.key", key)?;
        let certificates = read(boot, "documents.signer.certificates", certificates)?;
        return open(Material::Pem { key: key.expose(), certificates: &certificates });
    }
    let path = section.container.as_deref().unwrap_or(Path::new(""));
    let container =
        std::fs::read(path).map_err(|error| unread(boot, "documents.signer.container", path, &error))?;
    open(Material::Pkcs12(&container))
}

fn read(boot: &Boot, key: &str, path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).map_err(|error| unread(boot, key, path, &error).into())
}

fn unread(boot: &Boot, key: &str, path: &Path, error: &std::io::Error) -> Mistakes {
    wrong(boot, key, &format!("the file {} cannot be read: {error}", path.display()))
}

fn wrong(boot: &Boot, key: &str, why: &dyn std::fmt::Display) -> Mistakes {
    boot.source.locate(vec![Problem::new(key, why.to_string())])
}
