//! `baohan migrate`: brings the database up to date and says what it did.

use crate::ground::{Ground, differs};
use crate::page::Page;
use anyhow::Result;
use serde_json::json;
use store::SchemaState;

/// Runs the migrations that are missing; twice is as good as once.
///
/// # Errors
/// If the database is away, or was migrated by another program.
pub(crate) async fn migrate(ground: &Ground) -> Result<Page> {
    let store = ground.bare_store()?;
    let before = store.check_schema().await.map_err(|error| ground.database_trouble(&error))?;
    let applied = match before {
        SchemaState::Current => {
            return Ok(said("current", &[]).line("✓ 数据库已是最新 the database is up to date"));
        }
        SchemaState::Ahead => {
            return Ok(said("ahead", &[])
                .line("✓ the database was migrated by a newer program, which does not disturb this one"));
        }
        SchemaState::Differs(title) => return Err(differs(&title)),
        SchemaState::Behind(missing) => missing,
    };
    store.migrate().await.map_err(|error| ground.database_trouble(&error))?;
    let page = said("migrated", &applied);
    Ok(page.line(format!("✓ 数据库已迁移 migrated: {}", applied.join(", "))))
}

fn said(state: &str, applied: &[String]) -> Page {
    Page::of(json!({ "state": state, "applied": applied }))
}
