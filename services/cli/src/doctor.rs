//! `baohan doctor`: why a captured message does not prove itself, and which setting to change.

mod capture;
mod examine;

pub(crate) use examine::{Case, examine};

use crate::arguments::Doctor;
use crate::ground::Ground;
use crate::mask::hint;
use crate::page::{Grid, Page, Tone, Word};
use anyhow::Result;
use crypto::doctor::{Findings, Tone as Meant};
use serde_json::json;

/// Examines a captured message with a partner's own settings.
///
/// # Errors
/// If there is no such partner, its settings cannot be used, or the capture cannot be read.
pub(crate) fn doctor(ground: &Ground, wanted: &Doctor) -> Result<Page> {
    let request = capture::read(&wanted.file, &wanted.partner)?;
    let at = wanted.at.or_else(|| capture::dated(&request));
    let sign = wanted.sign.as_deref();
    let case =
        Case { partner: &wanted.partner, request, at, outbound: wanted.outbound || sign.is_some(), sign };
    Ok(page(&examine(ground, case)?, !wanted.masked))
}

/// What was found; texts that may be personal only if `reveal` is set.
pub(crate) fn page(findings: &Findings, reveal: bool) -> Page {
    let shown = |text: &str| if reveal { text.to_owned() } else { masked(text, &findings.private) };
    let mut tried = Grid::new(vec!["", "签名方式", "摘要", "待签名字符串"]).whole(&[2]);
    for one in &findings.tried {
        let text = shown(&one.text);
        tried.row(vec![mark(one.matches), one.name.as_str().into(), one.digest.as_str().into(), text.into()]);
    }
    let rows = findings.tried.iter().map(|one| {
        json!({ "way": one.name, "text": shown(&one.text), "digest": one.digest, "matches": one.matches })
    });
    let remarks =
        findings.remarks.iter().map(|one| json!({ "tone": word(one.tone), "say": shown(&one.say) }));
    let value = json!({
        "good": findings.is_good(),
        "tried": rows.collect::<Vec<_>>(),
        "remarks": remarks.collect::<Vec<_>>(),
        "settings": findings.lines,
    });
    let mut page = Page::of(value).grid(tried);
    for remark in &findings.remarks {
        page = page.line(format!("{} {}", sign(remark.tone), shown(&remark.say)));
    }
    if !findings.lines.is_empty() {
        page = page.line(format!("→ 在 [settings] 中写：\n{}", findings.lines.join("\n")));
    }
    if findings.is_good() { page.line("✓ 与当前配置一致，无需修改") } else { page.not_good() }
}

fn masked(text: &str, private: &[String]) -> String {
    let mut longest_first: Vec<&String> = private.iter().filter(|one| one.chars().count() > 1).collect();
    longest_first.sort_by_key(|one| std::cmp::Reverse(one.len()));
    longest_first.into_iter().fold(text.to_owned(), |text, one| text.replace(one.as_str(), &hint(one, false)))
}

const fn sign(tone: Meant) -> &'static str {
    match tone {
        Meant::Good => "✓",
        Meant::Bad => "✗",
        Meant::Note => "·",
    }
}

const fn word(tone: Meant) -> &'static str {
    match tone {
        Meant::Good => "good",
        Meant::Bad => "bad",
        Meant::Note => "note",
    }
}

fn mark(good: bool) -> Word {
    Word::toned(if good { "✓" } else { "✗" }, if good { Tone::Good } else { Tone::Bad })
}
