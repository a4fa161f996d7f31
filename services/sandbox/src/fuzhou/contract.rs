//! The eighteen interfaces of the manual and the fields of the eleven calls that arrive here, copied from its tables by hand.

use crate::fields::{Field, Form, Need, field};
pub use crate::interface::{Direction, Interface};
use crate::interface::{asked, told};

/// All, in the order of the manual. A push has no name on the wire but its address (FZ-12); 3.1 has request_method.
pub const INTERFACES: [Interface; 18] = [
    told("1.1", "get_access_token", "获取access_token"),
    asked("2.1", "apply-redirect", "保函申请订单"),
    asked("2.2", "order-status-push", "保函申请订单状态更新"),
    told("2.3", "insurer_get_guarantee_info", "获取保函申请订单信息"),
    told("2.4", "insurer_apply_guarantee_result", "保函申请订单处理"),
    told("2.5", "insurer_push_guarantee", "推送电子保函"),
    asked("2.6", "verify-file", "保函验真"),
    asked("2.7", "verify-info", "保函查验"),
    asked("2.8", "invoice-apply-push", "开票申请"),
    told("2.9", "insurer_push_invoice", "推送订单发票处理结果"),
    asked("2.10", "delay-open-push", "延期开标通知"),
    told("2.11", "insurer_push_guarantee_update", "推送电子保函更新"),
    asked("3.1", "apply_claim", "理赔申请"),
    told("3.2", "update_claim", "理赔操作"),
    told("3.3", "get_claim_detail", "获取理赔信息"),
    told("4.1", "insurer_get_file_url", "获取文件URL接口"),
    told("4.2", "insurer_get_branch_insurers", "获取保险公司列表接口"),
    told("4.3", "insurer_get_order_company_info", "获取订单相关企业基本信息"),
];

/// The row of a method.
#[must_use]
pub fn interface(method: &str) -> Option<&'static Interface> {
    INTERFACES.iter().find(|row| row.method == method)
}

/// What a call of the insurer consists of, besides 公共加密参数.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) method: &'static str,
    /// 请求加密参数.
    pub(crate) fields: &'static [Field],
    /// The name of the part that holds a file, if the call is a multipart form.
    pub(crate) file: Option<&'static str>,
}

/// 公共加密参数, of all calls but 1.1, which has but two of them.
pub(crate) const SHARED: [&str; 5] = ["method", "sign", "timestamp", "btc_id", "enter_institution_type"];

const fn text(name: &'static str) -> Field {
    field(name, Need::Always, Form::Text, 0)
}

const fn step(name: &'static str, order_do_type: &'static str, form: Form) -> Field {
    field(name, Need::When("order_do_type", order_do_type), form, 0)
}

const ORDER_NO: Field = text("order_no");
const GUARANTEE_NO: Field = text("guarantee_no");
const PRINCIPAL: Field = text("principal");
const CREDITOR: Field = text("creditor");
const OUT_TIME: Field = field("out_guarantee_time", Need::Always, Form::Moment, 0);
const PDF_HASH: Field = field("guarantee_pdf_hash", Need::Always, Form::Sha256, 0);
const TRANS_NO: Field = field("trans_no", Need::Never, Form::Text, 0);

const APPLY_RESULT: &[Field] = &[
    ORDER_NO,
    text("block_number"),
    text("block_name"),
    PRINCIPAL,
    CREDITOR,
    field("order_do_type", Need::Always, Form::Number(&["1", "2", "3", "4"]), 0),
    // Not marked 必须, but codes 2304 and 2307 miss it (FZ-09).
    field("status", Need::Always, Form::Code(&["1", "2", "3"]), 0),
    step("price", "3", Form::Money),
    step("guarantee_end_date", "3", Form::Day),
    step("real_pay", "4", Form::Money),
    step("note", "2", Form::Text),
];
const PUSH_GUARANTEE: &[Field] =
    &[ORDER_NO, GUARANTEE_NO, PRINCIPAL, CREDITOR, text("guarantor"), OUT_TIME, PDF_HASH, TRANS_NO];
const PUSH_UPDATE: &[Field] = &[
    ORDER_NO,
    text("guarantee_no_old"),
    GUARANTEE_NO,
    PRINCIPAL,
    CREDITOR,
    text("guarantor"),
    OUT_TIME,
    field("date1", Need::Always, Form::Day, 0),
    field("date2", Need::Always, Form::Day, 0),
    PDF_HASH,
    TRANS_NO,
];
const UPDATE_CLAIM: &[Field] = &[
    text("claim_no"),
    GUARANTEE_NO,
    field(
        "do_type",
        Need::Always,
        // Spelled as in the table, not REFUSE_NDEMNITY as in the remark (FZ-10).
        Form::Code(&["ACCEPT", "REFUSE_INDEMNITY", "AGREE_INDEMNITY", "FINISH_INDEMNITY"]),
        0,
    ),
    field("refuse_reason", Need::When("do_type", "REFUSE_INDEMNITY"), Form::Text, 0),
];

/// The eleven calls.
pub(crate) const CALLS: [Table; 11] = [
    Table { method: "get_access_token", fields: &[text("api_key"), text("api_secret")], file: None },
    Table { method: "insurer_get_guarantee_info", fields: &[ORDER_NO], file: None },
    Table { method: "insurer_apply_guarantee_result", fields: APPLY_RESULT, file: None },
    Table { method: "insurer_push_guarantee", fields: PUSH_GUARANTEE, file: Some("guarantee_pdf") },
    Table {
        method: "insurer_push_invoice",
        fields: &[text("invoice_id"), field("invoice_pdf_hash", Need::Never, Form::Sha256, 0)],
        file: Some("invoice_pdf"),
    },
    Table { method: "insurer_push_guarantee_update", fields: PUSH_UPDATE, file: Some("guarantee_pdf") },
    Table { method: "update_claim", fields: UPDATE_CLAIM, file: None },
    Table {
        method: "get_claim_detail",
        fields: &[text("claim_no"), GUARANTEE_NO, PRINCIPAL, CREDITOR, text("guarantor")],
        file: None,
    },
    Table { method: "insurer_get_file_url", fields: &[text("file_id")], file: None },
    Table { method: "insurer_get_branch_insurers", fields: &[text("insurer_name")], file: None },
    Table { method: "insurer_get_order_company_info", fields: &[ORDER_NO], file: None },
];

/// The table of a call; `None` if the platform has none of this name.
pub(crate) fn table(method: &str) -> Option<&'static Table> {
    CALLS.iter().find(|table| table.method == method)
}
