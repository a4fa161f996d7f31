//! `baohan parked show`: one parked message or given-up callback, with what it says.

use super::held::{Hand, Held, LOOKED_AT, queues};
use super::{describe, parked_at, reason};
use crate::ground::Ground;
use crate::mask::mask;
use crate::page::{Grid, Page, Word};
use crate::{callbacks, moment};
use anyhow::{Result, bail};
use serde_json::{Value, json};

/// Shows it; personal data only if asked for.
///
/// # Errors
/// If there is no such message or callback, or the broker cannot be asked.
pub(crate) async fn show(ground: &Ground, id: &str, queue: Option<&str>, reveal: bool) -> Result<Page> {
    let mut hand = Hand::reach(ground).await?;
    let found = find(&mut hand, id, &queues(queue)).await;
    let page = found.map(|found| found.map(|held| message(&held, reveal)));
    hand.leave().await;
    if let Some(page) = page? {
        return Ok(page);
    }
    let store = ground.store().await?;
    let Some(row) = callbacks::by_id(ground, &store, id).await?.filter(|row| row.state == "parked") else {
        bail!("nothing is parked under {id:?}: `baohan parked list` shows what is");
    };
    let next =
        format!("`baohan orders show {}` shows every attempt; `baohan parked replay {id}`", row.order_no);
    Ok(Page::of(json!({ "callback": row })).grid(callbacks::grid(std::slice::from_ref(&row))).line(next))
}

async fn find(hand: &mut Hand<'_>, id: &str, queues: &[String]) -> Result<Option<Held>> {
    // What is passed over stays in hand, so it does not come again at once.
    for depth in hand.depths(queues).await? {
        for _ in 0..depth.messages.min(LOOKED_AT) {
            match hand.take(&depth.queue).await? {
                Some(held) if held.id == id => return Ok(Some(held)),
                Some(_) => {}
                None => break,
            }
        }
    }
    Ok(None)
}

fn message(held: &Held, reveal: bool) -> Page {
    let body = content(held, reveal);
    let mut json = describe(held);
    if let Value::Object(fields) = &mut json {
        fields.insert("headers".to_owned(), headers(held));
        fields.insert("content".to_owned(), body.clone());
    }
    let text = match &body {
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    };
    Page::of(json).grid(head(held)).line("").line(text)
}

/// The content as JSON, masked; what is no JSON shows only if revealed, for nobody knows what it says.
fn content(held: &Held, reveal: bool) -> Value {
    let body = &held.message.body;
    match serde_json::from_slice::<Value>(body) {
        Ok(value) if reveal => value,
        Ok(mut value @ (Value::Object(_) | Value::Array(_))) => {
            mask(&mut value);
            value
        }
        _ if reveal => Value::String(String::from_utf8_lossy(body).into_owned()),
        _ => Value::String(format!(
            "*** {} bytes that are no message of ours; --reveal shows them",
            body.len()
        )),
    }
}

fn headers(held: &Held) -> Value {
    let each = held.message.headers.iter().map(|(name, value)| (name.clone(), Value::String(value.clone())));
    Value::Object(each.collect())
}

fn head(held: &Held) -> Grid {
    let message = &held.message;
    let mut grid = Grid::new(vec!["消息", held_title(held)]);
    let mut row = |name: &'static str, value: String| grid.row(vec![Word::faint(name), value.into()]);
    row("编号", held.id.clone());
    row("队列", held.queue.clone());
    row("原因", reason(&message.reason));
    row("来自", format!("{} {}", message.exchange, message.key));
    if let Some(at) = parked_at(held) {
        row("搁置时间", moment::shortly(at));
    }
    row("已重发", message.replays().to_string());
    for (name, value) in &message.headers {
        row("消息头", format!("{name}: {value}"));
    }
    grid
}

fn held_title(held: &Held) -> &'static str {
    match held.queue.as_str() {
        broker::topology::PARK_EGRESS => "无法投递的通知",
        broker::topology::PARK_CMD => "无法处理的命令",
        _ => "无人接收的消息",
    }
}
