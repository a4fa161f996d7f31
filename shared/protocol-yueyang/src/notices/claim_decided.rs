//! 3.12 理赔通知 `compensateNotice`: a claim was decided, and how much is paid.

use super::{clock, outbound, outcome};
use crate::codes;
use crate::envelope::Letter;
use crate::settings::Manner;
use domain::CaseDecided;
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.12", "guarantee/compensateNotice", "理赔通知");

/// Table and example name the result differently: it is told under both names (YY-12). The amount is whole, whatever
/// the printed length says (YY-10).
pub(super) fn write(notice: &CaseDecided, manner: &Manner) -> Letter {
    let result = codes::result(notice.approved).to_owned();
    let amount = notice.amount.filter(|_| notice.approved).map(|amount| amount.to_string());
    let (name, phone) = contact(notice, manner);
    vec![
        ("businessNo", notice.head.business_no.clone()),
        ("applyTime", clock(notice.head.at)),
        ("guaranteeNo", notice.guarantee_no.to_string()),
        ("payerAmount", amount.unwrap_or_default()),
        ("applyUserName", name),
        ("applyUserPhone", phone),
        ("reason", notice.asked_because.clone()),
        ("operateResult", result.clone()),
        ("compensateResult", result),
        ("compensateResultDesc", outcome(notice.approved, &notice.reason, "理赔成功", "理赔失败")),
    ]
}

/// 理赔联系人: whoever the claim names, else ours.
fn contact(notice: &CaseDecided, manner: &Manner) -> (String, String) {
    let named = notice.contact.as_ref().filter(|contact| !contact.name.is_empty());
    let pair = named.map(|one| (one.name.expose().to_owned(), one.phone.expose().to_owned()));
    pair.unwrap_or_else(|| manner.claim_contact.clone())
}
