//! Why a captured request was turned away: every way of signing and of handing over keys that real platforms were seen to use
//! (WIRE.md, table 001).

use crate::codes::{APPKEY, PLATFORM_CODE, SIGN, TIMESTAMP};
use crate::envelope::Envelope;
use crate::settings::{Settings, documented};
use bytes::Bytes;
use crypto::canonical::{Changes, Digest, Nested, NullAs, Number, Placement, Skip, Sort, Token};
use crypto::doctor::{Captured, Conclusion, Diagnosis, Findings, Look, Recipe, Spelled, Variant, sign};
use crypto::key::{Key, KeyForm};
use crypto::secret::{Secret, Secrets};
use domain::Timestamp;
use http::Request;
use protocol::{names_in_order, parse_shanghai};

/// Fields that hold nothing personal.
const HARMLESS: [&str; 5] = ["appkey", "timestamp", "platformcode", "sign", "iv"];

/// The variants, each with the knob that says so.
fn variants() -> Vec<Variant> {
    let none = Changes::default;
    let variant = |name, changes, knob| Variant { name, changes, only: None, knob: Some(knob) };
    let secret = |placement| Changes { secret: Some(placement), ..none() };
    vec![
        variant("空值参与签名", Changes { skip: Some(Skip::None), ..none() }, "skip = \"none\""),
        variant("仅跳过null", Changes { skip: Some(Skip::Null), ..none() }, "skip = \"null\""),
        variant("仅跳过null与空串", Changes { skip: Some(Skip::Empty), ..none() }, "skip = \"empty\""),
        variant(
            "空值参与签名，null写作null",
            Changes { skip: Some(Skip::None), null_as: Some(NullAs::Word), ..none() },
            "skip = \"none\", null_as = \"null\"",
        ),
        variant("排序不区分大小写", Changes { sort: Some(Sort::AsciiCi), ..none() }, "sort = \"ascii_ci\""),
        variant(
            "密钥以&key=拼接",
            secret(Placement::Suffix("&key=".into())),
            "secret = { suffix = \"&key=\" }",
        ),
        variant("密钥以&拼接", secret(Placement::Suffix("&".into())), "secret = { suffix = \"&\" }"),
        variant("密钥直接拼接在后", secret(Placement::Suffix(String::new())), "secret = { suffix = \"\" }"),
        variant("密钥加&拼接在前", secret(Placement::Prefix("&".into())), "secret = { prefix = \"&\" }"),
        variant("密钥直接拼接在前", secret(Placement::Prefix(String::new())), "secret = { prefix = \"\" }"),
        variant("密钥前后拼接", secret(Placement::Wrap), "secret = \"wrap\""),
        variant("HMAC-SM3", Changes { digest: Some(Digest::HmacSm3), ..none() }, "digest = \"hmac_sm3\""),
        variant("MD5", Changes { digest: Some(Digest::Md5), ..none() }, "digest = \"md5\""),
        variant("去除首尾空白后签名", Changes { trim: Some(true), ..none() }, "trim = true"),
        variant(
            "数字按Java double",
            Changes { number: Some(Number::JavaDouble), ..none() },
            "number = \"java_double\"",
        ),
        variant("数字按两位小数", Changes { number: Some(Number::Fixed2), ..none() }, "number = \"fixed2\""),
        variant("嵌套内容按原文", Changes { nested: Some(Nested::Raw), ..none() }, "nested = \"raw\""),
    ]
}

/// Examines a captured request or callback; `at` is the moment it arrived, if that is known.
///
/// # Errors
/// If the settings cannot be used; says which.
pub fn examine(
    settings: &Settings,
    secrets: &dyn Secrets,
    request: &Request<Bytes>,
    at: Option<Timestamp>,
    look: &Look<'_>,
) -> Result<Findings, String> {
    let envelope = Envelope::of(settings, secrets)?;
    let mut findings = Findings::default();
    let readings = match envelope.lay_open(request.body()) {
        Ok(readings) => readings,
        Err(why) => {
            findings.bad(why);
            return Ok(findings);
        }
    };
    let judged = |reading: &Reading| (signature(&envelope, reading, look), reading.clone());
    let all: Vec<(Diagnosis, Reading)> = readings.iter().map(judged).collect();
    // The reading that proves something is the one that was meant.
    let proving = all.iter().position(|(diagnosis, _)| diagnosis.conclusion != Conclusion::Nothing);
    let Some((diagnosis, reading)) = all.into_iter().nth(proving.unwrap_or(0)) else { return Ok(findings) };
    account(&mut findings, settings, &envelope, &reading);
    if !look.outbound {
        clock(&mut findings, settings, &reading, at);
    }
    findings.private = reading.private();
    findings.signed(diagnosis, look.outbound);
    if !look.outbound {
        key(&mut findings, settings, secrets, &reading);
    }
    Ok(findings)
}

/// One way in which a body can be read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) json: String,
    /// Name and value of every field, as they stand in the JSON.
    pub(crate) fields: Vec<(String, Spelled)>,
}

