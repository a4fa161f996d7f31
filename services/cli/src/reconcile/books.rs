//! What the tables say, and whether the documents they name are there and whole.

use super::Fault;
use crate::arguments::Reconcile;
use crate::ground::Ground;
use crate::{moment, words};
use anyhow::Result;
use documents::Lost;
use domain::DocumentRef;
use std::collections::BTreeSet;
use store::{Gap, NamedDocument, Patience, Store};

/// What machines do takes no longer, seconds; the sweeper waits ten minutes before it acts.
const MACHINES_S: i64 = 1_800;
/// Documents asked for at a time.
const PORTION: u32 = 500;

/// Orders, cases, callbacks and what is to be published.
pub(super) async fn of_tables(
    ground: &Ground,
    store: &Store,
    wanted: &Reconcile,
    known: &BTreeSet<String>,
) -> Result<Vec<Fault>> {
    let patience = Patience { people_s: i64::from(wanted.patience) * 3_600, machines_s: MACHINES_S };
    let gaps = store.gaps(patience, moment::now(), wanted.limit).await;
    let gaps = gaps.map_err(|error| ground.database_trouble(&error))?;
    Ok(gaps.into_iter().map(|gap| fault(gap, known)).collect())
}

fn fault(gap: Gap, known: &BTreeSet<String>) -> Fault {
    let Gap { what, partner, no, state, since } = gap;
    let shown = words::chinese(&state);
    let (what, say, mend) = match (what.as_str(), state.as_str()) {
        ("order_waits", "reviewing") => {
            ("order_waits", "申请长时间未审核".to_owned(), format!("baohan decide order {no} --approve"))
        }
        ("order_waits", "awaiting_payment") => (
            "order_waits",
            "保费长时间未到账".to_owned(),
            format!("baohan pay {no} --amount 金额，或 baohan withdraw {no}"),
        ),
        ("order_waits", _) => (
            "order_waits",
            "平台通知了订单，但申请信息没有取回".to_owned(),
            format!("baohan inquire application {no}"),
        ),
        ("order_stuck", _) => (
            "order_stuck",
            "保费已到账，但没有出函".to_owned(),
            format!("baohan parked list 后 baohan parked replay；经过见 baohan orders show {no}"),
        ),
        ("case_waits", kind) => {
            ("case_waits", format!("{shown}长时间未审核"), format!("baohan decide {kind} {no} --approve"))
        }
        ("credit_waits", _) => (
            "credit_waits",
            "授信申请长时间未审核".to_owned(),
            format!("baohan decide credit {no} --approve --limit 金额"),
        ),
        ("callback_overdue", _) => (
            "callback_overdue",
            format!("回调（{shown}）早已到期，却不在任何队列中"),
            "baohan callbacks sweep（并确认 worker-callback 在运行）".to_owned(),
        ),
        ("callback_parked", _) => {
            ("callback_parked", format!("回调（{shown}）已放弃"), format!("baohan callbacks replay {no}"))
        }
        ("month_missing", _) => (
            "month_missing",
            format!("下个月的分区 {no} 还没有建立"),
            "确认 worker-callback 在运行：它每十分钟补建分区".to_owned(),
        ),
        _ => (
            "outbox_stuck",
            format!("消息（{state}）长时间没有发往队列"),
            "启动任一 worker：其 relay 会自动补发".to_owned(),
        ),
    };
    let (say, mend) = match known.contains(&partner) || partner.is_empty() {
        true => (say, mend),
        false => {
            (format!("{say}；平台 {partner} 没有配置"), format!("补上 partners/{partner}.toml；再 {mend}"))
        }
    };
    Fault { what, partner, about: no, say, since: Some(since), mend }
}

/// Reads every document that an order or an earlier edition of it names.
pub(super) async fn of_documents(ground: &Ground, store: &Store, limit: u32) -> Result<Vec<Fault>> {
    let documents = ground.documents()?;
    let (mut faults, mut after): (Vec<Fault>, Option<NamedDocument>) = (Vec::new(), None);
    loop {
        let named = store.named_documents(after.as_ref(), PORTION).await;
        let named = named.map_err(|error| ground.database_trouble(&error))?;
        for document in &named {
            let reference = DocumentRef { sha256: document.sha256.clone(), name: String::new() };
            let lost = documents.get(&reference).await.err();
            faults.extend(lost.map(|lost| missing(document, &lost)));
            if faults.len() >= limit as usize {
                return Ok(faults);
            }
        }
        match named.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(faults),
        }
    }
}

fn missing(document: &NamedDocument, lost: &Lost) -> Fault {
    let NamedDocument { no, guarantee_no, sha256 } = document;
    let (what, say) = match lost {
        Lost::Damaged(_) => ("document_damaged", "内容与摘要不符"),
        Lost::Missing(_) => ("document_missing", "不在文件库中"),
        _ => ("document_unreadable", "无法读取"),
    };
    Fault {
        what,
        partner: String::new(),
        about: no.clone(),
        say: format!("保函 {guarantee_no} 的文件{say}"),
        since: None,
        mend: format!("从备份恢复文件 {}/{sha256}", sha256.get(..2).unwrap_or_default()),
    }
}
