//! Why a captured push was turned away: every encoding, padding and way of signing that real platforms were seen to use
//! (WIRE.md, table 004).

use crate::envelope::{Envelope, Opened};
use crate::settings::{Settings, SignVariant};
use bytes::Bytes;
use crypto::canonical::{self, Changes, Number, Placement, Skip, Sort, Token};
use crypto::doctor::{Captured, Findings, Look, Recipe, Sealing, Variant, blocks, open_rsa, sign};
use crypto::rsa::{Padding, PrivateKey};
use crypto::secret::Secrets;
use domain::Timestamp;
use http::Request;
use protocol::{Caller, names_in_order, parse_shanghai};

/// Fields that hold nothing personal.
const HARMLESS: [&str; 7] =
    ["method", "request_method", "btc_id", "enter_institution_type", "timestamp", "sign", "status"];

/// The variants, each with the knob that says so if there is one.
fn variants() -> Vec<Variant> {
    let none = Changes::default;
    let variant = |name, changes, knob| Variant { name, changes, only: None, knob };
    let secret = |placement| Changes { secret: Some(placement), ..none() };
    let spaced =
        |kv: &str, joiner: &str| Changes { kv: Some(kv.into()), joiner: Some(joiner.into()), ..none() };
    vec![
        variant(
            "空值不参与签名（PHP array_filter）",
            Changes { skip: Some(Skip::PhpFalsy), ..none() },
            Some("empties = \"drop\""),
        ),
        variant(
            "null写作null",
            Changes { null_as: Some(canonical::NullAs::Word), ..none() },
            Some("null_as = \"null\""),
        ),
        variant("仅跳过null与空串", Changes { skip: Some(Skip::Empty), ..none() }, None),
        variant("仅跳过null", Changes { skip: Some(Skip::Null), ..none() }, None),
        variant("密钥只在最后", secret(Placement::Suffix(String::new())), None),
        variant("密钥只在最前", secret(Placement::Prefix(String::new())), None),
        variant("以k=v&k=v书写", spaced("=", "&"), None),
        variant("排序不区分大小写", Changes { sort: Some(Sort::AsciiCi), ..none() }, None),
        variant("数字按Java double", Changes { number: Some(Number::JavaDouble), ..none() }, None),
        variant("数字按两位小数", Changes { number: Some(Number::Fixed2), ..none() }, None),
        variant("去除首尾空白后签名", Changes { trim: Some(true), ..none() }, None),
        variant(
            "嵌套内容按紧凑JSON",
            Changes { nested: Some(canonical::Nested::CompactJson), ..none() },
            None,
        ),
    ]
}

/// Examines a captured push or call; `at` is the moment it arrived, if that is known.
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
    let (param, sealed) = match envelope.carried(request) {
        Ok(carried) => carried,
        Err(why) => {
            findings.bad(format!("{why}：应为表单，字段 param 为base64密文"));
            return Ok(findings);
        }
    };
    if param.trim().is_empty() {
        findings.bad("param 为空：应为 urlencode(base64(RSA密文))");
        return Ok(findings);
    }
    if param.contains('%') {
        findings.note("param 被多做了一次URL编码，网关会自动还原");
    } else if param.trim().contains([' ', '\n']) {
        findings.note("param 中的加号变成了空格或被折行，网关会自动还原");
    }
    let Some(sealed) = sealed else {
        findings.bad("param 不是base64密文：应为 urlencode(base64(RSA密文))");
        return Ok(findings);
    };
    let Some(plain) = deciphered(&mut findings, settings, secrets, &envelope, &sealed, look) else {
        return Ok(findings);
    };
    let Some(opened) = Opened::read(&plain) else {
        findings.bad("param 解密后不是JSON对象");
        return Ok(findings);
    };
    clock(&mut findings, settings, &opened, at, look);
    signature(&mut findings, settings, &envelope, &opened, request, look);
    findings.private = opened
        .texts()
        .filter(|(name, _)| !HARMLESS.contains(name))
        .map(|(_, text)| text.to_owned())
        .collect();
    Ok(findings)
}

// === the cipher (FZ-02, FZ-03) ===

fn deciphered(
    findings: &mut Findings,
    settings: &Settings,
    secrets: &dyn Secrets,
    envelope: &Envelope,
    sealed: &[u8],
    look: &Look<'_>,
) -> Option<String> {
    let json = |plain: &[u8]| std::str::from_utf8(plain).is_ok_and(|text| text.trim_start().starts_with('{'));
    let keys = [&envelope.ours, &envelope.api];
    let mut ways = open_rsa(sealed, Some(&envelope.private), &keys, json);
    let own = ways
        .iter()
        .position(|(how, _)| matches!(how, Sealing::For(padding) if envelope.paddings.contains(padding)));
    if ways.is_empty() {
        unopened(findings, secrets, settings, envelope, sealed, look);
        return None;
    }
    let (how, plain) = ways.swap_remove(own.unwrap_or(0));
    match how {
        Sealing::For(padding) if envelope.paddings.contains(&padding) => {
            findings.good(format!("param 用 rsa_sk 解密成功（{}）", word(padding)));
        }
        Sealing::For(padding) => {
            findings.bad(format!("param 可用 rsa_sk 解密，但填充方式是 {}", word(padding)));
            match look.outbound {
                true => findings.paste(format!("padding = \"{}\"", word(padding))),
                false => findings.paste(format!("accept_padding = [\"{}\"]", word(padding))),
            }
        }
        Sealing::By => findings.bad("param 是用私钥加密的（公钥可还原）：应使用我方公钥加密"),
    }
    String::from_utf8(plain).ok()
}

