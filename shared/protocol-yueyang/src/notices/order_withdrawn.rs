//! 3.4 订单取消通知 `orderCancelNotice`: the order was closed or not, whichever side wished it (YY-24).

use super::{clock, numbers, outbound};
use crate::codes;
use crate::envelope::Letter;
use domain::WithdrawalDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.4", "guarantee/orderCancelNotice", "订单取消通知");

/// The number goes under the name that this interface prints (YY-02).
pub(super) fn write(notice: &WithdrawalDecided) -> Letter {
    let (_, order_no) = numbers(&notice.head);
    vec![
        ("applyNo", order_no),
        ("applyTime", clock(notice.head.at)),
        ("remark", notice.reason.clone()),
        ("cancelResult", codes::result(notice.approved).to_owned()),
    ]
}
