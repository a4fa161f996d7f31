//! How the institution decides: per partner, by rules (`auto`) or by an operator (`manual`), and what it charges.

use crate::{Decision, Money, PlaceOrder, Product, Rate, Timestamp};
use serde::{Deserialize, Serialize};

/// The decision policy of one partner instance, as its settings file gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who decides applications.
    pub orders: Mode,
    /// Who decides claims; an operator unless said otherwise, because a claim pays money out.
    #[serde(default)]
    pub claims: Mode,
    /// Who decides invoices.
    #[serde(default)]
    pub invoices: Mode,
    /// Who decides refunds.
    #[serde(default)]
    pub refunds: Mode,
    /// Who decides releases.
    #[serde(default)]
    pub releases: Mode,
    /// Who decides credit lines.
    #[serde(default)]
    pub credits: Mode,
    /// How premiums are paid.
    #[serde(default)]
    pub payment: Payment,
    /// What is charged.
    pub rate_card: RateCard,
    /// The rules of `auto`.
    #[serde(default)]
    pub auto: AutoRules,
    /// What guarantee numbers begin with, at most 8 letters or digits.
    #[serde(default = "Policy::number_prefix")]
    pub guarantee_prefix: String,
    /// How many days a guarantee binds where the partner states no term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_days: Option<u32>,
    /// Guarantees are made out anew when the opening moves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reissue: bool,
    /// Files that partners only point at are fetched and kept at once (FZ-22).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fetch_files: bool,
    /// What the partner is told besides the outcome of its requests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_tell: Vec<Tell>,
    /// Credit lines; absent where the institution is none that grants them (YY-32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<CreditRules>,
}

/// A step of which a partner can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    /// The application was confirmed.
    Confirmed,
    /// Due diligence was passed (尽调).
    Surveyed,
    /// The premium was quoted.
    Quoted,
    /// The premium was received.
    Paid,
    /// The premium was paid back after a refund.
    PremiumReturned,
    /// A withdrawal was carried out or turned down.
    Withdrawal,
    /// A claim was accepted for examination.
    ClaimAccepted,
    /// A claim was paid out.
    ClaimPaid,
}

/// Credit lines of a bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRules {
    /// Applications are refused unless a valid line covers the bond.
    #[serde(default)]
    pub required: bool,
    /// The limit of a line that the rules grant, and an operator's default, in yuan.
    pub limit: Money,
    /// For how many days a line is granted.
    pub valid_days: u32,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The rules of `[policy.auto]`.
    Auto,
    /// An operator, with `baohan decide`.
    #[default]
    Manual,
}

/// How premiums are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// Before issue; an operator confirms the receipt with `baohan pay`.
    #[default]
    Operator,
    /// Before issue; the gateway confirms by itself, for the sandbox only.
    Simulated,
    /// After issue, outside the gateway (settled in bulk): orders go straight to issue.
    Later,
}

/// What is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateCard {
    /// Fraction of the bond, for example `"0.005"`.
    pub rate: Rate,
    /// Never less than this, in yuan.
    #[serde(default = "RateCard::no_minimum")]
    pub minimum: Money,
}

/// The rules of `auto`; an empty rule set approves everything that is not past its opening.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoRules {
    /// Applications with a larger bond wait for an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bond: Option<Money>,
    /// Claims for more than this wait for an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_claim: Option<Money>,
    /// Area codes served, as prefixes (`"3501"`); empty serves all. An application that names no area passes.
    #[serde(default)]
    pub areas: Vec<String>,
}

/// What the rules say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Decided.
    Decided(Decision),
    /// An operator must decide.
    Waits,
}

impl Policy {
    fn number_prefix() -> String {
        "BH".to_owned()
    }

    /// True if the partner is told of this step.
    #[must_use]
    pub fn tells(&self, step: Tell) -> bool {
        self.also_tell.contains(&step)
    }

    /// True if issue waits for a payment.
    #[must_use]
    pub const fn asks_payment(&self) -> bool {
        !matches!(self.payment, Payment::Later)
    }

    /// Judges an application.
    #[must_use]
    pub fn judge_order(&self, application: &PlaceOrder, at: Timestamp) -> Judgement {
        if let Product::Bid { opening: Some(opening), .. } = application.product
            && opening <= at
        {
            return Judgement::Decided(Decision::Refuse { reason: "已过开标时间".to_owned() });
        }
        if application.deadline.is_some_and(|deadline| deadline <= at) {
            return Judgement::Decided(Decision::Refuse {
                reason: "已过保函购买截止时间".to_owned()
            });
        }
        if self.orders == Mode::Manual || self.auto.max_bond.is_some_and(|most| application.bond > most) {
            return Judgement::Waits;
        }
        let area = application.tender.area.as_str();
        if !area.is_empty()
            && !self.auto.areas.is_empty()
            && !self.auto.areas.iter().any(|served| area.starts_with(served.as_str()))
        {
            return Judgement::Decided(Decision::Refuse {
                reason: "项目所在区域不在服务范围内".to_owned()
            });
        }
        Judgement::Decided(Decision::Approve)
    }

    /// Judges a claim by its amount.
    #[must_use]
    pub fn judge_claim(&self, amount: Money) -> Judgement {
        if self.auto.max_claim.is_some_and(|most| amount > most) {
            Judgement::Waits
        } else {
            Self::judge(self.claims)
        }
    }

    /// Judges what needs no rule but the mode: `auto` approves, `manual` waits.
    #[must_use]
    pub const fn judge(mode: Mode) -> Judgement {
        match mode {
            Mode::Auto => Judgement::Decided(Decision::Approve),
            Mode::Manual => Judgement::Waits,
        }
    }
}

impl RateCard {
    const fn no_minimum() -> Money {
        Money::ZERO
    }

    /// The premium for a bond.
    #[must_use]
    pub fn premium(&self, bond: Money) -> Money {
        self.rate.of(bond).max(self.minimum)
    }
}

#[cfg(test)]
mod tests;
