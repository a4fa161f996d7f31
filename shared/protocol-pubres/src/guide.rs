//! What the sheet for a platform's engineer says of pubres, with an example made by this partner's own variants.

use crate::codes::{APPLY_NO, PLATFORM_CODE, SIGN};
use crate::envelope::Letter;
use crate::settings::Settings;
use crate::{Pubres, calls, notices};
use crypto::canonical::Token;
use crypto::dummies::Dummies;
use crypto::key::{Key, KeyForm};
use crypto::secret::Secret;
use crypto::sm4::Sm4;
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::Uri;
use protocol::{Guide, Played, Problem, Question, Say, Step};
use std::collections::BTreeMap;

const ORDER_NO: &str = "TB20261122000001";
/// The dummy key of a restore, and what it opens.
const KEY: &str = "0123456789abcdef";
const SEALED: &str = "示例投标有限公司";

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
    let partner = Pubres::new(id.clone(), &harmless, base_url, urls, &dummies)?;
    let platform = harmless.platform_code.clone().unwrap_or_default();
    let letter: Letter = vec![(PLATFORM_CODE.0, platform), (APPLY_NO.0, ORDER_NO.to_owned())];
    let request = partner.envelope.seal(&letter, now, Uri::from_static("/giveupapply"));
    let acknowledgement = (
        Say::new(
            "HTTP 2xx，JSON 中 `code` 为 `1`（字符串或数字）；其余一律视为未送达并重试（信息含“重复”“已通知”“已处理”“已放弃”的除外）",
            "a 2xx with `code` = 1, text or number; anything else is tried again, unless it says 重复, 已通知, 已处理 or 已放弃",
        ),
        r#"{"code":"1","message":"成功"}"#.into(),
    );
    let played = Played { id, request, order_no: ORDER_NO, now, token: None, acknowledgement };
    let mut guide = Guide::played(&partner, played).map_err(|why| vec![Problem::new("settings", why)])?;
    guide.request_steps = steps(&partner, guide.request.body());
    guide.request_steps.extend(sealed());
    guide.callback_steps = steps(&partner, guide.callback.body());
    guide.dummies = dummies.shown_after(("appkey", &harmless.appkey));
    guide.served = calls::INTERFACES.iter().map(|one| (one, format!("/{}", one.name))).collect();
    let address = |address: &Option<Uri>| address.as_ref().map(ToString::to_string).unwrap_or_default();
    guide.called = notices::CALLBACKS.iter().zip(partner.addresses.iter().map(address)).collect();
    guide.facts = facts(settings);
    guide.questions = questions();
    Ok(guide)
}

/// The same variants with nothing that is real: no account, no secret.
fn harmless(settings: &Settings) -> (Settings, Dummies) {
    let mut dummies = vec![("appsecret", "dummy-appsecret-00000000".to_owned())];
    let mut other = |there: bool, name, text: &str| {
        there.then(|| {
            dummies.push((name, text.to_owned()));
            Dummies::named(name)
        })
    };
    let harmless = Settings {
        appkey: "dummy-appkey".to_owned(),
        appsecret: Dummies::named("appsecret"),
        platform_code: Some("P001".to_owned()),
        instname: "示例担保有限公司".to_owned(),
        seal_iv: other(settings.seal_iv.is_some(), "seal_iv", "fedcba9876543210"),
        fixed_key: other(settings.fixed_key.is_some(), "fixed_key", KEY),
        key_wrap: other(settings.key_wrap.is_some(), "key_wrap", "key-wrap-example"),
        silence_rejections: false,
        ..settings.clone()
    };
    (harmless, Dummies(dummies))
}

