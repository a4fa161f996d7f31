//! `baohan orders list`, and how any number leads to its order.

use crate::arguments::OrderList;
use crate::ground::Ground;
use crate::page::{Grid, Page, Word};
use crate::{moment, words};
use anyhow::{Result, anyhow, bail};
use serde_json::json;
use store::{Numbered, OrderFilter, OrderRow, Store};

/// Lists orders.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn list(ground: &Ground, wanted: OrderList) -> Result<Page> {
    let OrderList { partner, state, since, limit } = wanted;
    let filter = OrderFilter { partner, state, since, limit };
    let store = ground.store().await?;
    let rows = store.orders(&filter).await.map_err(|error| ground.database_trouble(&error))?;
    Ok(page(&rows, limit))
}

fn page(rows: &[OrderRow], limit: u32) -> Page {
    let mut grid = Grid::new(vec!["受理流水号", "平台", "业务申请码", "状态", "保函编号", "受理时间"]);
    for row in rows {
        grid.row(vec![
            row.no.as_str().into(),
            row.partner.as_str().into(),
            row.business_no.as_str().into(),
            words::both(&row.state),
            row.guarantee_no.as_deref().unwrap_or_default().into(),
            Word::faint(moment::shortly(row.placed_at)),
        ]);
    }
    Page::of(json!({ "orders": rows })).grid(grid.whole(&[0, 4])).line(counted(rows.len(), limit, "orders"))
}

/// How many there are, and that there may be more.
pub(crate) fn counted(count: usize, limit: u32, what: &str) -> String {
    let more = if count == usize::try_from(limit).unwrap_or(usize::MAX) {
        format!("; there may be more, see --limit {limit}")
    } else {
        String::new()
    };
    format!("{count} {what}{more}")
}

/// What a number stands for; exactly one thing.
///
/// # Errors
/// If there is nothing, or several partners use the number; says which.
pub(crate) async fn numbered(ground: &Ground, store: &Store, number: &str) -> Result<Numbered> {
    let upper = number.trim().to_ascii_uppercase();
    // Read over the telephone an acceptance number loses its capitals; a business number is as the partner wrote it.
    let number = domain::AcceptanceNo::parse(&upper).map_or(number.trim(), |_| upper.as_str());
    let mut found = store.numbered(number).await.map_err(|error| ground.database_trouble(&error))?;
    if found.len() > 1 {
        let each = found.iter().map(|one| format!("{} ({})", one.no, one.origin.partner)).collect::<Vec<_>>();
        bail!("{number} is used by several partners: give the acceptance number, one of {}", each.join(", "));
    }
    found.pop().ok_or_else(|| {
        anyhow!(
            "no order, guarantee or case is known by {number:?}: `baohan orders list` shows what there is; \
             a request that is still in the queue is not known yet"
        )
    })
}
