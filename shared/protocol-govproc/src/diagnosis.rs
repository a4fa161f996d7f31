//! Why a captured request does not decipher: every shape, key form, mode and vector of WIRE.md, table 003.

use crate::envelope::{APP_KEY, in_body, in_query};
use crate::settings::{AllowList, Cipher, Settings, Shape, Vector};
use bytes::Bytes;
use crypto::doctor::{Findings, Look, Opened, open_with};
use crypto::key::{Key, KeyForm};
use crypto::secret::{Secret, Secrets};
use http::{Method, Request};
use protocol::Caller;
use serde_json::{Map, Value};

const SHAPES: [(&str, Shape); 6] = [
    ("data", Shape::Data),
    ("param", Shape::Param),
    ("params", Shape::Params),
    ("encrypt", Shape::Encrypt),
    ("literal", Shape::Literal),
    ("bare", Shape::Bare),
];

const IV_FORMS: [(&str, KeyForm); 3] =
    [("utf8", KeyForm::Utf8), ("hex", KeyForm::Hex), ("base64", KeyForm::Base64)];

/// Examines a captured request, callback or answer.
///
/// # Errors
/// If the secret cannot be had; says which.
pub fn examine(
    settings: &Settings,
    secrets: &dyn Secrets,
    request: &Request<Bytes>,
    look: &Look<'_>,
) -> Result<Findings, String> {
    let secret = secrets.resolve(&settings.app_secret).map_err(|why| why.to_string())?;
    let iv = match &settings.iv {
        Some(iv) => vectors(&secrets.resolve(iv).map_err(|why| why.to_string())?),
        None => Vec::new(),
    };
    let mut findings = Findings::default();
    account(&mut findings, settings, request);
    origin(&mut findings, settings, request);
    let carried = carried(request);
    if carried.is_empty() {
        plain(&mut findings, settings, request);
        return Ok(findings);
    }
    let ways = |secret: &Secret| {
        carried.iter().find_map(|(shape, text)| {
            let way = chosen(settings, open_with(text, secret, &iv, is_object))?;
            Some((*shape, way))
        })
    };
    match ways(&secret) {
        Some((shape, way)) => opened(&mut findings, settings, shape, &way),
        None => closed(&mut findings, &secret, look, |secret| ways(secret).is_some()),
    }
    Ok(findings)
}

/// The way of the settings if it is among those that fit.
fn chosen(settings: &Settings, mut ways: Vec<Opened>) -> Option<Opened> {
    let own = ways.iter().position(|way| differences(settings, way).is_empty());
    (!ways.is_empty()).then(|| ways.swap_remove(own.unwrap_or(0)))
}

fn is_object(plain: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(plain).is_ok()
}

