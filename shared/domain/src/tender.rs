//! The lot that is bid for (标段), and what may happen to it.

use crate::{Company, Private, Timestamp};
use serde::{Deserialize, Serialize};

/// A section of a tender as the order names it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tender {
    /// Project number (项目编号).
    pub project_no: String,
    /// Project name.
    pub project_name: Private,
    /// Area code (行政区划), empty if not given.
    #[serde(default)]
    pub area: String,
    /// Address of the project, empty if not given.
    #[serde(default)]
    pub address: Private,
    /// Section number (标段编号): what tender changes refer to.
    pub section_no: String,
    /// Section name.
    pub section_name: Private,
    /// The tenderee (招标人), beneficiary of the guarantee.
    pub tenderee: Company,
    /// The agency (招标代理); empty names if the tender is run without one (FS-32).
    #[serde(default)]
    pub agency: Company,
}

/// A change of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderChange {
    /// What happened.
    pub kind: TenderChangeKind,
    /// The new opening, for a postponement with a known date (FS-24: it may come without one).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Timestamp>,
    /// The new last moment to buy a guarantee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// The published notice (变更公告), empty if not given.
    #[serde(default)]
    pub notice_url: String,
}

/// What may happen to a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderChangeKind {
    /// 项目取消.
    Cancelled,
    /// 流标: it ended without a winner.
    Failed,
    /// 延期.
    Postponed,
    /// 其它.
    Other,
    /// 开标时间维护: the opening moved without a postponement.
    Rescheduled,
    /// 缴纳截止时间维护: the last moment to buy a guarantee moved.
    DeadlineMoved,
    /// 正常(中标): it has a winner.
    Awarded,
    /// 终止.
    Terminated,
    /// 重新招标.
    Retendered,
}
