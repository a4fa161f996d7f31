//! 3.10 注销通知 `cancelNotice`: a release was decided, whoever asked for it (YY-14, YY-26).

use super::{clock, outbound, outcome};
use crate::codes;
use crate::envelope::Letter;
use domain::CaseDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.10", "guarantee/cancelNotice", "注销通知");

pub(super) fn write(notice: &CaseDecided) -> Letter {
    vec![
        ("businessNo", notice.head.business_no.clone()),
        ("applyTime", clock(notice.head.at)),
        ("guaranteeNo", notice.guarantee_no.to_string()),
        ("operateResult", codes::result(notice.approved).to_owned()),
        ("cancelResultDesc", outcome(notice.approved, &notice.reason, "注销成功", "注销失败")),
    ]
}
