//! The schema of the database: carried in the binary, brought up to date by the CLI, checked by every process.

use crate::{Store, StoreError};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use std::borrow::Cow;

/// Number, title and text of every migration, oldest first; only ever added to.
const MIGRATIONS: [(i64, &str, &str); 10] = [
    (1, "aggregates", include_str!("../migrations/0001_aggregates.sql")),
    (2, "messages", include_str!("../migrations/0002_messages.sql")),
    (3, "records", include_str!("../migrations/0003_records.sql")),
    (4, "credit, editions, tasks", include_str!("../migrations/0004_credit_editions_tasks.sql")),
    (5, "sealed at rest", include_str!("../migrations/0005_sealed_at_rest.sql")),
    (6, "documents of cases", include_str!("../migrations/0006_documents_of_cases.sql")),
    (7, "rejected", include_str!("../migrations/0007_rejected.sql")),
    (8, "audit chain", include_str!("../migrations/0008_audit_chain.sql")),
    (9, "traces", include_str!("../migrations/0009_traces.sql")),
    (10, "months", include_str!("../migrations/0010_months.sql")),
];

/// How the schema of the database compares with what this binary needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// It fits.
    Current,
    /// Migrations are missing: their titles, oldest first. Run `baohan migrate`.
    Behind(Vec<String>),
    /// The database was migrated by a newer binary; its additions do not disturb this one.
    Ahead,
    /// A migration that was run there has other text here.
    Differs(String),
}

fn migrations() -> Vec<Migration> {
    let build = |(number, title, text): (i64, &'static str, &'static str)| {
        Migration::new(number, Cow::Borrowed(title), MigrationType::Simple, text.into_sql_str(), false)
    };
    MIGRATIONS.into_iter().map(build).collect()
}

impl Store {
    /// Brings the schema up to date; safe to run from several processes at once.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away or holds a schema that differs.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrator =
            Migrator { migrations: Cow::Owned(migrations()), ignore_missing: true, ..Migrator::DEFAULT };
        Ok(migrator.run(&self.pool).await?)
    }

    /// Compares the schema with what this binary needs.
    ///
    /// # Errors
    /// [`StoreError`] if the database is away.
    pub async fn check_schema(&self) -> Result<SchemaState, StoreError> {
        let table = Migrator::DEFAULT.table_name;
        let mut connection = self.pool.acquire().await?;
        let known: bool = sqlx::query_scalar("select to_regclass($1) is not null")
            .bind(table.as_ref())
            .fetch_one(&mut *connection)
            .await?;
        let applied = if known { connection.list_applied_migrations(&table).await? } else { Vec::new() };
        let mut missing = Vec::new();
        for wanted in migrations() {
            match applied.iter().find(|done| done.version == wanted.version) {
                Some(done) if done.checksum != wanted.checksum => {
                    return Ok(SchemaState::Differs(wanted.description.into_owned()));
                }
                Some(_) => {}
                None => missing.push(wanted.description.into_owned()),
            }
        }
        Ok(match missing.is_empty() {
            false => SchemaState::Behind(missing),
            true if applied.len() > MIGRATIONS.len() => SchemaState::Ahead,
            true => SchemaState::Current,
        })
    }
}
