//! The govproc partner: nine interfaces of the 政府采购电子保函平台, both directions, behind the two traits of `protocol`.
#![doc = include_str!("../README.md")]

mod calls;
mod codes;
mod datum;
mod diagnosis;
mod envelope;
mod guide;
mod links;
mod notices;
mod page;
mod reading;
mod settings;

#[cfg(test)]
mod sample;

pub use diagnosis::examine;
pub use guide::guide;
pub use settings::{Amounts, Cipher, Settings, Shape, TEMPLATE, Times, Transport, Vector};

use bytes::Bytes;
use domain::{Notice, PartnerId, Timestamp};
use http::{Request, Response, Uri};
use protocol::{Call, Inbound, Interface, Outbound, Outcome, Pass, Rejection, Sealed, Unsealable, Verdict};
use std::fmt;

/// One govproc partner instance; made by [`Govproc::new`] from its [`Settings`].
pub struct Govproc {
    id: PartnerId,
    envelope: envelope::Envelope,
    manner: settings::Manner,
    /// One per row of the table of callbacks, in its order.
    addresses: Vec<Uri>,
}

impl Inbound for Govproc {
    /// The page behind continueurl is no interface of the document, and in no table.
    fn interfaces(&self) -> &'static [Interface] {
        &calls::INTERFACES
    }

    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection> {
        if page::is_page(request) {
            return page::read(request, now, &self.manner);
        }
        calls::read(&self.envelope.open(request)?, &self.manner)
    }

    /// Without its request an answer is written in the configured encoding, and no link in it is good any more.
    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes> {
        let long_ago = Timestamp::new(time::OffsetDateTime::UNIX_EPOCH);
        self.answer_to(&Request::new(Bytes::new()), long_ago, outcome)
    }

    fn answer_to(
        &self,
        request: &Request<Bytes>,
        now: Timestamp,
        outcome: Result<(&Call, &[Outcome]), &Rejection>,
    ) -> Response<Bytes> {
        if page::is_page(request) {
            return page::answer(request, outcome, &self.manner);
        }
        let answer = match outcome {
            Ok((call, outcomes)) => calls::answer(call, outcomes, &self.manner, now),
            Err(rejection) => calls::reject(rejection),
        };
        self.envelope.answer(&answer, request, &self.manner)
    }
}

impl Outbound for Govproc {
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
        let target = notices::target(callback, pass, &self.addresses)?;
        Ok(Sealed::Send(self.envelope.seal(&letter, target)))
    }

    fn judge(&self, _notice: &Notice, reply: &Response<Bytes>) -> Verdict {
        notices::judge(reply, &self.envelope)
    }

    fn carries_document(&self, notice: &Notice) -> bool {
        notices::carries_document(notice)
    }

    /// A guarantee of some megabytes is encoded and enciphered whole.
    fn is_heavy(&self) -> bool {
        true
    }
}

impl fmt::Debug for Govproc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Govproc").field(&self.id).finish()
    }
}
