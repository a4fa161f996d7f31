//! The demo's table: two lines for each interface, Chinese first, and the way each message went.

use comfy_table::{Attribute, Cell, Color, Table};
use sandbox::Row;
use sandbox::interface::{Direction, Interface};
use sandbox::table::{faint, mark, with_headings};
use std::time::Duration;

/// Every interface of a protocol.
pub(crate) fn interfaces(rows: &[Row]) -> Table {
    let mut table =
        with_headings(&["§", "接口 · interface", "请求 → 应答", "路径 · way", "编号 · number, 用时", ""]);
    for row in rows {
        let (direction, begins, ends) = way(row.interface);
        table.add_row(vec![
            Cell::new(row.interface.section),
            Cell::new(row.interface.title).add_attribute(Attribute::Bold),
            Cell::new(&row.asked),
            Cell::new(begins),
            Cell::new(&row.number),
            mark(row.good),
        ]);
        table.add_row(vec![
            Cell::new(""),
            faint(format!("{}  {direction}", row.interface.method)),
            answer(row),
            faint(ends),
            faint(row.took.map_or_else(String::new, told_as)),
            Cell::new(""),
        ]);
    }
    table
}

/// How many interfaces of each protocol were played, and how many well.
pub(crate) fn totals(finserv: &[Row], others: &[(&str, Vec<Row>)]) -> Table {
    let mut table = with_headings(&["协议 · protocol", "接口 · interfaces", "成功 · good", ""]);
    let (mut all, mut good) = (0, 0);
    let first = std::iter::once(("finserv 投标金融服务对接", finserv));
    for (protocol, rows) in first.chain(others.iter().map(|(protocol, rows)| (*protocol, rows.as_slice()))) {
        let well = rows.iter().filter(|row| row.good).count();
        (all, good) = (all + rows.len(), good + well);
        table.add_row(vec![
            Cell::new(protocol),
            Cell::new(rows.len()),
            Cell::new(well),
            mark(well == rows.len()),
        ]);
    }
    let bold = |text: String| Cell::new(text).add_attribute(Attribute::Bold);
    table.add_row(vec![
        bold("合计 · all".to_owned()),
        bold(all.to_string()),
        bold(good.to_string()),
        mark(all == good),
    ]);
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

/// Which side starts it, and the two halves of its way: an application is answered once the broker holds it.
fn way(interface: &Interface) -> (&'static str, String, &'static str) {
    let worker = worker(interface.method);
    let through = |stop: &str| format!("ingress → RabbitMQ → {stop}");
    match (interface.direction, interface.method) {
        (Direction::ToPlatform, _) => {
            ("机构 → 平台", "PostgreSQL → RabbitMQ → egress".to_owned(), "→ 平台验签、核对内容、确认")
        }
        (
            _,
            "apply_guarantee"
            | "baohanapply"
            | "/guarantee/apply"
            | "financialAccount/doOrderApply"
            | "apply-redirect",
        ) => ("平台 → 机构", through("应答"), "→ worker-apply → PostgreSQL"),
        _ if worker == "worker-tender" => ("平台 → 机构", through("应答"), "→ worker-tender → PostgreSQL"),
        _ => ("平台 → 机构", through(worker), "→ PostgreSQL → 应答"),
    }
}

/// Which worker a request ends at, by what its name says.
fn worker(method: &str) -> &'static str {
    let method = method.rsplit('/').next().unwrap_or(method).to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| method.contains(word));
    if says(&["credit"]) {
        "worker-credit"
    } else if says(&["restore"]) {
        "worker-restore"
    } else if says(&["claim", "compensate"]) {
        "worker-claim"
    } else if says(&["invoice"]) {
        "worker-invoice"
    } else if says(&["bidinfo", "xmstate", "opentime", "endtime", "delay"]) {
        "worker-tender"
    } else if says(&["quit", "cancel", "cancle", "refund"]) && !says(&["order"]) {
        "worker-refund"
    } else {
        "worker-apply"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sandbox::finserv::contract::INTERFACES;

    #[test]
    fn every_interface_has_its_two_lines_and_nothing_is_cut_in_a_pipe() {
        let rows: Vec<Row> = INTERFACES
            .iter()
            .map(|interface| Row {
                interface,
                asked: "投标保函 799000.00 元，JSON".to_owned(),
                answer: "success，验签通过".to_owned(),
                number: "BH20261122ABCDEFGHJKMNPQ".to_owned(),
                took: Some(Duration::from_millis(42)),
                good: interface.section != "3.4.3",
            })
            .collect();
        let shown = interfaces(&rows).to_string();
        for row in &rows {
            assert!(shown.contains(row.interface.method) && shown.contains(row.interface.title));
        }
        assert_eq!((shown.matches('✓').count(), shown.matches('✗').count()), (15, 1));
        println!("{shown}");
        assert_eq!(shown.lines().count(), 2 * INTERFACES.len() + 4, "{shown}");
    }
}
