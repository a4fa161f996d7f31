//! The partner's codes beside our words, one table; and the labels of fields that several interfaces share.

use domain::InvoiceKind;
use protocol::Label;

pub(crate) const APPKEY: Label = ("appkey", "应用标识");
pub(crate) const TIMESTAMP: Label = ("timestamp", "请求时间");
pub(crate) const SIGN: Label = ("sign", "报文摘要");
pub(crate) const PLATFORM_CODE: Label = ("platformcode", "平台编码");
pub(crate) const APPLY_NO: Label = ("applyno", "业务流水号");
pub(crate) const GUARANTEE_NO: Label = ("baohanno", "保函编号");
pub(crate) const BIDDER_NAME: Label = ("biddername", "投标企业名称");
pub(crate) const BIDDER_CODE: Label = ("biddercode", "统一社会信用代码");

/// The kinds of invoice, before the particulars of a 专票 are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvoiceType {
    Ordinary,
    Special,
}

/// `type` of an invoice (X-05: fuzhou counts differently).
pub(crate) const INVOICE_TYPES: [(&str, InvoiceType); 2] =
    [("0", InvoiceType::Ordinary), ("1", InvoiceType::Special)];

/// `applystatus`: 1 is yes here, as in finserv and unlike yueyang.
pub(crate) const fn verdict(approved: bool) -> &'static str {
    if approved { "1" } else { "0" }
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

    #[test]
    fn yes_is_one_and_no_is_nought() {
        assert_eq!([verdict(true), verdict(false)], ["1", "0"]);
    }

    #[test]
    fn the_particulars_are_asked_for_by_a_special_invoice_alone() {
        let particulars =
            || InvoiceKind::Special { phone: "1".into(), bank: "2".into(), account: "3".into() };
        assert_eq!(
            INVOICE_TYPES.map(|(code, kind)| (code, kind.kind(particulars).is_special())),
            [("0", false), ("1", true)]
        );
    }
}
