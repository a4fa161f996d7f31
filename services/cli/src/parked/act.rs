//! `baohan parked replay` and `discard`: what an operator does with parked messages, written down before it is done.

use super::held::{Hand, Held, LOOKED_AT, queues};
use crate::arguments::ParkedPick;
use crate::ground::Ground;
use crate::page::Page;
use crate::{callbacks, moment};
use anyhow::{Context, Result, bail};
use boot::Trace;
use serde_json::json;
use std::collections::BTreeSet;
use store::{CallbackRow, MessageKey, Store};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Sent again where it came from.
    Replay,
    /// Forgotten for good.
    Discard,
}

impl Deed {
    const fn action(self) -> &'static str {
        match self {
            Self::Replay => "replay_parked",
            Self::Discard => "discard_parked",
        }
    }
}

/// Does it to the messages that are picked, or says what would be done.
///
/// # Errors
/// If an id is unknown, or database or broker cannot be reached; what was done until then is in the audit.
pub(crate) async fn act(ground: &Ground, deed: Deed, pick: ParkedPick) -> Result<Page> {
    // Nothing is done that cannot be written down.
    let store = ground.store().await?;
    let mut hand = Hand::reach(ground).await?;
    let done = messages(ground, &store, &mut hand, deed, &pick).await;
    hand.leave().await;
    let done = done?;
    let found: BTreeSet<&str> = done.iter().map(String::as_str).collect();
    let missing: Vec<&String> = pick.ids.iter().filter(|id| !found.contains(id.as_str())).collect();
    let rows = given_up(ground, &store, &missing).await?;
    if !rows.is_empty() && deed == Deed::Discard {
        bail!(
            "{} is a given-up callback, a record that harms nobody: it stays, and can be replayed",
            rows[0].id
        );
    }
    if !pick.dry_run {
        callbacks::again(ground, &rows, &pick.by).await?;
    }
    Ok(told(deed, pick.dry_run, &done, &rows))
}

/// Goes through each queue once: what is passed over stays in hand until the end, and a replayed message that is parked again at once is behind those counted before.
async fn messages(
    ground: &Ground,
    store: &Store,
    hand: &mut Hand<'_>,
    deed: Deed,
    pick: &ParkedPick,
) -> Result<Vec<String>> {
    let mut done = Vec::new();
    for depth in hand.depths(&queues(pick.queue.as_deref())).await? {
        let most = if pick.all && !pick.dry_run { depth.messages } else { depth.messages.min(LOOKED_AT) };
        for _ in 0..most {
            let Some(held) = hand.take(&depth.queue).await? else { break };
            if !pick.all && !pick.ids.contains(&held.id) {
                continue;
            }
            done.push(held.id.clone());
            if pick.dry_run {
                continue;
            }
            note(ground, store, deed, &held, &pick.by.by).await?;
            let id = held.id.clone();
            hand.settle(held, deed, &pick.by.by).await.with_context(|| format!("{id} stays where it is"))?;
        }
    }
    Ok(done)
}

async fn note(ground: &Ground, store: &Store, deed: Deed, held: &Held, by: &str) -> Result<()> {
    let message = &held.message;
    let key = MessageKey {
        consumer: "operator",
        id: held.id.clone(),
        content_hash: String::new(),
        trace: Trace::start().to_string(),
        at: moment::now(),
    };
    let detail = json!({
        "queue": held.queue, "reason": message.reason, "exchange": message.exchange, "key": message.key,
        "replays": message.replays(),
    });
    let mut work = store.work(key);
    work.audit(by, deed.action(), &held.id, detail);
    work.commit_unremembered().await.map_err(|error| ground.database_trouble(&error))
}

/// What is not in a queue may be a callback that was given up.
async fn given_up(ground: &Ground, store: &Store, ids: &[&String]) -> Result<Vec<CallbackRow>> {
    let mut rows = Vec::new();
    for id in ids {
        match callbacks::by_id(ground, store, id).await?.filter(|row| row.state == "parked") {
            Some(row) => rows.push(row),
            None => bail!("nothing is parked under {id:?}: `baohan parked list` shows what is"),
        }
    }
    Ok(rows)
}

fn told(deed: Deed, dry_run: bool, messages: &[String], rows: &[CallbackRow]) -> Page {
    let callbacks: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut page = Page::of(json!({
        "action": deed.action(), "dry_run": dry_run, "messages": messages, "callbacks": callbacks,
    }));
    for id in messages.iter().map(String::as_str).chain(callbacks.iter().copied()) {
        page = page.line(match (deed, dry_run) {
            (Deed::Replay, false) => format!("✓ {id} 已重发 sent again"),
            (Deed::Discard, false) => format!("✓ {id} 已丢弃 discarded"),
            (Deed::Replay, true) => format!("{id} would be sent again"),
            (Deed::Discard, true) => format!("{id} would be discarded"),
        });
    }
    if messages.is_empty() && rows.is_empty() { page.line("nothing is parked there") } else { page }
}
