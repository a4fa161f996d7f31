//! Sample business: who bids for what, the same for the same seed; every company, person and number is a dummy.

use crate::cast::{Company, Person};
use serde_json::{Map, Value, json};
use time::{
    Duration, OffsetDateTime, Time, format_description::BorrowedFormatItem, macros::format_description,
};

const MINUTES: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day] [hour][minute]");
const PLACES: [&str; 8] = ["东城区", "滨江新区", "北岭县", "南湖区", "高新区", "临港区", "青石县", "白鹭洲"];
const WORKS: [&str; 8] = [
    "人民医院门诊综合楼",
    "第三中学教学楼扩建",
    "雨污分流管网改造",
    "县道X021改建",
    "污水处理厂二期",
    "老旧小区改造",
    "河道综合整治",
    "智慧停车场",
];
/// A request of the platform: the method and the plaintext of `data`, one object or a batch of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// 接口编码.
    pub method: &'static str,
    /// The content of `data`.
    pub data: Value,
}

/// A bidder with a project to bid for: the hero of one story.
#[derive(Debug, Clone)]
pub struct Bidder {
    /// Tells its numbers from those of others: 14 digits.
    pub tag: String,
    company: Company,
    legal: Person,
    agent: Person,
    tenderee: Company,
    agency: Company,
    place: &'static str,
    project: String,
    /// 标段编号, shared by all who bid for it.
    pub section_code: String,
    section_name: String,
    bond: String,
    opening: OffsetDateTime,
}

impl Request {
    /// A request with this plaintext.
    #[must_use]
    pub const fn new(method: &'static str, data: Value) -> Self {
        Self { method, data }
    }

    /// Several requests of the same method in one (支持批量操作, FS-21).
    #[must_use]
    pub fn batch(method: &'static str, parts: impl IntoIterator<Item = Self>) -> Self {
        Self { method, data: parts.into_iter().map(|part| part.data).collect() }
    }

