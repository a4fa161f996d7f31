//! Sample business: who bids for what, the same for the same seed; every company, person and number is a dummy.

use crate::cast::Bid;
use crate::fields::SECONDS;
use crate::request::Request;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// A bidder with a project to bid for: the hero of one story.
#[derive(Debug, Clone)]
pub struct Bidder {
    bid: Bid,
    now: OffsetDateTime,
}

impl Bidder {
    /// The `n`th bidder of this seed (both below 100 million and a million), with an opening some weeks after `now`, which is
    /// when it applies.
    #[must_use]
    pub fn new(seed: u64, n: u64, now: OffsetDateTime) -> Self {
        Self { bid: Bid::new(seed, n, now), now }
    }

    /// The same bidder, bidding for the section of another.
    #[must_use]
    pub fn bidding_with(self, other: &Self) -> Self {
        Self { bid: self.bid.with(&other.bid), now: self.now }
    }

    /// The same company as another, bidding for something else.
    #[must_use]
    pub fn of_company(mut self, other: &Self) -> Self {
        self.bid.company = other.bid.company.clone();
        self
    }

    /// 订单编号.
    #[must_use]
    pub fn order_no(&self) -> String {
        format!("TBaoHan{}", self.bid.tag)
    }

    /// 标段(包)编号, whose key seals the fields.
    #[must_use]
    pub fn section(&self) -> &str {
        &self.bid.section_code
    }

    /// 保证金金额, yuan with two decimals.
    #[must_use]
    pub fn bond(&self) -> &str {
        &self.bid.bond
    }

