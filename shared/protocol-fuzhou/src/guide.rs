//! What the sheet for a platform's engineer says of fuzhou, with an example made by this partner's own variants.

use crate::envelope::{Field, Opened};
use crate::settings::{BusinessKey, Settings};
use crate::{Fuzhou, calls, notices};
use bytes::Bytes;
use crypto::dummies::Dummies;
use domain::{PartnerId, Timestamp};
use http::{Request, Uri};
use protocol::{Guide, Pass, Played, Problem, Question, Say, Step};
use std::collections::BTreeMap;

const NAME: &str = "/delay-open-push";
const ORDER_NO: &str = "1813037628";
const TOKEN: &str = "dummy-access-token";
/// A pair that is nobody's, both halves public.
const PUBLIC: &str = include_str!("../fixtures/keys/insurer.pub.pem");
const PRIVATE: &str = include_str!("../fixtures/keys/insurer.pem");

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
    let partner = Fuzhou::new(id.clone(), &harmless, base_url, urls, &dummies)?;
    let told = |why: String| vec![Problem::new("settings", why)];
    let request = push(&partner, now).map_err(told)?;
    let acknowledgement = (
        Say::new(
            "HTTP 2xx，JSON 中 `status` 为 200（数字或字符串）；1006 时我方换取 access_token 后立即重发一次；字段类错误码不再重试，其余重试",
            "a 2xx with `status` = 200, number or text; on 1006 we fetch a new token and send again at once; codes about fields are final, all others are tried again",
        ),
        r#"{"status":200,"data":[]}"#.into(),
    );
    let played = Played { id, request, order_no: ORDER_NO, now, token: Some(TOKEN), acknowledgement };
    let mut guide = Guide::played(&partner, played).map_err(told)?;
    guide.request_steps = steps(&partner, &guide.request);
    guide.callback_steps = steps(&partner, &guide.callback);
    guide.dummies = dummies.0.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    guide.dummies.push(("access_token".to_owned(), TOKEN.to_owned()));
    guide.served = calls::INTERFACES.iter().map(|one| (one, format!("/{}", one.name))).collect();
    guide.called = notices::CALLBACKS.iter().zip(partner.addresses.iter().map(ToString::to_string)).collect();
    guide.facts = facts(settings);
    guide.questions = questions();
    Ok(guide)
}

/// The same variants with nothing that is real. One dummy pair stands for all keys, so that the example's callback opens too.
fn harmless(settings: &Settings) -> (Settings, Dummies) {
    let dummies = Dummies(vec![
        ("api_key", "dummy-api-key".to_owned()),
        ("api_secret", "dummy-api-secret".to_owned()),
        ("rsa_pk", PUBLIC.trim().to_owned()),
        ("rsa_sk", PRIVATE.trim().to_owned()),
        ("api_rsa_pk", PUBLIC.trim().to_owned()),
    ]);
    let harmless = Settings {
        api_key: Dummies::named("api_key"),
        api_secret: Dummies::named("api_secret"),
        rsa_pk: Dummies::named("rsa_pk"),
        rsa_sk: Dummies::named("rsa_sk"),
        api_rsa_pk: Dummies::named("api_rsa_pk"),
        btc_id: 223,
        insurer_name: "示例财产保险有限公司".to_owned(),
        ..settings.clone()
    };
    (harmless, dummies)
}

/// 2.10: the opening of a tender is put off.
fn push(partner: &Fuzhou, now: Timestamp) -> Result<Request<Bytes>, String> {
    let fields = [
        Field::text("block_number", "BD-2026-001"),
        Field::text("block_name", "示例工程施工（一标段）"),
        Field::text("btc_name", "示例市公共资源交易中心"),
        Field::text("type", "2"),
        Field::text("open_tender_time", "2026-12-30 09:30:00"),
    ];
    let pass = Pass { now, nonce: [7; 16], token: None, target: None, document_url: None, document: None };
    let push = partner.envelope.pushed(&fields, &pass, Uri::from_static(NAME));
    push.map_err(|why| why.0)
}

fn steps(partner: &Fuzhou, request: &Request<Bytes>) -> Vec<Step> {
    let envelope = &partner.envelope;
    let Ok((param, sealed)) = envelope.carried(request) else { return Vec::new() };
    let plain = sealed.and_then(|sealed| envelope.opened(&sealed));
    let Some(opened) = plain.as_deref().and_then(Opened::read) else { return Vec::new() };
    let signed = envelope.recipes[0].string(&opened.signed(), &envelope.api_secret);
    vec![
        Step::new("待签名字符串", "the string that is hashed", signed.expose()),
        Step::new(
            "`sign`：其 MD5（大写十六进制）",
            "`sign`: its MD5 in capitals",
            envelope.recipes[0].sign(&opened.signed(), &envelope.api_secret),
        ),
        Step::new("被加密的 JSON", "the JSON that is sealed", opened.plain.as_str()),
        Step::new(
            "`param`：RSA 分段加密后的 base64（PKCS#1 填充含随机数，每次不同；请用 rsa_sk 解密核对）",
            "`param`: base64 of the RSA blocks (padding is random: open it with rsa_sk to compare)",
            param,
        ),
    ]
}

