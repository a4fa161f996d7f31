//! The order: a bidder's request for a guarantee, from application to issue.

mod arrived;

pub use arrived::{KeptFile, Received, WantedFile};

use crate::{
    AcceptanceNo, Decision, Guarantee, Money, Origin, PlaceOrder, Policy, Private, Product, Rate, Refusal,
    Revealed, SealedField, Side, Stage, TenderChange, TenderChangeKind, Timestamp,
};
use serde::{Deserialize, Serialize};

/// Where an order stands. `Issued`, `Rejected` and `Withdrawn` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// 已受理，待获取申请信息: announced, its application is being pulled.
    Announced,
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
    /// Why it was rejected or withdrawn; empty otherwise.
    #[serde(default)]
    pub reason: String,
    /// Who withdrew it, once it is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_by: Option<Side>,
    /// The guarantee, once issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Guarantee>,
    /// The premium received, once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
    /// What the restore key opened, once it did; before issue it waits here for the sealed guarantee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revealed: Option<Revealed>,
    /// Copies of the partner's files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<KeptFile>,
    /// Files that are being fetched, until a copy is kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<WantedFile>,
    /// What else the partner said of it, by the Chinese title of the field: for operators (FZ-07, FZ-22).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub particulars: Vec<(String, Private)>,
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
    pub const ALL: [Self; 7] = [
        Self::Announced,
        Self::Reviewing,
        Self::AwaitingPayment,
        Self::Paid,
        Self::Issued,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// True once the application has its outcome.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Issued | Self::Rejected | Self::Withdrawn)
    }

    /// The word for it in the database, logs and commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
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
        use OrderState::{Announced, AwaitingPayment, Issued, Paid, Rejected, Reviewing, Withdrawn};
        matches!(
            (self, next),
            (Announced, Reviewing | Withdrawn)
                | (Reviewing, AwaitingPayment | Paid | Rejected | Withdrawn)
                | (AwaitingPayment, Paid | Withdrawn)
                | (Paid, Issued)
        )
    }

    /// Why an order in this state cannot do what was asked, in the partner's language.
    const fn obstacle(self) -> &'static str {
        match self {
            Self::Announced => "保函申请信息获取中",
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
            withdrawn_by: None,
            guarantee: None,
            received: None,
            revealed: None,
            files: Vec::new(),
            wanted: Vec::new(),
            particulars: Vec::new(),
            tender_changes: Vec::new(),
            placed_at: at,
            version: 1,
        }
    }

    /// Takes in an order that is only announced.
    #[must_use]
    pub fn announce(no: AcceptanceNo, origin: Origin, business_no: String, at: Timestamp) -> Self {
        let mut order = Self::place(no, origin, PlaceOrder::announced(business_no), at);
        order.state = OrderState::Announced;
        order
    }

    /// Fills an announced order with its application; the business number stays that of the announcement.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is only announced.
    pub fn fill(&mut self, application: PlaceOrder) -> Result<(), Refusal> {
        self.turn(OrderState::Reviewing)?;
        let business_no = std::mem::take(&mut self.application.business_no);
        self.application = PlaceOrder { business_no, ..application };
        Ok(())
    }

    /// Takes the plain text of the sealed fields in; the ciphertexts stay as they were received.
    pub fn reveal(&mut self, revealed: Revealed) {
        self.revealed = Some(revealed);
        self.version += 1;
    }

    /// The application as far as it is known: with the plain text of sealed fields once the key opened them.
    #[must_use]
    pub fn known_application(&self) -> PlaceOrder {
        let mut known = self.application.clone();
        let Some(revealed) = &self.revealed else { return known };
        for (field, plain) in &revealed.fields {
            known.open(*field, plain.clone());
        }
        known
    }

    /// Whether the other side of bid opening forbids it now; an unknown opening forbids nothing (PR-21).
    ///
    /// # Errors
    /// A [`Refusal`] that says on which side we are.
    pub fn must_be_at(&self, stage: Option<Stage>, now: Timestamp) -> Result<(), Refusal> {
        match (stage, self.opening()) {
            (Some(Stage::BeforeOpening), Some(opening)) if opening <= now => {
                Err(Refusal::not_now("已过开标时间，不能办理"))
            }
            (Some(Stage::AfterOpening), Some(opening)) if now < opening => {
                Err(Refusal::not_now("尚未开标，不能办理"))
            }
            _ => Ok(()),
        }
    }

    /// From and until when a guarantee issued now binds: as the partner states it, else from the opening for the validity
    /// of the bid, else from now (PR-13) or the opening (GP-18) for the institution's own term.
    #[must_use]
    pub fn term(&self, policy: &Policy, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        if let Some((from, until)) = self.application.term {
            return (Some(from), Some(until));
        }
        let stated = self.application.product.valid_until();
        if stated.is_some() || policy.term_days.is_none() {
            return (None, stated);
        }
        let begin = self.application.deadline.or(self.opening()).map_or(now, |at| at.max(now));
        let days = i64::from(policy.term_days.unwrap_or_default());
        (None, Some(begin.plus_seconds(days * 86_400)))
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
    pub fn withdraw(&mut self, side: Side, reason: &str) -> Result<(), Refusal> {
        self.turn(OrderState::Withdrawn)?;
        reason.clone_into(&mut self.reason);
        self.withdrawn_by = Some(side);
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

    /// Records what happened to the section; a postponement with a date moves the opening, and with it the term that the
    /// partner counted from the opening.
    pub fn note_tender_change(&mut self, change: TenderChange) {
        use TenderChangeKind::{DeadlineMoved, Postponed, Rescheduled};
        if let (Postponed | Rescheduled, Some(new), Product::Bid { opening, .. }) =
            (change.kind, change.opening, &mut self.application.product)
        {
            let moved = opening.map_or(0, |old| new.unix_seconds() - old.unix_seconds());
            *opening = Some(new);
            let term = self.application.term;
            self.application.term =
                term.map(|(from, until)| (from.plus_seconds(moved), until.plus_seconds(moved)));
        }
        if let (DeadlineMoved, Some(new)) = (change.kind, change.deadline) {
            self.application.deadline = Some(new);
        }
        self.tender_changes.push(change);
        self.version += 1;
    }

    /// Whether it may belong to this project: it does not name another one in plain text. An empty number is any project.
    #[must_use]
    pub fn may_be_of_project(&self, project_no: &str) -> bool {
        let known = self.known_application();
        let own = known.tender.project_no.as_str();
        project_no.is_empty()
            || own.is_empty()
            || own == project_no
            || known.sealed.contains(&SealedField::ProjectNo)
    }

    /// Bid opening, if this product has one.
    #[must_use]
    pub const fn opening(&self) -> Option<Timestamp> {
        match self.application.product {
            Product::Bid { opening, .. } => opening,
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

#[cfg(test)]
mod tests;
