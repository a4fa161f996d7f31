//! `baohan orders show`: everything that happened to one order, in the order in which it happened.

use crate::ground::Ground;
use crate::mask::mask;
use crate::orders::numbered;
use crate::page::{Grid, Page, Tone, Word};
use crate::{moment, sheet, words};
use anyhow::{Result, anyhow};
use domain::Timestamp;
use serde_json::{Value, json};
use store::{
    AttemptRow, AuditRow, CallbackFilter, CallbackRow, EventRow, Numbered, OrderStory, Store, TaskRow,
};

/// Shows an order, or a credit line, by any of its numbers.
///
/// # Errors
/// If there is none, or the database cannot be asked.
pub(crate) async fn show(ground: &Ground, number: &str, reveal: bool) -> Result<Page> {
    let store = ground.store().await?;
    let known = numbered(ground, &store, number).await?;
    if known.kind == "credit" {
        return credit(ground, &store, &known).await;
    }
    let story = store.story(&known.order).await.map_err(|error| ground.database_trouble(&error))?;
    let story = story.ok_or_else(|| anyhow!("the order {} was deleted a moment ago", known.order))?;
    page(&story, reveal)
}

fn page(story: &OrderStory, reveal: bool) -> Result<Page> {
    let mut json = serde_json::to_value(story)?;
    if !reveal {
        mask(&mut json);
    }
    let page = Page::of(json).grid(sheet::of(&story.order, reveal)).line("").grid(cases(story));
    Ok(page.line("").grid(timeline(story)))
}

/// A credit line belongs to no order: it has a timeline of its own.
async fn credit(ground: &Ground, store: &Store, known: &Numbered) -> Result<Page> {
    let trouble = |error| ground.database_trouble(&error);
    let events = store.events(&known.no).await.map_err(trouble)?;
    let filter = CallbackFilter { order: Some(known.no.clone()), limit: 1_000, ..CallbackFilter::default() };
    let callbacks = store.callbacks(&filter).await.map_err(trouble)?;
    let mut head = Grid::new(vec!["授信", ""]);
    head.row(vec![Word::faint("受理流水号"), known.no.as_str().into()]);
    head.row(vec![Word::faint("平台"), format!("{} ({})", known.origin.partner, known.origin.kind).into()]);
    head.row(vec![Word::faint("状态"), words::both(&known.state)]);
    let mut moments: Vec<Moment> = events.iter().map(|event| happened(event, "授信")).collect();
    moments.extend(callbacks.iter().map(told));
    let json = json!({ "credit": known, "events": events, "callbacks": callbacks });
    Ok(Page::of(json).grid(head).line("").grid(sorted(moments)))
}

// === its cases ===

fn cases(story: &OrderStory) -> Grid {
    let mut grid = Grid::new(vec!["事项", "受理流水号", "业务申请码", "状态", "受理时间"]);
    for case in &story.cases {
        grid.row(vec![
            words::both(&case.kind),
            case.no.as_str().into(),
            case.business_no.as_str().into(),
            words::both(&case.state),
            Word::faint(moment::shortly(case.requested_at)),
        ]);
    }
    grid.whole(&[1])
}

// === the timeline ===

/// One line; what happened at the same moment is told in the order: decided, happened, told, delivered.
struct Moment {
    at: Timestamp,
    rank: u8,
    row: Vec<Word>,
}

fn timeline(story: &OrderStory) -> Grid {
    let mut moments: Vec<Moment> = Vec::new();
    moments.extend(story.audit.iter().map(audited));
    moments.extend(story.events.iter().map(|event| happened(event, about(&event.no, story))));
    moments.extend(story.callbacks.iter().map(told));
    moments.extend(story.attempts.iter().map(|attempt| attempted(attempt, story)));
    moments.extend(story.tasks.iter().map(raised));
    sorted(moments)
}

fn sorted(mut moments: Vec<Moment>) -> Grid {
    moments.sort_by_key(|moment| (moment.at, moment.rank));
    let mut grid = Grid::new(vec!["时间（北京）", "对象", "事件", "详情", "消息"]);
    moments.into_iter().for_each(|moment| grid.row(moment.row));
    grid.whole(&[0])
}

fn line(at: Timestamp, rank: u8, about: &str, what: Word, detail: String, message: &str) -> Moment {
    let row = vec![Word::faint(moment::exactly(at)), about.into(), what, detail.into(), Word::faint(message)];
    Moment { at, rank, row }
}

fn audited(audit: &AuditRow) -> Moment {
    let what = format!("{} {}", audit.who, words::chinese(&audit.action));
    // Who reads documents is no operator of ours: somebody with a link, or a partner.
    let side = if audit.action == "read_document" { "文件" } else { "操作员" };
    line(audit.at, 0, side, what.into(), particulars(&audit.detail), &audit.subject)
}

fn happened(event: &EventRow, about: &str) -> Moment {
    let what = Word::toned(words::chinese(&event.what), words::tone(&event.what));
    line(event.at, 1, about, what, particulars(&event.detail), &event.message_id)
}

/// What people must look after; that it was done stands among what operators did.
fn raised(task: &TaskRow) -> Moment {
    let tone = if task.done_at.is_some() { Tone::Faint } else { Tone::Open };
    let id = task.id.to_string();
    line(task.raised_at, 4, "待办", Word::toned(words::chinese(&task.what), tone), task.say.clone(), &id)
}

fn told(callback: &CallbackRow) -> Moment {
    let what =
        Word::toned(format!("通知：{}", words::chinese(&callback.event)), words::tone(&callback.state));
    let mut detail = format!("{} · 第 {} 次", words::chinese(&callback.state), callback.attempts);
    if callback.cycle > 0 {
        detail += &format!(" · 重发 {} 轮", callback.cycle);
    }
    if callback.state == "pending" {
        detail += &format!(" · 下次 {}", moment::shortly(callback.next_due));
    }
    line(callback.created_at, 2, "回调", what, detail, &callback.id)
}

fn attempted(attempt: &AttemptRow, story: &OrderStory) -> Moment {
    let number = if attempt.cycle > 0 {
        format!("第 {} 次（重发第 {} 轮）", attempt.number, attempt.cycle)
    } else {
        format!("第 {} 次", attempt.number)
    };
    let what = format!("投递{number} {}", words::chinese(&attempt.outcome));
    let status =
        if attempt.status == 0 { "无应答".to_owned() } else { format!("HTTP {}", attempt.status) };
    let mut detail = format!("{} · {status} · {} ms", attempt.interface, attempt.duration_ms);
    if !attempt.why.is_empty() {
        detail += &format!(" · {}", attempt.why);
    }
    let about = story.callbacks.iter().find(|callback| callback.id == attempt.callback_id);
    let about = about.map_or("回调", |callback| self::about(&callback.no, story));
    let what = Word::toned(what, words::tone(&attempt.outcome));
    line(attempt.at, 3, about, what, detail, &attempt.callback_id)
}

fn about<'a>(no: &str, story: &'a OrderStory) -> &'a str {
    story.cases.iter().find(|case| case.no == no).map_or("保函申请", |case| words::chinese(&case.kind))
}

/// `name=value` of the outermost fields; what is nested is printed as it is.
fn particulars(detail: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match detail {
        Value::Null => String::new(),
        Value::Object(fields) => {
            let full = fields.iter().filter(|(_, value)| !value.is_null() && *value != "");
            full.map(|(name, value)| format!("{name}={}", text(value))).collect::<Vec<_>>().join(" ")
        }
        other => text(other),
    }
}
