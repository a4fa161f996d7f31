//! 3.7 还原通知申请 `restoreApply`: after the opening the platform releases the key of what it sealed (YY-05).

use super::{Form, Served, inbound, order_no};
use crate::codes::{APPLY_TIME, BUSINESS_NO, GUARANTEE_NO};
use crate::settings::Manner;
use domain::{Command, GuaranteeNo, RestoreOrder, Timestamp};
use protocol::{Ask, Fields, Label, Rejection, Way, Wish};

/// restoreNotice has no way to tell a failure (YY-28), so that nothing is accepted before it was tried.
pub(super) const SERVED: Served = Served {
    interface: inbound("3.7", "financialAccount/restoreApply", "还原通知申请", Way::Ask),
    read,
    told_later: false,
    form: Form::Plain,
    credit: false,
};

/// When the guarantee was issued, as the platform remembers it: ours is what counts.
const ISSUED: Label = ("outTime", "出函时间");

fn read(fields: &Fields, manner: &Manner, _: Timestamp) -> Result<Ask, Rejection> {
    fields.required(APPLY_TIME)?;
    fields.text(ISSUED)?;
    let restore = RestoreOrder {
        business_no: order_no(fields, BUSINESS_NO)?,
        // A key that comes before the guarantee cannot quote its number; it waits.
        guarantee_no: GuaranteeNo::quoted(&fields.text(GUARANTEE_NO)?),
        opening: None,
        openers: manner.unsealing.openers(fields)?,
        plain_allowed: true,
    };
    let business_key = restore.business_no.clone();
    Ok(Ask { business_key, wish: Wish::Command(Command::RestoreOrder(restore)), callback: None })
}

#[cfg(test)]
mod tests;
