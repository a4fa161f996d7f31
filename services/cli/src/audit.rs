//! `baohan audit`: what operators did, and whether the chain of it holds.

use crate::arguments::AuditList;
use crate::ground::Ground;
use crate::moment;
use crate::orders::counted;
use crate::page::{Grid, Page, Word};
use anyhow::Result;
use serde_json::json;
use store::AuditFilter;

/// Lists entries, newest first.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn list(ground: &Ground, wanted: AuditList) -> Result<Page> {
    let AuditList { who, subject, since, limit } = wanted;
    let store = ground.store().await?;
    let filter = AuditFilter { who, subject, since, limit };
    let rows = store.audit_list(&filter).await.map_err(|error| ground.database_trouble(&error))?;
    let mut grid = Grid::new(vec!["序号", "时间", "操作人", "操作", "对象", "内容"]);
    for row in &rows {
        grid.row(vec![
            row.seq.to_string().into(),
            Word::faint(moment::shortly(row.at)),
            row.who.as_str().into(),
            row.action.as_str().into(),
            row.subject.as_str().into(),
            row.detail.as_str().into(),
        ]);
    }
    let page = Page::of(json!({ "audit": rows })).grid(grid.whole(&[0, 4]));
    Ok(page.line(counted(rows.len(), limit, "entries")))
}

/// Verifies the chain; `head` is a digest that was noted earlier.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn verify(ground: &Ground, head: Option<&str>) -> Result<Page> {
    let store = ground.store().await?;
    let head = head.map(|head| head.trim().to_lowercase());
    let found = store.verify_audit(head.as_deref()).await.map_err(|error| ground.database_trouble(&error))?;
    let page = Page::of(json!({
        "good": found.broken.is_none() && found.knows != Some(false),
        "entries": found.entries, "head": found.head, "knows": found.knows,
        "broken": found.broken.map(|(seq, what)| json!({ "seq": seq, "what": what })),
    }));
    Ok(match (found.broken, found.knows) {
        (Some((seq, what)), _) => {
            let until = format!("前 {} 条完整", found.entries);
            page.line(format!("✗ 审计日志在第 {seq} 条处断开：{what}；{until}")).not_good()
        }
        (None, Some(false)) => {
            page.line("✗ 链条完整，但不包含所给的摘要：其后的记录被截去，或摘要抄错").not_good()
        }
        (None, _) => page
            .line(format!("✓ {} 条记录完整", found.entries))
            .line(format!("末条摘要 {}（请另行保存，下次以 --head 核对）", found.head)),
    })
}
