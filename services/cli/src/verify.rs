//! `baohan verify`: whether a document is genuine, and what speaks against it.

use crate::arguments::Verify;
use crate::ground::Ground;
use crate::moment;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use signing::TrustAnchors;
use signing::verify::{Findings, Limits, Reason, TimeSource, check};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Checks one file with the roots of `--trust`, or those of the settings.
///
/// # Errors
/// If the file or the roots cannot be read.
pub(crate) fn verify(wanted: &Verify, settings: &[PathBuf]) -> Result<Page> {
    let trust = roots(wanted, settings)?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    let file = File::open(&wanted.file).with_context(|| format!("cannot open {}", wanted.file.display()))?;
    // One byte more than is looked at, so that a file too large is seen to be so and never read whole.
    file.take(limits.file_bytes as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", wanted.file.display()))?;
    let page = told(&check(&bytes, &trust, moment::now(), &limits), &wanted.file);
    Ok(if trust.is_empty() {
        page.line("no root certificates are given, so nobody is trusted: --trust ROOTS.pem, or documents.trust in the settings")
    } else {
        page
    })
}

fn roots(wanted: &Verify, settings: &[PathBuf]) -> Result<TrustAnchors> {
    let path = match &wanted.trust {
        Some(path) => Some(path.clone()),
        None if settings.is_empty() => None,
        None => Ground::read(settings)?.gateway.documents.and_then(|documents| documents.trust),
    };
    let Some(path) = path else { return Ok(TrustAnchors::default()) };
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    TrustAnchors::from_pem(&text).with_context(|| format!("the file {}", path.display()))
}

fn told(findings: &Findings, file: &Path) -> Page {
    let yes_no = |good: bool, yes: &str, no: &str| {
        if good { Word::toned(yes, Tone::Good) } else { Word::toned(no, Tone::Bad) }
    };
    let mut grid = Grid::new(vec!["项目", "结果"]).whole(&[0]);
    let mut row = |name: &str, word: Word| grid.row(vec![name.into(), word]);
    row("文件 file", file.display().to_string().into());
    row("SHA-256", findings.sha256.as_str().into());
    row("签名 signature", yes_no(findings.signature_valid, "有效 valid", "无效 not valid"));
    row(
        "内容 content",
        yes_no(!findings.is_modified, "未被修改 not modified", "已被修改或无法确认 modified or unknown"),
    );
    row("信任 trust", yes_no(findings.trusted, "可信 trusted", "不可信 not trusted"));
    row("签署者 signer", findings.signer.as_deref().unwrap_or("-").into());
    row("签发机构 issuer", findings.issuer.as_deref().unwrap_or("-").into());
    row("签署时间 signed", time(findings).into());
    for reason in &findings.reasons {
        let tone = if reason.is_objection() { Tone::Bad } else { Tone::Open };
        row("说明 note", Word::toned(format!("{}（{}）", reason.chinese(), reason.english()), tone));
    }
    let page = Page::of(json(findings)).grid(grid);
    if findings.is_genuine() {
        page.line("✓ 文件真实有效 the document is genuine")
    } else {
        page.line("✗ 文件未通过验证 the document is not accepted").not_good()
    }
}

fn time(findings: &Findings) -> String {
    let Some(time) = findings.signing_time else { return "-".to_owned() };
    let source = match time.source {
        TimeSource::Timestamp => "时间戳证明 proven by a timestamp",
        TimeSource::Attribute | TimeSource::Dictionary => "签署者声明 claimed by the signer",
    };
    format!("{}（{source}）", moment::shortly(time.at))
}

fn json(findings: &Findings) -> Value {
    let reason = |reason: &Reason| json!({ "code": format!("{reason:?}"), "zh": reason.chinese(), "en": reason.english(), "objection": reason.is_objection() });
    let time = findings.signing_time.map(|time| {
        let source = match time.source {
            TimeSource::Timestamp => "timestamp",
            TimeSource::Attribute => "attribute",
            TimeSource::Dictionary => "dictionary",
        };
        json!({ "at": time.at, "source": source })
    });
    json!({
        "genuine": findings.is_genuine(), "sha256": findings.sha256, "signature_valid": findings.signature_valid,
        "is_modified": findings.is_modified, "trusted": findings.trusted, "signing_time": time,
        "signer": findings.signer, "issuer": findings.issuer, "sandbox": findings.sandbox,
        "reasons": findings.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}
