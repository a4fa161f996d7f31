//! 还原保函通知 `restorenotice`: the sealed fields were opened, here is the revealed guarantee.

use super::{Copy, order_no, outbound};
use crate::envelope::Letter;
use domain::GuaranteeRevealed;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("接口说明 / 还原保函通知", "restorenotice", "还原保函通知");

pub(super) fn write(notice: &GuaranteeRevealed, copy: Copy) -> Letter {
    vec![
        ("applyno", order_no(&notice.head)),
        ("baohanno", notice.guarantee_no.to_string()),
        ("baohanurl", copy.url),
        ("baohanfile", copy.base64),
    ]
}
