//! What the sheet for a platform's engineer says of govproc, with an example made by this partner's own variants.

use crate::datum::{Datum, Letter, json};
use crate::envelope::in_body;
use crate::settings::{Cipher, Settings, Shape, Transport, Vector};
use crate::{Govproc, calls, notices};
use bytes::Bytes;
use crypto::dummies::{Dummies, dummy_key};
use crypto::text::{self, Encoding};
use domain::{PartnerId, Timestamp};
use http::Uri;
use protocol::{Guide, Played, Problem, Question, Say, Step};
use std::collections::BTreeMap;

const PATH: &str = "/guarantee/xmstate";
const ORDER_NO: &str = "ZC20261122000001";

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
    let partner = Govproc::new(id.clone(), &harmless, base_url, urls, &dummies)?;
    let letter = project(&partner, now);
    let request = partner.envelope.seal(&letter, Uri::from_static(PATH));
    let plain: Letter =
        vec![("stat", Datum::int(1)), ("errcode", Datum::text("000000")), ("msg", Datum::text("操作成功"))];
    let acknowledgement = (
        Say::new(
            "HTTP 2xx，`stat` 为 1；其余一律视为未送达并重试（信息含“重复”“已通知”“已推送”“已处理”的除外）",
            "a 2xx with `stat` = 1; anything else is tried again, unless it says 重复, 已通知, 已推送 or 已处理",
        ),
        whole(&partner, &plain),
    );
    let played = Played { id, request, order_no: ORDER_NO, now, token: None, acknowledgement };
    let mut guide = Guide::played(&partner, played).map_err(|why| vec![Problem::new("settings", why)])?;
    guide.request_steps = steps(&partner, guide.request.body());
    guide.answer_steps = answer_steps(&partner, &guide.answer.body().clone());
    guide.callback_steps = steps(&partner, guide.callback.body());
    guide.dummies = dummies.shown_after(("app_key", &harmless.app_key));
    guide.dummies.retain(|(name, _)| name != "link_secret");
    guide.served = calls::paths().collect();
    guide.called = notices::CALLBACKS.iter().zip(partner.addresses.iter().map(ToString::to_string)).collect();
    guide.facts = facts(settings);
    guide.questions = questions();
    Ok(guide)
}

/// The same variants with nothing that is real: no account, no secret, no allow-list.
fn harmless(settings: &Settings) -> (Settings, Dummies) {
    let mut dummies = vec![
        ("app_secret", dummy_key(settings.key_form, "0123456789abcdef")),
        ("link_secret", "dummy-link-secret-dummy-link-secret".to_owned()),
    ];
    let iv = settings.iv.is_some().then(|| {
        dummies.push(("iv", dummy_key(settings.iv_form, "fedcba9876543210")));
        Dummies::named("iv")
    });
    let transport =
        if settings.transport == Transport::IpAllowList { Transport::Sandbox } else { settings.transport };
    let harmless = Settings {
        app_key: "dummy-app-key".to_owned(),
        app_secret: Dummies::named("app_secret"),
        link_secret: Dummies::named("link_secret"),
        iv,
        transport,
        allowed_ips: Vec::new(),
        orgcode: None,
        sellername: "示例担保有限公司".to_owned(),
        selleraddress: "示例路 1 号".to_owned(),
        sellerphone: "000-00000000".to_owned(),
        ..settings.clone()
    };
    (harmless, Dummies(dummies))
}

/// The parameters of the example: a project that failed.
fn project(partner: &Govproc, now: Timestamp) -> Letter {
    let opening = Datum::moment(now.plus_seconds(30 * 86_400), &partner.manner);
    vec![
        ("xmname", Datum::text("示例采购项目")),
        ("xmcode", Datum::text("XM20261122")),
        ("bdname", Datum::text("第一包")),
        ("bdcode", Datum::text("SC20261122-1")),
        ("kbttime", opening),
        ("state", Datum::text("2")),
    ]
}

/// An answer as the platform writes it.
fn whole(partner: &Govproc, letter: &Letter) -> Bytes {
    let envelope = &partner.envelope;
    let plain = json(letter);
    if envelope.whole_answers {
        envelope.text.encode(&envelope.cipher.encrypt(&plain)).into()
    } else {
        plain.into()
    }
}

fn opened(partner: &Govproc, sealed: &str) -> Option<String> {
    let envelope = &partner.envelope;
    if envelope.shape == Shape::Plain {
        return Some(sealed.to_owned());
    }
    text::utf8(envelope.cipher.decrypt(Encoding::detect(sealed).decode(sealed).ok()?).ok()?).ok()
}

fn steps(partner: &Govproc, body: &[u8]) -> Vec<Step> {
    let Some(carried) = in_body(body, partner.envelope.shape) else { return Vec::new() };
    vec![
        Step::new(
            "参数（UTF-8 的 JSON）",
            "parameters (JSON in UTF-8)",
            opened(partner, &carried).unwrap_or_default(),
        ),
        Step::new(
            "AES 加密后的文本，放入请求正文",
            "the text of the ciphertext, which the body carries",
            carried,
        ),
    ]
}

