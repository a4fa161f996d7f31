//! A partner that calls us.

use crate::{Call, Interface, Outcome, Rejection};
use bytes::Bytes;
use domain::Timestamp;
use http::{Request, Response};

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
}
