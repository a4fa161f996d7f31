//! govproc: under which shape, key form and mode a body deciphers (WIRE.md, table 003).

use super::mark;
use crate::page::{Grid, Page};
use anyhow::{Result, anyhow};
use boot::Partner;
use bytes::Bytes;
use http::Request;
use protocol_govproc::{Settings, examine as look};
use serde_json::json;

/// Examines a captured request.
///
/// # Errors
/// If the secret cannot be had.
pub(super) fn examine(partner: &Partner<Settings>, request: &Request<Bytes>) -> Result<Page> {
    let found = look(&partner.settings, &boot::secrets(), request).map_err(|why| anyhow!(why))?;
    let mut grid =
        Grid::new(vec!["", "报文形式 shape", "密钥形式 key_form", "模式 cipher", "向量 vector", "编码"]);
    let shape = found.shapes.join(" / ");
    for way in &found.opened {
        grid.row(vec![
            mark(true),
            shape.as_str().into(),
            way.key_form.into(),
            way.mode.into(),
            way.vector.into(),
            way.encoding.into(),
        ]);
    }
    let account = match found.app_key_known {
        Some(true) => "appKey 与配置一致",
        Some(false) => "appKey 与配置不一致：请核对 settings.app_key",
        None => "抓包中没有 appKey 请求头：请确认对方是否发送",
    };
    let advice = match found.opened.as_slice() {
        [] if found.shapes.is_empty() => {
            "✗ 请求体中没有密文：不是 {\"data\":\"…\"} 等任何已知形式".to_owned()
        }
        [] => "✗ 所有密钥形式与模式均无法解密：appSecret 不一致，或密文在传输中被改动".to_owned(),
        ways => {
            let way = &ways[0];
            let vector =
                if way.vector.is_empty() { String::new() } else { format!("\nvector = \"{}\"", way.vector) };
            let (shape, form, mode) = (found.shapes.first().unwrap_or(&"data"), way.key_form, way.mode);
            format!(
                "→ [settings] 应为：\nshape = \"{shape}\"\nkey_form = \"{form}\"\ncipher = \"{mode}\"{vector}"
            )
        }
    };
    let ways: Vec<_> = found.opened.iter().map(|way| json!({ "key_form": way.key_form, "cipher": way.mode, "vector": way.vector, "encoding": way.encoding })).collect();
    let good = !found.opened.is_empty() && found.app_key_known != Some(false);
    let page =
        Page::of(json!({ "app_key_known": found.app_key_known, "shapes": found.shapes, "opened": ways }));
    let page = page.grid(grid).line(account).line(advice);
    Ok(if good { page } else { page.not_good() })
}