    /// The same request with this value in this field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(fields) = &mut self.data {
            fields.insert(field.to_owned(), value.into());
        }
        self
    }

    /// The same request without this field.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        if let Value::Object(fields) = &mut self.data {
            fields.remove(field);
        }
        self
    }

    /// The text of a field, empty if there is none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.data.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Bidder {
    /// The `n`th bidder of this seed (both below 100 million and a million), with an opening some weeks after `today`.
    #[must_use]
    pub fn new(seed: u64, n: u64, today: OffsetDateTime) -> Self {
        let tag = format!("{:08}{:06}", seed % 100_000_000, n % 1_000_000);
        let mut dice = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(n));
        let place = PLACES[dice.usize(..PLACES.len())];
        let work = WORKS[dice.usize(..WORKS.len())];
        let days = Duration::days(dice.i64(15..60));
        let at_half_past_nine = Time::from_hms(9, 30, 0).unwrap_or(Time::MIDNIGHT);
        Self {
            company: Company::bidder(&mut dice),
            legal: Person::any(&mut dice),
            agent: Person::any(&mut dice),
            tenderee: Company::public(&mut dice, &format!("示例市{place}城市建设投资有限公司")),
            agency: Company::public(&mut dice, "示例市公正招标代理有限公司"),
            place,
            project: format!("示例市{place}{work}项目"),
            section_code: format!("SC{tag}"),
            section_name: format!("{work}施工第{}标段", dice.u8(1..5)),
            bond: format!(
                "{}.{:02}",
                dice.u32(10..800) * 1000,
                if dice.bool() { 0 } else { dice.u8(1..100) }
            ),
            opening: crate::shanghai(today + days).replace_time(at_half_past_nine),
            tag,
        }
    }

    /// The same bidder, bidding for the section of another.
    #[must_use]
    pub fn bidding_with(mut self, other: &Self) -> Self {
        self.section_code.clone_from(&other.section_code);
        self.section_name.clone_from(&other.section_name);
        self.project.clone_from(&other.project);
        self.tenderee = other.tenderee.clone();
        self.opening = other.opening;
        self
    }

    /// The number of its application (业务申请码).
    #[must_use]
    pub fn apply_no(&self) -> String {
        format!("TB{}", self.tag)
    }

    /// The bond amount (保证金金额), yuan with two decimals.
    #[must_use]
    pub fn bond(&self) -> &str {
        &self.bond
    }

    /// The company's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.company.name
    }

    /// An application for a bid guarantee (投标保函) with every field the document has for it but `callback`.
    #[must_use]
    pub fn bid_application(&self) -> Request {
        self.application()
            .with("guarantee_type", "1")
            .with("open_time", self.minutes(self.opening))
            .with("tender_expire", "120")
    }

    /// An application for a performance guarantee (履约保函).
    #[must_use]
    pub fn performance_application(&self) -> Request {
        self.application()
            .with("guarantee_type", "2")
            .with("contract_sign_time", self.minutes(self.opening + Duration::days(20)))
            .with("contract_period_validtime", "自合同签订之日起365日历天")
    }

    fn application(&self) -> Request {
        let mut data = self.applicant();
        data.append(&mut self.tender());
        data.insert("apply_no".to_owned(), self.apply_no().into());
        data.insert("tender_bond".to_owned(), self.bond.as_str().into());
        data.insert("file_list".to_owned(), files());
        Request::new("apply_guarantee", Value::Object(data))
    }

    fn applicant(&self) -> Map<String, Value> {
        object(json!({
            "enterprise_name": self.company.name, "enterprise_code": self.company.code,
            "enterprise_address": format!("示例市{}建设路{}号", self.place, &self.tag[11..]),
            "legal_name": self.legal.name, "legal_code": self.legal.id_no,
            "bank_name": "示例银行城东支行", "bank_account": format!("6200{}", self.tag), "bank_code": "999900000001",
            "agent_name": self.agent.name, "agent_id_no": self.agent.id_no, "agent_phone": self.agent.phone,
            "agent_email": "jingbanren@example.com",
        }))
    }

    fn tender(&self) -> Map<String, Value> {
        object(json!({
            "project_name": self.project, "project_code": format!("XM{}", self.tag), "project_area": "999999",
            "project_address": format!("示例市{}", self.place),
            "section_name": self.section_name, "section_code": self.section_code,
            "tenderer": self.tenderee.name, "tenderer_code": self.tenderee.code,
            "tenderer_address": format!("示例市{}市民中心1号", self.place),
            "agency": self.agency.name, "agency_code": self.agency.code,
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
            "apply_no": format!("CX{}", self.tag), "guarantee_no": guarantee_no,
            "section_code": self.section_code, "cancel_reason": "3",
        });
        Request::new("apply_cancel", data)
    }

    /// 索赔 for an amount in yuan, by the tenderee.
    #[must_use]
    pub fn claim(&self, guarantee_no: &str, amount: &str) -> Request {
        let data = json!({
            "apply_no": format!("LP{}", self.tag), "guarantee_no": guarantee_no,
            "claim_reason": "中标后无正当理由不与招标人签订合同",
            "claimer_name": self.tenderee.name, "claimer_code": self.tenderee.code,
            "agent_name": self.legal.name, "agent_phone": self.legal.phone, "agent_email": "suopei@example.com",
            "amount": amount,
            "receive_account": format!("6201{}", self.tag), "receive_account_name": self.tenderee.name,
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
            "apply_no": format!("FP{}", self.tag), "guarantee_no": guarantee_no,
            "enterprise_name": self.company.name, "enterprise_code": self.company.code,
            "amount": amount, "type": "0",
            "agent_phone": self.agent.phone, "agent_email": "fapiao@example.com",
        });
        Request::new("apply_invoice", data)
    }

    /// 申请发票 (专票), which names the buyer's particulars.
    #[must_use]
    pub fn special_invoice(&self, guarantee_no: &str, amount: &str) -> Request {
        self.invoice(guarantee_no, amount)
            .with("type", "1")
            .with("address", format!("示例市{}建设路1号", self.place))
            .with("phone", "0990-0000000")
            .with("bank", "示例银行城东支行")
            .with("account", format!("6200{}", self.tag))
    }

    /// 退保申请, because the tender was withdrawn.
    #[must_use]
    pub fn quit(&self, guarantee_no: &str) -> Request {
        let data = json!({
            "apply_no": self.apply_no(), "guarantee_no": guarantee_no,
            "section_name": self.section_name, "section_code": self.section_code, "memo": "撤标",
            "enterprise_name": self.company.name, "enterprise_code": self.company.code,
            "agent_name": self.agent.name, "agent_phone": self.agent.phone,
        });
        Request::new("guarantee_quit", data)
    }

    /// 标段信息更新 for the whole section (its number is unknown to the institution, FS-13): opening postponed by days.
    #[must_use]
    pub fn postpone(&self, days: i64) -> Request {
        let data = json!({
            "apply_no": format!("BD{}", self.tag),
            "section_name": self.section_name, "section_code": self.section_code, "type": "3",
            "next_open_time": self.minutes(self.opening + Duration::days(days)),
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
