//! The yueyang partner: twenty-three interfaces of the 交易担保管理系统, both directions, behind the two traits of `protocol`.
#![doc = include_str!("../README.md")]

mod calls;
mod codes;
mod diagnosis;
mod envelope;
mod guide;
mod notices;
mod settings;
mod unsealing;

#[cfg(test)]
mod sample;

pub use diagnosis::examine;
pub use guide::guide;
pub use settings::{
    Auth, CodeForm, InboundBody, Institution, OutboundBody, Settings, SymmetricCipher, TEMPLATE,
};

use bytes::Bytes;
use domain::{Notice, PartnerId, Timestamp};
use http::{Request, Response, Uri};
use protocol::{Call, Inbound, Interface, Outbound, Outcome, Pass, Rejection, Sealed, Unsealable, Verdict};
use std::fmt;

/// One yueyang partner instance; made by [`Yueyang::new`] from its [`Settings`].
pub struct Yueyang {
    id: PartnerId,
    envelope: envelope::Envelope,
    manner: settings::Manner,
    /// One per row of the table of callbacks, in its order.
    addresses: Vec<Uri>,
}

impl Inbound for Yueyang {
    fn interfaces(&self) -> &'static [Interface] {
        &calls::INTERFACES
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        calls::read(&self.envelope.open(request)?, &self.manner, now)
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        match outcome {
            Ok((call, outcomes)) => calls::answer(call, outcomes, &self.manner),
            Err(rejection) => calls::reject(rejection, &self.manner),
        }
    }

    /// Only bodies under RSA are worth another thread; keys that come with a restore are few.
    fn is_heavy(&self) -> bool {
        self.envelope.recovers()
    }
}

impl Outbound for Yueyang {
    fn callbacks(&self) -> &'static [Interface] {
        &notices::CALLBACKS
    }

    fn callback_for(&self, notice: &Notice) -> Option<&'static Interface> {
        notices::callback_for(notice)
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        let Some((row, callback)) = notices::position(notice) else {
            return Ok(Sealed::Silent("the protocol has no callback for it"));
        };
        let letter = notices::write(notice, pass, &self.manner)?;
        let target = notices::target(row, pass, &self.addresses)?;
        self.envelope.seal(callback, &letter, &pass.nonce, target).map(Sealed::Send)
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        notices::judge(reply)
    }

    fn carries_document(&self, notice: &Notice) -> bool {
        notices::carries_document(notice)
    }

    /// A guarantee of some megabytes is encoded whole, and may be encrypted.
    fn is_heavy(&self) -> bool {
        true
    }
}

impl fmt::Debug for Yueyang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Yueyang").field(&self.id).finish()
    }
}
