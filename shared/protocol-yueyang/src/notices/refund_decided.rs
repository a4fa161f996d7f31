//! 3.16 退函通知 `refundNotice`: a refund was decided (YY-26).

use super::{clock, outbound, outcome};
use crate::codes;
use crate::envelope::Letter;
use domain::CaseDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface =
    outbound("3.16", "guarantee/refundNotice", "退函通知（开标前，可选）");

pub(super) fn write(notice: &CaseDecided) -> Letter {
    vec![
        ("businessNo", notice.head.business_no.clone()),
        ("applyTime", clock(notice.head.at)),
        ("guaranteeNo", notice.guarantee_no.to_string()),
        ("reason", notice.asked_because.clone()),
        ("operateResult", codes::result(notice.approved).to_owned()),
        ("refundResultDesc", outcome(notice.approved, &notice.reason, "退函成功", "退函失败")),
    ]
}
