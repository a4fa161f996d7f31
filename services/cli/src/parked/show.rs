//! `baohan parked show`: one parked message or given-up callback, with what it says.

use super::held::{Held, hold, queues};
use super::{describe, parked_at, reason};
use crate::ground::Ground;
use crate::mask::mask;
use crate::page::{Grid, Page, Word};
use crate::{callbacks, moment, post};
use anyhow::{Result, bail};
use serde_json::{Value, json};

/// Shows it; personal data only if asked for.
///
/// # Errors
/// If there is no such message or callback, or the broker cannot be asked.
pub(crate) async fn show(ground: &Ground, id: &str, queue: Option<&str>, reveal: bool) -> Result<Page> {
    let operator = post::operator(ground).await?;
    let queues = queues(queue);
    let mut page = None;
    for depth in operator.depths(&queues).await.map_err(post::trouble)? {
        let held = hold(&operator, &depth.queue, depth.messages).await?;
        if let Some(found) = held.iter().find(|held| held.id == id) {
            page = Some(message(found, reveal));
            break;
        }
    }
    operator.leave().await;
    if let Some(page) = page {
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
