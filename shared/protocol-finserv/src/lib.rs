//! The finserv partner: sixteen interfaces of 投标金融服务对接, both directions, behind the two traits of `protocol`.
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
pub use settings::{
    Clock, Empties, Joiner, RateForm, RequestBody, Settings, SignVariant, SignedFields, TEMPLATE, Unissued,
};

use bytes::Bytes;
use domain::{Notice, PartnerId, Timestamp};
use http::{Request, Response, Uri};
use protocol::{Call, Inbound, Interface, Outbound, Outcome, Pass, Rejection, Sealed, Unsealable, Verdict};
use std::fmt;

/// One finserv partner instance; made by [`Finserv::new`] from its [`Settings`].
pub struct Finserv {
    id: PartnerId,
    envelope: envelope::Envelope,
    manner: settings::Manner,
    /// One per row of the table of callbacks, in its order.
    addresses: Vec<Uri>,
}

impl Inbound for Finserv {
    fn interfaces(&self) -> &'static [Interface] {
        &calls::INTERFACES
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        calls::read(&self.envelope.open(request, now)?)
    }

    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        match outcome {
            Ok((call, outcomes)) => calls::answer(call, outcomes, &self.manner),
            Err(rejection) => calls::reject(rejection, &self.manner),
        }
    }
}

impl Outbound for Finserv {
    fn callbacks(&self) -> &'static [Interface] {
        &notices::CALLBACKS
    }

    fn callback_for(&self, notice: &Notice) -> Option<&'static Interface> {
        notices::callback_for(notice)
    }

    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable> {
        let (callback, plain) = match notices::write(notice, pass, &self.manner)? {
            notices::Written::Plain(callback, plain) => (callback, plain),
            notices::Written::Silent(why) => return Ok(Sealed::Silent(why)),
        };
        let target = notices::target(callback, pass, &self.addresses)?;
        Ok(Sealed::Send(self.envelope.seal(callback.name, &plain, pass.now, target)))
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        notices::judge(reply)
    }
}

impl fmt::Debug for Finserv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Finserv").field(&self.id).finish()
    }
}
