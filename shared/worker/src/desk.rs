//! What a handler has at hand.

use crate::Failure;
use boot::Current;
use domain::{AcceptanceNo, Origin, PartnerId, Policy, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Store, Work};

/// The decision policies of the partner instances.
#[derive(Debug, Clone, Default)]
pub struct Policies(Arc<Current<HashMap<PartnerId, Arc<Policy>>>>);

/// The desk at which one command is handled.
#[derive(Debug)]
pub struct Desk {
    /// The transaction: what is loaded is locked, what is said is written at the end, or nothing.
    pub work: Work,
    /// The number under which the command was accepted.
    pub no: AcceptanceNo,
    /// Who asked, and where notices go.
    pub origin: Origin,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// The time of everything that is changed.
    pub now: Timestamp,
    pub(crate) policies: Policies,
}

/// The window at which one query is answered: reading only.
#[derive(Debug)]
pub struct Window {
    /// Where to look.
    pub store: Store,
    /// Who asks: only their own is found.
    pub origin: Origin,
    /// The time of the answer.
    pub now: Timestamp,
    /// How the institution decides, by partner.
    pub policies: Policies,
}

impl Policies {
    /// Policies by partner.
    #[must_use]
    pub fn new(policies: impl IntoIterator<Item = (PartnerId, Policy)>) -> Self {
        Self(Arc::new(Current::new(by_partner(policies))))
    }

    /// From now on these hold, for all clones.
    pub fn replace(&self, policies: impl IntoIterator<Item = (PartnerId, Policy)>) {
        self.0.set(by_partner(policies));
    }

    /// The policy of a partner.
    ///
    /// # Errors
    /// [`Failure::Never`] if there is no such partner: an operator adds it and replays the message.
    pub fn of(&self, partner: &PartnerId) -> Result<Arc<Policy>, Failure> {
        self.0
            .get()
            .get(partner)
            .cloned()
            .ok_or_else(|| Failure::Never(format!("no settings for partner {partner}")))
    }
}

fn by_partner(policies: impl IntoIterator<Item = (PartnerId, Policy)>) -> HashMap<PartnerId, Arc<Policy>> {
    policies.into_iter().map(|(id, policy)| (id, Arc::new(policy))).collect()
}

impl Desk {
    /// The policy of the partner that an order or case belongs to (an operator's own command names another origin).
    ///
    /// # Errors
    /// As [`Policies::of`].
    pub fn policy(&self, of: &Origin) -> Result<Arc<Policy>, Failure> {
        self.policies.of(&of.partner)
    }
}
