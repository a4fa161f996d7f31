//! The kinds of document there are templates for.

use super::facts;

/// One kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// 投标保函.
    Bid,
    /// 投标保函（密文保函）.
    BidSealed,
    /// 投标保函（明文保函）.
    BidRevealed,
    /// 投标保函, made out again after a postponement.
    BidReissued,
    /// The same of one that is still sealed.
    BidSealedReissued,
    /// 履约保函.
    Performance,
    /// 履约保函（密文保函）.
    PerformanceSealed,
    /// 履约保函（明文保函）.
    PerformanceRevealed,
    /// 履约保函, made out again.
    PerformanceReissued,
    /// The same of one that is still sealed.
    PerformanceSealedReissued,
    /// 退保确认书.
    Refund,
    /// 保函注销确认书.
    Release,
    /// 开票信息, until the institution's own invoice takes its place.
    Invoice,
}

impl Kind {
    pub(crate) const ALL: [Self; 13] = [
        Self::Bid,
        Self::BidSealed,
        Self::BidRevealed,
        Self::BidReissued,
        Self::BidSealedReissued,
        Self::Performance,
        Self::PerformanceSealed,
        Self::PerformanceRevealed,
        Self::PerformanceReissued,
        Self::PerformanceSealedReissued,
        Self::Refund,
        Self::Release,
        Self::Invoice,
    ];

    /// Name of its template; the file is `<name>.toml`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bid => "bid",
            Self::BidSealed => "bid-sealed",
            Self::BidRevealed => "bid-revealed",
            Self::BidReissued => "bid-reissued",
            Self::BidSealedReissued => "bid-sealed-reissued",
            Self::Performance => "performance",
            Self::PerformanceSealed => "performance-sealed",
            Self::PerformanceRevealed => "performance-revealed",
            Self::PerformanceReissued => "performance-reissued",
            Self::PerformanceSealedReissued => "performance-sealed-reissued",
            Self::Refund => "refund",
            Self::Release => "release",
            Self::Invoice => "invoice",
        }
    }

    /// The template that is used unless the institution has its own.
    pub(super) const fn supplied(self) -> &'static str {
        match self {
            Self::Bid => include_str!("../../templates/bid.toml"),
            Self::BidSealed => include_str!("../../templates/bid-sealed.toml"),
            Self::BidRevealed => include_str!("../../templates/bid-revealed.toml"),
            Self::BidReissued => include_str!("../../templates/bid-reissued.toml"),
            Self::BidSealedReissued => include_str!("../../templates/bid-sealed-reissued.toml"),
            Self::Performance => include_str!("../../templates/performance.toml"),
            Self::PerformanceSealed => include_str!("../../templates/performance-sealed.toml"),
            Self::PerformanceRevealed => include_str!("../../templates/performance-revealed.toml"),
            Self::PerformanceReissued => include_str!("../../templates/performance-reissued.toml"),
            Self::PerformanceSealedReissued => {
                include_str!("../../templates/performance-sealed-reissued.toml")
            }
            Self::Refund => include_str!("../../templates/refund.toml"),
            Self::Release => include_str!("../../templates/release.toml"),
            Self::Invoice => include_str!("../../templates/invoice.toml"),
        }
    }

    /// The facts its template may name, and what they are called towards people.
    pub(crate) fn facts(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let own = match self {
            Self::Bid
            | Self::BidSealed
            | Self::BidRevealed
            | Self::BidReissued
            | Self::BidSealedReissued
            | Self::Performance
            | Self::PerformanceSealed
            | Self::PerformanceRevealed
            | Self::PerformanceReissued
            | Self::PerformanceSealedReissued => facts::GUARANTEE,
            Self::Refund | Self::Release => facts::ENDING,
            Self::Invoice => facts::INVOICE,
        };
        facts::COMMON.iter().chain(own).copied()
    }

    /// What a fact is called towards people.
    pub(crate) fn label(self, name: &str) -> Option<&'static str> {
        self.facts().find(|(fact, _)| *fact == name).map(|(_, label)| label)
    }
}
