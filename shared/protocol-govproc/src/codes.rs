//! The partner's codes beside our words, one table; and the labels of fields that several interfaces share.

use domain::{OrderState, OrderStatus, RefusalKind, TenderChangeKind};
use protocol::{Label, RejectionKind};

pub(crate) const ORDER_NO: Label = ("orderno", "业务订单号");
pub(crate) const BOND: Label = ("bzjmoney", "保证金金额");
pub(crate) const PROJECT_NAME: Label = ("xmname", "项目名称");
pub(crate) const PROJECT_NO: Label = ("xmcode", "项目编号");
pub(crate) const SECTION_NAME: Label = ("bdname", "标段名称");
pub(crate) const SECTION_NO: Label = ("bdcode", "标段编号");
/// As printed, and as it was meant (GP-13).
pub(crate) const OPENING: [Label; 2] = [("kbttime", "开标时间"), ("kbtime", "开标时间")];
/// What platforms call 保函编号 (GP-05).
pub(crate) const GUARANTEE_NO: [Label; 2] = [("baohanno", "保函编号"), ("bhno", "保函编号")];

/// `state` of a project; nothing follows from it by itself (GP-11).
pub(crate) const TENDER_STATES: [(&str, TenderChangeKind); 4] = [
    ("1", TenderChangeKind::Awarded),
    ("2", TenderChangeKind::Failed),
    ("3", TenderChangeKind::Terminated),
    ("4", TenderChangeKind::Retendered),
];

/// `type` of a payment.
pub(crate) const PAID: &str = "1";
/// `type` of a premium that went back.
pub(crate) const RETURNED: &str = "2";
/// `state` of a guarantee after a refund.
pub(crate) const REFUNDED: &str = "0";
/// `state` of a guarantee after a release.
pub(crate) const RELEASED: &str = "1";
/// `staus`: the guarantee was issued.
pub(crate) const DONE: &str = "1";
/// `staus`: there will be none.
pub(crate) const FAILED: &str = "0";

/// `errcode` while the system is busy.
pub(crate) const BUSY: &str = "300001";
/// `errcode` while no worker has answered yet.
pub(crate) const IN_PROGRESS: &str = "300002";

/// Every `errcode` of a failure, so that none is taken for success (GP-09).
pub(crate) const FAILURES: [&str; 12] = [
    "100001",
    "100002",
    "100003",
    "100004",
    "100005",
    "100006",
    "200001",
    "200002",
    "200003",
    "200004",
    BUSY,
    IN_PROGRESS,
];

/// `errcode` of a request that did not become a call (GP-09: our own, there is no table).
pub(crate) const fn rejected(kind: RejectionKind) -> &'static str {
    match kind {
        RejectionKind::Forged => "100001",
        RejectionKind::Unreadable => "100002",
        RejectionKind::Stale => "100003",
        RejectionKind::Unknown => "100004",
        RejectionKind::Malformed => "100005",
        RejectionKind::Unwelcome => "100006",
    }
}

/// `errcode` of a request that has no effect.
pub(crate) const fn refused(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Unknown => "200001",
        RefusalKind::Conflict => "200002",
        RefusalKind::NotNow => "200003",
        RefusalKind::AgainstRules => "200004",
    }
}

/// `status`: 1 promises a guarantee that can be pulled, so what is paid but not issued is still 2.
pub(crate) const fn status(state: OrderState) -> u8 {
    match state {
        OrderState::Rejected | OrderState::Withdrawn => 0,
        OrderState::Issued => 1,
        OrderState::Announced | OrderState::Reviewing | OrderState::AwaitingPayment | OrderState::Paid => 2,
    }
}

/// Where an order stands, for people.
pub(crate) fn describe(order: &OrderStatus) -> String {
    let word = match order.state {
        OrderState::Announced | OrderState::Reviewing => "审核中",
        OrderState::AwaitingPayment => "待支付保费",
        OrderState::Paid => "已支付，正在出具保函",
        OrderState::Issued => "保函已开具",
        OrderState::Rejected => "申请未通过",
        OrderState::Withdrawn => "申请已放弃",
    };
    if order.reason.is_empty() { word.to_owned() } else { format!("{word}：{}", order.reason) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn only_an_issued_guarantee_is_told_as_done() {
        assert_eq!(OrderState::ALL.map(status), [2, 2, 2, 2, 1, 0, 0], "{:?}", OrderState::ALL);
    }

    #[test]
    fn every_failure_has_a_code_of_its_own() {
        use RejectionKind::{Forged, Malformed, Stale, Unknown, Unreadable, Unwelcome};
        let rejections = [Forged, Unreadable, Stale, Unknown, Malformed, Unwelcome].map(rejected);
        use RefusalKind::{AgainstRules, Conflict, NotNow};
        let refusals = [RefusalKind::Unknown, Conflict, NotNow, AgainstRules].map(refused);
        let all = [rejections.as_slice(), &refusals, &[BUSY, IN_PROGRESS]].concat();
        assert_eq!(all, FAILURES);
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn a_reason_is_told_with_the_state() {
        let mut order = OrderStatus::reviewing(sample::no());
        assert_eq!(describe(&order), "审核中");
        (order.state, order.reason) = (OrderState::Rejected, "已过投标截止时间".to_owned());
        assert_eq!(describe(&order), "申请未通过：已过投标截止时间");
    }
}
