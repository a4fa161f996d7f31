//! Why a captured request was turned away: names, addresses, bodies and released keys as WIRE.md, table 002, has them. Nothing
//! is signed here, so that the names are all there is to compare.

use crate::codes::SEALABLE;
use crate::envelope::{Envelope, lay_open};
use crate::settings::{Auth, InboundBody, Settings};
use bytes::Bytes;
use crypto::doctor::{Findings, Look, Sealing, blocks, gbk, open_rsa};
use crypto::key::{Key, KeyForm};
use crypto::sealed::{RestoreKey, Wrapping, looks_sealed};
use crypto::secret::{Secret, Secrets};
use crypto::text;
use http::Request;
use http::header::{AUTHORIZATION, HeaderValue};
use protocol::{AllowList, Caller};
use serde_json::{Map, Value};

/// Fields that hold nothing personal.
const HARMLESS: [&str; 4] = ["openTime", "bzjEndTime", "applyTime", "icheck"];

/// Examines a captured request or callback.
///
/// # Errors
/// If the settings cannot be used; says which.
pub fn examine(
    settings: &Settings,
    secrets: &dyn Secrets,
    request: &Request<Bytes>,
    look: &Look<'_>,
) -> Result<Findings, String> {
    let envelope = Envelope::of(settings, secrets)?;
    let mut findings = Findings::default();
    names(&mut findings, settings, secrets, request, look)?;
    origin(&mut findings, settings, request);
    let fields = body(&mut findings, settings, &envelope, request.body(), look.outbound);
    if let Some(fields) = &fields {
        let personal = fields.iter().filter(|(name, _)| !HARMLESS.contains(&name.as_str()));
        findings.private = personal
            .filter_map(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect();
        sealed_fields(&mut findings, settings, fields);
        released(&mut findings, settings, &envelope, fields);
    }
    Ok(findings)
}

// === the names (YY-06) ===

fn names(
    findings: &mut Findings,
    settings: &Settings,
    secrets: &dyn Secrets,
    request: &Request<Bytes>,
    look: &Look<'_>,
) -> Result<(), String> {
    let resolve =
        |reference| secrets.resolve(reference).map_err(|why: crypto::secret::SecretMissing| why.to_string());
    let ours = (settings.user.trim(), resolve(&settings.code)?);
    let theirs = (
        settings.inbound_user.as_deref().unwrap_or(&settings.user).trim(),
        settings.inbound_code.as_ref().map(resolve).transpose()?.unwrap_or_else(|| ours.1.clone()),
    );
    let (expected, other) = if look.outbound { (&ours, &theirs) } else { (&theirs, &ours) };
    let Some(given) = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes) else {
        match (request.headers().is_empty(), settings.auth) {
            (true, _) => findings.note("抓包中没有请求头，未检查 Authorization"),
            (false, Auth::None) if !look.outbound => findings.good("auth = \"none\"：不检查 Authorization"),
            (false, _) => {
                findings.bad("缺少 Authorization 请求头：请对方以HTTP Basic发送 用户名:授权码；若只按来源IP识别，见下方配置");
                findings.paste("auth = \"none\"");
                findings.paste("allowed_ips = [\"对方出口地址\"]");
            }
        }
        return Ok(());
    };
    let given = given.trim_ascii();
    let (scheme, credentials) = match given.split_at_checked(5) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"Basic") && rest.starts_with(b" ") => {
            (true, rest)
        }
        _ => (false, given),
    };
    let credentials = std::str::from_utf8(credentials.trim_ascii()).unwrap_or_default();
    let decoded = text::from_base64_tolerant(credentials).unwrap_or_else(|_| credentials.as_bytes().to_vec());
    let spoken = text::from_base64_tolerant(credentials).is_ok();
    if decoded == pair(expected) {
        match (scheme, spoken, settings.auth) {
            (_, false, _) => {
                findings.bad("用户名与授权码正确，但没有做base64编码：应为 Basic base64(用户名:授权码)")
            }
            (false, _, Auth::Basic) if !look.outbound => {
                findings.bad("用户名与授权码正确，但缺少 Basic 前缀");
                findings.paste("auth = \"bare\"");
            }
            _ => findings.good("用户名与授权码与配置一致"),
        }
        return Ok(());
    }
    findings.bad(difference(&decoded, expected, other, look));
    Ok(())
}

