//! Sample business: who bids for what, the same for the same seed; every company, person and number is a dummy.

use crate::cast::Bid;
pub use crate::request::Request;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

const MINUTES: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day] [hour][minute]");

/// A bidder with a project to bid for: the hero of one story.
#[derive(Debug, Clone)]
pub struct Bidder {
    bid: Bid,
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

    /// Tells its numbers from those of others: 14 digits.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.bid.tag
    }

    /// 标段编号, shared by all who bid for it.
    #[must_use]
    pub fn section_code(&self) -> &str {
        &self.bid.section_code
    }

    /// The number of its application (业务申请码).
    #[must_use]
    pub fn apply_no(&self) -> String {
        format!("TB{}", self.bid.tag)
    }

    /// The bond amount (保证金金额), yuan with two decimals.
    #[must_use]
    pub fn bond(&self) -> &str {
        &self.bid.bond
    }

    /// The company's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.bid.company.name
    }

    /// An application for a bid guarantee (投标保函) with every field the document has for it but `callback`.
    #[must_use]
    pub fn bid_application(&self) -> Request {
        self.application()
            .with("guarantee_type", "1")
            .with("open_time", self.minutes(self.bid.opening))
            .with("tender_expire", "120")
    }

    /// An application for a performance guarantee (履约保函).
    #[must_use]
    pub fn performance_application(&self) -> Request {
        self.application()
            .with("guarantee_type", "2")
            .with("contract_sign_time", self.minutes(self.bid.opening + Duration::days(20)))
            .with("contract_period_validtime", "自合同签订之日起365日历天")
    }

    fn application(&self) -> Request {
        let mut data = self.applicant();
        data.append(&mut self.tender());
        data.insert("apply_no".to_owned(), self.apply_no().into());
        data.insert("tender_bond".to_owned(), self.bid.bond.as_str().into());
        data.insert("file_list".to_owned(), files());
        Request::new("apply_guarantee", Value::Object(data))
    }

    fn applicant(&self) -> Map<String, Value> {
        object(json!({
            "enterprise_name": self.bid.company.name, "enterprise_code": self.bid.company.code,
            "enterprise_address": format!("示例市{}建设路{}号", self.bid.place, &self.bid.tag[11..]),
            "legal_name": self.bid.legal.name, "legal_code": self.bid.legal.id_no,
            "bank_name": "示例银行城东支行", "bank_account": format!("6200{}", self.bid.tag), "bank_code": "999900000001",
            "agent_name": self.bid.agent.name, "agent_id_no": self.bid.agent.id_no, "agent_phone": self.bid.agent.phone,
            "agent_email": "jingbanren@example.com",
        }))
    }

    fn tender(&self) -> Map<String, Value> {
        object(json!({
            "project_name": self.bid.project, "project_code": format!("XM{}", self.bid.tag), "project_area": "999999",
            "project_address": format!("示例市{}", self.bid.place),
            "section_name": self.bid.section_name, "section_code": self.bid.section_code,
            "tenderer": self.bid.tenderee.name, "tenderer_code": self.bid.tenderee.code,
            "tenderer_address": format!("示例市{}市民中心1号", self.bid.place),
            "agency": self.bid.agency.name, "agency_code": self.bid.agency.code,
        }))
    }

    /// Where does the application stand?
    #[must_use]
    pub fn ask_application(&self, accept_no: &str) -> Request {
        Request::new("get_apply_guarantee_result", json!({ "accept_no": accept_no }))
    }

    /// 申请保函撤销, because the bid was not awarded.
    #[must_use]
    pub fn cancel(&self, guarantee_no: &str) -> Request {
        let data = json!({
            "apply_no": format!("CX{}", self.bid.tag), "guarantee_no": guarantee_no,
            "section_code": self.bid.section_code, "cancel_reason": "3",
        });
        Request::new("apply_cancel", data)
    }

    /// 索赔 for an amount in yuan, by the tenderee.
    #[must_use]
    pub fn claim(&self, guarantee_no: &str, amount: &str) -> Request {
        let data = json!({
            "apply_no": format!("LP{}", self.bid.tag), "guarantee_no": guarantee_no,
            "claim_reason": "中标后无正当理由不与招标人签订合同",
            "claimer_name": self.bid.tenderee.name, "claimer_code": self.bid.tenderee.code,
            "agent_name": self.bid.legal.name, "agent_phone": self.bid.legal.phone, "agent_email": "suopei@example.com",
            "amount": amount,
            "receive_account": format!("6201{}", self.bid.tag), "receive_account_name": self.bid.tenderee.name,
            "receive_bank_name": "示例银行营业部", "receive_bank_no": "999900000002",
            "claim_evidence_list": [
                { "claim_evidence_name": "中标通知书.pdf", "claim_evidence_url": "https://files.example.com/zbtzs.pdf" },
                { "claim_evidence_name": "催告函.pdf", "claim_evidence_url": "https://files.example.com/cgh.pdf" },
            ],
        });
        Request::new("apply_claim", data)
    }

    /// 申请发票 (普票) for an amount in yuan.
    #[must_use]
    pub fn invoice(&self, guarantee_no: &str, amount: &str) -> Request {
        let data = json!({
            "apply_no": format!("FP{}", self.bid.tag), "guarantee_no": guarantee_no,
            "enterprise_name": self.bid.company.name, "enterprise_code": self.bid.company.code,
            "amount": amount, "type": "0",
            "agent_phone": self.bid.agent.phone, "agent_email": "fapiao@example.com",
        });
        Request::new("apply_invoice", data)
    }

    /// 申请发票 (专票), which names the buyer's particulars.
    #[must_use]
    pub fn special_invoice(&self, guarantee_no: &str, amount: &str) -> Request {
        self.invoice(guarantee_no, amount)
            .with("type", "1")
            .with("address", format!("示例市{}建设路1号", self.bid.place))
            .with("phone", "0990-0000000")
            .with("bank", "示例银行城东支行")
            .with("account", format!("6200{}", self.bid.tag))
    }

    /// 退保申请, because the tender was withdrawn.
    #[must_use]
    pub fn quit(&self, guarantee_no: &str) -> Request {
        let data = json!({
            "apply_no": self.apply_no(), "guarantee_no": guarantee_no,
            "section_name": self.bid.section_name, "section_code": self.bid.section_code, "memo": "撤标",
            "enterprise_name": self.bid.company.name, "enterprise_code": self.bid.company.code,
            "agent_name": self.bid.agent.name, "agent_phone": self.bid.agent.phone,
        });
        Request::new("guarantee_quit", data)
    }

    /// 标段信息更新 for the whole section (its number is unknown to the institution, FS-13): opening postponed by days.
    #[must_use]
    pub fn postpone(&self, days: i64) -> Request {
        let data = json!({
            "apply_no": format!("BD{}", self.bid.tag),
            "section_name": self.bid.section_name, "section_code": self.bid.section_code, "type": "3",
            "next_open_time": self.minutes(self.bid.opening + Duration::days(days)),
            "notice_url": "https://notices.example.com/yanqi.html",
        });
        Request::new("update_bidinfo", data)
    }

    /// A query by guarantee number: `get_invoiceInfo`, `get_quitInfo`; with an acceptance number also
    /// `get_apply_cancel_result` and `get_apply_claim_result`.
    #[must_use]
    pub fn ask(method: &'static str, guarantee_no: &str, accept_no: Option<&str>) -> Request {
        let request = Request::new(method, json!({ "guarantee_no": guarantee_no }));
        match accept_no {
            Some(no) => request.with("accept_no", no),
            None => request,
        }
    }

    fn minutes(&self, at: OffsetDateTime) -> String {
        crate::shanghai(at).format(MINUTES).unwrap_or_default()
    }
}

fn files() -> Value {
    json!([
        { "file_name": "营业执照.pdf", "file_type": "1", "file_url": "https://files.example.com/yyzz.pdf" },
        { "file_name": "法人证件正面.jpg", "file_type": "2", "file_url": "https://files.example.com/zm.jpg" },
        { "file_name": "法人证件反面.jpg", "file_type": "3", "file_url": "https://files.example.com/fm.jpg" },
    ])
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
