//! A partner that we call.

use crate::Interface;
use bytes::Bytes;
use domain::{Notice, Timestamp};
use http::{Request, Response};
use std::time::Duration;

/// The sending half of a partner protocol, for one partner instance.
pub trait Outbound: Send + Sync + 'static {
    /// Every callback this partner can be told by, in the order of its document.
    fn callbacks(&self) -> &'static [Interface];

    /// The callback that carries this notice; `None` if the protocol has none.
    fn callback_for(&self, notice: &Notice) -> Option<&'static Interface>;

    /// Writes a notice as a request the partner will believe.
    ///
    /// # Errors
    /// [`Unsealable`] if settings or notice make it impossible: trying again would not help.
    fn seal(&self, notice: &Notice, pass: &Pass<'_>) -> Result<Sealed, Unsealable>;

    /// Reads the partner's reply by the partner's own success rule.
    fn judge(&self, notice: &Notice, reply: &Response<Bytes>) -> Verdict;
}

/// What sealing needs from outside.
#[derive(Debug)]
pub struct Pass<'a> {
    /// The moment of sending.
    pub now: Timestamp,
    /// 16 random bytes.
    pub nonce: [u8; 16],
    /// The partner's access token, for protocols that have one.
    pub token: Option<&'a str>,
    /// Where to send it: the callback address given by the partner, already checked against the allow-list;
    /// `None` means the configured address.
    pub target: Option<&'a str>,
    /// An expiring link to the notice's document, if it has one.
    pub document_url: Option<&'a str>,
    /// The bytes of the notice's document, for protocols that carry it.
    pub document: Option<&'a Bytes>,
}

/// What came of sealing.
#[derive(Debug)]
pub enum Sealed {
    /// Send this. The URI is absolute.
    Send(Request<Bytes>),
    /// The partner is not told this, by its protocol or by its settings; the reason is for our records.
    Silent(&'static str),
}

/// A notice that cannot be written; the reason names the setting or field, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealable(pub String);

/// How a delivery went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The partner acknowledged it.
    Delivered,
    /// The partner refused it for good; the text is its reason, cut short, for our records.
    Refused(String),
    /// Try again, after the given time if the partner named one.
    Later(String, Option<Duration>),
}
