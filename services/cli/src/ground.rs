//! What a command stands on: settings, database, broker; and what to do when one of them is not there.

use anyhow::{Context, Result, anyhow, bail};
use boot::{Gateway, Metrics, Mistakes, Problem, Process, Source, Traces};
use crypto::keyring::Keyring;
use crypto::secret::{Secret, SecretRef, Secrets};
use documents::Documents;
use std::path::PathBuf;
use std::time::Duration;
use store::{SchemaState, Sealing, Store, StoreError, StoreSettings};

/// This process; it does not face the internet, so it may hold database credentials.
pub(crate) const PROCESS: Process = Process { name: "baohan" };

/// The settings of the gateway, read.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) source: Source,
    pub(crate) gateway: Gateway,
}

/// The settings' text.
///
/// # Errors
/// If no file is named, or one cannot be read.
pub(crate) fn source(files: &[PathBuf]) -> Result<Source, Mistakes> {
    if files.is_empty() {
        let say = "is not set: give --config FILE, or GATEWAY_CONFIG=FILE[:FILE …]";
        return Err(Mistakes::about("GATEWAY_CONFIG", say));
    }
    Source::read(files)
}

impl Ground {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(crate) fn read(files: &[PathBuf]) -> Result<Self> {
        let source = source(files)?;
        let gateway = Gateway::of(&source, PROCESS)?;
        Ok(Self { source, gateway })
    }

    /// The database, with the schema this program needs.
    ///
    /// # Errors
    /// With what to do: no section, no secret, no database, no schema.
    pub(crate) async fn store(&self) -> Result<Store> {
        let store = self.bare_store()?;
        match store.check_schema().await.map_err(|error| self.database_trouble(&error))? {
            SchemaState::Current | SchemaState::Ahead => Ok(store),
            SchemaState::Behind(missing) => {
                bail!("the database is not migrated ({} missing): run `baohan migrate`", missing.join(", "))
            }
            SchemaState::Differs(title) => Err(differs(&title)),
        }
    }

    /// The database as it is.
    ///
    /// # Errors
    /// If there is no section for it, or its address cannot be used.
    pub(crate) fn bare_store(&self) -> Result<Store> {
        let Some(postgres) = &self.gateway.postgres else {
            return Err(self.missing("postgres", "[postgres] with url = \"env:GATEWAY_POSTGRES_URL\""));
        };
        let url = self.secret("postgres.url", &postgres.url)?;
        let sealing = self.ring()?.map(|ring| Sealing::new(ring, boot::random));
        let settings =
            StoreSettings { connections: 2, sealing, ..StoreSettings::new(url.expose(), PROCESS.name) };
        Store::connect(&settings).context("[postgres] url: write postgres://user:password@host:port/database")
    }

    /// The keys under which what is kept is sealed, if there are any.
    ///
    /// # Errors
    /// If one cannot be had or does not fit.
    pub(crate) fn ring(&self) -> Result<Option<Keyring>> {
        Ok(boot::keyring(&self.gateway, &self.source)?)
    }

    /// How to reach the broker.
    ///
    /// # Errors
    /// If there is no section for it, or its secret is missing.
    pub(crate) fn broker(&self) -> Result<broker::Settings> {
        let Some(section) = &self.gateway.broker else {
            return Err(self.missing("broker", "[broker] with url = \"env:GATEWAY_AMQP_URL\""));
        };
        let url = self.secret("broker.url", &section.url)?;
        Ok(broker::Settings {
            lanes: 2,
            connections: 1,
            heartbeat: Duration::from_secs(section.heartbeat_s.into()),
            ..broker::Settings::new(url.expose(), PROCESS.name)
        })
    }

    /// The ring of keys that documents are sealed under; none if there is none.
    ///
    /// # Errors
    /// If one cannot be had or does not fit.
    pub(crate) fn document_ring(&self) -> Result<Option<Keyring>> {
        Ok(boot::document_keyring(&self.gateway, &self.source)?)
    }

    /// The documents, where the settings say that they are.
    ///
    /// # Errors
    /// If the settings do not say, a secret is missing, or the folder cannot be opened.
    pub(crate) fn documents(&self) -> Result<Documents> {
        let section = self.gateway.documents.as_ref().context("[documents] is missing")?;
        let documents = if let (Some(url), Some(bucket)) = (&section.store, &section.bucket) {
            let keys = [
                self.secret("documents.bucket.access_key", &bucket.access_key)?,
                self.secret("documents.bucket.secret_key", &bucket.secret_key)?,
            ];
            Documents::in_bucket(url, bucket.endpoint.as_deref(), &bucket.region, &keys)
                .with_context(|| format!("the bucket {url} cannot be used: see [documents] store"))?
        } else {
            let folder = section.folder.as_ref().context("[documents] folder is missing")?;
            Documents::open(folder)
                .with_context(|| format!("the document folder {} cannot be opened", folder.display()))?
        };
        Ok(documents.sealed_under(self.document_ring()?, boot::random))
    }

    /// Where the span of a command begins, if the settings name a collector.
    ///
    /// # Errors
    /// Mistakes in the section `[traces]`.
    pub(crate) fn traces(&self) -> Result<Traces> {
        Ok(Traces::start(&self.gateway.traces, &self.source, PROCESS, &Metrics::default())?)
    }

    /// A secret that the settings name.
    ///
    /// # Errors
    /// If it cannot be had; says which.
    pub(crate) fn secret(&self, key: &str, reference: &SecretRef) -> Result<Secret> {
        let found = boot::secrets().resolve(reference);
        found.map_err(|why| self.source.locate(vec![Problem::new(key, why.to_string())]).into())
    }

    fn missing(&self, section: &str, what: &str) -> anyhow::Error {
        let say = format!("is missing: this command needs {what}; it may stand in a second --config file");
        self.source.locate(vec![Problem::new(section, say)]).into()
    }

    /// What an error of the database means to an operator.
    pub(crate) fn database_trouble(&self, error: &StoreError) -> anyhow::Error {
        let next = match error {
            StoreError::Unavailable(_) => {
                "see that PostgreSQL runs and that [postgres] url reaches it, then try again"
            }
            StoreError::Raced(_) => "try again",
            StoreError::Taken(_) | StoreError::Broken(_) => {
                "see that database and program are of one version (`baohan migrate`)"
            }
        };
        anyhow!("{error}: {next}")
    }
}

/// The schema of another program stands in the database.
pub(crate) fn differs(title: &str) -> anyhow::Error {
    anyhow!(
        "the database was migrated by another program: its migration {title:?} has other text; \
         use the program that belongs to it, or another database"
    )
}
