//! `baohan partner new`: a file for a partner that has none yet, every key of its protocol explained.

use super::Sheet;
use crate::arguments::NewPartner;
use crate::ground::Ground;
use crate::page::Page;
use anyhow::{Context, Result, bail};
use boot::settings::partner_file;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What marks a line that has to be filled.
pub(super) const MARK: &str = "  # FILL IN";

/// What a partner's file of each protocol begins as.
pub(crate) const TEMPLATES: [(&str, &str); 5] = [
    ("finserv", protocol_finserv::TEMPLATE),
    ("fuzhou", protocol_fuzhou::TEMPLATE),
    ("govproc", protocol_govproc::TEMPLATE),
    ("pubres", protocol_pubres::TEMPLATE),
    ("yueyang", protocol_yueyang::TEMPLATE),
];

/// Writes a commented file; never over one that is there. `ground` is asked only where no `--output` says where.
///
/// # Errors
/// If there is a partner with this id already, or a file in its place.
pub(crate) fn new(ground: impl FnOnce() -> Result<Ground>, wanted: &NewPartner) -> Result<Page> {
    let (kind, template) = TEMPLATES
        .into_iter()
        .find(|(name, _)| *name == wanted.kind)
        .with_context(|| format!("{} is not spoken here", wanted.kind))?;
    let id = wanted.id.as_ref().map_or(kind, |id| id.as_str());
    if wanted.output.as_deref() == Some(Path::new("-")) {
        let secrets = wanted.secrets.clone().unwrap_or_else(|| "secrets".into());
        let text = partner_file(template, id, &secrets.display().to_string());
        return Ok(Page::of(json!({ "partner": id, "text": text })).line(text.trim_end().to_owned()));
    }
    let (path, secrets) = place(ground, wanted, id)?;
    let text = partner_file(template, id, &wanted.secrets.clone().unwrap_or(secrets).display().to_string());
    written(&path, &text)?;
    Ok(told(&path, id, &text))
}

/// The file, and the folder in which its secrets are to lie: beside the folder of partners.
fn place(
    ground: impl FnOnce() -> Result<Ground>,
    wanted: &NewPartner,
    id: &str,
) -> Result<(PathBuf, PathBuf)> {
    if let Some(path) = &wanted.output {
        return Ok((path.clone(), "secrets".into()));
    }
    let folder = ground()?.gateway.partners.folder;
    if let Ok(Some(sheet)) = Sheet::find(&folder, id) {
        bail!("{id} is the id of {} already: give another with --id", sheet.path.display());
    }
    let beside = folder.parent().map(|above| above.join("secrets"));
    Ok((folder.join(format!("{id}.toml")), beside.unwrap_or_else(|| "secrets".into())))
}

fn written(path: &Path, text: &str) -> Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).open(path);
    match made.and_then(|mut file| file.write_all(text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already, and nothing is written over it: give --output", path.display())
        }
        done => done.with_context(|| format!("{} cannot be written", path.display())),
    }
}

fn told(path: &Path, id: &str, text: &str) -> Page {
    let open = text.lines().enumerate().filter(|(_, line)| line.contains(MARK));
    let lines: Vec<usize> = open.map(|(at, _)| at + 1).collect();
    let shown = path.display();
    Page::of(json!({ "partner": id, "file": path, "fill_in": lines }))
        .line(format!("✓ {shown}"))
        .line(format!("1. 填写标有 FILL IN 的 {} 行 fill the lines marked FILL IN", lines.len()))
        .line("2. baohan check —— 逐行指出尚缺的内容 names what is still missing".to_owned())
        .line(format!("3. baohan partner guide {id} —— 发给对方工程师的联调说明 the sheet for its engineer"))
        .line(
            "在填完之前，运行中的进程沿用原有配置，但新启动的进程会拒绝该文件；生产环境请先用 --output 写到别处，填好再移入。\n\
             Until it is filled, running processes keep what they have and starting ones refuse it: in production write it \
             elsewhere with --output and move it when it is filled."
                .to_owned(),
        )
}