fn pair((user, code): &(&str, Secret)) -> Vec<u8> {
    [user.as_bytes(), b":", code.expose_bytes()].concat()
}

fn difference(given: &[u8], expected: &(&str, Secret), other: &(&str, Secret), look: &Look<'_>) -> String {
    if given == pair(other) {
        return "使用了另一方向的用户名与授权码：请核对 inbound_user、inbound_code".to_owned();
    }
    if given == [&gbk(expected.0), &b":"[..], expected.1.expose_bytes()].concat() {
        return "用户名使用GBK编码：应为UTF-8".to_owned();
    }
    let Some(split) = given.iter().position(|byte| *byte == b':') else {
        return "Authorization 中没有冒号：应为 Basic base64(用户名:授权码)".to_owned();
    };
    let (user, code) = (&given[..split], &given[split + 1..]);
    let same_code = expected.1.matches(code);
    let owner = look.others.iter().find(|(_, secret)| secret.matches(code) && !same_code);
    match (user == expected.0.as_bytes(), same_code) {
        _ if owner.is_some() => {
            let owner = owner.map(|(owner, _)| owner.as_str()).unwrap_or_default();
            format!("授权码属于合作方 {owner}：请核对授权码与合作方是否对应")
        }
        (true, false) if expected.1.expose().trim().as_bytes() == code.trim_ascii() => {
            "授权码首尾有多余空白：请核对密钥文件与对方".to_owned()
        }
        (true, false) if expected.1.expose().as_bytes().eq_ignore_ascii_case(code) => {
            "授权码仅大小写不同：请核对".to_owned()
        }
        (true, _) => "用户名正确，授权码与配置不一致".to_owned(),
        (false, true) if user.trim_ascii().eq_ignore_ascii_case(expected.0.as_bytes()) => {
            "授权码正确，用户名仅大小写或首尾空白不同：请核对 settings.user / inbound_user".to_owned()
        }
        (false, true) => "授权码正确，用户名与配置不一致：请核对 settings.user / inbound_user".to_owned(),
        (false, false) => "用户名与授权码均与配置不一致：该报文可能属于另一合作方".to_owned(),
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

// === the body (WIRE.md 002) ===

fn body(
    findings: &mut Findings,
    settings: &Settings,
    envelope: &Envelope,
    body: &[u8],
    outbound: bool,
) -> Option<Map<String, Value>> {
    let Some((fields, sealed)) = lay_open(body) else {
        findings.bad("请求体不是UTF-8文本");
        return None;
    };
    if let Some(fields) = fields {
        if settings.inbound_body == InboundBody::Recovered && !outbound {
            findings.bad("报文是明文JSON，配置要求RSA加密（inbound_body = \"recovered\"）");
            findings.paste("inbound_body = \"plain\"");
        } else {
            findings.good("报文为明文JSON（平铺、data 包裹或数组均可）");
        }
        return Some(fields);
    }
    let Ok(bytes) = text::from_base64_tolerant(&sealed) else {
        findings.bad("请求体既不是JSON，也不是base64密文");
        return None;
    };
    let keys: Vec<_> = envelope.key.iter().collect();
    let opened = open_rsa(&bytes, None, &keys, |plain| serde_json::from_slice::<Value>(plain).is_ok());
    match opened.into_iter().next() {
        Some((Sealing::By, plain)) => {
            if settings.inbound_body == InboundBody::Recovered {
                findings.good("报文可用公钥（platform_key）还原，与配置一致");
            } else {
                findings.bad("报文经平台私钥加密，可用公钥还原，但配置为明文");
                findings.paste("inbound_body = \"recovered\"");
            }
            serde_json::from_slice(&plain).ok()
        }
        _ => {
            unopened(findings, envelope, bytes.len(), outbound);
            None
        }
    }
}

fn unopened(findings: &mut Findings, envelope: &Envelope, length: usize, outbound: bool) {
    let bits = blocks(length);
    let own = envelope.key.as_ref().map(|key| key.modulus_len() * 8);
    match (own, bits.as_slice()) {
        (_, []) => {
            findings.bad(format!("密文长 {length} 字节，不是RSA整块（128、256…字节）：被截断，或不是RSA"))
        }
        (None, bits) => {
            findings.bad(format!("密文长 {length} 字节，像RSA（{bits:?} 位），但未配置公钥"));
            findings.paste("platform_key = \"file:PATH\"");
        }
        (Some(own), bits) if !bits.contains(&own) => {
            findings.bad(format!(
                "密文长 {length} 字节，不是 {own} 位密钥的整块：对方使用另一把密钥（可能为 {bits:?} 位）"
            ));
        }
        (Some(_), _) if outbound => {
            findings.note("回调以公钥加密，只有平台的私钥能解：请对方确认使用的公钥与我方一致")
        }
        (Some(_), _) => findings.bad("密文用 platform_key 还原失败：公钥不对，或对方用公钥而不是私钥加密"),
    }
}

// === sealed fields and the keys that open them (YY-03 to YY-05) ===

fn sealed_fields(findings: &mut Findings, settings: &Settings, fields: &Map<String, Value>) {
    let mut seen = Vec::new();
    for ((name, title), _) in SEALABLE {
        let Some(value) = fields.get(name).and_then(Value::as_str).filter(|value| !value.is_empty()) else {
            continue;
        };
        let length = text::from_base64_tolerant(value).map(|bytes| bytes.len()).unwrap_or_default();
        let what = match (looks_sealed(value), blocks(length).is_empty(), length % 16) {
            (false, ..) => "明文",
            (true, false, _) => "RSA密文",
            (true, true, 0) => "对称密文",
            _ => "长度不合法的密文（可能被截断）",
        };
        seen.push(format!("{title}({name})：{what}"));
        let named = settings.sealed_fields.as_ref().is_some_and(|named| named.iter().any(|one| one == name));
        if named && what == "明文" {
            findings.bad(format!("{title}({name}) 在 settings.sealed_fields 中，但报文里是明文"));
        }
    }
    if !seen.is_empty() {
        findings.note(format!("密文字段 {}", seen.join("，")));
    }
}

fn released(findings: &mut Findings, settings: &Settings, envelope: &Envelope, fields: &Map<String, Value>) {
    let Some(given) = fields.get("secretKey").and_then(Value::as_str).filter(|key| !key.trim().is_empty())
    else {
        return;
    };
    let wrapping = Wrapping { kek: None, public: envelope.key.clone() };
    match RestoreKey::read(given, &wrapping) {
        Ok(key) if key.rsa().is_some() => findings.good("secretKey 是RSA密钥，可用于还原"),
        Ok(_) if settings.symmetric.is_empty() => {
            findings.bad("secretKey 是对称密钥，但未配置对称算法");
            findings.paste("symmetric = [\"sm4_ecb\", \"aes_ecb\"]");
        }
        Ok(_) => findings.good("secretKey 是对称密钥，按 settings.symmetric 逐一尝试"),
        Err(_)
            if Key::read(&Secret::new(given), KeyForm::Base64)
                .is_ok_and(|key| !blocks(key.len()).is_empty()) =>
        {
            findings.bad("secretKey 像是被RSA加密过的密钥：用 platform_key 解不开，或未配置");
            findings.paste("platform_key = \"file:PATH\"");
        }
        Err(why) => findings.bad(format!("secretKey 无法识别（{why}）：请向对方确认密钥形式")),
    }
}

#[cfg(test)]
mod tests;
