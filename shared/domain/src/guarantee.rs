//! The guarantee (保函): the document, its number and whether it is in force.

use crate::{GuaranteeNo, Refusal, Timestamp};
use serde::{Deserialize, Serialize};

/// A document in the document store, found by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// SHA-256 of the bytes, 64 lower-case hex characters.
    pub sha256: String,
    /// File name for whoever downloads it.
    pub name: String,
}

/// Whether a guarantee still binds the institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeState {
    /// It binds.
    InForce,
    /// Ended before opening, premium returned (退保).
    Refunded,
    /// Ended after opening, credit freed (撤销).
    Released,
    /// Paid out on a claim (理赔).
    Claimed,
}

/// An issued guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    /// Its number.
    pub no: GuaranteeNo,
    /// Whether it binds.
    pub state: GuaranteeState,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it binds; unknown if the tender gives no date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// The document.
    pub document: DocumentRef,
}

impl Guarantee {
    /// Ends the guarantee in the given way.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is in force.
    pub fn end(&mut self, how: GuaranteeState) -> Result<(), Refusal> {
        self.must_be_in_force()?;
        self.state = how;
        Ok(())
    }

    /// Checks that the guarantee binds.
    ///
    /// # Errors
    /// A [`Refusal`] that says how it ended.
    pub fn must_be_in_force(&self) -> Result<(), Refusal> {
        match self.state {
            GuaranteeState::InForce => Ok(()),
            GuaranteeState::Refunded => Err(Refusal::not_now("保函已退保")),
            GuaranteeState::Released => Err(Refusal::not_now("保函已撤销")),
            GuaranteeState::Claimed => Err(Refusal::not_now("保函已理赔")),
        }
    }
}
