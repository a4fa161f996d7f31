//! `baohan callbacks`: what partners were told and how it went, and telling them again.

use crate::arguments::{By, CallbackFilter, CallbackList, CallbackReplay};
use crate::ground::Ground;
use crate::orders::{counted, numbered};
use crate::page::{Grid, Page, Word};
use crate::{moment, post, words};
use anyhow::{Result, bail};
use boot::Trace;
use broker::Message;
use crypto::digest::sha256;
use domain::{AcceptanceNo, Origin, PartnerId};
use messages::{CallbackTask, Replay, Route};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use store::{CallbackRow, CallbackState, Store};

/// Callbacks in one message to `worker-callback`.
const TOGETHER: usize = 500;
/// A callback that is so late, seconds, has fallen through: as worker-callback counts.
const GRACE_S: i64 = 600;
/// Callbacks swept at once.
const SWEPT: u32 = 5_000;
/// How long the broker may take to confirm one.
const CONFIRM_WITHIN: Duration = Duration::from_secs(10);

/// Lists callbacks.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn list(ground: &Ground, wanted: CallbackList) -> Result<Page> {
    let store = ground.store().await?;
    let rows = filtered(ground, &store, wanted.filter, wanted.limit, None).await?;
    let page = Page::of(json!({ "callbacks": rows })).grid(grid(&rows));
    Ok(page.line(counted(rows.len(), wanted.limit, "callbacks")))
}

/// Queues what is due and was not queued: what worker-callback does by itself while it runs. Audited.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn sweep(ground: &Ground, by: &str) -> Result<Page> {
    let store = ground.store().await?;
    let swept = store.sweep_overdue(moment::now(), GRACE_S, SWEPT).await;
    let swept = swept.map_err(|error| ground.database_trouble(&error))?;
    let told =
        store.audited(moment::now(), by, "sweep_callbacks", "callbacks", &json!({ "swept": swept })).await;
    told.map_err(|error| ground.database_trouble(&error))?;
    Ok(Page::of(json!({ "swept": swept }))
        .line(format!("✓ {swept} 个到期回调已重新排队（由任一 worker 发出）")))
}

/// Sends callbacks again, or says which would be.
///
/// # Errors
/// If nothing is named, an id is unknown, or database or broker cannot be reached.
pub(crate) async fn replay(ground: &Ground, wanted: CallbackReplay) -> Result<Page> {
    let store = ground.store().await?;
    let rows = if wanted.ids.is_empty() {
        let CallbackFilter { state, partner, order, since } = &wanted.filter;
        if state.is_none() && partner.is_none() && order.is_none() && since.is_none() {
            bail!("name callbacks by id, or give a filter: --state parked replays all that were given up");
        }
        filtered(ground, &store, wanted.filter, wanted.limit, Some(CallbackState::Parked)).await?
    } else {
        named(ground, &store, &wanted.ids).await?
    };
    // What is under way is left alone, by the worker too.
    let (busy, ready): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.state == "pending");
    if !wanted.dry_run {
        again(ground, &ready, &wanted.by).await?;
    }
    Ok(told(&ready, &busy, wanted.dry_run))
}

/// The callbacks a filter finds.
///
/// # Errors
/// If the database cannot be asked, or the order is unknown.
pub(crate) async fn filtered(
    ground: &Ground,
    store: &Store,
    filter: CallbackFilter,
    limit: u32,
    state: Option<CallbackState>,
) -> Result<Vec<CallbackRow>> {
    let order = match &filter.order {
        Some(number) => Some(numbered(ground, store, number).await?.order),
        None => None,
    };
    let CallbackFilter { partner, since, .. } = filter;
    let filter = store::CallbackFilter { partner, state: filter.state.or(state), order, since, limit };
    store.callbacks(&filter).await.map_err(|error| ground.database_trouble(&error))
}

/// Callbacks by their ids, which begin with the number of what they are about.
async fn named(ground: &Ground, store: &Store, ids: &[String]) -> Result<Vec<CallbackRow>> {
    let mut found = Vec::new();
    for id in ids {
        let Some(row) = by_id(ground, store, id).await? else {
            bail!("no callback {id}: `baohan callbacks list` shows their ids");
        };
        found.push(row);
    }
    Ok(found)
}

