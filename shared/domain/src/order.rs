//! The order: a bidder's request for a guarantee, from application to issue.

use crate::{
    AcceptanceNo, Applicant, Attachment, Contact, Decision, Guarantee, Money, Origin, Policy, Rate, Refusal,
    Tender, TenderChange, TenderChangeKind, Timestamp,
};
use serde::{Deserialize, Serialize};

/// An application for a guarantee (保函申请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOrder {
    /// The partner's number for it, unique per partner.
    pub business_no: String,
    /// What kind of guarantee.
    pub product: Product,
    /// Who applies.
    pub applicant: Applicant,
    /// What is bid for.
    pub tender: Tender,
    /// The bond amount (保证金金额).
    pub bond: Money,
    /// Who handles it.
    pub contact: Contact,
    /// Files the partner holds ready.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// The kinds of guarantee, each with what only it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Product {
    /// 投标保函.
    Bid {
        /// Bid opening (开标时间).
        opening: Timestamp,
        /// Validity of the bid in days (投标有效期).
        validity_days: u32,
    },
    /// 履约保函.
    Performance {
        /// Signing of the contract (合同签订时间).
        signed_at: Timestamp,
        /// Period of the contract in the partner's words (合同履约期限).
        period: String,
    },
}

/// Where an order stands. `Issued`, `Rejected` and `Withdrawn` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// 审核中.
    Reviewing,
    /// 审核通过，保费未支付.
    AwaitingPayment,
    /// 已支付，待出函.
    Paid,
    /// 已出函.
    Issued,
    /// 审核不通过.
    Rejected,
    /// 已放弃.
    Withdrawn,
}

/// Our record of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The number under which it was accepted.
    pub no: AcceptanceNo,
    /// Who asked, and where notices go.
    pub origin: Origin,
    /// What was asked.
    pub application: PlaceOrder,
    /// Where it stands.
    pub state: OrderState,
    /// The premium (保费), once quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub premium: Option<Money>,
    /// The rate (费率) it was quoted at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Why it was rejected; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// The guarantee, once issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Guarantee>,
    /// Changes of the section since, oldest first.
    #[serde(default)]
    pub tender_changes: Vec<TenderChange>,
    /// When it was accepted.
    pub placed_at: Timestamp,
    /// 1 when accepted, one more with every transition.
    pub version: u32,
}

// === impl OrderState ===

impl OrderState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 6] =
        [Self::Reviewing, Self::AwaitingPayment, Self::Paid, Self::Issued, Self::Rejected, Self::Withdrawn];

    /// True once the application has its outcome.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Issued | Self::Rejected | Self::Withdrawn)
    }

    /// The word for it in the database, logs and commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reviewing => "reviewing",
            Self::AwaitingPayment => "awaiting_payment",
            Self::Paid => "paid",
            Self::Issued => "issued",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The whole table of lawful transitions.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use OrderState::{AwaitingPayment, Issued, Paid, Rejected, Reviewing, Withdrawn};
        matches!(
            (self, next),
            (Reviewing, AwaitingPayment | Paid | Rejected | Withdrawn)
                | (AwaitingPayment, Paid | Withdrawn)
                | (Paid, Issued)
        )
    }

    /// Why an order in this state cannot do what was asked, in the partner's language.
    const fn obstacle(self) -> &'static str {
        match self {
            Self::Reviewing => "保函申请审核中",
            Self::AwaitingPayment => "保函申请待支付保费",
            Self::Paid => "保函正在出具",
            Self::Issued => "保函已出具",
            Self::Rejected => "保函申请审核不通过",
            Self::Withdrawn => "保函申请已放弃",
        }
    }
}

// === impl Order ===

impl Order {
    /// Takes an application in.
    #[must_use]
    pub fn place(no: AcceptanceNo, origin: Origin, application: PlaceOrder, at: Timestamp) -> Self {
        Self {
            no,
            origin,
            application,
            state: OrderState::Reviewing,
            premium: None,
            rate: None,
            reason: String::new(),
            guarantee: None,
            tender_changes: Vec::new(),
            placed_at: at,
            version: 1,
        }
    }

