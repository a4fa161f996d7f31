//! `baohan doctor`: why a captured request does not prove itself, and which setting to change.

mod govproc;
mod pubres;

use crate::arguments::Doctor;
use crate::ground::Ground;
use crate::page::{Page, Tone, Word};
use crate::send::known;
use anyhow::{Context, Result, anyhow, bail};
use boot::settings::every_partner;
use bytes::Bytes;
use http::Request;
use std::io::Read as _;
use std::path::Path;

/// Examines a captured request with a partner's own settings.
///
/// # Errors
/// If there is no such partner, or the capture cannot be read.
pub(crate) fn doctor(ground: &Ground, wanted: &Doctor) -> Result<Page> {
    let folder = &ground.gateway.partners.folder;
    let found = every_partner(folder)?.into_iter().find(|one| one.id == wanted.partner);
    let partner = found.ok_or_else(|| anyhow!("no partner {}: `baohan check` lists them", wanted.partner))?;
    let request = captured(&wanted.file)?;
    match partner.protocol.as_str() {
        "pubres" => pubres::examine(&known(folder, &partner)?, &request),
        "govproc" => govproc::examine(&known(folder, &partner)?, &request),
        other => bail!("requests of {other} are not examined yet: pubres and govproc are"),
    }
}

/// A captured request: a whole HTTP message with its head, or the body alone.
fn captured(file: &Path) -> Result<Request<Bytes>> {
    let mut text = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut text).context("standard input cannot be read")?;
    } else {
        text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    }
    let break_at =
        |gap: &[u8]| text.windows(gap.len()).position(|part| part == gap).map(|at| (at, gap.len()));
    let starts = [b"POST ".as_slice(), b"GET "].iter().any(|word| text.starts_with(word));
    let Some((head, gap)) = break_at(b"\r\n\r\n").or_else(|| break_at(b"\n\n")).filter(|_| starts) else {
        return Ok(Request::post("/").body(Bytes::from(text))?);
    };
    let body = Bytes::copy_from_slice(&text[head + gap..]);
    let lines = String::from_utf8_lossy(&text[..head]).into_owned();
    let mut lines = lines.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or("POST"), first.next().unwrap_or("/"));
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request = request.header(name.trim(), value.trim());
    }
    request.body(body).context("the capture begins like an HTTP message but is none")
}

/// ✓ or ✗.
fn mark(good: bool) -> Word {
    Word::toned(if good { "✓" } else { "✗" }, if good { Tone::Good } else { Tone::Bad })
}
