//! 退保通知 `quitnotice`: a refund was decided, whoever asked for it, online or offline (PR-18).

use super::{order_no, outbound};
use crate::codes;
use crate::envelope::Letter;
use domain::CaseDecided;
use protocol::{Form, Interface, print_shanghai};

pub(super) const INTERFACE: Interface = outbound("接口说明 / 退保通知", "quitnotice", "退保通知");

/// The time is that of the refund, and empty if there was none (PR-06).
pub(super) fn write(notice: &CaseDecided) -> Letter {
    let at = notice.approved.then(|| print_shanghai(notice.head.at, Form::Dashed));
    vec![
        ("applyno", order_no(&notice.head)),
        ("baohanno", notice.guarantee_no.to_string()),
        ("applystatus", codes::verdict(notice.approved).to_owned()),
        ("tuibaotime", at.unwrap_or_default()),
    ]
}
