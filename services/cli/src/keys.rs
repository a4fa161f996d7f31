//! `baohan keys`: which key opens how much of what is kept, and sealing all of it anew under the current one.

use crate::arguments::By;
use crate::ground::Ground;
use crate::moment;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::{Context, Result};
use boot::Trace;
use crypto::keyring::Keyring;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write as _};
use std::time::Duration;
use store::{KeyUse, MessageKey, Rotation, Store};

/// Steps that may fail in a row before the rotation ends; it can be begun again.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(200);

/// Shows the keys of the ring and the values that need each.
///
/// # Errors
/// If the database cannot be asked, or there are no keys.
pub(crate) async fn status(ground: &Ground) -> Result<Page> {
    let ring = ground.ring()?.context(NO_KEYS)?;
    let store = ground.store().await?;
    let uses = store.key_uses().await.map_err(|error| ground.database_trouble(&error))?;
    Ok(shown(&ring, &uses))
}

/// Seals anew whatever is plain or needs another key than the current one; audited.
///
/// # Errors
/// If the database goes away, or a key is missing; what is done is done, and it may be ordered again.
pub(crate) async fn rotate(ground: &Ground, by: &By) -> Result<Page> {
    let ring = ground.ring()?.context(NO_KEYS)?;
    let store = ground.store().await?;
    note(ground, &store, &by.by, ring.current()).await?;
    let mut rotation = Rotation::default();
    let mut failed = 0;
    while !rotation.is_over() {
        match store.rotate(&mut rotation).await {
            Ok(()) => failed = 0,
            Err(error) if error.is_retryable() && failed < TRIES => {
                failed += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(ground.database_trouble(&error)),
        }
        progress(&rotation);
    }
    let uses = store.key_uses().await.map_err(|error| ground.database_trouble(&error))?;
    let page = shown(&ring, &uses);
    let sealed = rotation.sealed;
    Ok(match rotation.busy {
        0 => page.line(format!("✓ 已用密钥 {} 重新加密 {sealed} 项 sealed anew", ring.current())),
        busy => page.not_good().line(format!("✗ {busy} 项正被使用，请稍后重试 were in use: order it again")),
    })
}

const NO_KEYS: &str = "there are no [keys]: what is kept stands in plain. Make one with `openssl rand -base64 32`, then \
                       [keys] current = \"2026-11\", [keys.ring] 2026-11 = \"file:/path\"";

async fn note(ground: &Ground, store: &Store, by: &str, current: &str) -> Result<()> {
    let trace = Trace::start().to_string();
    let key = MessageKey {
        consumer: "operator",
        id: format!("rotate_keys:{trace}"),
        content_hash: String::new(),
        trace,
        at: moment::now(),
    };
    let mut work = store.work(key);
    work.audit(by, "rotate_keys", "keys", json!({ "current": current }));
    work.commit_unremembered().await.map_err(|error| ground.database_trouble(&error))
}

/// One line that is written over, for whoever sits before it.
fn progress(rotation: &Rotation) {
    let mut out = io::stderr();
    if !out.is_terminal() {
        return;
    }
    let Rotation { pass, sealed, busy, table, percent, .. } = rotation;
    // Nobody is told less if this line cannot be shown.
    let _ = write!(out, "\r\u{1b}[K{table} {percent} % · {sealed} sealed anew · {busy} busy · pass {pass}\r");
    let _ = out.flush();
}

fn shown(ring: &Keyring, uses: &[KeyUse]) -> Page {
    let mut totals: BTreeMap<&str, i64> = ring.ids().map(|id| (id, 0)).collect();
    let mut plain = 0;
    let mut grid = Grid::new(vec!["表", "列", "密钥", "数量"]);
    for one in uses {
        let tone = match one.key.as_deref() {
            Some(key) if key == ring.current() => Tone::Good,
            Some(_) => Tone::Open,
            None => Tone::Bad,
        };
        match one.key.as_deref() {
            Some(key) => *totals.entry(key).or_default() += one.rows,
            None => plain += one.rows,
        }
        let key = Word::toned(one.key.clone().unwrap_or_else(|| "明文 plain".to_owned()), tone);
        grid.row(vec![one.table.into(), one.column.into(), key, one.rows.to_string().into()]);
    }
    let keys: Vec<_> = totals
        .iter()
        .map(|(id, rows)| json!({ "id": id, "rows": rows, "current": *id == ring.current(), "in_ring": ring.ids().any(|known| known == *id) }))
        .collect();
    let mut page =
        Page::of(json!({ "current": ring.current(), "plain": plain, "keys": keys, "columns": uses }));
    page = page.grid(grid);
    for (id, rows) in totals {
        page = page.line(line(ring, id, rows));
    }
    if plain > 0 {
        page = page.line(format!("明文 plain: {plain}，请执行 `baohan keys rotate`"));
    }
    page
}

/// What may be done with a key.
fn line(ring: &Keyring, id: &str, rows: i64) -> String {
    if !ring.ids().any(|known| known == id) {
        return format!("{id}: {rows}，不在 [keys.ring] 中，无法解密 missing from the ring: add it");
    }
    match (id == ring.current(), rows) {
        (true, _) => format!("{id}: {rows}，当前密钥 current"),
        (false, 0) => {
            format!("{id}: 0，可从 [keys.ring] 移除 may be taken out of the ring, once no backup needs it")
        }
        (false, _) => format!("{id}: {rows}，请执行 `baohan keys rotate`"),
    }
}
