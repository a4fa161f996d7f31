//! 3.2 投保申请结果通知 `orderApplyNotice`: the guarantee was issued, or the application rejected.

use super::{clock, numbers, outbound};
use crate::codes;
use crate::envelope::Letter;
use crate::settings::Manner;
use domain::{GuaranteeIssued, NoticeHead, OrderRejected, Rate, SealedField};
use protocol::Interface;

pub(super) const INTERFACE: Interface = outbound("3.2", "guarantee/orderApplyNotice", "投保申请结果通知");

pub(super) fn issued(notice: &GuaranteeIssued, file: String, manner: &Manner) -> Letter {
    let (payer_name, payer_account) = payer(&notice.head, manner);
    let from = notice.valid_from.unwrap_or(notice.head.at);
    let mut letter = opening(&notice.head);
    letter.extend([
        ("guaranteeNo", notice.guarantee_no.to_string()),
        ("guaranteeFile", file),
        ("payerName", payer_name),
        ("payerAccount", payer_account),
        ("instName", manner.inst_name.clone()),
        ("generateTime", clock(notice.head.at)),
        ("rate", percent(notice.rate)),
        ("cost", notice.premium.to_string()),
        ("validBeginTime", clock(from)),
        ("validEndTime", notice.valid_until.map(clock).unwrap_or_default()),
        ("applyResult", codes::result(true).to_owned()),
        ("insuranceCode", manner.insurance_code.clone()),
    ]);
    letter
}

/// Every key of the table, empty where a rejection has nothing to say.
pub(super) fn rejected(notice: &OrderRejected, manner: &Manner) -> Letter {
    const EMPTY: [&str; 10] = [
        "guaranteeNo",
        "guaranteeFile",
        "payerName",
        "payerAccount",
        "instName",
        "generateTime",
        "rate",
        "cost",
        "validBeginTime",
        "validEndTime",
    ];
    let mut letter = opening(&notice.head);
    letter.extend(EMPTY.map(|name| (name, String::new())));
    letter.push(("applyResult", codes::result(false).to_owned()));
    letter.push(("insuranceCode", manner.insurance_code.clone()));
    letter
}

/// applyTime is when the application was made; the issue has a time of its own.
fn opening(head: &NoticeHead) -> Letter {
    let (business_no, order_no) = numbers(head);
    let applied_at = head.brief.as_ref().and_then(|brief| brief.applied_at);
    vec![
        ("businessNo", business_no),
        ("orderNo", order_no),
        ("applyTime", clock(applied_at.unwrap_or(head.at))),
    ]
}

/// Who paid the premium as far as that is known: without a word from the bank it was the bidder, unless its name is
/// still ciphertext, which names nobody.
fn payer(head: &NoticeHead, manner: &Manner) -> (String, String) {
    let brief = head.brief.as_deref();
    let payer = brief.and_then(|brief| brief.payer.as_ref());
    let bidder = brief.map_or("", |brief| brief.bidder.name.expose());
    let known = !bidder.is_empty() && !manner.is_sealed(SealedField::BidderName, bidder);
    let bidder = if known { bidder } else { &manner.unknown_payer };
    let name = payer.map(|payer| payer.holder.expose()).filter(|name| !name.is_empty());
    let account = payer.map(|payer| payer.number.expose()).filter(|number| !number.is_empty());
    (name.unwrap_or(bidder).to_owned(), account.unwrap_or(&manner.unknown_payer).to_owned())
}

/// `0.25%` for 0.0025 (YY-09, X-03): two decimals, more only if they are needed.
fn percent(rate: Rate) -> String {
    let (whole, part) = (rate.millionths() / 10_000, rate.millionths() % 10_000);
    let mut decimals = format!("{part:04}");
    while decimals.len() > 2 && decimals.ends_with('0') {
        decimals.pop();
    }
    format!("{whole}.{decimals}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_told_in_percent() {
        let told = |text: &str| percent(Rate::parse(text).unwrap());
        assert_eq!(told("0.0025"), "0.25%");
        assert_eq!(told("0.005"), "0.50%");
        assert_eq!(told("0.000125"), "0.0125%");
        assert_eq!(told("1"), "100.00%");
        assert_eq!(told("0"), "0.00%");
    }
}
