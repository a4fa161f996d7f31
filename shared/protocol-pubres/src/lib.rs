//! The pubres partner: twelve interfaces of the 数据服务支撑平台, both directions, behind the two traits of `protocol`.
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
pub use settings::{CodeForm, Seals, Settings, TEMPLATE};

use bytes::Bytes;
use domain::{Notice, PartnerId, Timestamp};
use http::{Request, Response, Uri};
use protocol::{Call, Inbound, Interface, Outbound, Outcome, Pass, Rejection, Sealed, Unsealable, Verdict};
use std::fmt;

/// One pubres partner instance; made by [`Pubres::new`] from its [`Settings`].
pub struct Pubres {
    id: PartnerId,
    envelope: envelope::Envelope,
    manner: settings::Manner,
    /// One per row of the table of callbacks, in its order; none where the partner has no endpoint.
    addresses: Vec<Option<Uri>>,
}

impl Inbound for Pubres {
    fn interfaces(&self) -> &'static [Interface] {
        &calls::INTERFACES
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        calls::read(&self.envelope.open(request, now)?, &self.manner)
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        match outcome {
            Ok((call, outcomes)) => calls::answer(call, outcomes, &self.manner),
            Err(rejection) => calls::reject(rejection, &self.manner),
        }
    }
}

impl Outbound for Pubres {
    fn callbacks(&self) -> &'static [Interface] {
        &notices::CALLBACKS
    }

    fn callback_for(&self, notice: &Notice) -> Option<&'static Interface> {
        notices::callback_for(notice)
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        let (callback, letter) = match notices::write(notice, pass, &self.manner)? {
            notices::Written::Letter(callback, letter) => (callback, letter),
            notices::Written::Silent(why) => return Ok(Sealed::Silent(why)),
        };
        match notices::target(callback, pass, &self.addresses)? {
            Some(target) => Ok(Sealed::Send(self.envelope.seal(&letter, pass.now, target))),
            None => Ok(Sealed::Silent("urls: the partner has no endpoint for it")),
        }
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        notices::judge(reply)
    }

    fn carries_document(&self, notice: &Notice) -> bool {
        notices::carries_document(notice)
    }

    /// A guarantee of some megabytes is encoded and hashed whole.
    fn is_heavy(&self) -> bool {
        true
    }
}

impl fmt::Debug for Pubres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pubres").field(&self.id).finish()
    }
}
