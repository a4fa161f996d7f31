//! `baohan tasks`: what a person has to look after.

use crate::arguments::TaskList;
use crate::ground::Ground;
use crate::moment;
use crate::orders::counted;
use crate::page::{Grid, Page, Word};
use anyhow::{Result, bail};
use serde_json::json;
use store::TaskFilter;

/// Lists tasks, oldest first.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn list(ground: &Ground, wanted: TaskList) -> Result<Page> {
    let TaskList { partner, all, limit } = wanted;
    let filter = TaskFilter { partner, order: None, done_too: all, limit };
    let store = ground.store().await?;
    let rows = store.tasks(&filter).await.map_err(|error| ground.database_trouble(&error))?;
    let mut grid = Grid::new(vec!["编号", "平台", "受理流水号", "待办事项", "提出时间", "完成"]);
    for row in &rows {
        let done = row.done_by.clone().unwrap_or_default();
        grid.row(vec![
            row.id.to_string().into(),
            row.partner.as_str().into(),
            row.no.as_str().into(),
            row.say.as_str().into(),
            Word::faint(moment::shortly(row.raised_at)),
            done.into(),
        ]);
    }
    let page = Page::of(json!({ "tasks": rows })).grid(grid.whole(&[0, 2]));
    Ok(page.line(counted(rows.len(), limit, "tasks")))
}

/// Marks a task as done.
///
/// # Errors
/// If there is no such open task.
pub(crate) async fn done(ground: &Ground, id: i64, by: &str) -> Result<Page> {
    let store = ground.store().await?;
    let done = store.finish_task(id, by, moment::now()).await;
    match done.map_err(|error| ground.database_trouble(&error))? {
        Some(task) => Ok(Page::of(json!({ "task": task })).line(format!("✓ {id} {} 已完成 done", task.say))),
        None => bail!("there is no open task {id}: `baohan tasks list --all` shows what there is"),
    }
}