fn answer_steps(partner: &Govproc, body: &[u8]) -> Vec<Step> {
    let text = String::from_utf8_lossy(body);
    let plain = partner.envelope.whole_answers.then(|| opened(partner, &text)).flatten();
    plain.map(|plain| Step::new("应答解密后", "the answer, deciphered", plain)).into_iter().collect()
}

fn facts(settings: &Settings) -> Vec<(Say, Say)> {
    let cipher = match (settings.cipher, settings.vector) {
        (Cipher::Ecb, _) => Say::same("AES/ECB/PKCS5Padding"),
        (Cipher::Cbc, Vector::Given) => {
            Say::new("AES/CBC/PKCS5Padding，固定 iv", "AES/CBC/PKCS5Padding with an agreed iv")
        }
        (Cipher::Cbc, Vector::Key) => Say::new(
            "AES/CBC/PKCS5Padding，iv 为密钥前 16 字节",
            "AES/CBC/PKCS5Padding, the iv is the key's first 16 bytes",
        ),
        (Cipher::Cbc, Vector::Prefixed) => Say::new(
            "AES/CBC/PKCS5Padding，iv 置于密文之前",
            "AES/CBC/PKCS5Padding, the iv before each ciphertext",
        ),
    };
    vec![
        (
            Say::new("传输", "transport"),
            Say::new(
                "HTTPS（或 IP 白名单）；本协议无签名。请求头 `appKey`，每个接口一个地址",
                "HTTPS, or addresses on a list, for nothing is signed; header `appKey`, an address for each interface",
            ),
        ),
        (Say::new("字符集", "charset"), Say::same("UTF-8")),
        (
            Say::new("请求正文", "request body"),
            Say::same(
                settings.content_type.clone().unwrap_or_else(|| "application/json;charset=utf-8".to_owned()),
            ),
        ),
        (Say::new("加密", "cipher"), cipher),
        (
            Say::new("密文编码", "text of ciphertext"),
            Say::new(
                "base64 或十六进制均可，应答沿用请求的编码",
                "base64 or hexadecimal; answers use what the request used",
            ),
        ),
        (Say::new("签名", "signature"), Say::new("无", "none")),
        (
            Say::new("时间", "time"),
            Say::new(
                "接受 10 或 13 位时间戳（数字或字符串）与 yyyy-MM-dd HH:mm:ss，北京时间",
                "10 or 13 digits, number or text, or yyyy-MM-dd HH:mm:ss, Shanghai",
            ),
        ),
        (Say::new("时钟容差", "tolerance"), Say::new("不校验", "not checked")),
        (
            Say::new("应答", "answers"),
            Say::new(
                "HTTP 200，`stat` 为 1 成功、0 失败；`data` 为密文",
                "HTTP 200, `stat` 1 is yes, 0 is no; `data` is ciphertext",
            ),
        ),
    ]
}

fn questions() -> Vec<Question> {
    vec![
        Question::new(
            "请提供一条完整示例：明文、appSecret、密文",
            "a whole worked example: plaintext, appSecret, ciphertext",
            &[],
        ),
        Question::new(
            "appSecret 如何成为 AES 密钥（原文、十六进制、MD5、SHA1PRNG）？ECB 还是 CBC，iv 从何而来？",
            "how does appSecret become a key; ECB or CBC, and whence the iv?",
            &["settings.key_form", "settings.cipher", "settings.vector", "settings.iv_form"],
        ),
        Question::new(
            "密文放在正文的哪个成员？密文为 base64 还是十六进制？",
            "which member carries the ciphertext; base64 or hexadecimal?",
            &["settings.shape", "settings.text", "settings.content_type"],
        ),
        Question::new(
            "应答是否整体加密？",
            "are answers enciphered as a whole?",
            &["settings.whole_answers"],
        ),
        Question::new(
            "时间戳为秒还是毫秒，数字还是字符串？金额为数字还是字符串？",
            "seconds or milliseconds; numbers or texts?",
            &["settings.times", "settings.amounts"],
        ),
        Question::new(
            "读取 `staus` 还是 `status`？成功 errcode？",
            "`staus` or `status`; errcode of success?",
            &["settings.both_spellings", "settings.success_code"],
        ),
        Question::new("各回调地址？", "the address of each callback?", &["base_url", "urls"]),
        Question::new(
            "贵方重试计划与超时？",
            "your retries and timeout?",
            &["retry_schedule_s", "egress.total_timeout_s"],
        ),
        Question::new(
            "HTTPS 还是固定出口 IP？",
            "HTTPS, or which addresses?",
            &["settings.transport", "settings.allowed_ips"],
        ),
    ]
}

#[cfg(test)]
mod tests;
