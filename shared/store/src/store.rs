//! The way to PostgreSQL: a pool that comes up by itself and never ends the process.

use crate::sealing::{Sealing, Vault};
use crate::{MessageKey, StoreError, Work};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};
use std::{fmt, str::FromStr, time::Duration};

/// How to reach the database.
#[derive(Clone)]
pub struct StoreSettings {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// Connections at most; 16 serve a worker.
    pub connections: u32,
    /// How the connections are named in `pg_stat_activity`, for example the service.
    pub name: String,
    /// How long to wait for a connection before the database counts as unavailable.
    pub patience: Duration,
    /// The longest any statement may take; the server ends it.
    pub statement: Duration,
    /// How what is kept is sealed; without it everything is written in plain.
    pub sealing: Option<Sealing>,
}

/// The database. Cloning shares the pool.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: PgPool,
    pub(crate) vault: Vault,
}

impl StoreSettings {
    /// The usual numbers: 16 connections, 5 s patience, 10 s a statement; nothing is sealed.
    #[must_use]
    pub fn new(url: &str, name: &str) -> Self {
        Self {
            url: url.to_owned(),
            connections: 16,
            name: name.to_owned(),
            patience: Duration::from_secs(5),
            statement: Duration::from_secs(10),
            sealing: None,
        }
    }
}

impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreSettings")
            .field("url", &"***")
            .field("connections", &self.connections)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Prepares the pool; connects when first used, so that a missing database delays nothing.
    ///
    /// # Errors
    /// [`StoreError::Broken`] if the address cannot be read.
    pub fn connect(settings: &StoreSettings) -> Result<Self, StoreError> {
        let statement = format!("{}ms", settings.statement.as_millis());
        let options = PgConnectOptions::from_str(&settings.url)
            .map_err(|_| StoreError::Broken("the address of PostgreSQL does not read".to_owned()))?
            .application_name(&settings.name)
            .options([
                ("statement_timeout", statement.as_str()),
                ("idle_in_transaction_session_timeout", "30s"),
                ("lock_timeout", "5s"),
                // Every statement of ours plans the same for all values; planning anew costs more than it finds.
                ("plan_cache_mode", "force_generic_plan"),
                ("jit", "off"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections)
            .acquire_timeout(settings.patience)
            // A dead connection shows at its first statement, and every unit of work can be repeated.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Ok(Self { pool, vault: Vault(settings.sealing.clone()) })
    }

    /// Whether the database answers now, asked with a bound of two seconds.
    pub async fn is_up(&self) -> bool {
        let asked = sqlx::query("select 1").execute(&self.pool);
        matches!(tokio::time::timeout(Duration::from_secs(2), asked).await, Ok(Ok(_)))
    }

    /// Begins the unit of work of one message.
    #[must_use]
    pub fn work(&self, key: MessageKey) -> Work {
        Work::new(self.clone(), key)
    }

    /// Closes the pool, waiting for what is in flight.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
