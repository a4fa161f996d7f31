//! A refund (退保): before opening the premium goes back and the guarantee ends.

use crate::{Case, Company, Contact, Order, Refusal};
use serde::{Deserialize, Serialize};

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRefund {
    /// Why, in the partner's words (撤标、流标、其他).
    pub reason: String,
    /// Section number as given.
    pub section_no: String,
    /// The bidder as given.
    pub applicant: Company,
    /// Who to talk to.
    pub contact: Contact,
}

/// A refund and where it stands.
pub type Refund = Case<RequestRefund>;

impl RequestRefund {
    /// Checks the request against the order it is about.
    ///
    /// # Errors
    /// A [`Refusal`] if no guarantee is in force.
    pub fn check(&self, order: &Order) -> Result<(), Refusal> {
        order.guarantee()?.must_be_in_force()
    }
}
