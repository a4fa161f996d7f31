//! `baohan keys`: which key opens how much of what is kept, and sealing all of it anew under the current one.

mod papers;

use crate::arguments::By;
use crate::ground::Ground;
use crate::moment;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::{Context, Result};
use boot::Trace;
use crypto::keyring::Keyring;
use papers::{Counts, Papers};
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
    shown(&ring, &uses, Papers::of(ground)?.as_ref()).await
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
        let Rotation { pass, sealed, busy, table, percent, .. } = &rotation;
        progress(&format!("{table} {percent} % · {sealed} sealed anew · {busy} busy · pass {pass}"));
    }
    let papers = Papers::of(ground)?;
    let done = match &papers {
        Some(papers) => papers.rotate().await?,
        None => papers::Done::default(),
    };
    let uses = store.key_uses().await.map_err(|error| ground.database_trouble(&error))?;
    let mut page = shown(&ring, &uses, papers.as_ref()).await?;
    if let Some((failed, why)) = done.failed {
        page =
            page.not_good().line(format!("✗ {failed} 个文档无法重新加密 not sealed anew; the first: {why}"));
    }
    let sealed = rotation.sealed + done.sealed;
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
fn progress(say: &str) {
    let mut out = io::stderr();
    if !out.is_terminal() {
        return;
    }
    // Nobody is told less if this line cannot be shown.
    let _ = write!(out, "\r\u{1b}[K{say}\r");
    let _ = out.flush();
}

async fn shown(ring: &Keyring, uses: &[KeyUse], papers: Option<&Papers>) -> Result<Page> {
    let mut totals = Counts::new();
    let mut grid = Grid::new(vec!["表", "列", "密钥", "数量"]);
    for one in uses {
        *totals.entry(one.key.clone()).or_default() += one.rows;
        grid.row(vec![
            one.table.into(),
            one.column.into(),
            key(Some(ring), &one.key),
            one.rows.to_string().into(),
        ]);
    }
    let mut told = json!({ "columns": uses });
    let database = Told::of(Some(ring), "[keys]", totals);
    merge(&mut told, database.json());
    let mut lines = database.lines();
    if let Some(papers) = papers {
        let (ring, counts) = (papers.ring.as_ref(), papers.counts().await?);
        for (id, rows) in &counts {
            grid.row(vec!["文档 documents".into(), "文件".into(), key(ring, id), rows.to_string().into()]);
        }
        let documents = Told::of(ring, "[documents.keys]", counts);
        told["documents"] = documents.json();
        lines.push("文档 documents:".to_owned());
        lines.extend(documents.lines());
    }
    Ok(lines.into_iter().fold(Page::of(told).grid(grid), Page::line))
}

fn merge(to: &mut serde_json::Value, from: serde_json::Value) {
    if let (Some(to), serde_json::Value::Object(from)) = (to.as_object_mut(), from) {
        to.extend(from);
    }
}

/// A key's name in the table, in the colour of what is to be done.
fn key(ring: Option<&Keyring>, id: &Option<String>) -> Word {
    let tone = match (id.as_deref(), ring) {
        (Some(id), Some(ring)) if id == ring.current() => Tone::Good,
        (Some(_), _) => Tone::Open,
        (None, _) => Tone::Bad,
    };
    Word::toned(id.clone().unwrap_or_else(|| "明文 plain".to_owned()), tone)
}

/// How much needs which key of one ring.
struct Told<'a> {
    ring: Option<&'a Keyring>,
    section: &'static str,
    plain: i64,
    keys: BTreeMap<String, i64>,
}

impl<'a> Told<'a> {
    fn of(ring: Option<&'a Keyring>, section: &'static str, mut counts: Counts) -> Self {
        let plain = counts.remove(&None).unwrap_or_default();
        let mut keys: BTreeMap<String, i64> =
            ring.into_iter().flat_map(Keyring::ids).map(|id| (id.to_owned(), 0)).collect();
        keys.extend(counts.into_iter().filter_map(|(id, rows)| Some((id?, rows))));
        Self { ring, section, plain, keys }
    }

    fn is_current(&self, id: &str) -> bool {
        self.ring.is_some_and(|ring| ring.current() == id)
    }

    fn in_ring(&self, id: &str) -> bool {
        self.ring.is_some_and(|ring| ring.ids().any(|known| known == id))
    }

    fn json(&self) -> serde_json::Value {
        let key = |(id, rows): (&String, &i64)| json!({ "id": id, "rows": rows, "current": self.is_current(id), "in_ring": self.in_ring(id) });
        let keys: Vec<_> = self.keys.iter().map(key).collect();
        json!({ "current": self.ring.map(Keyring::current), "plain": self.plain, "keys": keys })
    }

    /// What may be done with each key.
    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.keys.iter().map(|(id, rows)| self.line(id, *rows)).collect();
        match (self.plain, self.ring) {
            (0, _) => {}
            (plain, Some(_)) => lines.push(format!("明文 plain: {plain}，请执行 `baohan keys rotate`")),
            (plain, None) => lines.push(format!(
                "明文 plain: {plain}，请配置 {} and then `baohan keys rotate`: a key is made with `openssl rand -base64 32`",
                self.section
            )),
        }
        lines
    }

    fn line(&self, id: &str, rows: i64) -> String {
        let section = self.section.trim_matches(['[', ']']);
        match (self.in_ring(id), self.is_current(id), rows) {
            (false, ..) => {
                format!("{id}: {rows}，不在 [{section}.ring] 中，无法解密 missing from the ring: add it")
            }
            (_, true, _) => format!("{id}: {rows}，当前密钥 current"),
            (_, _, 0) => format!(
                "{id}: 0，可从 [{section}.ring] 移除 may be taken out of the ring, once no backup needs it"
            ),
            _ => format!("{id}: {rows}，请执行 `baohan keys rotate`"),
        }
    }
}
