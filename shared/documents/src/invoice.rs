//! The document of an invoice (发票) for a premium, one page.

use crate::page::{self, Sheet, TooLong};
use crate::{calendar, capital};
use domain::{GuaranteeNo, InvoiceKind, RequestInvoice, Timestamp};

/// The version printed under an invoice.
const VERSION: &str = "INV-2026-1";

/// The facts an invoice states.
#[derive(Debug, Clone)]
pub struct InvoiceFacts<'a> {
    /// 发票代码.
    pub code: &'a str,
    /// 发票号码.
    pub number: &'a str,
    /// The guarantee whose premium it is for.
    pub guarantee_no: &'a GuaranteeNo,
    /// What was asked for.
    pub request: &'a RequestInvoice,
    /// When it is made out.
    pub made_out_at: Timestamp,
    /// The institution that makes it out, full name.
    pub institution: &'a str,
}

/// Renders an invoice as PDF: one A4 page, the same bytes for the same facts.
///
/// # Errors
/// [`TooLong`] if names do not fit on the page.
pub fn render_invoice(facts: &InvoiceFacts<'_>) -> Result<Vec<u8>, TooLong> {
    page::draw(&Sheet {
        title: match facts.request.kind {
            InvoiceKind::Ordinary => "保函保费发票（普通）",
            InvoiceKind::Special { .. } => "保函保费发票（专用）",
        },
        number: format!("发票号码：{}", facts.number),
        rows: rows(facts),
        paragraphs: vec![
            "本发票对应的保函与金额以上表为准，可凭发票代码和发票号码向开票机构查验。".to_owned(),
        ],
        closing: vec![
            format!("开票机构：{}", facts.institution),
            format!("开票日期：{}", calendar::formal_day(facts.made_out_at)),
        ],
        foot: format!("模板版本：{VERSION}    发票号码：{}", facts.number),
    })
}

fn rows(facts: &InvoiceFacts<'_>) -> Vec<(&'static str, String)> {
    let request = facts.request;
    let mut rows = vec![
        ("发票代码", facts.code.to_owned()),
        ("发票号码", facts.number.to_owned()),
        ("购买方名称", request.buyer.name.expose().to_owned()),
        ("纳税人识别号", request.buyer.code.expose().to_owned()),
    ];
    if let InvoiceKind::Special { phone, bank, account } = &request.kind {
        rows.push((
            "地址、电话",
            format!("{} {}", request.buyer.address.expose(), phone.expose()).trim().to_owned(),
        ));
        rows.push(("开户行及账号", format!("{} {}", bank.expose(), account.expose()).trim().to_owned()));
    }
    rows.push(("项目名称", "保函保费".to_owned()));
    rows.push(("保函编号", facts.guarantee_no.to_string()));
    let amount = request.amount.unwrap_or(domain::Money::ZERO);
    rows.push(("价税合计", format!("人民币{}（￥{amount}）", capital(amount))));
    rows
}
