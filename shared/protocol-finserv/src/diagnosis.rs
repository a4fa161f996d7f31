//! Why a captured request was turned away: every way of signing, ciphering and telling the time that real platforms were seen
//! to use (WIRE.md, table 000).

use crate::envelope::{DOCUMENTED, Envelope};
use crate::settings::{Clock, Settings, SignVariant, SignedFields};
use bytes::Bytes;
use crypto::canonical::{Changes, Placement, Skip, Sort, Token};
use crypto::doctor::{
    Captured, Conclusion, Diagnosis, Findings, Look, Opened, Recipe, Spelled, Variant, open_with, sign,
};
use crypto::key::{Key, KeyForm};
use crypto::secret::{Secret, Secrets};
use crypto::text;
use domain::Timestamp;
use http::Request;
use protocol::{names_in_order, parse_shanghai};

/// The variants, each with the knob that says so.
fn variants() -> Vec<Variant> {
    let none = Changes::default;
    let joined = |joiner: &str| Changes { secret: Some(Placement::Suffix(joiner.into())), ..none() };
    let variant = |name, changes, knob| Variant { name, changes, only: None, knob };
    vec![
        variant("密钥前没有&", joined(""), Some("secret_joiner = \"\"")),
        variant("密钥以&secret_key=拼接", joined("&secret_key="), Some("secret_joiner = \"&secret_key=\"")),
        variant("密钥以&key=拼接", joined("&key="), Some("secret_joiner = \"&key=\"")),
        variant("不去除值的首尾空白", Changes { trim: Some(false), ..none() }, Some("trim = false")),
        variant("空值不参与签名", Changes { skip: Some(Skip::Empty), ..none() }, Some("empties = \"skip\"")),
        Variant {
            name: "只签文档的四个字段",
            changes: none(),
            only: Some(&DOCUMENTED),
            knob: Some("signed_fields = \"documented\""),
        },
        variant("排序不区分大小写", Changes { sort: Some(Sort::AsciiCi), ..none() }, None),
        variant("密钥在前", Changes { secret: Some(Placement::Prefix("&".into())), ..none() }, None),
        variant("密钥前后拼接", Changes { secret: Some(Placement::Wrap), ..none() }, None),
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
    let Some(read) = envelope.lay_open(request.body()) else {
        findings.bad("请求体既不是JSON对象也不是表单，或缺少 method、access_key、created、data、sign 之一");
        return Ok(findings);
    };
    account(&mut findings, &envelope, &read.access_key);
    if !look.outbound {
        clock(&mut findings, settings, &read.created, at);
    }
    signature(&mut findings, &envelope, &read, request.body(), look);
    cipher(&mut findings, settings, secrets, &envelope, &read.data);
    Ok(findings)
}

/// What a body says at its top, before anything in it is believed.
pub(crate) struct Read {
    pub(crate) access_key: String,
    pub(crate) created: String,
    pub(crate) data: String,
    pub(crate) sign: String,
    /// Name and value of every field but the signature; numbers and nested values as they stand.
    pub(crate) fields: Vec<(String, Spelled)>,
}

fn account(findings: &mut Findings, envelope: &Envelope, given: &str) {
    let known = envelope.access_key.expose();
    if known == given {
        findings.good("access_key 与配置一致");
    } else if known.eq_ignore_ascii_case(given.trim()) {
        findings.bad("access_key 仅大小写或首尾空白与配置不同：请核对 settings.access_key");
    } else {
        findings.bad("access_key 与配置不一致：请核对 settings.access_key，或该报文属于另一合作方");
    }
}

// === the clock (FS-30) ===

fn clock(findings: &mut Findings, settings: &Settings, created: &str, at: Option<Timestamp>) {
    const HALF_A_DAY: i64 = 12 * 3600;
    let Some(shown) = parse_shanghai(created) else {
        findings.bad(format!("created 的格式不正确：{}，应为yyyyMMddHHmmss", created.trim()));
        return;
    };
    let Some(at) = at else {
        findings.note("created 的格式正确；未给出收到时刻，未检查时钟（--at）");
        return;
    };
    if settings.check().holds(created, at) {
        findings.good("created 在允许范围内");
        return;
    }
    let away = shown.unix_seconds() - at.unix_seconds();
    let skew = i64::from(settings.created_skew_s);
    if settings.created == Clock::Day && (away.abs() - HALF_A_DAY).abs() <= skew.max(600) {
        findings.bad("created 与收到时刻恰好相差12小时：对方用了12小时制（hh）");
        findings.paste("created = \"12h\"");
    } else if away > 0 {
        findings.bad(format!("created 比收到时刻晚 {away} 秒：请对方校准时钟，或放宽允许的偏差"));
        findings.paste(format!("created_skew_s = {}", away + 60));
    } else {
        findings.bad(format!("created 比收到时刻早 {} 秒，超出 created_window_s：报文过旧或时钟有误", -away));
        findings.paste(format!("created_window_s = {}", 60 - away));
    }
}

// === the signature ===

fn signature(findings: &mut Findings, envelope: &Envelope, read: &Read, body: &[u8], look: &Look<'_>) {
    let order = names_in_order(body);
    let place = |name: &str| order.iter().position(|known| known == name);
    let mut fields: Vec<(&str, Token<'_>)> =
        read.fields.iter().map(|(name, value)| (name.as_str(), value.token())).collect();
    fields.sort_by_key(|(name, _)| place(name));
    let own: Vec<Recipe> = envelope
        .recipes
        .iter()
        .map(|recipe| Recipe {
            profile: recipe.profile.clone(),
            only: (recipe.fields == SignedFields::Documented).then_some(&DOCUMENTED[..]),
        })
        .collect();
    let base = Recipe { profile: SignVariant::default().profile(), only: None };
    let with = |data: &str| {
        let with = fields
            .iter()
            .map(|(name, token)| (*name, if *name == "data" { Token::Text(data) } else { *token }));
        sign(&Captured {
            own: &own,
            base: &base,
            variants: &variants(),
            fields: &with.collect::<Vec<_>>(),
            secret: &envelope.sign_secret,
            secret_name: "secret_key",
            others: look.others,
            given: look.expected.unwrap_or(&read.sign),
        })
    };
    let received = with(&read.data);
    if fits(&received) {
        return findings.signed(received, look.outbound);
    }
    let repaired = text::repaired_base64(&read.data).map(|data| with(&data));
    if let Some(repaired) = repaired.filter(fits) {
        findings.note("data 在传输中被折行或加号变成空格；按修复后的 data 验签");
        return findings.signed(repaired, look.outbound);
    }
    let plain = envelope.decipher(&read.data).ok().map(|plain| with(&plain));
    if plain.as_ref().is_some_and(fits) {
        findings.tried = received.tried;
        return findings.bad("签名时 data 用的是加密前的明文：应对加密后的base64签名");
    }
    findings.signed(received, look.outbound);
}

fn fits(diagnosis: &Diagnosis) -> bool {
    matches!(diagnosis.conclusion, Conclusion::Holds | Conclusion::Setting(_))
}

// === the cipher (FS-06) ===

fn cipher(
    findings: &mut Findings,
    settings: &Settings,
    secrets: &dyn Secrets,
    envelope: &Envelope,
    data: &str,
) {
    let json =
        |plain: &str| serde_json::from_str::<serde_json::Value>(plain).is_ok_and(|value| !value.is_number());
    if envelope.decipher(data).is_ok_and(|plain| json(&plain)) {
        return findings.good("data 按当前配置解密成功（AES-CBC）");
    }
    let resolved = |reference| secrets.resolve(reference).ok();
    let vectors = resolved(&settings.iv).map(|iv| vectors(&iv)).unwrap_or_default();
    let keys = [
        ("aes_key", settings.aes_key.as_ref().and_then(resolved)),
        ("secret_key", resolved(&settings.secret_key)),
        ("sign_secret", settings.sign_secret.as_ref().and_then(resolved)),
    ];
    for (name, key) in keys {
        let ways = key.map(|key| open_with(data, &key, &vectors, json)).unwrap_or_default();
        if let Some(way) = ways.first() {
            return opened(findings, settings, name, way);
        }
    }
    findings.bad("data 在所有密钥形式、模式与初始向量下均无法解密：密钥或iv不一致，或密文在传输中被改动");
}

fn opened(findings: &mut Findings, settings: &Settings, key: &str, way: &Opened) {
    findings.bad(format!(
        "data 可用 {key}（{}）以 AES-{}（向量：{}）解密，与当前配置不同",
        way.key_form, way.mode, way.vector
    ));
    if key != "aes_key" && settings.aes_key.is_some() {
        findings.bad(format!("对方的AES密钥是 {key}：请删除或更正 settings.aes_key"));
    }
    if way.form != settings.key_form {
        findings.paste(format!("key_form = \"{}\"", way.key_form));
    }
    match (way.mode, way.vector) {
        ("ecb", _) => findings.bad("对方使用ECB：本协议规定CBC，请对方更正"),
        (_, "key") => findings.bad("对方以密钥前16字节作iv：请把 settings.iv 指向与密钥相同的内容"),
        (_, "prefixed") => findings.bad("对方把iv放在密文之前：本协议规定固定iv，请对方更正"),
        (_, "zero") => findings.bad("对方的iv为16个零字节：请核对 settings.iv"),
        (_, form) if form_named(form) != Some(settings.iv_form) => {
            findings.paste(format!("iv_form = \"{form}\""));
        }
        _ => {}
    }
}

const IV_FORMS: [(&str, KeyForm); 3] =
    [("utf8", KeyForm::Utf8), ("hex", KeyForm::Hex), ("base64", KeyForm::Base64)];

fn form_named(name: &str) -> Option<KeyForm> {
    IV_FORMS.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
}

fn vectors(iv: &Secret) -> Vec<(&'static str, Vec<u8>)> {
    let read = |(name, form): (&'static str, KeyForm)| Some((name, Key::read(iv, form).ok()?.to_vec()));
    let forms = IV_FORMS.into_iter().filter_map(read).filter(|(_, iv)| iv.len() == 16);
    forms.chain([("zero", vec![0; 16])]).collect()
}

#[cfg(test)]
mod tests;
