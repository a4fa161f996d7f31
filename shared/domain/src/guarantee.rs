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

/// Which of its documents a guarantee is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeKind {
    /// Everything on it is plain from the start.
    #[default]
    Plain,
    /// 密文保函: tender fields are ciphertext.
    Sealed,
    /// 明文保函: the sealed one with its fields opened.
    Revealed,
    /// Made out anew after the opening moved.
    Reissued,
}

/// An earlier document of a guarantee, kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The number it bore.
    pub no: GuaranteeNo,
    /// Which document it was.
    pub kind: GuaranteeKind,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it bound, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
    /// The document.
    pub document: DocumentRef,
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
    /// Which document that is.
    #[serde(default, skip_serializing_if = "GuaranteeKind::is_plain")]
    pub kind: GuaranteeKind,
    /// From when it binds; absent means from issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// The partner's serial number for it, once told (FZ-24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_no: Option<String>,
    /// The documents it replaced, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Edition>,
}

impl GuaranteeKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}

impl Guarantee {
    /// Replaces the document: the earlier one is kept.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is in force.
    pub fn replace(&mut self, next: Edition) -> Result<(), Refusal> {
        self.must_be_in_force()?;
        let was = Edition {
            no: std::mem::replace(&mut self.no, next.no),
            kind: std::mem::replace(&mut self.kind, next.kind),
            issued_at: std::mem::replace(&mut self.issued_at, next.issued_at),
            valid_until: std::mem::replace(&mut self.valid_until, next.valid_until),
            document: std::mem::replace(&mut self.document, next.document),
        };
        self.earlier.push(was);
        Ok(())
    }

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
