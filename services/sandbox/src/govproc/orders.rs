//! Sample business in this document's words; moments are milliseconds and amounts text until the platform's hand writes them.

use super::settings::Settings;
use crate::cast::Bid;
use crate::clock::millis;
use crate::request::Request;
use serde_json::json;
use time::{Duration, OffsetDateTime};

/// A bidder with a section to bid for: the hero of one story.
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

    /// orderno.
    #[must_use]
    pub fn orderno(&self) -> String {
        format!("ZC{}", self.bid.tag)
    }

    /// bzjmoney, yuan with two decimals.
    #[must_use]
    pub fn bond(&self) -> &str {
        &self.bid.bond
    }

    /// qyname.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.bid.company.name
    }

    /// bdcode, shared by all who bid for it.
    #[must_use]
    pub fn section(&self) -> &str {
        &self.bid.section_code
    }

    /// 保函申请 with every field of the document; all are 是.
    #[must_use]
    pub fn application(&self) -> Request {
        let Bid { tag, company, agent, tenderee, bond, opening, .. } = &self.bid;
        self.tender("/guarantee/apply")
            .with("qyname", company.name.as_str())
            .with("qycode", company.code.as_str())
            .with("bzjmoney", bond.as_str())
            .with("orderno", self.orderno())
            .with("zbrname", tenderee.name.as_str())
            .with("zbrcode", tenderee.code.as_str())
            .with("tbjztime", millis(*opening - Duration::hours(1)))
            .with("qykh", "示例银行城东支行")
            .with("qykhzh", company.name.as_str())
            .with("qyjbzh", format!("6200{tag}"))
            .with("jbrname", agent.name)
            .with("jbrphone", agent.phone.as_str())
            .with("jbremail", "jingbanren@example.com")
    }

    /// 保函费用计算/预估 of its bond.
    #[must_use]
    pub fn cost(&self, settings: &Settings) -> Request {
        let data = json!({ "bzjmoney": self.bond(), "orgcode": settings.orgcode });
        Request::new("/guarantee/cost", data)
    }

    /// 项目最终状态推送: `1` awarded, `2` 流标, `3` 终止, `4` 重新招标.
    #[must_use]
    pub fn final_state(&self, state: &str) -> Request {
        self.tender("/guarantee/xmstate").with("state", state)
    }

    /// 保函办理进度查询.
    #[must_use]
    pub fn query(&self) -> Request {
        Request::new("queryurl", json!({ "orderno": self.orderno() }))
    }

    /// 获取保函.
    #[must_use]
    pub fn pull(baohanno: &str) -> Request {
        Request::new("pullurl", json!({ "baohanno": baohanno }))
    }

    /// 保函注销.
    #[must_use]
    pub fn cancel(baohanno: &str) -> Request {
        Request::new("cancelurl", json!({ "baohanno": baohanno }))
    }

    fn tender(&self, method: &'static str) -> Request {
        let Bid { project, section_name, section_code, opening, .. } = &self.bid;
        let xmcode = section_code.replace("SC", "XM");
        let data = json!({
            "xmname": project, "xmcode": xmcode, "bdname": section_name, "bdcode": section_code,
            "kbttime": millis(*opening),
        });
        Request::new(method, data)
    }
}