/// One callback by its id.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn by_id(ground: &Ground, store: &Store, id: &str) -> Result<Option<CallbackRow>> {
    let about = id.split(':').next().unwrap_or_default();
    let trouble = |error| ground.database_trouble(&error);
    let known = store.numbered(about).await.map_err(trouble)?.pop();
    // A question to a partner in general goes by its own number alone.
    let order = known.map(|known| known.order).or_else(|| AcceptanceNo::parse(about).ok());
    let Some(order) = order else { return Ok(None) };
    let filter = store::CallbackFilter { order: Some(order), limit: 10_000, ..Default::default() };
    let rows = store.callbacks(&filter).await.map_err(trouble)?;
    Ok(rows.into_iter().find(|row| row.id == id))
}

/// Orders `worker-callback` to send these again; it writes the audit with the change itself.
///
/// # Errors
/// If the broker does not take the order.
pub(crate) async fn again(ground: &Ground, rows: &[CallbackRow], by: &By) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let publisher = post::publisher(ground).await?;
    let mut of_partner: BTreeMap<&str, Vec<&CallbackRow>> = BTreeMap::new();
    for row in rows {
        of_partner.entry(&row.partner).or_default().push(row);
    }
    for (partner, rows) in of_partner {
        let origin = Origin { kind: String::new(), partner: PartnerId::parse(partner)?, callback: None };
        for together in rows.chunks(TOGETHER) {
            let message = order(&origin, together, by)?;
            publisher.publish(message, CONFIRM_WITHIN).await.map_err(post::unpublished)?;
        }
    }
    Ok(())
}

fn order(origin: &Origin, rows: &[&CallbackRow], by: &By) -> Result<Message> {
    let callback_ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    // With the cycle in it: the same order again is the same message until the worker has taken it.
    let wish: Vec<(&str, i32)> = rows.iter().map(|row| (row.id.as_str(), row.cycle)).collect();
    let id = format!("replay:{}", &hex::encode(sha256(&serde_json::to_vec(&wish)?))[..32]);
    let task = CallbackTask::Replay(Replay { callback_ids, by: by.by.clone() });
    let route = Route::callback(origin);
    let body = serde_json::to_vec(&task)?;
    Ok(Message::durable(route.exchange, route.key, id, body)
        .header(Trace::HEADER, Trace::start().to_string()))
}

fn told(ready: &[CallbackRow], busy: &[CallbackRow], dry_run: bool) -> Page {
    let ids = |rows: &[CallbackRow]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    let page = Page::of(json!({ "dry_run": dry_run, "replayed": ids(ready), "under_way": ids(busy) }));
    let page = page.grid(grid(ready));
    let page = match (ready.len(), dry_run) {
        (0, _) => page.line("nothing to send again"),
        (count, true) => page.line(format!("{count} would be sent again; leave out --dry-run to do it")),
        (count, false) => page.line(format!(
            "✓ {count} 已交付重发 handed to worker-callback; `baohan callbacks list` shows how they fare"
        )),
    };
    if busy.is_empty() {
        return page;
    }
    page.line(format!("still under way and left alone: {}", ids(busy).join(", ")))
}

/// Callbacks as a table.
pub(crate) fn grid(rows: &[CallbackRow]) -> Grid {
    let mut grid = Grid::new(vec!["回调", "平台", "通知", "状态", "次数", "下次 / 确认时间", "最近错误"]);
    for row in rows {
        let when = match row.state.as_str() {
            "pending" => moment::shortly(row.next_due),
            _ => row.delivered_at.map(moment::shortly).unwrap_or_default(),
        };
        let cycle = if row.cycle > 0 { format!(" +{}", row.cycle) } else { String::new() };
        grid.row(vec![
            row.id.as_str().into(),
            row.partner.as_str().into(),
            words::chinese(&row.event).into(),
            words::both(&row.state),
            format!("{}{cycle}", row.attempts).into(),
            Word::faint(when),
            row.last_error.as_str().into(),
        ]);
    }
    grid.whole(&[0])
}
