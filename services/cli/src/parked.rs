//! `baohan parked`: messages nobody could handle and callbacks that were given up; looked at, sent again, or discarded.

mod act;
mod held;
mod show;

pub(crate) use act::{Deed, act};
pub(crate) use show::show;

use crate::ground::Ground;
use crate::page::{Grid, Page, Tone, Word};
use crate::{callbacks, moment};
use anyhow::Result;
use broker::Depth;
use domain::Timestamp;
use held::{Hand, Held, queues};
use serde_json::{Value, json};
use store::{CallbackFilter, CallbackRow, CallbackState};

/// Lists what is parked.
///
/// # Errors
/// If the broker cannot be asked; without a database the callbacks are missing, and the page says so.
pub(crate) async fn list(ground: &Ground, queue: Option<&str>, limit: u32) -> Result<Page> {
    let mut hand = Hand::reach(ground).await?;
    let queues = queues(queue);
    let looked = look(&mut hand, &queues, limit).await;
    // What was looked at is back before anybody else looks.
    hand.leave().await;
    let (depths, held) = looked?;
    let given_up = if queues.len() > 1 { Some(given_up(ground, limit).await) } else { None };
    let callbacks = given_up.as_ref().and_then(|found| found.as_ref().ok());
    let json = json!({
        "queues": depths.iter().map(|depth| json!({ "queue": depth.queue, "messages": depth.messages })).collect::<Vec<_>>(),
        "messages": held.iter().map(describe).collect::<Vec<_>>(),
        "callbacks": callbacks,
    });
    let mut page = Page::of(json).grid(grid(&held));
    for depth in &depths {
        page = page.line(format!("{}: {}", depth.queue, depth.messages));
    }
    Ok(match given_up {
        None => page,
        Some(Ok(rows)) => page
            .grid(callbacks::grid(&rows))
            .line(format!("given-up callbacks: {} (`baohan callbacks replay --state parked`)", rows.len())),
        Some(Err(why)) => page.line(format!("given-up callbacks are not shown: {why:#}")),
    })
}

/// A parked message by its name, for whoever reckons up.
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) queue: String,
    pub(crate) exchange: String,
    pub(crate) key: String,
    pub(crate) at: Option<Timestamp>,
}

/// What is parked, at most so many of each queue.
///
/// # Errors
/// If the broker cannot be asked.
pub(crate) async fn look_at(ground: &Ground, limit: u32) -> Result<Vec<Seen>> {
    let mut hand = Hand::reach(ground).await?;
    let looked = look(&mut hand, &queues(None), limit).await;
    hand.leave().await;
    let seen = |held: &Held| Seen {
        id: held.id.clone(),
        queue: held.queue.clone(),
        exchange: held.message.exchange.clone(),
        key: held.message.key.clone(),
        at: parked_at(held),
    };
    Ok(looked?.1.iter().map(seen).collect())
}

async fn look(hand: &mut Hand<'_>, queues: &[String], limit: u32) -> Result<(Vec<Depth>, Vec<Held>)> {
    let depths = hand.depths(queues).await?;
    let mut held = Vec::new();
    for depth in &depths {
        for _ in 0..depth.messages.min(limit) {
            let Some(message) = hand.take(&depth.queue).await? else { break };
            held.push(message);
        }
    }
    Ok((depths, held))
}

async fn given_up(ground: &Ground, limit: u32) -> Result<Vec<CallbackRow>> {
    let store = ground.store().await?;
    let filter = CallbackFilter { state: Some(CallbackState::Parked), limit, ..CallbackFilter::default() };
    store.callbacks(&filter).await.map_err(|error| ground.database_trouble(&error))
}

/// A parked message without its content.
fn describe(held: &Held) -> Value {
    let message = &held.message;
    json!({
        "id": held.id, "queue": held.queue, "reason": message.reason, "exchange": message.exchange,
        "key": message.key, "parked_at": parked_at(held), "replays": message.replays(), "bytes": message.body.len(),
    })
}

fn parked_at(held: &Held) -> Option<Timestamp> {
    let seconds = i64::try_from(held.message.parked_at?).ok()?;
    time::OffsetDateTime::from_unix_timestamp(seconds).ok().map(Timestamp::new)
}

fn grid(held: &[Held]) -> Grid {
    let mut grid = Grid::new(vec!["消息", "队列", "原因", "来自", "搁置时间", "已重发", "字节"]);
    for held in held {
        let message = &held.message;
        grid.row(vec![
            held.id.as_str().into(),
            held.queue.as_str().into(),
            Word::toned(reason(&message.reason), Tone::Bad),
            format!("{} {}", message.exchange, message.key).into(),
            Word::faint(parked_at(held).map(moment::shortly).unwrap_or_default()),
            message.replays().to_string().into(),
            message.body.len().to_string().into(),
        ]);
    }
    grid.whole(&[0])
}

/// The broker's word for why, explained.
fn reason(word: &str) -> String {
    match word {
        "rejected" => "无法处理 rejected".to_owned(),
        "delivery_limit" => "多次未处理完 delivery_limit".to_owned(),
        "" => "无队列接收 unrouted".to_owned(),
        other => other.to_owned(),
    }
}
