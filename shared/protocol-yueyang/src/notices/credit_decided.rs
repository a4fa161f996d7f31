//! 3.6 授信申请通知 `creditApplyNotice`: a line of credit was granted or refused (YY-19).

use super::{clock, outbound};
use crate::codes;
use crate::envelope::Letter;
use domain::CreditDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.6", "guarantee/creditApplyNotice", "授信申请通知");

pub(super) fn write(notice: &CreditDecided) -> Letter {
    let grant = notice.grant.as_ref();
    vec![
        ("businessNo", notice.head.business_no.clone()),
        ("applyTime", clock(notice.head.at)),
        ("creditResult", codes::result(grant.is_some()).to_owned()),
        ("applyUser", notice.company.name.expose().to_owned()),
        ("applyCode", notice.company.code.expose().to_owned()),
        ("validBeginTime", grant.map(|grant| clock(grant.from)).unwrap_or_default()),
        ("validEndTime", grant.map(|grant| clock(grant.until)).unwrap_or_default()),
        // The platform has the papers; there are none of ours (YY-08).
        ("creditZip", String::new()),
    ]
}
