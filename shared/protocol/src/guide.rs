//! The sheet for a partner's engineer: what both sides have to agree on, with an example that was really made and really read.

use crate::{Call, Inbound, Interface, Outbound, Outcome, Pass, Rejection, RejectionKind, Sealed, Verdict};
use bytes::Bytes;
use domain::{AcceptanceNo, Brief, Company, Notice, NoticeHead, OrderRejected, PartnerId, Reply, Timestamp};
use http::{Request, Response};

/// A text in the two languages of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Say {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in both.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }
}

/// One step of an example: what it is, and its text in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub what: Say,
    /// The text, to be compared byte by byte.
    pub text: String,
}

impl Step {
    /// A step.
    pub fn new(zh: &str, en: &str, text: impl Into<String>) -> Self {
        Self { what: Say::new(zh, en), text: text.into() }
    }
}

/// What only the partner can answer (WIRE.md §5), and the keys of its file that the answer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub ask: Say,
    /// Dotted keys of the partner's file: `settings.sign`.
    pub keys: &'static [&'static str],
}

impl Question {
    /// A question.
    #[must_use]
    pub fn new(zh: &str, en: &str, keys: &'static [&'static str]) -> Self {
        Self { ask: Say::new(zh, en), keys }
    }
}

/// The sheet, as far as the protocol knows it.
#[derive(Debug)]
pub struct Guide {
    /// How messages go: charset, content type, cipher, signature, time, tolerance.
    pub facts: Vec<(Say, Say)>,
    /// What the partner may call, each with its path behind `/<partner id>`.
    pub served: Vec<(&'static Interface, String)>,
    /// What we call, each with its address; empty where the partner has none.
    pub called: Vec<(&'static Interface, String)>,
    /// The dummies of the example, by the names of the settings.
    pub dummies: Vec<(String, String)>,
    /// How the example's request comes about.
    pub request_steps: Vec<Step>,
    /// The example: a request of the partner.
    pub request: Request<Bytes>,
    /// What we answer to it.
    pub answer: Response<Bytes>,
    /// How the answer is read, where it is not plain.
    pub answer_steps: Vec<Step>,
    /// How the example's callback comes about.
    pub callback_steps: Vec<Step>,
    /// A callback of ours, told that an order was rejected.
    pub callback: Request<Bytes>,
    /// The answer that we take for an acknowledgement, and the rule.
    pub acknowledgement: (Say, Bytes),
    /// What we may answer else, and what it means.
    pub troubles: Vec<(String, Say)>,
    /// What is to be settled.
    pub questions: Vec<Question>,
}

/// What a protocol brings to its example.
#[derive(Debug)]
pub struct Played<'a> {
    /// The partner.
    pub id: &'a PartnerId,
    /// A request of the partner; a command.
    pub request: Request<Bytes>,
    /// The partner's number of the order of the example.
    pub order_no: &'a str,
    /// The moment of both messages.
    pub now: Timestamp,
    /// The access token, for protocols that have one.
    pub token: Option<&'a str>,
    /// What the partner's server replies to a callback, and the rule by which we read it.
    pub acknowledgement: (Say, Bytes),
}

impl Guide {
    /// Plays the example through: the request is opened and answered, a callback is sealed, its reply judged.
    ///
    /// # Errors
    /// If the partner's own variants do not let its example through, says where.
    pub fn played(partner: &(impl Inbound + Outbound), played: Played<'_>) -> Result<Self, String> {
        let Played { id, request, order_no, now, token, acknowledgement } = played;
        let call =
            partner.open(&request, now).map_err(|no| format!("the example does not open: {}", no.why))?;
        let no = AcceptanceNo::of(id, "guide", order_no);
        let reply = Outcome::Replied(Reply::Accepted { no: no.clone() });
        let answer = partner.answer_to(&request, now, Ok((&call, &[reply])));
        let notice = rejected(no, order_no, now);
        let pass = Pass { now, nonce: [7; 16], token, target: None, document_url: None, document: None };
        let callback = match partner.seal(&notice, &pass) {
            Ok(Sealed::Send(request)) => request,
            Ok(Sealed::Silent(why)) => return Err(format!("the example's callback is not sent: {why}")),
            Err(why) => return Err(format!("the example's callback cannot be written: {}", why.0)),
        };
        match partner.judge(&notice, &Response::new(acknowledgement.1.clone())) {
            Verdict::Delivered => {}
            other => return Err(format!("the example's acknowledgement is none: {other:?}")),
        }
        Ok(Self {
            facts: Vec::new(),
            served: Vec::new(),
            called: Vec::new(),
            dummies: Vec::new(),
            request_steps: Vec::new(),
            answer_steps: Vec::new(),
            callback_steps: Vec::new(),
            troubles: troubles(partner, &request, &call, now),
            questions: Vec::new(),
            request,
            answer,
            callback,
            acknowledgement,
        })
    }
}

/// An application that was rejected, which every protocol can tell.
fn rejected(no: AcceptanceNo, order_no: &str, at: Timestamp) -> Notice {
    let company = |name: &str| Company { name: name.into(), ..Company::default() };
    let brief = Brief {
        order_no: order_no.to_owned(),
        section_no: "BD-2026-001".to_owned(),
        section_name: "示例标段".into(),
        bidder: company("示例投标有限公司"),
        tenderee: company("示例招标人"),
        applied_at: Some(at),
        ..Brief::default()
    };
    let head = NoticeHead {
        no: no.clone(),
        business_no: order_no.to_owned(),
        order: no,
        version: 1,
        at,
        brief: Some(Box::new(brief)),
    };
    Notice::OrderRejected(OrderRejected { head, reason: "示例：资料不完整".to_owned() })
}

/// What else may be answered to the example, and what it means.
fn troubles(
    partner: &(impl Inbound + Outbound),
    request: &Request<Bytes>,
    call: &Call,
    now: Timestamp,
) -> Vec<(String, Say)> {
    use RejectionKind::{Stale, Unknown, Unreadable, Unwelcome};
    let say = |kind, say: &str| Rejection::new(kind, say, "");
    let no = |rejection: &Rejection| text(&partner.answer_to(request, now, Err(rejection)));
    let done = |outcome: Outcome| text(&partner.answer_to(request, now, Ok((call, &[outcome]))));
    vec![
        (
            no(&Rejection::forged("")),
            Say::new(
                "账号、签名或密文不正确（无论哪一项，回答相同）；请用本说明的示例核对，或把原始报文发给我们诊断",
                "account, signature or cipher does not hold (all alike); compare with the example, or send us the raw message",
            ),
        ),
        (
            no(&say(Unreadable, "请使用POST方式提交")),
            Say::new("请求方法或报文外层格式不正确", "method or outer shape of the message is wrong"),
        ),
        (
            no(&say(Stale, "请求时间超出允许范围，请校准时钟后重试")),
            Say::new("时间与我方时钟相差过大", "too far from our clock"),
        ),
        (
            no(&say(Unknown, "接口不存在，请核对接口名称与请求地址")),
            Say::new("没有该接口，或查无此单", "no such interface, or nothing with this number"),
        ),
        (
            no(&Rejection::malformed("FIELD", "字段", "不能为空")),
            Say::new(
                "字段缺失或取值不正确，信息中指明字段",
                "a field is missing or wrong; the message names it",
            ),
        ),
        (
            no(&say(Unwelcome, "请求过于频繁，请稍后重试")),
            Say::new(
                "请求过大、过多，或该平台、接口已暂停；稍后原样重试",
                "too large, too many, or paused; try the same again later",
            ),
        ),
        (
            done(Outcome::Unavailable),
            Say::new(
                "我方暂时无法受理，未产生任何效果；稍后原样重试",
                "nothing happened on our side; try the same again later",
            ),
        ),
    ]
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}
