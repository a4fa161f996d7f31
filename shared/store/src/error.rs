//! What can go wrong with the database, and whether trying again helps.

use sqlx::migrate::MigrateError;

/// Why the database did not do it. Texts name codes and constraints, never values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is away, overloaded or shutting down: try again later.
    #[error("PostgreSQL is unavailable: {0}")]
    Unavailable(String),
    /// Someone else was faster: begin the unit of work again, at once.
    #[error("another transaction was faster ({0})")]
    Raced(String),
    /// The named constraint already has such a row, under another number: trying again does not help.
    #[error("already taken: {0}")]
    Taken(String),
    /// A statement or a row is wrong: a defect, or a schema that does not fit.
    #[error("PostgreSQL refused: {0}")]
    Broken(String),
}

impl StoreError {
    /// True if the same work may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Raced(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(refused) => judge(
                refused.code().as_deref().unwrap_or_default(),
                refused.constraint().unwrap_or_default(),
                refused.message(),
            ),
            E::Io(_)
            | E::Tls(_)
            | E::Protocol(_)
            | E::PoolTimedOut
            | E::PoolClosed
            | E::WorkerCrashed
            | E::BeginFailed => Self::Unavailable(error.to_string()),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// Sorts by SQLSTATE. Unique keys named after a message or an aggregate mean that a copy of this very message won.
fn judge(code: &str, constraint: &str, message: &str) -> StoreError {
    match code {
        "23505"
            if constraint.ends_with("_pkey") || matches!(constraint, "inbox_message" | "outbox_message") =>
        {
            StoreError::Raced(constraint.to_owned())
        }
        "23505" => StoreError::Taken(constraint.to_owned()),
        // Without a constraint's name: the month of the row was made while it was on its way to those without one.
        "23514" if constraint.is_empty() => StoreError::Raced("a new month".to_owned()),
        "40001" | "40P01" | "55P03" => StoreError::Raced(code.to_owned()),
        // Connection exceptions, resources, operator intervention (with statement timeout), system errors, a database
        // that starts up or is read-only after a failover, and a password the server does not know (yet).
        _ if matches!(code.get(..2), Some("08" | "53" | "57" | "58")) => {
            StoreError::Unavailable(format!("{code} {message}"))
        }
        "25006" | "25P03" | "28000" | "28P01" | "3D000" => {
            StoreError::Unavailable(format!("{code} {message}"))
        }
        _ => StoreError::Broken(format!("{code} {constraint} {message}")),
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(inner) => inner.into(),
            other => Self::Broken(other.to_string()),
        }
    }
}
