//! What a guarantee (保函) states, and what became of it before.

use crate::shown::Shown;
use crate::template::{Fact, Facts, Kind, Value};
use crate::{calendar, capital};
use domain::{Money, Timestamp};

/// A guarantee to be printed. If any text is sealed, the document is a sealed guarantee (密文保函).
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Its number.
    pub no: &'a str,
    /// 1 for the first, one more each time it is made out again.
    pub edition: u32,
    /// What is guaranteed.
    pub undertaking: Undertaking<'a>,
    /// 受益人: the tenderee.
    pub beneficiary: Party<'a>,
    /// 申请人: the bidder.
    pub applicant: Party<'a>,
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
    /// The premium, if it is to be printed.
    pub premium: Option<Money>,
    /// When it is issued.
    pub issued_at: Timestamp,
    /// The first day it binds (in Shanghai); absent means from issue.
    pub valid_from: Option<Timestamp>,
    /// The last day it binds (in Shanghai), if a date is known.
    pub valid_until: Option<Timestamp>,
    /// What it follows.
    pub after: After<'a>,
    /// Where the square code leads: an `https` address under which it can be verified.
    pub verify_url: &'a str,
}

/// A company named in a document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Party<'a> {
    /// Full name.
    pub name: Shown<'a>,
    /// 统一社会信用代码; may be empty.
    pub code: Shown<'a>,
    /// Address; may be empty.
    pub address: Shown<'a>,
}

/// What is guaranteed.
#[derive(Debug, Clone, Copy)]
pub enum Undertaking<'a> {
    /// 投标保函.
    Bid {
        /// Bid opening, if known (PR-13: some partners do not say at application).
        opening: Option<Timestamp>,
        /// Validity of the bid in days, if known (GP-18).
        validity_days: Option<u32>,
    },
    /// 履约保函.
    Performance {
        /// Signing of the contract, if known.
        signed_at: Option<Timestamp>,
        /// Period of the contract in the partner's words; may be empty.
        period: &'a str,
    },
}

/// An earlier document of the same guarantee.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// Its number.
    pub no: &'a str,
    /// Its edition.
    pub edition: u32,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// SHA-256 of its file, 64 hex characters.
    pub sha256: &'a str,
}

/// What a guarantee follows.
#[derive(Debug, Clone, Copy, Default)]
pub enum After<'a> {
    /// Nothing: it is the first.
    #[default]
    Nothing,
    /// A sealed guarantee, which it reveals (明文保函).
    Sealed(Earlier<'a>),
    /// A guarantee that it replaces because the opening was postponed.
    Postponement {
        /// What it replaces.
        replaces: Earlier<'a>,
        /// The opening before, if it was known.
        old_opening: Option<Timestamp>,
    },
}

/// A document that there is no form for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoForm(pub(crate) &'static str);

impl Letter<'_> {
    /// True if any of its texts is sealed.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        let companies = [self.beneficiary, self.applicant];
        let of_companies = companies.iter().flat_map(|company| [company.name, company.code, company.address]);
        let of_tender = [self.project_name, self.project_no, self.section_name, self.section_no];
        of_companies.chain(of_tender).any(|text| text.is_sealed())
    }

    pub(crate) fn kind(&self) -> Result<Kind, NoForm> {
        let bid = matches!(self.undertaking, Undertaking::Bid { .. });
        let pick = |of_bid: Kind, of_performance: Kind| if bid { of_bid } else { of_performance };
        match (self.after, self.is_sealed()) {
            (After::Nothing, false) => Ok(pick(Kind::Bid, Kind::Performance)),
            (After::Nothing, true) => Ok(pick(Kind::BidSealed, Kind::PerformanceSealed)),
            (After::Sealed(_), false) => Ok(pick(Kind::BidRevealed, Kind::PerformanceRevealed)),
            (After::Postponement { .. }, false) => Ok(pick(Kind::BidReissued, Kind::PerformanceReissued)),
            (After::Postponement { .. }, true) => {
                Ok(pick(Kind::BidSealedReissued, Kind::PerformanceSealedReissued))
            }
            (After::Sealed(_), true) => Err(NoForm("a revealed guarantee has no sealed texts")),
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        facts.add([
            ("no", Value::of(self.no)),
            ("edition", Value::of(self.edition.to_string())),
            ("issued_on", Value::of(calendar::day(self.issued_at))),
            ("issued_formal", Value::of(calendar::formal_day(self.issued_at))),
            ("verify_url", Value::of(self.verify_url)),
            ("beneficiary", self.beneficiary.name.value()),
            ("beneficiary_code", self.beneficiary.code.value()),
            ("beneficiary_address", self.beneficiary.address.value()),
            ("applicant", self.applicant.name.value()),
            ("applicant_code", self.applicant.code.value()),
            ("applicant_address", self.applicant.address.value()),
            ("project_name", self.project_name.value()),
            ("project_no", self.project_no.value()),
            ("section_name", self.section_name.value()),
            ("section_no", self.section_no.value()),
            ("bond", Value::of(capital::figures(self.bond))),
            ("bond_capital", Value::of(capital::capital(self.bond))),
            ("premium", self.premium.map(capital::figures).and_then(Value::of)),
            ("premium_capital", self.premium.map(capital::capital).and_then(Value::of)),
            ("valid_from", Value::of(calendar::day(self.valid_from.unwrap_or(self.issued_at)))),
            ("valid_until", self.valid_until.map(calendar::day).and_then(Value::of)),
        ]);
        facts.add(self.undertaking.facts());
        facts.add(self.after.facts(self.undertaking));
        facts
    }
}

impl Undertaking<'_> {
    /// Its Chinese name.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Bid { .. } => "投标保函",
            Self::Performance { .. } => "履约保函",
        }
    }

    fn facts(&self) -> [Fact; 2] {
        match self {
            Self::Bid { opening, validity_days } => [
                ("opening", opening.map(calendar::minute).and_then(Value::of)),
                ("bid_validity", validity_days.map(|days| days.to_string()).and_then(Value::of)),
            ],
            Self::Performance { signed_at, period } => [
                ("contract_signed_on", signed_at.map(calendar::day).and_then(Value::of)),
                ("contract_period", Value::of(*period)),
            ],
        }
    }
}

impl After<'_> {
    fn facts(&self, undertaking: Undertaking<'_>) -> Vec<Fact> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Sealed(earlier) => earlier.facts().to_vec(),
            Self::Postponement { replaces, old_opening } => {
                let new_opening = match undertaking {
                    Undertaking::Bid { opening, .. } => opening,
                    Undertaking::Performance { .. } => None,
                };
                let mut facts = replaces.facts().to_vec();
                facts.push(("old_opening", old_opening.map(calendar::minute).and_then(Value::of)));
                facts.push(("new_opening", new_opening.map(calendar::minute).and_then(Value::of)));
                facts
            }
        }
    }
}

impl Earlier<'_> {
    fn facts(&self) -> [Fact; 4] {
        [
            ("earlier_no", Value::of(self.no)),
            ("earlier_edition", Value::of(self.edition.to_string())),
            ("earlier_issued_on", Value::of(calendar::day(self.issued_at))),
            ("earlier_sha256", Value::of(self.sha256)),
        ]
    }
}
