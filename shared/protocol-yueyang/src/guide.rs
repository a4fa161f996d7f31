//! What the sheet for a platform's engineer says of yueyang, with an example made by this partner's own variants.

use crate::settings::{Auth, InboundBody, OutboundBody, Settings};
use crate::{Yueyang, calls, notices};
use bytes::Bytes;
use crypto::dummies::Dummies;
use crypto::rsa::PrivateKey;
use crypto::secret::Secret;
use crypto::text;
use domain::{PartnerId, Timestamp};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use protocol::{Guide, Played, Problem, Question, Say, Step};
use std::collections::BTreeMap;

const NAME: &str = "financialAccount/orderCancelApply";
const ORDER_NO: &str = "TBaoHan2026112210300000001";
const PLAIN: &str = include_str!("../fixtures/orderCancelApply/opened.json");
/// A pair that is nobody's, both halves public: the platform's in the example.
const PRIVATE: &str = include_str!("../fixtures/platform.pem");
const PUBLIC: &str = include_str!("../fixtures/variants/platform.b64");
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
    let partner = Yueyang::new(id.clone(), &harmless, base_url, urls, &dummies)?;
    let told = |why: String| vec![Problem::new("settings", why)];
    let request = request(&partner).map_err(told)?;
    let acknowledgement = (
        Say::new(
            "HTTP 2xx，JSON 中 `code` 为 200（数字或字符串）；其余一律视为未送达并重试（信息含“重复”“已通知”“已处理”的除外）",
            "a 2xx with `code` = 200, number or text; anything else is tried again, unless it says 重复, 已通知 or 已处理",
        ),
        r#"{"code":200,"msg":"成功"}"#.into(),
    );
    let played = Played { id, request, order_no: ORDER_NO, now, token: None, acknowledgement };
    let mut guide = Guide::played(&partner, played).map_err(told)?;
    guide.request_steps = steps(&harmless, &dummies, guide.request.headers().get(AUTHORIZATION));
    guide.request_steps.extend(sealed());
    guide.callback_steps = callback_steps(settings, &guide.callback);
    guide.dummies = shown(&harmless, &dummies);
    guide.served = calls::INTERFACES.iter().map(|one| (one, format!("/{}", one.name))).collect();
    guide.called = notices::CALLBACKS.iter().zip(partner.addresses.iter().map(ToString::to_string)).collect();
    guide.facts = facts(settings);
    guide.questions = questions();
    Ok(guide)
}

/// The same variants with nothing that is real: no names, no code, no key, no allow-list.
fn harmless(settings: &Settings) -> (Settings, Dummies) {
    let mut dummies = vec![("code", "dummy-code".to_owned()), ("platform_key", PUBLIC.trim().to_owned())];
    let inbound_code = settings.inbound_code.is_some().then(|| {
        dummies.push(("inbound_code", "dummy-inbound-code".to_owned()));
        Dummies::named("inbound_code")
    });
    let iv = settings.seal_iv.is_some().then(|| {
        dummies.push(("seal_iv", "fedcba9876543210".to_owned()));
        Dummies::named("seal_iv")
    });
    let harmless = Settings {
        user: "示例出函机构".to_owned(),
        code: Dummies::named("code"),
        inbound_user: settings.inbound_user.is_some().then(|| "示例平台".to_owned()),
        inbound_code,
        auth: if settings.auth == Auth::None { Auth::Basic } else { settings.auth },
        allowed_ips: Vec::new(),
        inst_name: "示例担保有限公司".to_owned(),
        insurance_code: "91110000DEMO00003X".to_owned(),
        claim_contact_name: "示例联系人".to_owned(),
        claim_contact_phone: "000-00000000".to_owned(),
        platform_key: settings.platform_key.is_some().then(|| Dummies::named("platform_key")),
        seal_iv: iv,
        ..settings.clone()
    };
    (harmless, Dummies(dummies))
}

fn shown(harmless: &Settings, dummies: &Dummies) -> Vec<(String, String)> {
    let names = [("user", Some(&harmless.user)), ("inbound_user", harmless.inbound_user.as_ref())];
    let names = names.into_iter().filter_map(|(name, text)| Some((name, text?.as_str())));
    names
        .chain(dummies.0.iter().map(|(name, text)| (*name, text.as_str())))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}

