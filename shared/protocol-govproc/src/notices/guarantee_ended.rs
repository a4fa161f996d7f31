//! 3.2.9 退保/注销结果通知接口 `/api/guarantee/release`: a guarantee ended by refund or by release.

use super::outbound;
use crate::codes;
use crate::datum::{Datum, Letter};
use domain::CaseDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.2.9", "/api/guarantee/release", "退保/注销结果通知接口");

pub(super) fn refunded(notice: &CaseDecided) -> Letter {
    letter(notice, codes::REFUNDED)
}

pub(super) fn released(notice: &CaseDecided) -> Letter {
    letter(notice, codes::RELEASED)
}

fn letter(notice: &CaseDecided, state: &str) -> Letter {
    vec![("bhno", Datum::text(notice.guarantee_no.as_str())), ("state", Datum::text(state))]
}
