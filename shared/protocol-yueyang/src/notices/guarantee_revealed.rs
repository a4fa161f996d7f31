//! 3.8 还原通知单 `restoreNotice`: the sealed fields were opened, here is the revealed guarantee.

use super::{clock, numbers, outbound};
use crate::envelope::Letter;
use domain::GuaranteeRevealed;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.8", "guarantee/restoreNotice", "还原通知单");

pub(super) fn write(notice: &GuaranteeRevealed, file: String) -> Letter {
    let (business_no, _) = numbers(&notice.head);
    vec![
        ("businessNo", business_no),
        ("guaranteeNo", notice.guarantee_no.to_string()),
        ("guaranteeFile", file),
        ("restoreTime", clock(notice.head.at)),
    ]
}
