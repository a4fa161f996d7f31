//! `baohan reconcile`: what does not add up in orders, callbacks, queues and documents, each with what mends it.

mod books;
mod queues;

use crate::arguments::Reconcile;
use crate::ground::Ground;
use crate::moment;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::Result;
use boot::settings::every_partner;
use domain::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

/// Something that does not add up, and what mends it.
pub(crate) struct Fault {
    /// What kind, one word.
    what: &'static str,
    /// The partner; empty if it is nobody's in particular.
    partner: String,
    /// What it is about, by the name that commands take.
    about: String,
    /// What is wrong, in Chinese.
    say: String,
    since: Option<Timestamp>,
    /// The command, or what to do where no command can.
    mend: String,
}

/// Compares everything with everything.
///
/// # Errors
/// If the database cannot be asked, or the broker or the document store while they are to be.
pub(crate) async fn reconcile(ground: &Ground, wanted: &Reconcile) -> Result<Page> {
    let partners = every_partner(&ground.gateway.partners.folder)?;
    let known: BTreeSet<String> = partners.iter().map(|partner| partner.id.to_string()).collect();
    let store = ground.store().await?;
    let mut faults = books::of_tables(ground, &store, wanted, &known).await?;
    let mut looked = vec!["订单", "回调", "发件箱"];
    if !wanted.no_documents && ground.gateway.documents.is_some() {
        faults.extend(books::of_documents(ground, &store, wanted.limit).await?);
        looked.push("文件");
    }
    if !wanted.no_queues {
        faults.extend(queues::of_queues(ground, wanted.limit, &known).await?);
        looked.push("队列");
    }
    Ok(page(&faults, &looked))
}

fn page(faults: &[Fault], looked: &[&str]) -> Page {
    let mut grid = Grid::new(vec!["", "问题", "平台", "对象", "说明", "自", "处理"]).whole(&[3, 6]);
    for fault in faults {
        grid.row(vec![
            Word::toned("✗", Tone::Bad),
            fault.what.into(),
            fault.partner.as_str().into(),
            fault.about.as_str().into(),
            fault.say.as_str().into(),
            Word::faint(fault.since.map(moment::shortly).unwrap_or_default()),
            fault.mend.as_str().into(),
        ]);
    }
    let rows = faults.iter().map(|fault| {
        json!({
            "what": fault.what, "partner": fault.partner, "about": fault.about, "say": fault.say,
            "since": fault.since, "mend": fault.mend,
        })
    });
    let page = Page::of(json!({ "faults": rows.collect::<Vec<_>>(), "looked_at": looked })).grid(grid);
    let looked = looked.join("、");
    match faults.len() {
        0 => page.line(format!("✓ 账实相符：{looked}")),
        count => page.line(format!("✗ {count} 处不符（已核对：{looked}）")).not_good(),
    }
}