/// The texts that a request carries, each once, with the name of its shape; the shape of the settings is told by its own
/// name where several fit.
fn carried(request: &Request<Bytes>) -> Vec<((&'static str, Shape), String)> {
    let mut texts: Vec<((&'static str, Shape), String)> = Vec::new();
    for (name, shape) in SHAPES {
        let found = match *request.method() {
            Method::GET => in_query(request.uri(), shape),
            _ => in_body(request.body(), shape),
        };
        let text = found.filter(|text| {
            shape_fits(request.body(), shape) || request.method() == Method::GET && !text.is_empty()
        });
        texts.extend(text.map(|text| ((name, shape), text)));
    }
    texts
}

/// A text alone and a JSON string are read in every shape; here each is what it looks like.
fn shape_fits(body: &[u8], shape: Shape) -> bool {
    match (body.trim_ascii().first(), shape) {
        (Some(b'{'), Shape::Bare | Shape::Literal) => false,
        (Some(b'"'), shape) => shape == Shape::Literal,
        (Some(b'{'), _) => true,
        (_, shape) => shape == Shape::Bare,
    }
}

fn account(findings: &mut Findings, settings: &Settings, request: &Request<Bytes>) {
    let known = settings.app_key.trim();
    match request.headers().get(APP_KEY).map(|given| given.as_bytes().trim_ascii()) {
        Some(given) if given == known.as_bytes() => findings.good("appKey 请求头与配置一致"),
        Some(given) if given.eq_ignore_ascii_case(known.as_bytes()) => {
            findings.bad("appKey 请求头仅大小写与配置不同：请核对 settings.app_key");
        }
        Some(_) => findings.bad("appKey 请求头与配置不一致：请核对 settings.app_key，或该报文属于另一合作方"),
        None if request.headers().is_empty() => findings.note("抓包中没有请求头，未检查 appKey"),
        None => findings.bad("缺少 appKey 请求头：请对方在请求头中发送 appKey"),
    }
}

fn origin(findings: &mut Findings, settings: &Settings, request: &Request<Bytes>) {
    let list = AllowList::parse(&settings.allowed_ips).ok().filter(|list| !list.is_empty());
    if let (Some(list), Some(Caller(address))) = (list, request.extensions().get::<Caller>())
        && !list.admits(*address)
    {
        findings.bad(format!("来源地址 {address} 不在 settings.allowed_ips 中：确认为对方出口后加入"));
    }
}

/// Nothing enciphered is to be found.
fn plain(findings: &mut Findings, settings: &Settings, request: &Request<Bytes>) {
    let body = String::from_utf8_lossy(request.body());
    if !is_object(body.trim()) {
        return findings.bad("请求体中没有密文：既不是 {\"data\":\"…\"} 等形式，也不是密文本身");
    }
    if settings.shape == Shape::Plain {
        return findings.good("报文为明文，与配置一致（仅限沙箱）");
    }
    findings.bad("报文是未加密的JSON：请对方加密；仅在沙箱（transport = \"sandbox\"）可接受明文");
    findings.paste("shape = \"plain\"");
}

/// Key form, mode and vector that differ from the settings, as lines.
fn differences(settings: &Settings, way: &Opened) -> Vec<String> {
    let mut lines = Vec::new();
    if way.form != settings.key_form {
        lines.push(format!("key_form = \"{}\"", way.key_form));
    }
    let cipher = if way.mode == "ecb" { Cipher::Ecb } else { Cipher::Cbc };
    if cipher != settings.cipher {
        lines.push(format!("cipher = \"{}\"", way.mode));
    }
    let (vector, name) = match way.vector {
        "" => return lines,
        "key" => (Vector::Key, "key"),
        "prefixed" => (Vector::Prefixed, "prefixed"),
        _ => (Vector::Given, "given"),
    };
    if vector != settings.vector {
        lines.push(format!("vector = \"{name}\""));
    }
    let form = IV_FORMS.iter().find(|(known, _)| *known == way.vector).map(|(_, form)| *form);
    if form.is_some_and(|form| form != settings.iv_form) {
        lines.push(format!("iv_form = \"{}\"", way.vector));
    }
    lines
}

fn opened(findings: &mut Findings, settings: &Settings, (name, shape): (&str, Shape), way: &Opened) {
    let vector = if way.vector.is_empty() { String::new() } else { format!("，向量 {}", way.vector) };
    let how =
        format!("形式 {name}，密钥 {}，{}{vector}，{}", way.key_form, way.mode.to_uppercase(), way.encoding);
    let mut lines = differences(settings, way);
    // A text alone and a JSON string are taken in any shape but plain.
    let told = matches!(shape, Shape::Bare | Shape::Literal) && settings.shape != Shape::Plain;
    if shape != settings.shape && !told {
        lines.insert(0, format!("shape = \"{name}\""));
    }
    if way.vector == "zero" {
        findings.bad("对方的向量为16个零字节：请把 settings.iv 设为16个零字节（iv_form = \"hex\"）");
    }
    if lines.is_empty() {
        findings.good(format!("解密成功（{how}），与配置一致"));
    } else {
        findings.bad(format!("可以解密（{how}），但与配置不同"));
    }
    lines.into_iter().for_each(|line| findings.paste(line));
}

fn closed(findings: &mut Findings, secret: &Secret, look: &Look<'_>, opens: impl Fn(&Secret) -> bool) {
    let trimmed = Secret::new(secret.expose().trim());
    if trimmed.expose() != secret.expose() && opens(&trimmed) {
        return findings.bad("appSecret 首尾有多余空白，请检查密钥文件");
    }
    if let Some((owner, _)) = look.others.iter().find(|(_, other)| opens(other)) {
        return findings.bad(format!("密文使用的是合作方 {owner} 的密钥：请核对密钥与合作方是否对应"));
    }
    findings.bad(
        "所有密钥形式、模式与向量均无法解密：appSecret 不一致，或密文在传输中被改动（如加号变空格、被截断）",
    );
}

fn vectors(iv: &Secret) -> Vec<(&'static str, Vec<u8>)> {
    let read = |(name, form): (&'static str, KeyForm)| Some((name, Key::read(iv, form).ok()?.to_vec()));
    let forms = IV_FORMS.into_iter().filter_map(read).filter(|(_, iv)| iv.len() == 16);
    forms.chain([("zero", vec![0; 16])]).collect()
}

#[cfg(test)]
mod tests;