fn facts(settings: &Settings) -> Vec<(Say, Say)> {
    let key = match settings.business_key {
        BusinessKey::RsaPk => "rsa_pk",
        BusinessKey::ApiRsaPk => "api_rsa_pk",
    };
    let clock = match (settings.timestamp_skew_s, settings.timestamp_window_s) {
        (None, None) => Say::new("不限", "any"),
        (skew, window) => {
            let shown = |bound: Option<u32>| bound.map_or_else(|| "∞".to_owned(), |bound| bound.to_string());
            Say::new(
                format!("最多提前 {} 秒、延后 {} 秒", shown(skew), shown(window)),
                format!("at most {} s ahead, {} s old", shown(skew), shown(window)),
            )
        }
    };
    vec![
        (
            Say::new("传输", "transport"),
            Say::new(
                "HTTP POST，`application/x-www-form-urlencoded`；带 PDF 时为 `multipart/form-data`",
                "HTTP POST, `application/x-www-form-urlencoded`; with a PDF `multipart/form-data`",
            ),
        ),
        (Say::new("字符集", "charset"), Say::same("UTF-8")),
        (
            Say::new("加密", "cipher"),
            Say::new(
                format!(
                    "全部字段在 `param` 中：RSA 按模长分段（{:?}），base64 后再百分号编码一次；我方调用用 {key}",
                    settings.padding
                ),
                format!(
                    "everything in `param`: RSA in pieces of the modulus ({:?}), base64, percent-encoded once; our calls use {key}",
                    settings.padding
                ),
            ),
        ),
        (
            Say::new("签名", "signature"),
            Say::new(
                "MD5 大写：`api_secret + k1v1k2v2… + api_secret`，除 `sign` 外所有字段按名称字节序；空值按约定（默认参与）",
                "MD5 in capitals of `api_secret + k1v1k2v2… + api_secret`, every field but `sign` in byte order; empty values as agreed (by default they are in it)",
            ),
        ),
        (
            Say::new("令牌", "token"),
            Say::new(
                "我方先调用 get_access_token，令牌共用并在过期前更新",
                "we call get_access_token first; one token is shared and renewed",
            ),
        ),
        (
            Say::new("时间", "time"),
            Say::new("`timestamp`：YmdHis，北京时间", "`timestamp`: YmdHis, Shanghai"),
        ),
        (Say::new("时钟容差", "tolerance"), clock),
        (
            Say::new("应答", "answers"),
            Say::new(
                "HTTP 200 的明文 JSON，`status` 为 200 成功",
                "plain JSON with HTTP 200, `status` 200 is yes",
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
            "RSA 密钥长度？PKCS#1 v1.5 还是 OAEP（哪种散列）？业务调用用哪把公钥？",
            "size of the keys; PKCS#1 v1.5 or OAEP; which key seals our calls?",
            &["settings.padding", "settings.accept_padding", "settings.business_key"],
        ),
        Question::new(
            "空值、null 是否参与签名，如何书写？",
            "are empty values and null signed, and how?",
            &["settings.sign", "settings.accept_also"],
        ),
        Question::new(
            "2.8 是否带签名？来自哪些 IP？",
            "is 2.8 signed; from which addresses?",
            &["settings.require_sign", "settings.unsigned_from", "limits.addresses"],
        ),
        Question::new(
            "确认读取 `status`、`statue` 还是 `statues`？",
            "is `status`, `statue` or `statues` read?",
            &["settings.ack_aliases"],
        ),
        Question::new(
            "推送会带文档之外的字段吗？",
            "do pushes carry more fields than the document's?",
            &["settings.extra_fields"],
        ),
        Question::new(
            "各方法是否同一地址？附件所在主机？",
            "one address for all methods; the hosts of files?",
            &["base_url", "urls", "file_hosts"],
        ),
        Question::new(
            "贵方重试计划与超时？",
            "your retries and timeout?",
            &["retry_schedule_s", "egress.total_timeout_s"],
        ),
        Question::new(
            "时间戳规则？",
            "your rule about clocks?",
            &["settings.timestamp_skew_s", "settings.timestamp_window_s"],
        ),
        Question::new(
            "2.1 返回后浏览器可跳回哪些主机？",
            "to which hosts may a browser be sent back after 2.1?",
            &["settings.welcome", "settings.return_hosts"],
        ),
    ]
}

#[cfg(test)]
mod tests;