    /// 投标企业名称.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.bid.company.name
    }

    /// 投标企业社会信用代码.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.bid.company.code
    }

    /// 招标人.
    #[must_use]
    pub fn tenderee(&self) -> &str {
        &self.bid.tenderee.name
    }

    /// 项目开标时间 as applied for.
    #[must_use]
    pub fn opening(&self) -> OffsetDateTime {
        self.bid.opening
    }

    /// 3.1 投保申请 with every field, in plain; what is 密文 is sealed when it is sent.
    #[must_use]
    pub fn application(&self) -> Request {
        let bid = &self.bid;
        let data = json!({
            "businessNo": format!("BD{}-0001", bid.tag), "orderNo": self.order_no(), "applyTime": self.time(self.now),
            "bzjEndTime": self.time(bid.opening - Duration::days(1)), "openTime": self.time(bid.opening),
            "bidderName": bid.company.name, "bidderCode": bid.company.code,
            "projectName": bid.project, "projectNo": format!("XM{}", bid.tag),
            "tendersNo": bid.section_code, "tendersName": bid.section_name, "emAmount": bid.bond,
            "tenderee": bid.tenderee.name, "tendereeCode": bid.tenderee.code,
            "icheck": "1", "khBank": "示例银行城东支行", "yhAccount": format!("6200{}", bid.tag),
        });
        Request::new("financialAccount/doOrderApply", data)
    }

    /// 3.3 保函订单取消申请.
    #[must_use]
    pub fn withdraw(&self) -> Request {
        let data = json!({
            "applyNo": self.order_no(), "applyTime": self.time(self.now), "remark": "项目已开标，订单未出函",
            "orderCanceZip": "",
        });
        Request::new("financialAccount/orderCancelApply", data)
    }

    /// 3.5 授信申请, the `nth` of this bidder.
    #[must_use]
    pub fn credit(&self, nth: u32) -> Request {
        self.of_bidder("financialAccount/creditApply", nth)
            .with("creditZip", "https://files.example.com/sx.zip")
    }

    /// 3.17 授信撤回 of the `nth` application for credit.
    #[must_use]
    pub fn revoke_credit(&self, nth: u32) -> Request {
        self.revoke("financialAccount/creditRevocation", "SX", nth, "放弃申请")
    }

    /// 3.21 征信结果检查.
    #[must_use]
    pub fn query_credit(&self) -> Request {
        self.of_bidder("financialAccount/queryCredit", 1).with("businessNo", format!("CX{}", self.bid.tag))
    }

    /// 3.7 还原通知申请 with this key; its business number is the guarantee's, as in the sample (YY-20).
    #[must_use]
    pub fn restore(&self, guarantee_no: &str, secret_key: &str) -> Request {
        let data = json!({
            "businessNo": guarantee_no, "guaranteeNo": guarantee_no, "applyTime": self.time(self.now),
            "outTime": self.time(self.now), "secretKey": secret_key,
        });
        Request::new("financialAccount/restoreApply", data)
    }

    /// 3.9 注销申请, the `nth` of this guarantee.
    #[must_use]
    pub fn cancel(&self, guarantee_no: &str, nth: u32) -> Request {
        self.of_guarantee("financialAccount/cancelApply", "ZX", guarantee_no, nth)
            .with("reson", "未中标，解除担保责任")
            .with("cancelZip", "")
    }

    /// 3.20 注销撤回 of the `nth`.
    #[must_use]
    pub fn revoke_cancel(&self, nth: u32) -> Request {
        self.revoke("financialAccount/cancelRevocation", "ZX", nth, "放弃注销")
    }

    /// 3.11 理赔申请, the `nth` of this guarantee.
    #[must_use]
    pub fn claim(&self, guarantee_no: &str, nth: u32) -> Request {
        self.of_guarantee("financialAccount/compensateApply", "LP", guarantee_no, nth)
            .with("beneficiary", self.bid.tenderee.name.as_str())
            .with("beneficiaryCode", self.bid.tenderee.code.as_str())
            .with("compensateZip", "https://files.example.com/lp.zip")
    }

    /// 3.19 理赔撤回 of the `nth`.
    #[must_use]
    pub fn revoke_claim(&self, nth: u32) -> Request {
        self.revoke("financialAccount/compensateRevocation", "LP", nth, "放弃理赔")
    }

    /// 3.13 发票申请 (普票) for an amount in yuan, with the empty fields of the sample (YY-17).
    #[must_use]
    pub fn invoice(&self, guarantee_no: &str, amount: &str) -> Request {
        self.of_guarantee("financialAccount/invoiceApply", "FP", guarantee_no, 1)
            .with("bidderName", self.bid.company.name.as_str())
            .with("bidderCode", self.bid.company.code.as_str())
            .with("amount", amount)
            .with("type", "0")
            .with("address", "")
            .with("phone", "")
            .with("bank", "")
            .with("account", "")
            .with("email", "fapiao@example.com")
            .with("mobile", self.bid.agent.phone.as_str())
            .with("invoiceRise", self.bid.company.name.as_str())
            .with("invoiceaddress", "")
            .with("jbrname", self.bid.agent.name)
    }

    /// 3.13 发票申请 (专票), which names the buyer's particulars.
    #[must_use]
    pub fn special_invoice(&self, guarantee_no: &str, amount: &str) -> Request {
        self.invoice(guarantee_no, amount)
            .with("type", "1")
            .with("address", format!("示例市{}建设路1号", self.bid.place))
            .with("phone", "0990-0000000")
            .with("bank", "示例银行城东支行")
            .with("account", format!("6200{}", self.bid.tag))
            .with("invoiceaddress", format!("示例市{}建设路2号", self.bid.place))
    }

    /// 3.15 退函申请, the `nth` of this guarantee.
    #[must_use]
    pub fn refund(&self, guarantee_no: &str, nth: u32) -> Request {
        self.of_guarantee("financialAccount/refundApply", "TH", guarantee_no, nth).with("reason", "业务需要")
    }

    /// 3.18 退函撤回 of the `nth`.
    #[must_use]
    pub fn revoke_refund(&self, nth: u32) -> Request {
        self.revoke("financialAccount/refundRevocation", "TH", nth, "放弃退函")
    }

    /// 3.22 开标时间维护.
    #[must_use]
    pub fn opens(&self, at: OffsetDateTime) -> Request {
        let data = json!({ "orderNo": self.order_no(), "openTime": self.time(at) });
        Request::new("financialAccount/openTimeMaintenance", data)
    }

    /// 3.23 缴纳截止时间维护.
    #[must_use]
    pub fn closes(&self, at: OffsetDateTime) -> Request {
        let data = json!({ "orderNo": self.order_no(), "bzjEndTime": self.time(at) });
        Request::new("financialAccount/updateEmEndTime", data)
    }

    fn of_bidder(&self, method: &'static str, nth: u32) -> Request {
        let data = json!({
            "businessNo": format!("SX{}-{nth}", self.bid.tag), "applyTime": self.time(self.now),
            "applyUser": self.bid.company.name, "applyCode": self.bid.company.code,
        });
        Request::new(method, data)
    }

    fn of_guarantee(&self, method: &'static str, kind: &str, guarantee_no: &str, nth: u32) -> Request {
        let data = json!({
            "businessNo": format!("{kind}{}-{nth}", self.bid.tag), "applyTime": self.time(self.now),
            "guaranteeNo": guarantee_no,
        });
        Request::new(method, data)
    }

    fn revoke(&self, method: &'static str, kind: &str, nth: u32, reason: &str) -> Request {
        let data = json!({
            "businessNo": format!("{kind}{}-{nth}", self.bid.tag), "applyTime": self.time(self.now), "reason": reason,
        });
        Request::new(method, data)
    }

    fn time(&self, at: OffsetDateTime) -> Value {
        crate::shanghai(at).format(SECONDS).unwrap_or_default().into()
    }
}
