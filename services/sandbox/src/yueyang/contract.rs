//! The twenty-three interfaces of the document and the fields of its eight notices, copied from its tables by hand.

use crate::fields::{Field, Form, Need, field};
pub use crate::interface::{Direction, Interface};
use crate::interface::{asked, told};

/// All, in the order of the document; the address of an interface is its name behind the base address (YY-22).
pub const INTERFACES: [Interface; 23] = [
    asked("3.1", "financialAccount/doOrderApply", "投保申请"),
    told("3.2", "guarantee/orderApplyNotice", "投保申请结果通知"),
    asked("3.3", "financialAccount/orderCancelApply", "保函订单取消申请"),
    told("3.4", "guarantee/orderCancelNotice", "订单取消通知"),
    asked("3.5", "financialAccount/creditApply", "授信申请"),
    told("3.6", "guarantee/creditApplyNotice", "授信申请通知"),
    asked("3.7", "financialAccount/restoreApply", "还原通知申请"),
    told("3.8", "guarantee/restoreNotice", "还原通知单"),
    asked("3.9", "financialAccount/cancelApply", "注销申请"),
    told("3.10", "guarantee/cancelNotice", "注销通知"),
    asked("3.11", "financialAccount/compensateApply", "理赔申请"),
    told("3.12", "guarantee/compensateNotice", "理赔通知"),
    asked("3.13", "financialAccount/invoiceApply", "发票申请"),
    told("3.14", "guarantee/invoiceNotice", "发票开具通知"),
    asked("3.15", "financialAccount/refundApply", "退函申请"),
    told("3.16", "guarantee/refundNotice", "退函通知"),
    asked("3.17", "financialAccount/creditRevocation", "授信撤回"),
    asked("3.18", "financialAccount/refundRevocation", "退函撤回"),
    asked("3.19", "financialAccount/compensateRevocation", "理赔撤回"),
    asked("3.20", "financialAccount/cancelRevocation", "注销撤回"),
    asked("3.21", "financialAccount/queryCredit", "征信结果检查"),
    asked("3.22", "financialAccount/openTimeMaintenance", "开标时间维护"),
    asked("3.23", "financialAccount/updateEmEndTime", "缴纳截止时间维护"),
];

/// The fields of 3.1 that are 密文.
pub const SEALED: [&str; 8] = [
    "bidderName",
    "bidderCode",
    "projectName",
    "projectNo",
    "tendersNo",
    "tendersName",
    "tenderee",
    "tendereeCode",
];

/// The row of a name.
#[must_use]
pub fn interface(method: &str) -> Option<&'static Interface> {
    INTERFACES.iter().find(|row| row.method == method)
}

/// The field that says how a request of this kind ended.
pub(crate) fn result_field(method: &str) -> &'static str {
    match method {
        "guarantee/orderApplyNotice" => "applyResult",
        "guarantee/orderCancelNotice" => "cancelResult",
        "guarantee/creditApplyNotice" => "creditResult",
        "guarantee/invoiceNotice" => "invoiceResult",
        "guarantee/restoreNotice" => "",
        _ => "operateResult",
    }
}

/// 0.成功 1.失败.
const RESULT: Form = Form::Code(&["0", "1"]);

const fn when_issued(name: &'static str, form: Form, longest: usize) -> Field {
    field(name, Need::When("applyResult", "0"), form, longest)
}

const BUSINESS_NO: Field = field("businessNo", Need::Always, Form::Text, 60);
const GUARANTEE_NO: Field = field("guaranteeNo", Need::Always, Form::Text, 60);
const APPLY_TIME: Field = field("applyTime", Need::Always, Form::Moment, 30);
const OPERATE_RESULT: Field = field("operateResult", Need::Always, RESULT, 2);

