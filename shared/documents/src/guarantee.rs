//! The document of a guarantee (保函): bid or performance, one page.

use crate::clauses::{BID, PERFORMANCE, Template};
use crate::page::{self, Sheet, TooLong};
use crate::{calendar, capital};
use domain::{Company, GuaranteeNo, Money, PlaceOrder, Product, Timestamp};

/// The facts a guarantee states.
#[derive(Debug, Clone)]
pub struct GuaranteeFacts<'a> {
    /// Its number.
    pub no: &'a GuaranteeNo,
    /// What was applied for.
    pub application: &'a PlaceOrder,
    /// The premium (保费).
    pub premium: Money,
    /// When it is issued.
    pub issued_at: Timestamp,
    /// Until when it binds, if a date is known.
    pub valid_until: Option<Timestamp>,
    /// The institution that issues it, full name.
    pub institution: &'a str,
}

/// Renders a guarantee as PDF: one A4 page, the same bytes for the same facts.
///
/// # Errors
/// [`TooLong`] if names and texts do not fit on the page.
pub fn render_guarantee(facts: &GuaranteeFacts<'_>) -> Result<Vec<u8>, TooLong> {
    let template = match facts.application.product {
        Product::Bid { .. } => &BID,
        Product::Performance { .. } => &PERFORMANCE,
    };
    page::draw(&Sheet {
        title: facts.application.product.title(),
        number: format!("保函编号：{}", facts.no),
        rows: rows(facts),
        paragraphs: paragraphs(facts, template),
        closing: vec![
            format!("出函机构：{}", facts.institution),
            format!("开立日期：{}", calendar::formal_day(facts.issued_at)),
        ],
        foot: format!("模板版本：{}    保函编号：{}", template.version, facts.no),
    })
}

fn rows(facts: &GuaranteeFacts<'_>) -> Vec<(&'static str, String)> {
    let order = facts.application;
    let mut rows = vec![
        ("受益人", named(&order.tender.tenderee)),
        ("被保证人", named(&order.applicant.company)),
        ("项目名称", order.tender.project_name.expose().to_owned()),
        ("项目编号", order.tender.project_no.clone()),
        ("标段名称", order.tender.section_name.expose().to_owned()),
        ("标段编号", order.tender.section_no.clone()),
    ];
    match &order.product {
        Product::Bid { opening, validity_days } => {
            if let Some(opening) = opening {
                rows.push(("开标时间", calendar::minute(*opening)));
            }
            if let Some(days) = validity_days {
                rows.push(("投标有效期", format!("{days}日")));
            }
        }
        Product::Performance { signed_at, period } => {
            rows.push(("合同签订日期", calendar::day(*signed_at)));
            rows.push(("合同履约期限", period.clone()));
        }
    }
    rows.push(("保证金额", format!("人民币{}（￥{}）", capital(order.bond), order.bond)));
    rows.push(("保费", format!("人民币{}（￥{}）", capital(facts.premium), facts.premium)));
    rows.push(("保函有效期", validity(facts)));
    rows
}

/// A company with its code, if it has one.
fn named(company: &Company) -> String {
    if company.code.is_empty() {
        company.name.expose().to_owned()
    } else {
        format!("{}（{}）", company.name.expose(), company.code.expose())
    }
}

/// Until when the guarantee binds, so that it can follow 有效期.
fn validity(facts: &GuaranteeFacts<'_>) -> String {
    match (facts.valid_until, &facts.application.product) {
        (Some(until), _) => format!("至{}（含当日）止", calendar::day(until)),
        (None, Product::Performance { period, .. }) if !period.is_empty() => {
            format!("与合同履约期限（{period}）一致")
        }
        (None, _) => "以招标文件约定为准".to_owned(),
    }
}

fn paragraphs(facts: &GuaranteeFacts<'_>, template: &Template) -> Vec<String> {
    let order = facts.application;
    let signed_on = match order.product {
        Product::Performance { signed_at, .. } => calendar::day(signed_at),
        Product::Bid { .. } => String::new(),
    };
    template.fill(&[
        ("tenderee", order.tender.tenderee.name.expose()),
        ("bidder", order.applicant.company.name.expose()),
        ("project", order.tender.project_name.expose()),
        ("project_no", &order.tender.project_no),
        ("section", order.tender.section_name.expose()),
        ("institution", facts.institution),
        ("bond", &order.bond.to_string()),
        ("bond_capital", &capital(order.bond)),
        ("validity", &validity(facts)),
        ("signed_on", &signed_on),
    ])
}
