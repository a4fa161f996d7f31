//! The nine interfaces of the document, and the fields of what arrives here, copied from its tables by hand.

pub use crate::interface::{Direction, Interface};
use crate::interface::{asked, told};

/// All nine, in the order of the document.
pub const INTERFACES: [Interface; 9] = [
    asked("3.2.1", "/guarantee/apply", "保函申请接口"),
    asked("3.2.2", "queryurl", "保函办理进度查询接口"),
    told("3.2.3", "/api/guarantee/paystate", "保函费用支付/退款通知接口"),
    told("3.2.4", "/api/guarantee/applynotify", "保函办理结果通知接口"),
    asked("3.2.5", "pullurl", "获取保函接口"),
    asked("3.2.6", "cancelurl", "保函注销接口"),
    asked("3.2.7", "/guarantee/cost", "保函费用计算/预估接口"),
    asked("3.2.8", "/guarantee/xmstate", "项目最终状态推送"),
    told("3.2.9", "/api/guarantee/release", "退保/注销结果通知接口"),
];

/// The row of a name.
#[must_use]
pub fn interface(method: &str) -> Option<&'static Interface> {
    INTERFACES.iter().find(|row| row.method == method)
}

/// When a field must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Always,
    /// The key always, a value only if there is one: cancelurl, `没有此接口值为空`.
    Key,
    /// When another field has this value.
    When(&'static str, &'static str),
    /// Never.
    Never,
}

/// What the value of a field looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text of at most so many characters.
    Text(usize),
    /// One of these texts.
    Code(&'static [&'static str]),
    /// One of these numbers.
    Int(&'static [i64]),
    /// BigDecimal, an amount in yuan.
    Money,
    /// BigDecimal that is a fraction (GP-06).
    Rate,
    /// datetime.
    Time,
    /// An absolute http or https address.
    Address,
    /// A PDF in base64.
    File,
}

/// A field of a callback or of an answer's `data`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) form: Form,
}

const fn field(name: &'static str, need: Need, form: Form) -> Field {
    Field { name, need, form }
}

const DONE: Need = Need::When("staus", "1");
const PAID: Need = Need::When("type", "1");

const PAYSTATE: &[Field] = &[
    field("orderno", Need::Always, Form::Text(32)),
    field("paymoney", Need::Always, Form::Money),
    field("paytime", Need::Always, Form::Time),
    field("type", Need::Always, Form::Code(&["1", "2"])),
    field("paybankname", PAID, Form::Text(64)),
    field("paybankno", PAID, Form::Text(64)),
];
const APPLYNOTIFY: &[Field] = &[
    field("orderno", Need::Always, Form::Text(32)),
    field("bhno", DONE, Form::Text(64)),
    field("staus", Need::Always, Form::Code(&["0", "1", "2"])),
    field("info", Need::Never, Form::Text(512)),
    field("bhrate", Need::Always, Form::Rate),
    field("bhcost", Need::Always, Form::Money),
    field("sellername", Need::Always, Form::Text(64)),
    field("selleraddress", Need::Always, Form::Text(256)),
    field("sellerphone", Need::Always, Form::Text(64)),
    field("bhcretime", DONE, Form::Time),
    field("bhfile", DONE, Form::File),
];
const RELEASE: &[Field] =
    &[field("bhno", Need::Always, Form::Text(64)), field("state", Need::Always, Form::Code(&["0", "1"]))];
const APPLY: &[Field] = &[
    field("continueurl", Need::Always, Form::Address),
    field("queryurl", Need::Always, Form::Address),
    field("pullurl", Need::Always, Form::Address),
    field("cancelurl", Need::Key, Form::Address),
];
const QUERY: &[Field] = &[
    field("status", Need::Always, Form::Int(&[0, 1, 2])),
    field("describe", Need::Always, Form::Text(512)),
    field("dealtime", Need::Never, Form::Time),
    // GP-12: without it a platform that missed applynotify could never pull.
    field("bhno", Need::Never, Form::Text(64)),
];
const PULL: &[Field] = &[
    field("name", Need::Never, Form::Text(128)),
    field("file", Need::Always, Form::File),
    field("remark", Need::Never, Form::Text(256)),
];
/// GP-08: both are 是 although 二选一; both are wanted.
const COST: &[Field] =
    &[field("money", Need::Always, Form::Money), field("describe", Need::Always, Form::Text(512))];

/// The fields of a callback; `None` if the platform has no such endpoint.
pub(crate) fn callback_fields(method: &str) -> Option<&'static [Field]> {
    match method {
        "/api/guarantee/paystate" => Some(PAYSTATE),
        "/api/guarantee/applynotify" => Some(APPLYNOTIFY),
        "/api/guarantee/release" => Some(RELEASE),
        _ => None,
    }
}

/// The fields of a successful answer's `data`; `None` if the document has no table for it.
pub(crate) fn answer_fields(method: &str) -> Option<&'static [Field]> {
    match method {
        "/guarantee/apply" => Some(APPLY),
        "queryurl" => Some(QUERY),
        "pullurl" => Some(PULL),
        "/guarantee/cost" => Some(COST),
        _ => None,
    }
}
