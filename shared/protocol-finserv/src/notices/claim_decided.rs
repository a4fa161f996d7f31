//! 3.3.3 索赔申请结果反馈 `feedback_apply_claim_result`: a claim was decided; the listed `0` is never sent (FS-11).

use super::{bytes, outbound};
use crate::codes;
use domain::CaseDecided;
use protocol::Interface;
use serde::Serialize;

pub(super) const INTERFACE: Interface = outbound("3.3.3", "feedback_apply_claim_result", "索赔申请结果反馈");

#[derive(Serialize)]
struct Wire<'a> {
    approve_status: &'static str,
    guarantee_no: &'a str,
    accept_no: &'a str,
    error: &'a str,
}

pub(super) fn write(notice: &CaseDecided) -> Vec<u8> {
    bytes(&Wire {
        approve_status: codes::verdict(notice.approved),
        guarantee_no: notice.guarantee_no.as_str(),
        accept_no: notice.head.no.as_str(),
        error: &notice.reason,
    })
}