fn steps(partner: &Pubres, body: &[u8]) -> Vec<Step> {
    let envelope = &partner.envelope;
    let Some(read) = envelope.lay_open(body).ok().and_then(|readings| readings.into_iter().next()) else {
        return Vec::new();
    };
    let signed = read.fields.iter().filter(|(name, _)| name != SIGN.0);
    let fields: Vec<(&str, Token<'_>)> = signed.map(|(name, value)| (name.as_str(), value.token())).collect();
    let profile = &envelope.profiles[0];
    vec![
        Step::new(
            "待签名字符串（空值不参与）",
            "the string that is hashed (blank values are left out)",
            profile.string(&fields, &envelope.secret).expose(),
        ),
        Step::new(
            "`sign`：其 SM3（不是 HMAC）",
            "`sign`: its SM3, no HMAC",
            profile.sign(&fields, &envelope.secret),
        ),
    ]
}

/// A sealed field and the key that a restore releases for it, as documented.
fn sealed() -> Vec<Step> {
    let key = Key::read(&Secret::new(KEY), KeyForm::Utf8);
    let Some(cipher) = key.ok().and_then(|key| Sm4::ecb(&key).ok()) else { return Vec::new() };
    vec![
        Step::new("密文字段的明文示例", "plaintext of a sealed field", SEALED),
        Step::new(
            "其密文：SM4-ECB/PKCS5，标准 base64",
            "its ciphertext: SM4-ECB/PKCS5, standard base64",
            text::to_base64(&cipher.encrypt(SEALED.as_bytes())),
        ),
        Step::new(
            "还原接口中的 `key`：16 字节密钥的 base64",
            "`key` of the restore: base64 of the 16 bytes",
            text::to_base64(KEY.as_bytes()),
        ),
    ]
}

fn facts(settings: &Settings) -> Vec<(Say, Say)> {
    let clock = settings.timestamp_window_s.map_or_else(
        || Say::new("不限", "any"),
        |window| Say::new(format!("前后 {window} 秒"), format!("{window} s either way")),
    );
    vec![
        (
            Say::new("传输", "transport"),
            Say::new("HTTP POST，每个接口一个地址", "HTTP POST, an address for each interface"),
        ),
        (Say::new("字符集", "charset"), Say::same("UTF-8")),
        (
            Say::new("请求正文", "request body"),
            Say::new(
                "`application/json;charset=UTF-8`，平铺的 JSON 对象，值均为字符串；也接受表单 `requestData=<json>`",
                "`application/json;charset=UTF-8`, a flat object of texts; a form `requestData=<json>` is read too",
            ),
        ),
        (
            Say::new("加密", "cipher"),
            Say::new(
                "标（密文）字段：SM4-ECB/PKCS5（请求带 `iv` 或约定 iv 时为 CBC），标准 base64",
                "sealed fields: SM4-ECB/PKCS5 (CBC with an iv), standard base64",
            ),
        ),
        (
            Say::new("签名", "signature"),
            Say::new(
                "除 `sign` 外的非空字段按名称 ASCII 升序以 `名=值` 用 `&` 连接，接 `&appsecret=密钥`，取 SM3 小写十六进制；大写字母排在小写之前；`baohanfile` 全文参与",
                "every field but `sign` that is not blank, ASCII order, `name=value` joined by `&`, `&appsecret=` and the secret, SM3 in lower hexadecimal; capitals go first; `baohanfile` is in it",
            ),
        ),
        (
            Say::new("时间", "time"),
            Say::new(
                "`timestamp`：yyyy-MM-dd HH:mm:ss，北京时间",
                "`timestamp`: yyyy-MM-dd HH:mm:ss, Shanghai",
            ),
        ),
        (Say::new("时钟容差", "tolerance"), clock),
        (
            Say::new("应答", "answers"),
            Say::new(
                "HTTP 200 的明文 JSON，`code` 为 1 成功、0 失败",
                "plain JSON with HTTP 200, `code` 1 is yes, 0 is no",
            ),
        ),
    ]
}

fn questions() -> Vec<Question> {
    vec![
        Question::new(
            "请提供一条完整示例：明文、密钥、密文、待签名字符串、签名",
            "a whole worked example: plaintext, key, ciphertext, string to sign, signature",
            &[],
        ),
        Question::new(
            "空值（null、空串、空白）是否参与签名？大写字段名（`Reason`）排在何处？",
            "are blank values signed; where do capitals (`Reason`) stand?",
            &["settings.sign", "settings.accept_also"],
        ),
        Question::new(
            "贵方发送 JSON 还是表单？字符集与 base64（标准、无折行）？",
            "JSON or form; charset and base64?",
            &[],
        ),
        Question::new(
            "数字用字符串还是 JSON 数字？`code` 读取字符串还是数字？",
            "numbers as texts or JSON numbers; is `code` read as text or number?",
            &["settings.code"],
        ),
        Question::new(
            "各操作的回调地址？是否提供 giveupapply（可选接口）？",
            "the address of each operation; is there giveupapply?",
            &["base_url", "urls"],
        ),
        Question::new(
            "还原 `key` 的形式（base64、32 位十六进制、再加密），有无 iv？哪些字段为密文？",
            "form of the restore key (base64, hexadecimal, wrapped), an iv; which fields are ciphertext?",
            &["settings.sealed", "settings.seal_iv", "settings.fixed_key", "settings.key_wrap"],
        ),
        Question::new(
            "贵方重试计划与超时？",
            "your retries and timeout?",
            &["retry_schedule_s", "egress.total_timeout_s"],
        ),
        Question::new(
            "贵方出口 IP？理赔附件所在主机？",
            "your addresses, and the hosts of claims' files?",
            &["limits.addresses", "file_hosts"],
        ),
        Question::new("时间戳规则？", "your rule about clocks?", &["settings.timestamp_window_s"]),
    ]
}

#[cfg(test)]
mod tests;
