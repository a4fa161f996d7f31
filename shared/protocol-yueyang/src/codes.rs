//! The partner's codes beside our words, one table; and the labels of fields that several interfaces share.

use domain::{CreditStanding, SealedField};
use protocol::Label;

pub(crate) const BUSINESS_NO: Label = ("businessNo", "业务流水号");
pub(crate) const ORDER_NO: Label = ("orderNo", "订单编号");
pub(crate) const APPLY_NO: Label = ("applyNo", "订单编号");
pub(crate) const APPLY_TIME: Label = ("applyTime", "请求时间");
pub(crate) const GUARANTEE_NO: Label = ("guaranteeNo", "保函编号");
pub(crate) const OPEN_TIME: Label = ("openTime", "项目开标时间");
pub(crate) const DEADLINE: Label = ("bzjEndTime", "保函购买截止时间");

/// The fields marked 密文, the partner's name and title of each beside ours.
pub(crate) const SEALABLE: [(Label, SealedField); 8] = [
    (("bidderName", "投标企业名称"), SealedField::BidderName),
    (("bidderCode", "投标企业社会信用代码"), SealedField::BidderCode),
    (("projectName", "项目名称"), SealedField::ProjectName),
    (("projectNo", "项目编号"), SealedField::ProjectNo),
    (("tendersNo", "标段(包)编号"), SealedField::SectionNo),
    (("tendersName", "标段(包)名称"), SealedField::SectionName),
    (("tenderee", "招标人"), SealedField::TendereeName),
    (("tendereeCode", "招标人社会信用代码"), SealedField::TendereeCode),
];

/// `icheck`: whether the premium must come from the bidder's basic account.
pub(crate) const BASIC_ACCOUNT: [(&str, bool); 2] = [("0", false), ("1", true)];

/// `type` of an invoice: true for 专票 (X-05: fuzhou counts differently).
pub(crate) const SPECIAL_INVOICE: [(&str, bool); 2] = [("0", false), ("1", true)];

/// `*Result`, and `data` of a revocation: 0 is yes here, unlike everywhere else.
pub(crate) const fn result(approved: bool) -> &'static str {
    if approved { "0" } else { "1" }
}

/// `type` of an invoice as it is told; ordinary where nobody said.
pub(crate) const fn invoice_type(special: Option<bool>) -> &'static str {
    if let Some(true) = special { "1" } else { "0" }
}

/// `code` of queryCredit and what it means, verbatim (YY-15).
pub(crate) const fn standing(standing: CreditStanding) -> (u16, &'static str) {
    match standing {
        CreditStanding::Granted => (1, "成功（已授信，可直接办理银行保函）"),
        CreditStanding::None => (2, "未授信"),
        CreditStanding::TooLittle => (3, "额度不满足"),
        CreditStanding::Refused => (4, "授信失败"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_is_nought_and_no_is_one() {
        assert_eq!([result(true), result(false)], ["0", "1"]);
    }

    #[test]
    fn an_invoice_is_special_if_somebody_said_so() {
        assert_eq!([Some(true), Some(false), None].map(invoice_type), ["1", "0", "0"]);
    }

    #[test]
    fn standings_are_counted_from_one() {
        let all = [
            CreditStanding::Granted,
            CreditStanding::None,
            CreditStanding::TooLittle,
            CreditStanding::Refused,
        ];
        assert_eq!(all.map(|one| standing(one).0), [1, 2, 3, 4]);
    }
}
