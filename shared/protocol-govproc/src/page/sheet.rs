//! The page as HTML: one column, no scripts, nothing fetched from anywhere.

use crate::codes::describe;
use crate::links::{PAY, Ticket};
use crate::settings::Manner;
use crypto::{digest, text};
use domain::{OrderState, OrderStatus};
use std::fmt::Write as _;

const STYLE: &str = "body{margin:0;background:#f4f5f7;color:#1f2329;font:16px/1.6 sans-serif}\
main{max-width:32rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.25rem}\
dl{background:#fff;border-radius:.5rem;padding:.5rem 1rem;margin:0}dt{color:#646a73;font-size:.875rem;margin-top:.5rem}\
dd{margin:0 0 .5rem;overflow-wrap:anywhere}button{width:100%;padding:.75rem;margin-top:1rem;border:0;\
border-radius:.5rem;background:#1456f0;color:#fff;font-size:1rem}footer{color:#646a73;font-size:.875rem;margin-top:1.5rem}";

/// What a page shows.
pub(super) struct Sheet {
    title: &'static str,
    /// Titles and values.
    rows: Vec<(&'static str, String)>,
    form: Option<Form>,
    seller: String,
}

/// The button that pays.
struct Form {
    action: String,
    inputs: Vec<(&'static str, String)>,
    label: String,
}

impl Sheet {
    /// Where an order stands.
    pub(super) fn of(order: &OrderStatus, ticket: &Ticket, manner: &Manner) -> Self {
        let mut rows = vec![("业务订单号", ticket.order_no.clone()), ("办理状态", describe(order))];
        rows.extend(order.bond.map(|bond| ("保函金额", format!("{bond} 元"))));
        rows.extend(order.premium.map(|premium| ("保函费用", format!("{premium} 元"))));
        rows.extend(order.guarantee_no.as_ref().map(|no| ("保函编号", no.to_string())));
        let form = (manner.pay_button && order.state == OrderState::AwaitingPayment)
            .then(|| order.premium.map(|premium| Form::of(premium, ticket, manner)))
            .flatten();
        Self { title: "电子保函办理", rows, form, seller: seller(manner) }
    }

    /// One sentence.
    pub(super) fn note(say: &str, manner: &Manner) -> Self {
        Self {
            title: "电子保函办理",
            rows: vec![("提示", say.to_owned())],
            form: None,
            seller: seller(manner),
        }
    }

    pub(super) fn html(&self) -> String {
        let mut html = format!(
            "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\"><title>{0}</title><style>{STYLE}</style></head>\n\
             <body><main><h1>{0}</h1>\n<dl>\n",
            self.title
        );
        // Writing to a string cannot fail.
        for (title, value) in &self.rows {
            let _ = writeln!(html, "<dt>{title}</dt><dd>{}</dd>", escaped(value));
        }
        html.push_str("</dl>\n");
        if let Some(form) = &self.form {
            form.write(&mut html);
        }
        let _ = writeln!(html, "<footer>{}</footer></main></body></html>", escaped(&self.seller));
        html
    }
}

impl Form {
    fn of(premium: domain::Money, ticket: &Ticket, manner: &Manner) -> Self {
        let inputs = vec![
            ("no", ticket.order_no.clone()),
            ("until", ticket.until.to_string()),
            ("premium", premium.to_string()),
            ("token", manner.links.pay_token(ticket, premium)),
        ];
        Self { action: manner.links.to(PAY), inputs, label: format!("模拟支付保费 {premium} 元") }
    }

    fn write(&self, html: &mut String) {
        let _ = writeln!(html, "<form method=\"post\" action=\"{}\">", escaped(&self.action));
        for (name, value) in &self.inputs {
            let _ = writeln!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
        }
        let _ = writeln!(html, "<button type=\"submit\">{}</button></form>", escaped(&self.label));
    }
}

fn seller(manner: &Manner) -> String {
    format!("{} · {}", manner.sellername, manner.sellerphone)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Nothing may run or be fetched, and only our own style applies.
pub(super) fn policy() -> String {
    let style = text::to_base64(&digest::sha256(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