const ORDER_APPLY: &[Field] = &[
    field("businessNo", Need::Always, Form::Text, 64),
    field("orderNo", Need::Always, Form::Text, 64),
    APPLY_TIME,
    when_issued("guaranteeNo", Form::Text, 60),
    // The printed length of 255 cannot hold a file (YY-07).
    when_issued("guaranteeFile", Form::Pdf, 0),
    when_issued("payerName", Form::Text, 60),
    when_issued("payerAccount", Form::Text, 60),
    when_issued("instName", Form::Text, 60),
    when_issued("generateTime", Form::Moment, 30),
    when_issued("rate", Form::Percent, 0),
    // Two decimals even beyond the printed 8 (YY-09).
    when_issued("cost", Form::Money, 0),
    when_issued("validBeginTime", Form::Moment, 30),
    when_issued("validEndTime", Form::Moment, 30),
    field("applyResult", Need::Always, RESULT, 2),
    field("insuranceCode", Need::Never, Form::Text, 50),
];
const ORDER_CANCEL: &[Field] = &[
    field("applyNo", Need::Always, Form::Text, 60),
    APPLY_TIME,
    field("remark", Need::Never, Form::Text, 100),
    field("cancelResult", Need::Always, RESULT, 100),
];
const CREDIT_APPLY: &[Field] = &[
    BUSINESS_NO,
    APPLY_TIME,
    field("creditResult", Need::Always, RESULT, 2),
    field("applyUser", Need::Always, Form::Text, 100),
    field("applyCode", Need::Always, Form::Text, 60),
    field("validBeginTime", Need::When("creditResult", "0"), Form::Moment, 30),
    field("validEndTime", Need::When("creditResult", "0"), Form::Moment, 30),
    field("creditZip", Need::Never, Form::Text, 255),
];
const RESTORE: &[Field] = &[
    BUSINESS_NO,
    GUARANTEE_NO,
    field("guaranteeFile", Need::Always, Form::Pdf, 0),
    field("restoreTime", Need::Always, Form::Moment, 30),
];
const CANCEL: &[Field] = &[
    BUSINESS_NO,
    APPLY_TIME,
    GUARANTEE_NO,
    OPERATE_RESULT,
    field("cancelResultDesc", Need::Never, Form::Text, 100),
];
const COMPENSATE: &[Field] = &[
    BUSINESS_NO,
    APPLY_TIME,
    GUARANTEE_NO,
    // The full amount even beyond the printed 8 (YY-10).
    field("payerAmount", Need::When("operateResult", "0"), Form::Money, 0),
    field("applyUserName", Need::When("operateResult", "0"), Form::Text, 60),
    field("applyUserPhone", Need::When("operateResult", "0"), Form::Text, 30),
    field("reason", Need::Never, Form::Text, 100),
    OPERATE_RESULT,
    // The example's name for the same (YY-12).
    field("compensateResult", Need::Never, RESULT, 2),
    field("compensateResultDesc", Need::Always, Form::Text, 100),
];
const INVOICE: &[Field] = &[
    BUSINESS_NO,
    APPLY_TIME,
    GUARANTEE_NO,
    field("invoiceResult", Need::Always, RESULT, 2),
    field("invoiceUrl", Need::When("invoiceResult", "0"), Form::Address, 0),
    // All keys, empty where there is nothing to say (YY-18).
    field("invoiceCode", Need::Key, Form::Text, 60),
    field("invoiceNo", Need::Key, Form::Text, 60),
    field("type", Need::Always, RESULT, 2),
];
const REFUND: &[Field] = &[
    BUSINESS_NO,
    APPLY_TIME,
    GUARANTEE_NO,
    field("reason", Need::Never, Form::Text, 100),
    OPERATE_RESULT,
    field("refundResultDesc", Need::Never, Form::Text, 100),
];

/// The fields of a notice; `None` if the platform has no such endpoint.
pub(crate) fn notice_fields(method: &str) -> Option<&'static [Field]> {
    Some(match method {
        "guarantee/orderApplyNotice" => ORDER_APPLY,
        "guarantee/orderCancelNotice" => ORDER_CANCEL,
        "guarantee/creditApplyNotice" => CREDIT_APPLY,
        "guarantee/restoreNotice" => RESTORE,
        "guarantee/cancelNotice" => CANCEL,
        "guarantee/compensateNotice" => COMPENSATE,
        "guarantee/invoiceNotice" => INVOICE,
        "guarantee/refundNotice" => REFUND,
        _ => return None,
    })
}
