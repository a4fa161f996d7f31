//! pubres: which string was signed (WIRE.md, table 001).

use super::mark;
use crate::page::{Grid, Page};
use anyhow::{Result, anyhow};
use boot::Partner;
use bytes::Bytes;
use crypto::doctor::Conclusion;
use http::Request;
use protocol_pubres::{Pubres, Settings};
use serde_json::json;

/// Examines a captured request.
///
/// # Errors
/// Mistakes in the partner's settings, or a body that cannot be read at all.
pub(super) fn examine(partner: &Partner<Settings>, request: &Request<Bytes>) -> Result<Page> {
    let made = Pubres::new(
        partner.id.clone(),
        &partner.settings,
        &partner.base_url,
        &partner.urls,
        &boot::secrets(),
    );
    let pubres = made.map_err(|problems| {
        anyhow!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let examined = pubres.examine(request).map_err(|why| anyhow!("{}（{}）", why.say, why.why))?;
    let mut grid = Grid::new(vec!["", "签名方式", "摘要", "待签名字符串"]);
    for one in &examined.signature.tried {
        grid.row(vec![
            mark(one.matches),
            one.name.into(),
            one.digest.as_str().into(),
            one.text.as_str().into(),
        ]);
    }
    let (good, advice) = match &examined.signature.conclusion {
        Conclusion::Holds if examined.appkey_known => (true, "✓ 签名正确，当前配置无需修改".to_owned()),
        Conclusion::Holds => (false, "✗ 签名正确，但appkey与配置不一致：请核对 settings.appkey".to_owned()),
        Conclusion::Setting(line) => (false, format!("→ 在 [settings] 中加入：{line}")),
        Conclusion::Difference(what) => (false, format!("→ {what}")),
        Conclusion::Nothing => (
            false,
            "✗ 所有方式均不匹配：密钥不一致，或报文在签名后被改动；请与对方交换一条完整示例".to_owned(),
        ),
    };
    let rows: Vec<_> = examined
        .signature
        .tried
        .iter()
        .map(|one| json!({ "way": one.name, "text": one.text, "digest": one.digest, "matches": one.matches }))
        .collect();
    let page = Page::of(json!({ "appkey_known": examined.appkey_known, "tried": rows, "advice": advice }));
    let page = page.grid(grid).line(advice);
    Ok(if good { page } else { page.not_good() })
}
