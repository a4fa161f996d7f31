//! The fuzhou partner: eighteen interfaces of the electronic guarantee platform of Fuzhou, both directions, behind the two traits of `protocol`.
#![doc = include_str!("../README.md")]

mod calls;
mod codes;
mod diagnosis;
mod envelope;
mod guide;
mod notices;
mod settings;

#[cfg(test)]
mod sample;

pub use diagnosis::examine;
pub use guide::guide;
pub use settings::{Alias, BusinessKey, Empties, NullAs, Settings, SignVariant, TEMPLATE, Welcome};

use bytes::Bytes;
use domain::{FileFindings, Notice, PartnerId, Timestamp};
use http::{Request, Response, Uri};
use protocol::{
    Call, Inbound, Interface, Learnt, Outbound, Outcome, Pass, Rejection, Sealed, Token, Unsealable, Verdict,
};
use std::fmt;
use std::sync::Arc;

/// What says of a PDF who signed it and whether it was changed since (2.6); it must not block on anything but itself.
pub type Verifier = Arc<dyn Fn(&[u8]) -> FileFindings + Send + Sync>;

/// One fuzhou partner instance; made by [`Fuzhou::new`] from its [`Settings`].
pub struct Fuzhou {
    id: PartnerId,
    envelope: envelope::Envelope,
    manner: settings::Manner,
    /// One per row of the table of callbacks, in its order.
    addresses: Vec<Uri>,
    verifier: Verifier,
}

impl Fuzhou {
    /// The same instance with something that looks into files; without, a file is known by its SHA-256 alone.
    #[must_use]
    pub fn verifying(self, verifier: Verifier) -> Self {
        Self { verifier, ..self }
    }
}

impl Inbound for Fuzhou {
    fn interfaces(&self) -> &'static [Interface] {
        &calls::INTERFACES
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        calls::open(request, now, &self.envelope, &self.manner, &self.verifier)
    }

    /// Every request costs RSA, and 2.6 the verification of a file.
    fn is_heavy(&self) -> bool {
        true
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        match outcome {
            Ok((call, outcomes)) => calls::answer(call, outcomes, &self.manner),
            Err(rejection) => calls::reject(rejection, &self.manner),
        }
    }
}

impl Outbound for Fuzhou {
    fn callbacks(&self) -> &'static [Interface] {
        &notices::CALLBACKS
    }

    fn callback_for(&self, notice: &Notice) -> Option<&'static Interface> {
        notices::callback_for(notice)
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        notices::seal(notice, pass, &self.envelope, &self.manner, &self.addresses)
    }

    fn judge(&self, notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        notices::judge(notice, reply)
    }

    fn learn(&self, notice: &Notice, reply: &Response<Bytes>) -> Vec<Learnt> {
        notices::learn(notice, reply)
    }

    fn carries_document(&self, notice: &Notice) -> bool {
        notice.document().is_some() && notices::callback_for(notice).is_some()
    }

    fn longest_reply(&self, notice: &Notice) -> Option<usize> {
        notices::is_file(notice).then_some(self.manner.file_limit)
    }

    fn is_heavy(&self) -> bool {
        true
    }

    fn has_tokens(&self) -> bool {
        true
    }

    fn ask_token(&self, pass: &Pass<'_>) -> Result<Option<Request<Bytes>>, Unsealable> {
        notices::ask_token(pass, &self.envelope, &self.addresses).map(Some)
    }

    fn read_token(&self, reply: &Response<Bytes>, now: Timestamp) -> Result<Token, String> {
        notices::read_token(reply, now)
    }
}

impl fmt::Debug for Fuzhou {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fuzhou").field(&self.id).finish()
    }
}