    /// Decides the application; an approval quotes the premium, and needs no payment if the policy asks for none.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is under review.
    pub fn decide(&mut self, decision: &Decision, policy: &Policy) -> Result<(), Refusal> {
        match decision {
            Decision::Approve => {
                let next = if policy.asks_payment() { OrderState::AwaitingPayment } else { OrderState::Paid };
                self.turn(next)?;
                self.rate = Some(policy.rate_card.rate);
                self.premium = Some(policy.rate_card.premium(self.application.bond));
            }
            Decision::Refuse { reason } => {
                self.turn(OrderState::Rejected)?;
                self.reason.clone_from(reason);
            }
        }
        Ok(())
    }

    /// Books the premium.
    ///
    /// # Errors
    /// A [`Refusal`] unless payment is awaited and the amount is the premium to the fen.
    pub fn pay(&mut self, amount: Money) -> Result<(), Refusal> {
        if self.state == OrderState::AwaitingPayment && Some(amount) != self.premium {
            return Err(Refusal::against_rules("支付金额与保费不一致"));
        }
        if self.state != OrderState::AwaitingPayment {
            return Err(Refusal::not_now(self.state.obstacle()));
        }
        self.turn(OrderState::Paid)
    }

    /// Attaches the issued guarantee.
    ///
    /// # Errors
    /// A [`Refusal`] unless the premium is paid (or none is asked).
    pub fn issue(&mut self, guarantee: Guarantee) -> Result<(), Refusal> {
        self.turn(OrderState::Issued)?;
        self.guarantee = Some(guarantee);
        Ok(())
    }

    /// Ends the order before issue.
    ///
    /// # Errors
    /// A [`Refusal`] once it is paid, issued or ended.
    pub fn withdraw(&mut self, reason: &str) -> Result<(), Refusal> {
        self.turn(OrderState::Withdrawn)?;
        reason.clone_into(&mut self.reason);
        Ok(())
    }

    /// The guarantee, for a request about it.
    ///
    /// # Errors
    /// A [`Refusal`] that says why there is none.
    pub fn guarantee(&self) -> Result<&Guarantee, Refusal> {
        self.guarantee.as_ref().ok_or_else(|| Refusal::not_now(self.state.obstacle()))
    }

    /// The guarantee, to change it; counts as a transition.
    ///
    /// # Errors
    /// A [`Refusal`] that says why there is none.
    pub fn guarantee_mut(&mut self) -> Result<&mut Guarantee, Refusal> {
        let obstacle = self.state.obstacle();
        let guarantee = self.guarantee.as_mut().ok_or_else(|| Refusal::not_now(obstacle))?;
        self.version += 1;
        Ok(guarantee)
    }

    /// Records what happened to the section; a postponement with a date moves the opening.
    pub fn note_tender_change(&mut self, change: TenderChange) {
        if let (TenderChangeKind::Postponed, Some(new), Product::Bid { opening, .. }) =
            (change.kind, change.opening, &mut self.application.product)
        {
            *opening = new;
        }
        self.tender_changes.push(change);
        self.version += 1;
    }

    /// Bid opening, if this product has one.
    #[must_use]
    pub const fn opening(&self) -> Option<Timestamp> {
        match self.application.product {
            Product::Bid { opening, .. } => Some(opening),
            Product::Performance { .. } => None,
        }
    }

    fn turn(&mut self, next: OrderState) -> Result<(), Refusal> {
        if !self.state.may_become(next) {
            return Err(Refusal::not_now(self.state.obstacle()));
        }
        self.state = next;
        self.version += 1;
        Ok(())
    }
}

impl Product {
    /// Until when a guarantee of this product binds: opening plus validity; unknown for a contract period in words.
    #[must_use]
    pub fn valid_until(&self) -> Option<Timestamp> {
        match self {
            Self::Bid { opening, validity_days } => {
                Some(opening.plus_seconds(i64::from(*validity_days) * 86_400))
            }
            Self::Performance { .. } => None,
        }
    }

    /// Its Chinese name.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Bid { .. } => "投标保函",
            Self::Performance { .. } => "履约保函",
        }
    }
}

#[cfg(test)]
mod tests;