/// The platform gives up an order that did not become a guarantee.
fn request(partner: &Yueyang) -> Result<Request<Bytes>, String> {
    let envelope = &partner.envelope;
    let plain = format!(r#"{{"data":[{}]}}"#, PLAIN.trim());
    let body = if envelope.recovers() {
        let key = PrivateKey::read(&Secret::new(PRIVATE)).map_err(|bad| bad.to_string())?;
        let sealed = key.encrypt_recoverable(plain.as_bytes()).map_err(|bad| bad.to_string())?;
        format!(r#"{{"data":"{}"}}"#, text::to_base64(&sealed))
    } else {
        plain
    };
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = format!("/{NAME}").parse().map_err(|_| "no address".to_owned())?;
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    request.headers_mut().insert(CONTENT_TYPE, kind);
    let names = envelope.theirs.header().map_err(|why| why.0)?;
    request.headers_mut().insert(AUTHORIZATION, names);
    Ok(request)
}

fn steps(harmless: &Settings, dummies: &Dummies, header: Option<&HeaderValue>) -> Vec<Step> {
    let user = harmless.inbound_user.as_ref().unwrap_or(&harmless.user);
    let code = harmless.inbound_code.as_ref().map_or("code", |_| "inbound_code");
    let told = header.and_then(|header| header.to_str().ok()).unwrap_or_default();
    vec![
        Step::new(
            "`用户名:授权码`（UTF-8）",
            "`user:code` in UTF-8",
            format!("{user}:{}", dummies.text(code)),
        ),
        Step::new(
            "请求头 `Authorization`：`Basic ` 加其 base64",
            "header `Authorization`: `Basic ` and its base64",
            told,
        ),
    ]
}

/// A field under the platform's private key, and the public key that a restore releases for it.
fn sealed() -> Vec<Step> {
    let key = PrivateKey::read(&Secret::new(PRIVATE)).ok();
    let Some(sealed) = key.and_then(|key| key.encrypt_recoverable(SEALED.as_bytes()).ok()) else {
        return Vec::new();
    };
    vec![
        Step::new("密文字段的明文示例", "plaintext of a sealed field", SEALED),
        Step::new(
            "其密文：RSA 私钥加密（PKCS#1 类型 1，117 字节分段），标准 base64",
            "its ciphertext: RSA under the private key (PKCS#1 type 1, pieces of 117 bytes), standard base64",
            text::to_base64(&sealed),
        ),
        Step::new(
            "开标后还原接口给出的 `secretKey`：对应公钥（X.509，base64）",
            "`secretKey` of the restore: the public key (X.509, base64)",
            PUBLIC.trim(),
        ),
    ]
}

fn callback_steps(settings: &Settings, callback: &Request<Bytes>) -> Vec<Step> {
    let header = callback.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let body = match settings.outbound_body {
        OutboundBody::Wrapped => ("正文：字段放在 `data` 中", "body: the fields in `data`"),
        OutboundBody::Flat => ("正文：字段平铺", "body: the fields flat"),
        OutboundBody::Encrypted => {
            ("正文：`data` 为公钥加密后的 base64", "body: `data` is base64 under the public key")
        }
    };
    vec![
        Step::new("请求头 `Authorization`", "header `Authorization`", header.unwrap_or_default()),
        Step::new(body.0, body.1, String::from_utf8_lossy(callback.body())),
    ]
}

fn facts(settings: &Settings) -> Vec<(Say, Say)> {
    let body = match settings.inbound_body {
        InboundBody::Plain => {
            Say::new("明文 JSON，`data` 包裹或平铺均可", "plain JSON, wrapped in `data` or flat")
        }
        InboundBody::Recovered => Say::new(
            "`{\"data\":\"…\"}`：平台私钥加密后的 base64（117/128 分段）",
            "`{\"data\":\"…\"}`: base64 under the platform's private key (117/128)",
        ),
    };
    let auth = match settings.auth {
        Auth::Basic => Say::new("HTTP Basic（用户名:授权码），双向", "HTTP Basic (user:code), both ways"),
        Auth::Bare => Say::new("HTTP Basic，可省略 `Basic ` 前缀", "HTTP Basic, the word may be left out"),
        Auth::None => Say::new("仅凭来源 IP", "addresses alone"),
    };
    vec![
        (
            Say::new("传输", "transport"),
            Say::new("HTTP POST，每个接口一个地址", "HTTP POST, an address for each interface"),
        ),
        (Say::new("身份", "identity"), auth),
        (Say::new("字符集", "charset"), Say::same("UTF-8，application/json;charset=UTF-8")),
        (Say::new("请求正文", "request body"), body),
        (
            Say::new("加密", "cipher"),
            Say::new(
                "标密文字段：RSA 私钥加密，开标后给出公钥还原；明文也接受",
                "sealed fields: RSA under the private key, opened by the public one; plain texts pass",
            ),
        ),
        (Say::new("签名", "signature"), Say::new("无", "none")),
        (
            Say::new("时间", "time"),
            Say::new(
                "yyyy-MM-dd HH:mm:ss，北京时间；不校验时钟",
                "yyyy-MM-dd HH:mm:ss, Shanghai; clocks are not checked",
            ),
        ),
        (
            Say::new("应答", "answers"),
            Say::new(
                "HTTP 200，`code` 为 200 成功、500 失败；`*Result` 为 0 成功、1 失败",
                "HTTP 200, `code` 200 is yes, 500 is no; `*Result` 0 is yes, 1 is no",
            ),
        ),
    ]
}

fn questions() -> Vec<Question> {
    vec![
        Question::new(
            "请提供一条完整示例：请求头、正文；一个密文字段及其 secretKey",
            "a whole worked example: header, body; one sealed field and its secretKey",
            &[],
        ),
        Question::new(
            "正文是否加密（文档写传输加密 RSA，样例为明文）？",
            "is the body encrypted? (the document says so, its samples are plain)",
            &["settings.inbound_body", "settings.outbound_body", "settings.platform_key"],
        ),
        Question::new(
            "哪些字段为密文？secretKey 是 RSA 公钥还是对称密钥？",
            "which fields are ciphertext; is secretKey RSA or symmetric?",
            &["settings.sealed_fields", "settings.symmetric", "settings.seal_iv"],
        ),
        Question::new(
            "请求与回调是否使用同一对用户名与授权码？",
            "is the pair of names the same both ways?",
            &["settings.auth"],
        ),
        Question::new(
            "`data` 包裹还是平铺？",
            "wrapped in `data`, or flat?",
            &["settings.outbound_body", "settings.flat"],
        ),
        Question::new(
            "`code` 为数字还是字符串？",
            "is `code` a number or a text?",
            &["settings.answer_code"],
        ),
        Question::new("各回调地址？", "the address of each callback?", &["base_url", "urls"]),
        Question::new(
            "贵方重试计划与超时？",
            "your retries and timeout?",
            &["retry_schedule_s", "egress.total_timeout_s"],
        ),
        Question::new("贵方出口 IP？", "your addresses?", &["settings.allowed_ips", "limits.addresses"]),
    ]
}

#[cfg(test)]
mod tests;
