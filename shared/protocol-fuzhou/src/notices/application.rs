//! 2.3 获取保函申请订单信息 `insurer_get_guarantee_info`: asks for the application of an announced order.

use super::{Said, outbound};
use crate::codes::ORDER_NO;
use crate::envelope::Field;
use domain::NoticeHead;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("2.3", "insurer_get_guarantee_info", "获取保函申请订单信息");

pub(super) fn write(head: &NoticeHead) -> Said<'_> {
    Said::plain(vec![Field::text(ORDER_NO.0, head.business_no.as_str())])
}
