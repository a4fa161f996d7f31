//! The facts a template may name, and what they are called towards people.

use std::collections::BTreeMap;

/// Names and labels.
pub(crate) type Names = &'static [(&'static str, &'static str)];

/// In every document.
pub(super) const COMMON: Names = &[
    ("institution", "出函机构"),
    ("institution_code", "出函机构统一社会信用代码"),
    ("institution_address", "出函机构地址"),
    ("institution_phone", "出函机构电话"),
    ("no", "编号"),
    ("issued_on", "出具日期"),
    ("issued_formal", "出具日期"),
    ("verify_url", "查验网址"),
];

/// In every kind of guarantee.
pub(super) const GUARANTEE: Names = &[
    ("edition", "保函版次"),
    ("beneficiary", "受益人名称"),
    ("beneficiary_code", "受益人统一社会信用代码"),
    ("beneficiary_address", "受益人地址"),
    ("applicant", "申请人名称"),
    ("applicant_code", "申请人统一社会信用代码"),
    ("applicant_address", "申请人地址"),
    ("project_name", "项目名称"),
    ("project_no", "项目编号"),
    ("section_name", "标段名称"),
    ("section_no", "标段编号"),
    ("bond", "保证金额"),
    ("bond_capital", "保证金额"),
    ("premium", "保费"),
    ("premium_capital", "保费"),
    ("opening", "开标时间"),
    ("bid_validity", "投标有效期"),
    ("contract_signed_on", "合同签订日期"),
    ("contract_period", "合同履约期限"),
    ("valid_from", "保函生效日期"),
    ("valid_until", "保函有效期"),
    ("earlier_no", "原保函编号"),
    ("earlier_edition", "原保函版次"),
    ("earlier_issued_on", "原保函开立日期"),
    ("earlier_sha256", "原保函文件摘要"),
    ("old_opening", "原开标时间"),
    ("new_opening", "变更后开标时间"),
];

/// In the confirmation of a refund or a release.
pub(super) const ENDING: Names = &[
    ("guarantee_no", "保函编号"),
    ("guarantee_issued_on", "保函开立日期"),
    ("guarantee_sha256", "保函文件摘要"),
    ("product", "保函种类"),
    ("beneficiary", "受益人名称"),
    ("applicant", "申请人名称"),
    ("project_name", "项目名称"),
    ("project_no", "项目编号"),
    ("section_name", "标段名称"),
    ("section_no", "标段编号"),
    ("bond", "保证金额"),
    ("bond_capital", "保证金额"),
    ("refunded", "退还保费"),
    ("refunded_capital", "退还保费"),
    ("reason", "原因"),
    ("ended_on", "终止日期"),
];

/// In an invoice.
pub(super) const INVOICE: Names = &[
    ("invoice_kind", "发票种类"),
    ("code", "发票代码"),
    ("guarantee_no", "保函编号"),
    ("buyer", "购买方名称"),
    ("buyer_code", "购买方纳税人识别号"),
    ("buyer_contact", "购买方地址、电话"),
    ("buyer_account", "购买方开户行及账号"),
    ("amount", "价税合计"),
    ("amount_capital", "价税合计"),
];

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// To be printed.
    Plain(String),
    /// Ciphertext: only its digest is printed.
    Sealed(String),
}

/// A fact by the name templates know it by; `None` if it is not known.
pub(crate) type Fact = (&'static str, Option<Value>);

/// All facts of one document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts(BTreeMap<&'static str, Value>);

impl Facts {
    pub(crate) fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.0.extend(facts.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }

    /// What a fact says; nothing if it is not known.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl Value {
    /// A text as a fact: an empty one says nothing.
    pub(crate) fn of(text: impl Into<String>) -> Option<Self> {
        Some(text.into()).filter(|text| !text.trim().is_empty()).map(Self::Plain)
    }
}
