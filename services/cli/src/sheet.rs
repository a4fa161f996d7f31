//! What an order is now: its parties, its guarantee with every earlier document, and what else the partner said of it.

use crate::mask::hint;
use crate::page::{Grid, Word};
use crate::{moment, words};
use domain::{Guarantee, Order, SealedField};
use serde::Serialize;

/// The head of an order's page.
pub(crate) fn of(order: &Order, reveal: bool) -> Grid {
    let mut grid = Grid::new(vec!["保函申请", order.application.product.title()]);
    let mut row = |name: &str, value: Word| grid.row(vec![Word::faint(name), value]);
    let known = order.known_application();
    row("受理流水号", order.no.as_str().into());
    row("业务申请码", known.business_no.as_str().into());
    row("平台", format!("{} ({})", order.origin.partner, order.origin.kind).into());
    row("状态", words::both(order.state.word()));
    if !order.reason.is_empty() {
        row("原因", order.reason.as_str().into());
    }
    let shown = |field: SealedField, text: String| match known.sealed.contains(&field) {
        true => "【密文】".to_owned(),
        false => text,
    };
    let bidder = hint(known.applicant.company.name.expose(), reveal);
    row("投标人", shown(SealedField::BidderName, bidder).into());
    let project = shown(SealedField::ProjectNo, known.tender.project_no.clone());
    let section = shown(SealedField::SectionNo, known.tender.section_no.clone());
    row("项目 / 标段", format!("{project} / {section}").into());
    if let Some(opening) = order.opening() {
        row("开标时间", moment::shortly(opening).into());
    }
    row("保证金", format!("{} 元", known.bond).into());
    if let (Some(premium), Some(rate)) = (order.premium, order.rate) {
        row("保费 / 费率", format!("{premium} 元 / {rate}").into());
    }
    if let Some(received) = &order.received {
        row("保费到账", format!("{} 元 · {}", received.amount, moment::shortly(received.at)).into());
    }
    if let Some(guarantee) = &order.guarantee {
        about_guarantee(guarantee, &mut row);
    }
    if !order.files.is_empty() || !order.wanted.is_empty() {
        row("平台文件", format!("已保存 {}，获取中 {}", order.files.len(), order.wanted.len()).into());
    }
    for (title, text) in &order.particulars {
        row(title, hint(text.expose(), reveal).into());
    }
    grid
}

fn about_guarantee(guarantee: &Guarantee, row: &mut impl FnMut(&str, Word)) {
    row("保函编号", guarantee.no.as_str().into());
    row("保函状态", words::both(&word(&guarantee.state)));
    row("保函类型", words::both(&word(&guarantee.kind)));
    if let Some(until) = guarantee.valid_until {
        row("有效期至", moment::shortly(until).into());
    }
    if let Some(serial_no) = &guarantee.serial_no {
        row("保函序列号", serial_no.as_str().into());
    }
    for earlier in guarantee.earlier.iter().rev() {
        let kind = word(&earlier.kind);
        let (kind, issued) = (words::chinese(&kind), moment::shortly(earlier.issued_at));
        row("此前版本", Word::faint(format!("{kind} · {} · {issued}", earlier.no)));
    }
}

/// The word of a state or a kind, as it is written in messages.
fn word(of: &impl Serialize) -> String {
    let value = serde_json::to_value(of).ok();
    value.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
