//! The pages: Chinese, for telephones first, without scripts and without anything from elsewhere.

use super::verdict::{Tone, Verdict};
use crate::answer::set;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::digest::sha256;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, Response, StatusCode};
use std::fmt::Write as _;
use web::Body;

const STYLE: &str = include_str!("page.css");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// In whose name pages are answered.
pub(super) struct Letterhead {
    pub(super) name: String,
    /// For questions, if there is one.
    pub(super) phone: Option<String>,
    /// Path of the form.
    pub(super) form: String,
}

impl Letterhead {
    /// The form.
    pub(super) fn form(&self) -> Response<Body> {
        let hint =
            "<p class=\"hint\">扫描保函上的二维码，或者在此上传保函的PDF文件，即可查验真伪和当前状态。</p>";
        self.page(StatusCode::OK, &format!("{hint}{}", self.uploading("上传保函文件")))
    }

    /// An answer.
    pub(super) fn verdict(&self, verdict: &Verdict) -> Response<Body> {
        let (class, sign) = match verdict.tone {
            Tone::Good => ("good", "✓"),
            Tone::Careful => ("careful", "!"),
            Tone::Bad => ("bad", "✕"),
            Tone::Open => ("open", "?"),
        };
        let mut body = format!(
            "<section class=\"verdict {class}\"><h2><span aria-hidden=\"true\">{sign}</span>{}</h2>",
            escaped(&verdict.headline)
        );
        for line in &verdict.why {
            let _ = write!(body, "<p>{}</p>", escaped(line));
        }
        body.push_str("</section>");
        table(&mut body, "登记信息", &verdict.record);
        table(&mut body, "文件校验", &verdict.file);
        let again = if verdict.file.is_empty() { "上传PDF文件核对" } else { "查验另一份文件" };
        self.page(StatusCode::OK, &format!("{body}{}", self.uploading(again)))
    }

    /// A mistake of whoever asks.
    pub(super) fn mistake(&self, status: StatusCode, headline: &str, why: &str) -> Response<Body> {
        let told = format!(
            "<section class=\"verdict open\"><h2><span aria-hidden=\"true\">?</span>{}</h2><p>{}</p></section>",
            escaped(headline),
            escaped(why)
        );
        self.page(status, &format!("{told}{}", self.uploading("上传保函文件")))
    }

    fn uploading(&self, title: &str) -> String {
        format!(
            "<form method=\"post\" action=\"{}\" enctype=\"multipart/form-data\"><h3>{}</h3>\
             <label>保函文件（PDF，不超过4MB）<input type=\"file\" name=\"file\" accept=\"application/pdf,.pdf\" required></label>\
             <button type=\"submit\">查验</button><p class=\"small\">文件只用于查验，不会被保存。</p></form>",
            escaped(&self.form),
            escaped(title)
        )
    }

    fn page(&self, status: StatusCode, content: &str) -> Response<Body> {
        let name = escaped(&self.name);
        let phone =
            self.phone.as_deref().map_or_else(String::new, |phone| format!("　查验电话：{}", escaped(phone)));
        let html = format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>保函查验 · {name}</title>\
             <style>{STYLE}</style></head><body><header><p>{name}</p><h1>保函查验</h1></header><main>{content}</main>\
             <footer><p>{name}{phone}</p><p>姓名、名称和金额只显示一部分，供与手中的保函核对。</p></footer></body></html>"
        );
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        for (header, value) in [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, &policy()),
            // The address holds the check code.
            (REFERRER_POLICY, "no-referrer"),
            (CACHE_CONTROL, "no-store"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (ROBOTS, "noindex"),
        ] {
            set(&mut response, header, value);
        }
        response
    }
}

/// Nothing but our own style, known by its hash, and our own form.
fn policy() -> String {
    let style = STANDARD.encode(sha256(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

fn table(body: &mut String, title: &str, rows: &[(&'static str, String)]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(body, "<section><h3>{title}</h3><dl>");
    for (name, value) in rows {
        let _ = write!(body, "<div><dt>{name}</dt><dd>{}</dd></div>", escaped(value));
    }
    body.push_str("</dl></section>");
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
            _ => safe.push(c),
        }
    }
    safe
}
