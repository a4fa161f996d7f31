//! `baohan rejected`: requests that were turned away, looked at the next morning.

use crate::arguments::RejectedList;
use crate::doctor::{self, Case};
use crate::ground::Ground;
use crate::mask::hint;
use crate::moment;
use crate::orders::counted;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use crypto::text;
use http::Request;
use messages::RejectedRequest;
use protocol::Caller;
use serde_json::{Value, json};
use store::Store;

/// Headers that say nothing of a person and hold no secret.
const HARMLESS: [&str; 8] =
    ["accept", "content-length", "content-type", "date", "host", "traceparent", "user-agent", "x-request-id"];

/// Lists them, newest first.
///
/// # Errors
/// If the database cannot be asked.
pub(crate) async fn list(ground: &Ground, wanted: &RejectedList) -> Result<Page> {
    let store = ground.store().await?;
    let found = store.rejected_list(wanted.partner.as_ref(), wanted.limit).await;
    let rows = found.map_err(|error| ground.database_trouble(&error))?;
    let mut grid = Grid::new(vec!["编号", "时间", "平台", "类别", "原因", "字节"]);
    for row in &rows {
        grid.row(vec![
            row.id.as_str().into(),
            Word::faint(moment::shortly(row.at)),
            format!("{} ({})", row.partner, row.protocol).into(),
            Word::toned(reason(&row.reason), Tone::Bad),
            row.why.as_str().into(),
            row.size.to_string().into(),
        ]);
    }
    let page = Page::of(json!({ "rejected": rows })).grid(grid.whole(&[0]));
    Ok(page
        .line(counted(rows.len(), wanted.limit, "rejected requests"))
        .line("诊断：baohan rejected doctor 编号"))
}

/// Shows one, which is audited; without `reveal` every value is hidden.
///
/// # Errors
/// If there is none with this id.
pub(crate) async fn show(ground: &Ground, id: &str, reveal: bool, by: &str) -> Result<Page> {
    let store = ground.store().await?;
    let request = found(ground, &store, id).await?;
    told(ground, &store, id, by, if reveal { "reveal_rejected" } else { "show_rejected" }).await?;
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), header(name, value.expose(), reveal)))
        .collect();
    let body = body(&request)?;
    let said = String::from_utf8_lossy(&body).into_owned();
    let shown = if reveal { said } else { hidden(&said) };
    let path = request.target.expose();
    let target = if reveal { path } else { path.split('?').next().unwrap_or_default() };
    let mut page = Page::of(json!({
        "id": request.id, "partner": request.partner, "protocol": request.protocol, "at": request.at,
        "reason": request.reason, "why": request.why, "method": request.method, "target": target,
        "caller": request.caller, "headers": headers, "body": shown, "size": request.size,
    }))
    .line(format!(
        "{} · {} · {} ({})",
        request.id,
        moment::shortly(request.at),
        request.partner,
        request.protocol
    ))
    .line(format!("✗ {}：{}", reason(&request.reason), request.why))
    .line(format!("{} {target}  来自 {}", request.method, or_unknown(&request.caller)));
    for (name, value) in &headers {
        page = page.line(format!("{name}: {value}"));
    }
    if body.is_empty() && request.size > 0 {
        return Ok(page.line(format!("（报文 {} 字节，过大未保存）", request.size)));
    }
    Ok(page.line(String::new()).line(shown))
}

/// Examines one with the settings of today, which is audited.
///
/// # Errors
/// If there is none with this id, or the partner's settings cannot be used.
pub(crate) async fn doctor(ground: &Ground, id: &str, reveal: bool, by: &str) -> Result<Page> {
    let store = ground.store().await?;
    let kept = found(ground, &store, id).await?;
    told(ground, &store, id, by, if reveal { "reveal_rejected" } else { "diagnose_rejected" }).await?;
    let body = body(&kept)?;
    if body.is_empty() && kept.size > 0 {
        bail!(
            "the body of {id} was too large to be kept ({} bytes): ask the partner for a capture",
            kept.size
        );
    }
    let mut request = Request::builder().method(kept.method.as_str()).uri(kept.target.expose());
    for (name, value) in &kept.headers {
        request = request.header(name, value.expose());
    }
    let mut request = request.body(Bytes::from(body)).context("what was kept is no HTTP request")?;
    if let Ok(caller) = kept.caller.parse() {
        request.extensions_mut().insert(Caller(caller));
    }
    let case = Case { partner: &kept.partner, request, at: Some(kept.at), outbound: false, sign: None };
    let findings = doctor::examine(ground, case)?;
    let heading = format!("{} · {} · {}", kept.id, moment::shortly(kept.at), kept.partner);
    Ok(doctor::page(&findings, reveal).line(heading))
}

async fn found(ground: &Ground, store: &Store, id: &str) -> Result<RejectedRequest> {
    let found = store.rejected_request(id).await.map_err(|error| ground.database_trouble(&error))?;
    found.ok_or_else(|| anyhow!("no rejected request {id}: `baohan rejected list` shows what is kept"))
}

async fn told(ground: &Ground, store: &Store, id: &str, by: &str, action: &'static str) -> Result<()> {
    let told = store.audited(moment::now(), by, action, id, &json!({})).await;
    told.map_err(|error| ground.database_trouble(&error))
}

fn body(request: &RejectedRequest) -> Result<Vec<u8>> {
    text::from_base64(request.body.expose())
        .map_err(|_| anyhow!("what was kept of {} does not read", request.id))
}

fn header(name: &str, value: &str, reveal: bool) -> String {
    match name {
        // Secrets are shown to nobody.
        "authorization" | "cookie" => "***".to_owned(),
        _ if reveal || HARMLESS.contains(&name) => value.to_owned(),
        _ => hint(value, false),
    }
}

/// The names of the fields of a body, each value by its first character; of anything else only how long it is.
fn hidden(body: &str) -> String {
    if let Ok(mut value) = serde_json::from_str::<Value>(body) {
        hide(&mut value);
        return format!("{value:#}");
    }
    let pairs: Vec<(&str, &str)> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
    if pairs.is_empty() || pairs.iter().any(|(name, _)| name.len() > 64 || !name.is_ascii()) {
        return format!("（{} 个字符，--reveal 显示）", body.chars().count());
    }
    pairs.iter().map(|(name, value)| format!("{name}={}", hint(value, false))).collect::<Vec<_>>().join("\n")
}

fn hide(value: &mut Value) {
    match value {
        Value::String(text) => *text = hint(text, false),
        Value::Number(_) => *value = Value::from("***"),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => fields.values_mut().for_each(hide),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The word for the kind of a rejection, explained.
fn reason(word: &str) -> String {
    let chinese = match word {
        "forged" => "验签或解密失败",
        "unreadable" => "报文无法读取",
        "stale" => "时间超出范围",
        "unknown" => "接口或编号不存在",
        "malformed" => "字段有误",
        other => return other.to_owned(),
    };
    format!("{chinese} {word}")
}

fn or_unknown(caller: &str) -> &str {
    if caller.is_empty() { "未知地址" } else { caller }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn names_are_shown_and_values_are_not() {
        let json =
            hidden(r#"{"biddername":"某某建设","phone":13800000000,"list":[{"a":"张三"}],"none":null}"#);
        assert!(
            json.contains("\"某***\"") && json.contains("biddername") && json.contains("张***"),
            "{json}"
        );
        assert!(!json.contains("建设") && !json.contains("138"), "{json}");
        assert_eq!(hidden("param=abc%3D&x=1"), "param=a***\nx=1***");
        assert_eq!(hidden("某某建设"), "（4 个字符，--reveal 显示）");
    }
}
