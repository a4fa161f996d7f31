//! A claim (索赔): the beneficiary demands payment under a guarantee.

use crate::{Attachment, BankAccount, Case, Company, Contact, Money, Order, Refusal};
use serde::{Deserialize, Serialize};

/// The demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestClaim {
    /// Why payment is demanded.
    pub reason: String,
    /// Who demands it.
    pub claimer: Company,
    /// Who handles it.
    pub contact: Contact,
    /// How much; absent means the whole bond (PR-08, YY-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Where it is to be paid; absent if that must be asked by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// Proofs.
    #[serde(default)]
    pub evidence: Vec<Attachment>,
}

/// A claim and where it stands.
pub type Claim = Case<RequestClaim>;

impl RequestClaim {
    /// What is demanded of the guarantee of this order.
    #[must_use]
    pub fn demanded(&self, order: &Order) -> Money {
        self.amount.unwrap_or(order.application.bond)
    }

    /// Checks the demand against the order it is about.
    ///
    /// # Errors
    /// A [`Refusal`] if no guarantee is in force or more than the bond is demanded.
    pub fn check(&self, order: &Order) -> Result<(), Refusal> {
        order.guarantee()?.must_be_in_force()?;
        let demanded = self.demanded(order);
        if !demanded.is_positive() || demanded > order.application.bond {
            return Err(Refusal::against_rules("索赔金额须大于0且不超过保证金金额"));
        }
        Ok(())
    }
}
