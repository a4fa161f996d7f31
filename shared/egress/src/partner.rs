//! One partner instance as the egress sees it: its protocol, its bounds and its lane.

use crate::breaker::BreakerRule;
use crate::lane::Lane;
use crate::post::{Credentials, Post};
use crate::schedule::Schedule;
use crate::tokens::Purse;
use domain::PartnerId;
use protocol::{CallbackHosts, Outbound};
use std::sync::Arc;
use std::time::Duration;

/// What the egress must know of a partner instance; made once from its settings.
#[derive(Clone)]
pub struct Partner {
    /// Who it is.
    pub id: PartnerId,
    /// How it is spoken to.
    pub protocol: Arc<dyn Outbound>,
    /// Where it may have callbacks sent instead of the configured address.
    pub hosts: CallbackHosts,
    /// From where its files may be fetched.
    pub file_hosts: CallbackHosts,
    /// When a failed callback is tried again.
    pub schedule: Schedule,
    /// How many callbacks may be under way to it at once.
    pub concurrency: usize,
    /// Over connecting, sending, waiting and reading, all together.
    pub deadline: Duration,
    /// What is read of a reply, bytes; a longer one is cut and judged so.
    pub reply_bytes: usize,
    /// When to stop knocking.
    pub breaker: BreakerRule,
    /// False: its callbacks wait in the broker, uncounted, until it is enabled again.
    pub enabled: bool,
    /// Interfaces of ours whose callbacks wait in the broker, uncounted, until they are resumed.
    pub paused: Vec<String>,
    /// How it and we know each other on TLS; `None` as with everyone.
    pub credentials: Option<Credentials>,
}

/// A partner and what is under way to it.
pub(crate) struct Counterpart {
    pub(crate) partner: Partner,
    pub(crate) lane: Lane,
    pub(crate) purse: Purse,
    pub(crate) post: Post,
}

impl Counterpart {
    /// `in_hand` bounds how many of its callbacks are held here at once; `post` is the way to it.
    pub(crate) fn new(partner: Partner, in_hand: usize, post: Post) -> Self {
        let lane = Lane::new(partner.concurrency, in_hand, partner.breaker);
        Self { partner, lane, purse: Purse::default(), post }
    }
}

impl std::fmt::Debug for Partner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Partner").field("id", &self.id).finish_non_exhaustive()
    }
}
