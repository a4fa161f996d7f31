//! 数据服务平台放弃申请 `giveupapply`, inbound: the bidder gave up on the platform before the guarantee was issued (PR-01).

use super::{Served, inbound};
use crate::codes::APPLY_NO;
use crate::settings::Manner;
use domain::{Command, Side, WithdrawOrder};
use protocol::{Ask, Fields, Rejection, Way, Wish};

/// The answer alone tells the outcome: the callback of the same name is for the bidder who gives up with us.
pub(super) const SERVED: Served = Served {
    interface: inbound(
        "接口说明 / 数据服务平台放弃申请【可选接口】",
        "giveupapply",
        "数据服务平台放弃申请【可选接口】",
        Way::Ask,
    ),
    read,
    optional: &[],
    told_later: false,
    has_page: false,
};

fn read(fields: &Fields, _: &Manner) -> Result<Ask, Rejection> {
    let withdraw = WithdrawOrder {
        business_no: fields.required(APPLY_NO)?,
        no: None,
        reason: String::new(),
        side: Side::Partner,
        by: String::new(),
        described: None,
    };
    let business_key = withdraw.business_no.clone();
    Ok(Ask { business_key, wish: Wish::Command(Command::WithdrawOrder(withdraw)), callback: None })
}