impl Reading {
    /// The text of a field as it stands.
    fn text(&self, wanted: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == wanted);
        match found {
            Some((_, Spelled::Text(text) | Spelled::Number(text))) => text,
            _ => "",
        }
    }

    fn private(&self) -> Vec<String> {
        let personal = self.fields.iter().filter(|(name, _)| !HARMLESS.contains(&name.as_str()));
        personal
            .filter_map(|(_, value)| match value {
                Spelled::Text(text) | Spelled::Nested(text) => Some(text.clone()),
                _ => None,
            })
            .collect()
    }
}

fn account(findings: &mut Findings, settings: &Settings, envelope: &Envelope, reading: &Reading) {
    let (given, known) = (reading.text(APPKEY.0), envelope.appkey.expose());
    match given {
        given if given.trim() == known => findings.good("appkey 与配置一致"),
        "" => findings.bad("报文中没有 appkey"),
        given if given.trim().eq_ignore_ascii_case(known) => {
            findings.bad("appkey 仅大小写与配置不同：请核对 settings.appkey");
        }
        _ => findings.bad("appkey 与配置不一致：请核对 settings.appkey，或该报文属于另一合作方"),
    }
    let platform = reading.text(PLATFORM_CODE.0).trim();
    if let Some(code) =
        settings.platform_code.as_deref().filter(|code| !platform.is_empty() && code.trim() != platform)
    {
        findings.bad(format!("platformcode 是 {platform}，配置中是 {}：请核对", code.trim()));
        findings.paste(format!("platform_code = \"{platform}\""));
    }
}

fn clock(findings: &mut Findings, settings: &Settings, reading: &Reading, at: Option<Timestamp>) {
    let Some(window) = settings.timestamp_window_s.map(i64::from) else { return };
    let given = reading.text(TIMESTAMP.0);
    let Some(shown) = parse_shanghai(given) else {
        return findings.bad("timestamp 的格式不正确：应为yyyy-MM-dd HH:mm:ss");
    };
    let Some(at) = at else {
        return findings.note("未给出收到时刻，未检查 timestamp（--at）");
    };
    let away = (shown.unix_seconds() - at.unix_seconds()).abs();
    if away <= window {
        return findings.good("timestamp 在允许范围内");
    }
    findings
        .bad(format!("timestamp 与收到时刻相差 {away} 秒，超出 timestamp_window_s：请对方校准时钟，或放宽"));
    findings.paste(format!("timestamp_window_s = {}", away + 60));
}

fn signature(envelope: &Envelope, reading: &Reading, look: &Look<'_>) -> Diagnosis {
    let order = names_in_order(reading.json.as_bytes());
    let signed = reading.fields.iter().filter(|(name, _)| name != SIGN.0);
    let mut fields: Vec<(&str, Token<'_>)> =
        signed.map(|(name, value)| (name.as_str(), value.token())).collect();
    fields.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    let own: Vec<Recipe> =
        envelope.profiles.iter().map(|profile| Recipe { profile: profile.clone(), only: None }).collect();
    sign(&Captured {
        own: &own,
        base: &Recipe { profile: documented(), only: None },
        variants: &variants(),
        fields: &fields,
        secret: &envelope.secret,
        secret_name: "appsecret",
        others: look.others,
        given: look.expected.unwrap_or_else(|| reading.text(SIGN.0)),
    })
}

/// The key that a request releases: whether it can be one (PR-03).
fn key(findings: &mut Findings, settings: &Settings, secrets: &dyn Secrets, reading: &Reading) {
    let given = reading.text("key").trim();
    if given.is_empty() {
        return;
    }
    if settings.fixed_key.is_some() {
        return findings.note("配置了 fixed_key：报文中的 key 不使用");
    }
    let bytes = |form| Key::read(&Secret::new(given), form).map(|key| key.len()).ok();
    let form = match (bytes(KeyForm::Hex), bytes(KeyForm::Base64), given.len()) {
        (Some(16), ..) => Some("32位十六进制"),
        (_, Some(16), _) => Some("16字节的base64"),
        (.., 16) => Some("16个字符"),
        (Some(32), ..) | (_, Some(32), _) => None,
        _ => {
            return findings
                .bad("key 不是16字节的密钥（十六进制、base64或原文均不是）：请向对方确认密钥形式");
        }
    };
    match (form, &settings.key_wrap) {
        (Some(form), _) => findings.good(format!("key 为{form}，可直接用作SM4密钥")),
        (None, Some(wrap)) => {
            let opened = secrets.resolve(wrap).ok().and_then(|kek| {
                let kek =
                    Key::read(&kek, KeyForm::Auto16).and_then(|key| crypto::sm4::Sm4::ecb(&key)).ok()?;
                let wrapping = crypto::sealed::Wrapping { kek: Some(kek), public: None };
                let read = crypto::sealed::RestoreKey::read(given, &wrapping).ok()?;
                read.symmetric().any(|key| key.len() == 16).then_some(())
            });
            match opened {
                Some(()) => findings.good("key 由 key_wrap 解开"),
                None => findings.bad("key 用 key_wrap 解不开：请核对 settings.key_wrap"),
            }
        }
        (None, None) => {
            findings.bad("key 为32字节：像是被另一把SM4密钥加密过的密钥，请向对方索取该密钥");
            findings.paste("key_wrap = \"file:PATH\"");
        }
    }
}

#[cfg(test)]
mod tests;
