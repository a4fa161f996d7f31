//! A partner that calls us.

use crate::{Call, Interface, Outcome, Rejection};
use bytes::Bytes;
use domain::Timestamp;
use http::{Request, Response};
use std::net::IpAddr;

/// The address from which a request came, as the socket has it (a proxy's, if there is one in front): an extension of the
/// request, for protocols with an allow-list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

/// The receiving half of a partner protocol, for one partner instance.
pub trait Inbound: Send + Sync + 'static {
    /// Every interface this partner may call, in the order of its document.
    fn interfaces(&self) -> &'static [Interface];

    /// Proves who is calling, deciphers, and says what they want. The URI path is relative to the instance
    /// (`/` for protocols with a single endpoint).
    ///
    /// # Errors
    /// A [`Rejection`]; nothing in it depends on how far a forged request got.
    fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Call, Rejection>;

    /// True if opening is expensive (RSA, verification of files) and must not keep the runtime's threads from other work.
    fn is_heavy(&self) -> bool {
        false
    }

    /// Says yes or no in the partner's own words, with one outcome per ask of the call, in order.
    fn answer(&self, outcome: Result<(&Call, &[Outcome]), &Rejection>) -> Response<Bytes>;

    /// The same to a request that is known, for protocols whose answer depends on it (the encoding of its ciphertext, a
    /// browser that wants a page) or on the moment (links that expire).
    fn answer_to(
        &self,
        _request: &Request<Bytes>,
        _now: Timestamp,
        outcome: Result<(&Call, &[Outcome]), &Rejection>,
    ) -> Response<Bytes> {
        self.answer(outcome)
    }
}
