//! 3.1.3 保函申请结果反馈 `feedback_apply_guarantee_result`: the guarantee was issued, or the application rejected.

use super::{bytes, outbound};
use crate::codes;
use crate::settings::Manner;
use domain::{GuaranteeIssued, OrderRejected};
use protocol::Interface;
use serde::Serialize;

pub(super) const INTERFACE: Interface =
    outbound("3.1.3", "feedback_apply_guarantee_result", "保函申请结果反馈");

/// Every key is always there (FS-09).
#[derive(Serialize)]
struct Wire<'a> {
    accept_no: &'a str,
    approve_status: &'static str,
    guarantee_no: &'a str,
    guarantee_url: &'a str,
    merchant_name: &'a str,
    fee: String,
    rate: String,
    error: &'a str,
}

pub(super) fn issued(notice: &GuaranteeIssued, url: &str, manner: &Manner) -> Vec<u8> {
    bytes(&Wire {
        accept_no: notice.head.no.as_str(),
        approve_status: codes::verdict(true),
        guarantee_no: notice.guarantee_no.as_str(),
        guarantee_url: url,
        merchant_name: &manner.merchant_name,
        fee: notice.premium.to_string(),
        rate: codes::rate(notice.rate, manner),
        error: "",
    })
}

/// The document says to call only after success, and has a code and a field for the contrary: we tell both (FS-10).
pub(super) fn rejected(notice: &OrderRejected, manner: &Manner) -> Vec<u8> {
    bytes(&Wire {
        accept_no: notice.head.no.as_str(),
        approve_status: codes::verdict(false),
        guarantee_no: "",
        guarantee_url: "",
        merchant_name: &manner.merchant_name,
        fee: String::new(),
        rate: String::new(),
        error: &notice.reason,
    })
}
