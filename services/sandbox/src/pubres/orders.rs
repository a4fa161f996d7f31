//! Sample business in this document's words: the tender is sealed, the bidder is not (PR-19).

use super::safe::Safe;
use super::settings::BadSettings;
use crate::cast::Bid;
use crate::request::Request;
use serde_json::json;
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

pub(crate) const TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

/// A bidder with a section to bid for: the hero of one story.
#[derive(Debug, Clone)]
pub struct Bidder {
    bid: Bid,
}

impl Bidder {
    /// The `n`th bidder of this seed (both below 100 million and a million).
    #[must_use]
    pub fn new(seed: u64, n: u64, today: OffsetDateTime) -> Self {
        Self { bid: Bid::new(seed, n, today) }
    }

    /// The same bidder, bidding for the section of another: with the same key.
    #[must_use]
    pub fn bidding_with(self, other: &Self) -> Self {
        Self { bid: self.bid.with(&other.bid) }
    }

    /// The same bidder for another bond amount, yuan with two decimals.
    #[must_use]
    pub fn with_bond(mut self, bond: &str) -> Self {
        bond.clone_into(&mut self.bid.bond);
        self
    }

    /// applyno: the number of its application, in every message about it.
    #[must_use]
    pub fn applyno(&self) -> String {
        format!("BH{}", self.bid.tag)
    }

    /// bzjamount.
    #[must_use]
    pub fn bond(&self) -> &str {
        &self.bid.bond
    }

    /// biddername.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.bid.company.name
    }

    /// 标段编号 in plain: what the platform knows and the institution does not before the opening.
    #[must_use]
    pub fn section(&self) -> &str {
        &self.bid.section_code
    }

    /// The four sealed fields in plain: name on the wire, value.
    #[must_use]
    pub fn tender(&self) -> [(&'static str, String); 4] {
        let Bid { section_code, project, section_name, tenderee, .. } = &self.bid;
        [
            ("biaoduanno", section_code.clone()),
            ("biaoduanname", format!("{project}{section_name}")),
            ("zbr", tenderee.name.clone()),
            ("zbrorgnum", tenderee.code.clone()),
        ]
    }

    /// 投保申请, its tender sealed by this safe.
    ///
    /// # Errors
    /// [`BadSettings`] if the safe's cipher refuses.
    pub fn application(&self, safe: &Safe) -> Result<Request, BadSettings> {
        let mut request = self.about("baohanapply");
        for (name, plain) in self.tender() {
            request = request.with(name, safe.seal(self.section(), &plain)?);
        }
        Ok(request
            .with("biddername", self.name())
            .with("biddercode", self.bid.company.code.as_str())
            .with("jbrname", self.bid.agent.name)
            .with("jbrphone", self.bid.agent.phone.as_str())
            .with("bzjamount", self.bond()))
    }

    /// 还原保函 with the key of its section, opened at this moment.
    #[must_use]
    pub fn restore(&self, safe: &Safe, baohanno: &str, opened: OffsetDateTime) -> Request {
        let time = crate::shanghai(opened).format(TIME).unwrap_or_default();
        self.about_guarantee("baohanrestore", baohanno)
            .with("kaibiaotime", time)
            .with("key", safe.handed_over(self.section()))
    }

    /// 还原保函 with a key that opens another section.
    #[must_use]
    pub fn restore_wrongly(&self, safe: &Safe, baohanno: &str, opened: OffsetDateTime) -> Request {
        let other = format!("{}-other", self.section());
        self.restore(safe, baohanno, opened).with("key", safe.handed_over(&other))
    }

    /// 发票申请 (普票) for an amount in yuan.
    #[must_use]
    pub fn invoice(&self, baohanno: &str, amount: &str) -> Request {
        self.about_guarantee("invoiceapply", baohanno)
            .with("biddername", self.name())
            .with("biddercode", self.bid.company.code.as_str())
            .with("amount", amount)
            .with("type", "0")
            .with("email", "fapiao@example.com")
    }

    /// 发票申请 (专票), which names the buyer's particulars and where to send it (PR-16).
    #[must_use]
    pub fn special_invoice(&self, baohanno: &str, amount: &str) -> Request {
        self.invoice(baohanno, amount)
            .with("type", "1")
            .with("address", format!("示例市{}建设路1号", self.bid.place))
            .with("phone", "0990-0000000")
            .with("bank", "示例银行城东支行")
            .with("account", format!("6200{}", self.bid.tag))
            .with("mobile", self.bid.agent.phone.as_str())
            .with("contactname", self.bid.agent.name)
            .with("contactaddress", format!("示例市{}建设路1号", self.bid.place))
    }

    /// 退保申请.
    #[must_use]
    pub fn quit(&self, baohanno: &str) -> Request {
        self.about_guarantee("quitapply", baohanno).with("reason", "项目延期，投标人申请退保")
    }

    /// 注销保函通知, under the name the document prints.
    #[must_use]
    pub fn cancel(&self, baohanno: &str) -> Request {
        self.about_guarantee("canclenotice", baohanno)
    }

    /// 理赔通知 with everything the document has for it; the amount is yuan.
    #[must_use]
    pub fn claim(&self, baohanno: &str, amount: &str) -> Request {
        let files = json!([
            { "fileurl": "https://files.example.com/zbtzs.pdf" },
            { "fileurl": "https://files.example.com/cgh.pdf" },
        ]);
        self.about_guarantee("claimsnotice", baohanno)
            .with("payeraccount", format!("6201{}", self.bid.tag))
            .with("payeramount", amount)
            .with("filelist", files.to_string())
            .with("applyusername", self.bid.legal.name)
            .with("applyuserphone", self.bid.legal.phone.as_str())
            .with("Reason", "中标后无正当理由不与招标人签订合同")
    }

    /// 数据服务平台放弃申请.
    #[must_use]
    pub fn give_up(&self) -> Request {
        self.about("giveupapply")
    }

    fn about(&self, method: &'static str) -> Request {
        Request::new(method, json!({ "applyno": self.applyno() }))
    }

    fn about_guarantee(&self, method: &'static str, baohanno: &str) -> Request {
        self.about(method).with("baohanno", baohanno)
    }
}
