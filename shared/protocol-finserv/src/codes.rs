//! The partner's codes beside our words, one table; and the labels of fields that several interfaces share.

use crate::settings::{Manner, RateForm};
use domain::{CaseState, InvoiceKind, OrderState, Rate, ReleaseReason, TenderChangeKind};
use protocol::Label;

pub(crate) const APPLY_NO: Label = ("apply_no", "业务申请码");
pub(crate) const GUARANTEE_NO: Label = ("guarantee_no", "保函编号");
pub(crate) const ACCEPT_NO: Label = ("accept_no", "受理流水号");
pub(crate) const CALLBACK: Label = ("callback", "回调地址");
pub(crate) const SECTION_NAME: Label = ("section_name", "标段/标包名称");
pub(crate) const SECTION_CODE: Label = ("section_code", "标段/标包编号");
pub(crate) const ENTERPRISE_NAME: Label = ("enterprise_name", "企业名称");
pub(crate) const ENTERPRISE_CODE: Label = ("enterprise_code", "企业代码");
pub(crate) const AGENT_NAME: Label = ("agent_name", "经办人姓名");
pub(crate) const AGENT_PHONE: Label = ("agent_phone", "经办人手机号");
pub(crate) const AGENT_EMAIL: Label = ("agent_email", "经办人邮箱");

/// The two kinds of guarantee, before their own fields are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GuaranteeType {
    Bid,
    Performance,
}

/// `guarantee_type`; absent means a bid guarantee.
pub(crate) const GUARANTEE_TYPES: [(&str, GuaranteeType); 2] =
    [("1", GuaranteeType::Bid), ("2", GuaranteeType::Performance)];

/// `file_type`: list item 4 of section 4 (FS-22).
pub(crate) const FILE_TYPES: [(&str, &str); 3] =
    [("1", "business_licence"), ("2", "legal_id_front"), ("3", "legal_id_back")];

/// `cancel_reason`.
pub(crate) const RELEASE_REASONS: [(&str, ReleaseReason); 4] = [
    ("1", ReleaseReason::BondReturned),
    ("2", ReleaseReason::Expired),
    ("3", ReleaseReason::NotAwarded),
    ("4", ReleaseReason::Other),
];

/// The kinds of invoice, before the particulars of a 专票 are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvoiceType {
    Ordinary,
    Special,
}

/// `type` of an invoice (X-05: fuzhou counts differently).
pub(crate) const INVOICE_TYPES: [(&str, InvoiceType); 2] =
    [("0", InvoiceType::Ordinary), ("1", InvoiceType::Special)];

/// `type` of a section's change: list item 3 of section 4 (FS-22).
pub(crate) const TENDER_CHANGES: [(&str, TenderChangeKind); 4] = [
    ("1", TenderChangeKind::Cancelled),
    ("2", TenderChangeKind::Failed),
    ("3", TenderChangeKind::Postponed),
    ("9", TenderChangeKind::Other),
];

/// `approve_status` of an application (FS-11). `1` promises a guarantee (FS-09), so what is paid but not yet issued is
/// still `0`.
pub(crate) const fn order_status(state: OrderState) -> &'static str {
    match state {
        OrderState::Announced | OrderState::Reviewing | OrderState::Paid => "0",
        OrderState::Issued => "1",
        OrderState::Rejected | OrderState::Withdrawn => "2",
        OrderState::AwaitingPayment => "3",
    }
}

/// `approve_status` of a release, claim or refund (FS-11).
pub(crate) const fn case_status(state: CaseState) -> &'static str {
    match state {
        CaseState::Reviewing => "0",
        CaseState::Approved => "1",
        CaseState::Refused | CaseState::Revoked => "2",
    }
}

/// `approve_status` of a feedback: never `0` (FS-11).
pub(crate) const fn verdict(approved: bool) -> &'static str {
    if approved { "1" } else { "2" }
}

/// `rate` in the form the partner reads (FS-29): `0.005` or `0.5%`.
pub(crate) fn rate(rate: Rate, manner: &Manner) -> String {
    match manner.rate_form {
        RateForm::Decimal => rate.to_string(),
        RateForm::Percent => {
            let ten_thousandths = rate.millionths();
            let text = format!("{}.{:04}", ten_thousandths / 10_000, ten_thousandths % 10_000);
            let short = text.trim_end_matches('0');
            format!("{}%", short.strip_suffix('.').unwrap_or(short))
        }
    }
}

impl InvoiceType {
    /// The kind in our words; the particulars are those of a 专票.
    pub(crate) fn kind(self, particulars: impl FnOnce() -> InvoiceKind) -> InvoiceKind {
        match self {
            Self::Ordinary => InvoiceKind::Ordinary,
            Self::Special => particulars(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn only_an_issued_guarantee_is_told_as_approved() {
        let told: Vec<_> = OrderState::ALL.map(order_status).to_vec();
        assert_eq!(told, ["0", "0", "3", "0", "1", "2", "2"]);
    }

    #[test]
    fn a_case_is_under_review_approved_or_refused() {
        let states = [CaseState::Reviewing, CaseState::Approved, CaseState::Refused];
        assert_eq!(states.map(case_status), ["0", "1", "2"]);
        assert_eq!([verdict(true), verdict(false)], ["1", "2"]);
    }

    #[test]
    fn a_rate_is_a_fraction_or_a_percentage() {
        let percent = Manner { rate_form: RateForm::Percent, ..sample::manner() };
        for (text, shown) in [("0.005", "0.5%"), ("0.01", "1%"), ("0.000123", "0.0123%"), ("1", "100%")] {
            let value = Rate::parse(text).unwrap();
            assert_eq!(rate(value, &percent), shown);
            assert_eq!(rate(value, &sample::manner()), text);
        }
    }
}
