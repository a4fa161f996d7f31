//! What the confirmation of a refund (退保) or of a release (注销) states.

use crate::letter::{Earlier, Undertaking};
use crate::shown::Shown;
use crate::template::{Facts, Kind, Value};
use crate::{calendar, capital};
use domain::{Money, Timestamp};

/// A guarantee that ended without a claim.
#[derive(Debug, Clone)]
pub struct Ending<'a> {
    /// How it ended.
    pub how: EndedBy,
    /// Number of the confirmation.
    pub no: &'a str,
    /// The guarantee's last document.
    pub guarantee: Earlier<'a>,
    /// What it guaranteed.
    pub undertaking: Undertaking<'a>,
    /// 受益人.
    pub beneficiary: Shown<'a>,
    /// 申请人.
    pub applicant: Shown<'a>,
    /// 项目名称.
    pub project_name: Shown<'a>,
    /// 项目编号.
    pub project_no: Shown<'a>,
    /// 标段名称.
    pub section_name: Shown<'a>,
    /// 标段编号.
    pub section_no: Shown<'a>,
    /// The bond amount.
    pub bond: Money,
    /// Why, in Chinese; may be empty.
    pub reason: &'a str,
    /// When it ended.
    pub ended_at: Timestamp,
    /// When the confirmation is issued.
    pub issued_at: Timestamp,
    /// Where the square code leads.
    pub verify_url: &'a str,
}

/// The ways a guarantee ends without a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// Before opening; the premium goes back, as much as is known of it.
    Refund {
        /// What goes back.
        premium: Option<Money>,
    },
    /// After opening; the obligation ends.
    Release,
}

impl Ending<'_> {
    pub(crate) const fn kind(&self) -> Kind {
        match self.how {
            EndedBy::Refund { .. } => Kind::Refund,
            EndedBy::Release => Kind::Release,
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let premium = match self.how {
            EndedBy::Refund { premium } => premium,
            EndedBy::Release => None,
        };
        let mut facts = Facts::default();
        facts.add([
            ("no", Value::of(self.no)),
            ("issued_on", Value::of(calendar::day(self.issued_at))),
            ("issued_formal", Value::of(calendar::formal_day(self.issued_at))),
            ("verify_url", Value::of(self.verify_url)),
            ("guarantee_no", Value::of(self.guarantee.no)),
            ("guarantee_issued_on", Value::of(calendar::day(self.guarantee.issued_at))),
            ("guarantee_sha256", Value::of(self.guarantee.sha256)),
            ("product", Value::of(self.undertaking.title())),
            ("beneficiary", self.beneficiary.value()),
            ("applicant", self.applicant.value()),
            ("project_name", self.project_name.value()),
            ("project_no", self.project_no.value()),
            ("section_name", self.section_name.value()),
            ("section_no", self.section_no.value()),
            ("bond", Value::of(capital::figures(self.bond))),
            ("bond_capital", Value::of(capital::capital(self.bond))),
            ("refunded", premium.map(capital::figures).and_then(Value::of)),
            ("refunded_capital", premium.map(capital::capital).and_then(Value::of)),
            ("reason", Value::of(self.reason)),
            ("ended_on", Value::of(calendar::day(self.ended_at))),
        ]);
        facts
    }
}
