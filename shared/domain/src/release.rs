//! A release (撤销/注销): after opening the guarantee ends and the credit is freed.

use crate::{Case, Order, Refusal};
use serde::{Deserialize, Serialize};

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRelease {
    /// Why.
    pub reason: ReleaseReason,
    /// Section number as given, empty if not.
    #[serde(default)]
    pub section_no: String,
}

/// Why a guarantee is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReason {
    /// 保证金退回.
    BondReturned,
    /// 到期解保.
    Expired,
    /// 未中标解保.
    NotAwarded,
    /// 其他.
    Other,
    /// In the partner's own words, with papers as it refers to them (a URL, base64 or a path); either may be empty (YY-08).
    Stated {
        /// Why.
        text: String,
        /// The papers (注销资料).
        #[serde(default, skip_serializing_if = "crate::Private::is_empty")]
        papers: crate::Private,
    },
}

/// A release and where it stands.
pub type Release = Case<RequestRelease>;

impl ReleaseReason {
    /// The reason as documents state it; empty if the partner stated none.
    #[must_use]
    pub fn chinese(&self) -> &str {
        match self {
            Self::BondReturned => "保证金退回",
            Self::Expired => "到期解保",
            Self::NotAwarded => "未中标解保",
            Self::Other => "其他",
            Self::Stated { text, .. } => text,
        }
    }
}

impl RequestRelease {
    /// Checks the request against the order it is about.
    ///
    /// # Errors
    /// A [`Refusal`] if no guarantee is in force.
    pub fn check(&self, order: &Order) -> Result<(), Refusal> {
        order.guarantee()?.must_be_in_force()
    }
}
