//! The sixteen interfaces of the document and the fields of its five callbacks, copied from its tables by hand.

pub use crate::interface::{Direction, Interface};
use crate::interface::{asked, told};

/// All sixteen, in the order of the document; apply_cancel and its query go to the institution whatever the section says
/// (FS-01).
pub const INTERFACES: [Interface; 16] = [
    asked("3.1.1", "apply_guarantee", "保函申请"),
    asked("3.1.2", "get_apply_guarantee_result", "查询保函申请结果"),
    told("3.1.3", "feedback_apply_guarantee_result", "保函申请结果反馈"),
    asked("3.2.1", "apply_cancel", "申请保函撤销"),
    asked("3.2.2", "get_apply_cancel_result", "查询撤销申请"),
    told("3.2.3", "feedback_apply_cancel_result", "撤销申请结果反馈"),
    asked("3.3.1", "apply_claim", "保函索赔"),
    asked("3.3.2", "get_apply_claim_result", "查询索赔申请结果"),
    told("3.3.3", "feedback_apply_claim_result", "索赔申请结果反馈"),
    asked("3.4.1", "apply_invoice", "申请发票"),
    asked("3.4.2", "get_invoiceInfo", "查询发票信息"),
    told("3.4.3", "feedback_invoice", "发票开具通知"),
    asked("3.5.1", "guarantee_quit", "退保申请"),
    asked("3.5.2", "get_quitInfo", "查询退保信息"),
    told("3.5.3", "feedback_quit", "退保信息反馈"),
    asked("3.6.1", "update_bidinfo", "标段信息更新"),
];

/// The row of a method.
#[must_use]
pub fn interface(method: &str) -> Option<&'static Interface> {
    INTERFACES.iter().find(|row| row.method == method)
}

/// When a field of a callback must have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Always,
    /// The key always, a value when approve_status is 1 (FS-09).
    WhenApproved,
    /// Never; but an approve_status of 2 without a reason helps nobody, so there it is looked for.
    Reason,
    /// Never.
    Never,
}

/// What the value of a field looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Any text.
    Text,
    /// `1` or `2` (FS-11: no other state is ever fed back).
    Outcome,
    /// An absolute http or https address.
    Address,
    /// Yuan with two decimals.
    Money,
    /// A decimal fraction below one (FS-29).
    Fraction,
}

/// A field inside `data` of a callback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) form: Form,
    /// 最大长度 in characters, where real values can keep it (FS-16: 出函机构名称 cannot).
    pub(crate) longest: usize,
}

const fn field(name: &'static str, need: Need, form: Form, longest: usize) -> Field {
    Field { name, need, form, longest }
}

const ACCEPT_NO: Field = field("accept_no", Need::Always, Form::Text, 20);
const GUARANTEE_NO: Field = field("guarantee_no", Need::Always, Form::Text, 40);
const OUTCOME: Field = field("approve_status", Need::Always, Form::Outcome, 10);
const ERROR: Field = field("error", Need::Reason, Form::Text, 100);

const GUARANTEE_RESULT: &[Field] = &[
    ACCEPT_NO,
    OUTCOME,
    field("guarantee_no", Need::WhenApproved, Form::Text, 30),
    field("guarantee_url", Need::WhenApproved, Form::Address, 200),
    field("merchant_name", Need::Always, Form::Text, 200),
    field("fee", Need::WhenApproved, Form::Money, 10),
    field("rate", Need::WhenApproved, Form::Fraction, 10),
    ERROR,
];
const CASE_RESULT: &[Field] = &[OUTCOME, GUARANTEE_NO, ACCEPT_NO, ERROR];
const INVOICE: &[Field] = &[
    GUARANTEE_NO,
    field("invoice_code", Need::Never, Form::Text, 30),
    field("invoice_no", Need::Never, Form::Text, 30),
    field("invoice_url", Need::Always, Form::Address, 200),
];
const QUIT: &[Field] = &[GUARANTEE_NO, OUTCOME, field("message", Need::Reason, Form::Text, 100)];

/// The fields inside `data` of a callback; `None` if the platform has no such endpoint.
pub(crate) fn callback_fields(method: &str) -> Option<&'static [Field]> {
    match method {
        "feedback_apply_guarantee_result" => Some(GUARANTEE_RESULT),
        "feedback_apply_cancel_result" | "feedback_apply_claim_result" => Some(CASE_RESULT),
        "feedback_invoice" => Some(INVOICE),
        "feedback_quit" => Some(QUIT),
        _ => None,
    }
}
