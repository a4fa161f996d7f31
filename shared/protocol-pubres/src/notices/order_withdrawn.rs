//! 金融机构放弃申请 `giveupapply`, outbound: the bidder gave up with the institution (PR-01).

use super::{order_no, outbound};
use crate::envelope::Letter;
use domain::WithdrawalDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface =
    outbound("接口说明 / 金融机构放弃申请【可选接口】", "giveupapply", "金融机构放弃申请【可选接口】");

pub(super) fn write(notice: &WithdrawalDecided) -> Letter {
    vec![("applyno", order_no(&notice.head))]
}
