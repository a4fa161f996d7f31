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
    /// How much.
    pub amount: Money,
    /// Where it is to be paid.
    pub account: BankAccount,
    /// Proofs.
    #[serde(default)]
    pub evidence: Vec<Attachment>,
}

/// A claim and where it stands.
pub type Claim = Case<RequestClaim>;

impl RequestClaim {
    /// Checks the demand against the order it is about.
    ///
    /// # Errors
    /// A [`Refusal`] if no guarantee is in force or more than the bond is demanded.
    pub fn check(&self, order: &Order) -> Result<(), Refusal> {
        order.guarantee()?.must_be_in_force()?;
        if !self.amount.is_positive() || self.amount > order.application.bond {
            return Err(Refusal::against_rules("索赔金额须大于0且不超过保证金金额"));
        }
        Ok(())
    }
}
