//! The demo's table: two lines for each interface, Chinese first, and the way each message went.

use comfy_table::{Attribute, Cell, Color, Table};
use sandbox::finserv::contract::Direction;
use sandbox::finserv::story::Row;
use sandbox::table::{faint, mark, with_headings};
use std::time::Duration;

/// All sixteen interfaces.
pub(crate) fn interfaces(rows: &[Row]) -> Table {
    let mut table =
        with_headings(&["§", "接口 · interface", "请求 → 应答", "路径 · way", "编号 · number, 用时", ""]);
    for row in rows {
        let (asks, direction) = match row.interface.direction {
            Direction::ToInstitution => (true, "平台 → 机构"),
            Direction::ToPlatform => (false, "机构 → 平台"),
        };
        let way = if asks {
            format!("ingress → RabbitMQ → {}", worker(row.interface.method))
        } else {
            "PostgreSQL → RabbitMQ → egress".to_owned()
        };
        let end = if asks { "→ PostgreSQL → 应答" } else { "→ 平台验签、核对内容、确认" };
        table.add_row(vec![
            Cell::new(row.interface.section),
            Cell::new(row.interface.title).add_attribute(Attribute::Bold),
            Cell::new(&row.asked),
            Cell::new(way),
            Cell::new(&row.number),
            mark(row.good),
        ]);
        table.add_row(vec![
            Cell::new(""),
            faint(format!("{}  {direction}", row.interface.method)),
            answer(row),
            faint(end),
            faint(row.took.map_or_else(String::new, told_as)),
            Cell::new(""),
        ]);
    }
    table
}

/// What an operator decided, step by step.
pub(crate) fn steps(rows: &[(String, String, bool)]) -> Table {
    let mut table = with_headings(&["人工决定 · decided by an operator", "结果 · outcome", ""]);
    for (what, outcome, good) in rows {
        table.add_row(vec![Cell::new(what), Cell::new(outcome), mark(*good)]);
    }
    table
}

fn answer(row: &Row) -> Cell {
    let cell = Cell::new(&row.answer);
    if row.good { cell.fg(Color::Green) } else { cell.fg(Color::Red) }
}

fn told_as(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

/// Which worker owns a request.
fn worker(method: &str) -> &'static str {
    match method {
        "apply_guarantee" | "get_apply_guarantee_result" => "worker-apply",
        "apply_claim" | "get_apply_claim_result" => "worker-claim",
        "apply_invoice" | "get_invoiceInfo" => "worker-invoice",
        "update_bidinfo" => "worker-tender",
        _ => "worker-refund",
    }
}
