//! Sample business: who bids for what, the same for the same seed; every company, person and number is a dummy.

use super::book::OrderStatus;
use crate::cast::Bid;
use crate::fields::{DAYS, SECONDS};
use crate::request::Request;
use serde_json::json;
use time::{
    Date, Duration, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description,
};

const MINUTES: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]");
/// 投标有效期 of all samples, days.
const VALID_DAYS: i64 = 90;
/// What the manual adds to it (FZ-08), days.
const MORE_DAYS: i64 = 28;
/// 交易中心名称 of all samples.
pub(crate) const CENTRE: &str = "示例市公共资源交易中心";

/// A bidder with a section to bid for: the hero of one story.
#[derive(Debug, Clone)]
pub struct Bidder {
    pub(crate) bid: Bid,
}

impl Bidder {
    /// The `n`th bidder of this seed (both below 100 million and a million), with an opening some weeks after `today`.
    #[must_use]
    pub fn new(seed: u64, n: u64, today: OffsetDateTime) -> Self {
        Self { bid: Bid::new(seed, n, today) }
    }

    /// The same bidder, bidding for the section of another.
    #[must_use]
    pub fn bidding_with(self, other: &Self) -> Self {
        Self { bid: self.bid.with(&other.bid) }
    }

    /// 订单编号.
    #[must_use]
    pub fn order_no(&self) -> String {
        format!("18{}", self.bid.tag)
    }

    /// 标段（包）编号.
    #[must_use]
    pub fn block_number(&self) -> &str {
        &self.bid.section_code
    }

    /// 担保金额, yuan with two decimals.
    #[must_use]
    pub fn amount(&self) -> &str {
        &self.bid.bond
    }

    /// 被保证人.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.bid.company.name
    }

    /// 受益人.
    #[must_use]
    pub fn creditor(&self) -> &str {
        &self.bid.tenderee.name
    }

    /// 投递投标文件截止时间.
    #[must_use]
    pub fn deadline(&self) -> String {
        crate::shanghai(self.bid.opening).format(MINUTES).unwrap_or_default()
    }

    /// 投标有效期.
    #[must_use]
    pub fn valid_day(&self) -> String {
        VALID_DAYS.to_string()
    }

    /// 担保期间: from the deadline for the validity of the bid and 28 days.
    #[must_use]
    pub fn term(&self) -> [String; 2] {
        let start = crate::shanghai(self.bid.opening).date();
        [start, start + Duration::days(VALID_DAYS + MORE_DAYS)].map(day)
    }

    /// 2.1 保函申请订单, what the bidder's browser brings.
    #[must_use]
    pub fn redirect(&self, return_url: &str) -> Request {
        Request::new("apply-redirect", json!({ "order_no": self.order_no(), "return_url": return_url }))
    }

    /// 2.2 保函申请订单状态更新.
    #[must_use]
    pub fn status(&self, old: OrderStatus, new: OrderStatus) -> Request {
        let data = json!({
            "order_no": self.order_no(), "block_number": self.bid.section_code, "block_name": self.bid.section_name,
            "principal": self.principal(), "creditor": self.creditor(),
            "order_status_old": old.word(), "order_status": new.word(),
        });
        Request::new("order-status-push", data)
    }

    /// 2.6 保函验真, to be sent with the document.
    #[must_use]
    pub fn verify_file(serial_num: &str) -> Request {
        Request::new("verify-file", json!({ "serial_num": serial_num }))
    }

    /// 2.7 保函查验.
    #[must_use]
    pub fn verify_info(guarantee_no: &str, serial_num: &str) -> Request {
        Request::new("verify-info", json!({ "guarantee_no": guarantee_no, "serial_num": serial_num }))
    }

    /// 2.8 开票申请: an ordinary electronic invoice for this order.
    #[must_use]
    pub fn invoice(&self) -> Request {
        let data = json!({
            "invoice_id": format!("FP{}", self.bid.tag), "invoice_type": "1", "is_electron": "1",
            "order_nos": self.order_no(), "company_name": self.principal(), "identify_number": self.bid.company.code,
            "receiver_name": self.bid.agent.name, "receiver_phone_num": self.bid.agent.phone,
            "receiver_address": format!("示例市{}建设路1号", self.bid.place), "receiver_email": "fapiao@example.com",
            "remark": "", "bank_name": "", "bank_account": "", "registered_address": "", "link_phone_number": "",
        });
        Request::new("invoice-apply-push", data)
    }

    /// 2.8 开票申请: a special invoice, which names the buyer's particulars.
    #[must_use]
    pub fn special_invoice(&self) -> Request {
        self.invoice()
            .with("invoice_type", "2")
            .with("bank_name", "示例银行城东支行")
            .with("bank_account", format!("6200{}", self.bid.tag))
            .with("registered_address", format!("示例市{}建设路1号", self.bid.place))
            .with("link_phone_number", "0990-0000000")
    }

    /// 2.10 延期开标通知 for the whole section.
    #[must_use]
    pub fn postpone(&self, days: i64) -> Request {
        let opening = crate::shanghai(self.bid.opening + Duration::days(days));
        let data = json!({
            "btc_name": CENTRE, "block_number": self.bid.section_code, "block_name": self.bid.section_name,
            "type": "2", "open_tender_time": opening.format(SECONDS).unwrap_or_default(),
        });
        Request::new("delay-open-push", data)
    }

    /// 3.1 理赔申请 for an amount in yuan; the address of 索赔文件 is put in when it is sent.
    #[must_use]
    pub fn claim(&self, guarantee_no: &str, amount: &str) -> Request {
        let data = json!({
            "request_method": "apply_claim", "claim_no": self.claim_no(), "claim_status": "WAIT_ACCEPT",
            "guarantee_no": guarantee_no, "block_name": self.bid.section_name, "block_number": self.bid.section_code,
            "principal": self.principal(), "creditor": self.creditor(), "claim_amount": amount,
            "claim_reason": "中标后无正当理由不与招标人签订合同",
            "contact_person": self.bid.legal.name, "contact_phone": self.bid.legal.phone,
            "contact_mail": "suopei@example.com", "claim_statement": "", "claim_file": "",
        });
        Request::new("apply_claim", data)
    }

    /// 理赔序列号.
    #[must_use]
    pub fn claim_no(&self) -> String {
        format!("LP{}", self.bid.tag)
    }
}

fn day(date: Date) -> String {
    date.format(DAYS).unwrap_or_default()
}
