//! What the sheet for a platform's engineer says of finserv, with an example made by this partner's own variants.

use crate::settings::{Clock, RequestBody, Settings};
use crate::{Finserv, calls, notices};
use crypto::canonical::Token;
use crypto::dummies::{Dummies, dummy_key};
use domain::{PartnerId, Timestamp};
use http::Uri;
use protocol::{Guide, Played, Problem, Question, Say, Step};
use std::collections::BTreeMap;

const METHOD: &str = "apply_cancel";
const ORDER_NO: &str = "BA20261122000002";
const PLAIN: &str = include_str!("../fixtures/apply_cancel/opened.json");

/// The sheet of a partner with these settings; its secrets are not asked for, dummies stand in their place.
///
/// # Errors
/// Every problem of the settings, and an example that does not hold.
pub fn guide(
    id: &PartnerId,
    settings: &Settings,
    base_url: &str,
    urls: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<Guide, Vec<Problem>> {
    let (harmless, dummies) = harmless(settings);
    let partner = Finserv::new(id.clone(), &harmless, base_url, urls, &dummies)?;
    let request = partner.envelope.seal(METHOD, PLAIN.trim().as_bytes(), now, Uri::from_static("/"));
    let acknowledgement = (
        Say::new(
            "HTTP 2xx，JSON 中 `result` 为 `success`；其余一律视为未送达并重试（信息含“重复”“已反馈”“已处理”的除外）",
            "a 2xx with `result` = `success`; anything else is tried again, unless it says 重复, 已反馈 or 已处理",
        ),
        r#"{"result":"success","msg":""}"#.into(),
    );
    let played = Played { id, request, order_no: ORDER_NO, now, token: None, acknowledgement };
    let told = |why: String| vec![Problem::new("settings", why)];
    let mut guide = Guide::played(&partner, played).map_err(told)?;
    guide.request_steps = steps(&partner, guide.request.body());
    guide.callback_steps = steps(&partner, guide.callback.body());
    guide.dummies = dummies.shown_after(("access_key", &harmless.access_key));
    guide.served = calls::INTERFACES.iter().map(|interface| (interface, String::new())).collect();
    let addresses = partner.addresses.iter().map(ToString::to_string);
    guide.called = notices::CALLBACKS.iter().zip(addresses).collect();
    guide.facts = facts(settings);
    guide.questions = questions();
    Ok(guide)
}

/// The same variants with nothing that is real: no account, no secret.
fn harmless(settings: &Settings) -> (Settings, Dummies) {
    let mut dummies = vec![
        ("secret_key", dummy_key(settings.key_form, "0123456789abcdef")),
        ("iv", dummy_key(settings.iv_form, "fedcba9876543210")),
    ];
    let mut other = |there: bool, name, text: String| {
        there.then(|| {
            dummies.push((name, text));
            Dummies::named(name)
        })
    };
    let key = dummy_key(settings.key_form, "aes-key-example!");
    let harmless = Settings {
        access_key: "dummy-access-key".to_owned(),
        secret_key: Dummies::named("secret_key"),
        iv: Dummies::named("iv"),
        aes_key: other(settings.aes_key.is_some(), "aes_key", key),
        sign_secret: other(settings.sign_secret.is_some(), "sign_secret", "dummy-sign-secret".to_owned()),
        merchant_name: "示例担保有限公司".to_owned(),
        silence_rejections: false,
        ..settings.clone()
    };
    (harmless, Dummies(dummies))
}

fn steps(partner: &Finserv, body: &[u8]) -> Vec<Step> {
    let envelope = &partner.envelope;
    let Some(read) = envelope.lay_open(body) else { return Vec::new() };
    let fields: Vec<(&str, Token<'_>)> =
        read.fields.iter().map(|(name, value)| (name.as_str(), value.token())).collect();
    let signed = envelope.recipes[0].profile.string(&fields, &envelope.sign_secret);
    vec![
        Step::new(
            "业务数据（UTF-8 的 JSON）",
            "business data (JSON in UTF-8)",
            envelope.decipher(&read.data).unwrap_or_default(),
        ),
        Step::new("AES-CBC/PKCS5 加密后的 base64，即 `data`", "`data`: base64 of AES-CBC/PKCS5", &read.data),
        Step::new("待签名字符串", "the string that is hashed", signed.expose()),
        Step::new("`sign`：其 MD5（小写十六进制）", "`sign`: its MD5, lower-case hexadecimal", &read.sign),
    ]
}

fn facts(settings: &Settings) -> Vec<(Say, Say)> {
    let body = match settings.body {
        RequestBody::Json => "application/json;charset=UTF-8",
        RequestBody::Form => "application/x-www-form-urlencoded;charset=UTF-8",
    };
    let clock = match settings.created {
        Clock::Off => Say::new("不校验", "not checked"),
        _ => Say::new(
            format!(
                "不得晚于我方时钟 {} 秒{}",
                settings.created_skew_s,
                aged(settings, "；不得早于 ", " 秒")
            ),
            format!(
                "at most {} s ahead of our clock{}",
                settings.created_skew_s,
                aged(settings, ", at most ", " s old")
            ),
        ),
    };
    vec![
        (
            Say::new("传输", "transport"),
            Say::new(
                "HTTP POST，单一地址，由 `method` 区分接口",
                "HTTP POST to one address; `method` names the interface",
            ),
        ),
        (Say::new("字符集", "charset"), Say::same("UTF-8")),
        (
            Say::new("请求正文", "request body"),
            Say::new(
                format!("接受 JSON 与表单；我方发送 `{body}`"),
                format!("JSON and forms are read; we send `{body}`"),
            ),
        ),
        (
            Say::new("加密", "cipher"),
            Say::new("`data`：AES-128-CBC/PKCS5，标准 base64", "`data`: AES-128-CBC/PKCS5, standard base64"),
        ),
        (
            Say::new("签名", "signature"),
            Say::new(
                "除 `sign` 外的顶层字段去除首尾空白，按名称 ASCII 升序以 `名=值` 用 `&` 连接，再接密钥，取 MD5；`data` 以密文参与",
                "every top-level field but `sign`, trimmed, sorted by name, `name=value` joined by `&`, the secret, MD5; `data` as ciphertext",
            ),
        ),
        (
            Say::new("时间", "time"),
            Say::new(
                "`created`：yyyyMMddHHmmss，北京时间，24 小时制",
                "`created`: yyyyMMddHHmmss, Shanghai, 24 hours",
            ),
        ),
        (Say::new("时钟容差", "tolerance"), clock),
        (
            Say::new("应答", "answers"),
            Say::new(
                "HTTP 200 的明文 JSON，`result` 为 `success` 或 `fail`",
                "plain JSON with HTTP 200, `result` is `success` or `fail`",
            ),
        ),
    ]
}

fn aged(settings: &Settings, before: &str, after: &str) -> String {
    settings.created_window_s.map_or_else(String::new, |window| format!("{before}{window}{after}"))
}

fn questions() -> Vec<Question> {
    vec![
        Question::new(
            "请提供一条完整示例：明文、密钥、密文、待签名字符串、签名",
            "a whole worked example: plaintext, key, ciphertext, string to sign, signature",
            &[],
        ),
        Question::new(
            "空值与缺失字段是否参与签名？值是否去除首尾空白？密钥前是否有 `&`？",
            "are empty values signed, are values trimmed, is there an `&` before the secret?",
            &["settings.sign", "settings.accept_also"],
        ),
        Question::new(
            "贵方读取 JSON 还是表单？字符集与 base64（标准、无折行）？",
            "JSON or forms; charset and base64?",
            &["settings.body"],
        ),
        Question::new(
            "secret_key 是否同时为 AES 密钥？文本如何成为 16 字节？",
            "is secret_key the AES key too, and how does its text become 16 bytes?",
            &["settings.key_form", "settings.iv_form"],
        ),
        Question::new(
            "金额、费率用数字还是字符串？费率为小数还是百分数？",
            "amounts and rates as numbers or texts; rates as fractions or percent?",
            &["settings.rate_form"],
        ),
        Question::new(
            "受理号读取 `accept` 还是 `accept_no`？",
            "is the number read from `accept` or `accept_no`?",
            &["settings.accept_alias"],
        ),
        Question::new(
            "各回调是否同一地址？请求中 `callback` 会给出哪些主机？",
            "one callback address or several; which hosts may `callback` name?",
            &["base_url", "urls", "callback_hosts"],
        ),
        Question::new(
            "贵方重试计划与超时？",
            "your retries and timeout?",
            &["retry_schedule_s", "egress.total_timeout_s"],
        ),
        Question::new("贵方出口 IP？", "your addresses?", &["limits.addresses"]),
        Question::new(
            "`created` 是否确为 24 小时制、服务器时钟是否校准？",
            "is `created` of 24 hours, and your clock right?",
            &["settings.created", "settings.created_skew_s", "settings.created_window_s"],
        ),
    ]
}

#[cfg(test)]
mod tests;