fn unopened(
    findings: &mut Findings,
    secrets: &dyn Secrets,
    settings: &Settings,
    envelope: &Envelope,
    sealed: &[u8],
    look: &Look<'_>,
) {
    let (length, own) = (sealed.len(), envelope.private.modulus_len() * 8);
    let bits = blocks(length);
    if !bits.contains(&own) {
        let what = if bits.is_empty() {
            "被截断，或不是RSA".to_owned()
        } else {
            format!("对方的密钥可能为 {bits:?} 位")
        };
        return findings.bad(format!("密文长 {length} 字节，不是我方 {own} 位密钥的整块：{what}"));
    }
    // Settings that name their own halves wrongly are told by the rehearsal too; here it is said where to look.
    let halves = secrets.resolve(&settings.rsa_sk).ok().and_then(|sk| PrivateKey::read(&sk).ok());
    if halves.is_some_and(|private| private.public() != envelope.ours) {
        return findings
            .bad("rsa_pk 与 rsa_sk 不是同一对密钥：对方按 rsa_pk 加密的内容无法解开，请核对两个文件");
    }
    if look.outbound {
        return findings.note(
            "该报文不是为我方密钥加密：get_access_token 与 business_key = \"api_rsa_pk\" 时由平台公钥加密，只有平台能解",
        );
    }
    findings.bad("param 用 rsa_sk 在三种填充方式下均无法解密：对方使用了别的公钥（如平台自己的 api_rsa_pk），或密文被改动");
}

const fn word(padding: Padding) -> &'static str {
    match padding {
        Padding::Pkcs1 => "pkcs1",
        Padding::OaepSha256Mgf1Sha1 => "oaep_sha256_mgf1_sha1",
        Padding::OaepSha1 => "oaep_sha1",
    }
}

// === time and signature ===

fn clock(
    findings: &mut Findings,
    settings: &Settings,
    opened: &Opened,
    at: Option<Timestamp>,
    look: &Look<'_>,
) {
    let (skew, window) =
        (settings.timestamp_skew_s.map(i64::from), settings.timestamp_window_s.map(i64::from));
    let Some(given) = opened.text("timestamp").filter(|_| !look.outbound) else { return };
    let Some(shown) = parse_shanghai(given) else {
        return findings.bad("timestamp 的格式不正确：应为YmdHis");
    };
    let Some(at) = at.filter(|_| skew.is_some() || window.is_some()) else { return };
    let away = shown.unix_seconds() - at.unix_seconds();
    if skew.is_some_and(|skew| away > skew) {
        findings.bad(format!("timestamp 比收到时刻晚 {away} 秒：请对方校准时钟，或放宽"));
        findings.paste(format!("timestamp_skew_s = {}", away + 60));
    } else if window.is_some_and(|window| -away > window) {
        findings.bad(format!("timestamp 比收到时刻早 {} 秒：报文过旧，或时钟有误", -away));
        findings.paste(format!("timestamp_window_s = {}", 60 - away));
    } else {
        findings.good("timestamp 在允许范围内");
    }
}

fn signature(
    findings: &mut Findings,
    settings: &Settings,
    envelope: &Envelope,
    opened: &Opened,
    request: &Request<Bytes>,
    look: &Look<'_>,
) {
    let Some(given) = look.expected.or_else(|| opened.text("sign")) else {
        return unsigned(findings, settings, envelope, opened, request);
    };
    let order = names_in_order(opened.plain.as_bytes());
    let mut fields: Vec<(&str, Token<'_>)> = opened.signed();
    fields.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    let recipe = |profile| Recipe { profile, only: None };
    let own: Vec<Recipe> = envelope.recipes.iter().cloned().map(recipe).collect();
    findings.signed(
        sign(&Captured {
            own: &own,
            base: &recipe(SignVariant::default().profile()),
            variants: &variants(),
            fields: &fields,
            secret: &envelope.api_secret,
            secret_name: "api_secret",
            others: look.others,
            given,
        }),
        look.outbound,
    );
}

/// 2.8 may come without a signature from addresses that are listed (FZ-05).
fn unsigned(
    findings: &mut Findings,
    settings: &Settings,
    envelope: &Envelope,
    opened: &Opened,
    request: &Request<Bytes>,
) {
    let is_invoice = opened.signed().iter().any(|(name, _)| *name == "invoice_id");
    let caller = request.extensions().get::<Caller>().map(|Caller(address)| *address);
    let listed = caller.is_none_or(|address| envelope.unsigned_from.contains(&address));
    match (is_invoice, settings.require_sign, listed) {
        (false, ..) => findings.bad("报文没有 sign：请对方按文档签名"),
        (true, true, _) => findings.bad("开票申请没有 sign，而配置要求签名（require_sign = true）"),
        (true, false, true) if !envelope.unsigned_from.is_empty() => {
            findings.good("开票申请没有 sign：来源在 unsigned_from 中，可以接受（FZ-05）");
        }
        (true, false, _) => {
            findings.bad("开票申请没有 sign，来源不在 unsigned_from 中（FZ-05）：确认来源为平台后加入");
            let address = caller.map_or_else(|| "平台出口地址".to_owned(), |address| address.to_string());
            findings.paste(format!("unsigned_from = [\"{address}\"]"));
        }
    }
}

#[cfg(test)]
mod tests;
