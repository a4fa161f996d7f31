//! `baohan orders show`: everything that happened to one order, in the order in which it happened.

use crate::ground::Ground;
use crate::mask::{hint, mask};
use crate::orders::numbered;
use crate::page::{Grid, Page, Word};
use crate::{moment, words};
use anyhow::{Result, anyhow};
use domain::{Order, Timestamp};
use serde_json::Value;
use store::{AttemptRow, AuditRow, CallbackRow, EventRow, OrderStory};

/// Shows an order by any of its numbers.
///
/// # Errors
/// If there is none, or the database cannot be asked.
pub(crate) async fn show(ground: &Ground, number: &str, reveal: bool) -> Result<Page> {
    let store = ground.store().await?;
    let known = numbered(ground, &store, number).await?;
    let story = store.story(&known.order).await.map_err(|error| ground.database_trouble(&error))?;
    let story = story.ok_or_else(|| anyhow!("the order {} was deleted a moment ago", known.order))?;
    page(&story, reveal)
}

fn page(story: &OrderStory, reveal: bool) -> Result<Page> {
    let mut json = serde_json::to_value(story)?;
    if !reveal {
        mask(&mut json);
    }
    let page = Page::of(json).grid(head(&story.order, reveal)).line("").grid(cases(story));
    Ok(page.line("").grid(timeline(story)))
}

// === the order ===

fn head(order: &Order, reveal: bool) -> Grid {
    let mut grid = Grid::new(vec!["保函申请", order.application.product.title()]);
    let mut row = |name: &'static str, value: Word| grid.row(vec![Word::faint(name), value]);
    let application = &order.application;
    row("受理流水号", order.no.as_str().into());
    row("业务申请码", application.business_no.as_str().into());
    row("平台", format!("{} ({})", order.origin.partner, order.origin.kind).into());
    row("状态", words::both(order.state.word()));
    if !order.reason.is_empty() {
        row("原因", order.reason.as_str().into());
    }
    row("投标人", hint(application.applicant.company.name.expose(), reveal).into());
    row(
        "项目 / 标段",
        format!("{} / {}", application.tender.project_no, application.tender.section_no).into(),
    );
    if let Some(opening) = order.opening() {
        row("开标时间", moment::shortly(opening).into());
    }
    row("保证金", format!("{} 元", application.bond).into());
    if let (Some(premium), Some(rate)) = (order.premium, order.rate) {
        row("保费 / 费率", format!("{premium} 元 / {rate}").into());
    }
    if let Some(guarantee) = &order.guarantee {
        let state = serde_json::to_value(guarantee.state).ok();
        let state = state.as_ref().and_then(Value::as_str).unwrap_or_default();
        row("保函编号", guarantee.no.as_str().into());
        row("保函状态", words::both(state));
    }
    grid
}

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
    moments.extend(story.events.iter().map(|event| happened(event, story)));
    moments.extend(story.callbacks.iter().map(told));
    moments.extend(story.attempts.iter().map(|attempt| attempted(attempt, story)));
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
    line(audit.at, 0, "操作员", what.into(), particulars(&audit.detail), &audit.subject)
}

fn happened(event: &EventRow, story: &OrderStory) -> Moment {
    let what = Word::toned(words::chinese(&event.what), words::tone(&event.what));
    line(event.at, 1, about(&event.no, story), what, particulars(&event.detail), &event.message_id)
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
