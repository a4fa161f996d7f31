//! 3.5.3 退保信息反馈 `feedback_quit`: a refund was decided; its reason travels as `message` (FS-20).

use super::{bytes, outbound};
use crate::codes;
use domain::CaseDecided;
use protocol::Interface;
use serde::Serialize;

pub(super) const INTERFACE: Interface = outbound("3.5.3", "feedback_quit", "退保信息反馈");

#[derive(Serialize)]
struct Wire<'a> {
    guarantee_no: &'a str,
    approve_status: &'static str,
    message: &'a str,
}

pub(super) fn write(notice: &CaseDecided) -> Vec<u8> {
    bytes(&Wire {
        guarantee_no: notice.guarantee_no.as_str(),
        approve_status: codes::verdict(notice.approved),
        message: &notice.reason,
    })
}
