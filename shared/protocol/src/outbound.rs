//! A partner that we call.

use crate::Interface;
use bytes::Bytes;
use domain::{Attachment, Fact, Notice, Private, Timestamp};
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

    /// What a reply that was judged [`Verdict::Delivered`] tells us: facts for the workers, durable before the delivery is.
    fn learn(&self, _notice: &Notice, _reply: &Response<Bytes>) -> Vec<Learnt> {
        Vec::new()
    }

    /// True if sealing this notice needs the bytes of its document in [`Pass::document`].
    fn carries_document(&self, _notice: &Notice) -> bool {
        false
    }

    /// How many bytes of the reply to this notice are read at most, if not as many as the settings say: for files.
    fn longest_reply(&self, _notice: &Notice) -> Option<usize> {
        None
    }

    /// True if sealing is expensive (RSA) and must not keep the runtime's threads from other work.
    fn is_heavy(&self) -> bool {
        false
    }

    /// True if the partner lends us access tokens.
    fn has_tokens(&self) -> bool {
        false
    }

    /// The request for an access token, for protocols that have one; the token then comes in [`Pass::token`].
    ///
    /// # Errors
    /// [`Unsealable`] as for [`Outbound::seal`].
    fn ask_token(&self, _pass: &Pass<'_>) -> Result<Option<Request<Bytes>>, Unsealable> {
        Ok(None)
    }

    /// Reads the reply to [`Outbound::ask_token`].
    ///
    /// # Errors
    /// Why there is no token in it, without secrets.
    fn read_token(&self, _reply: &Response<Bytes>, _now: Timestamp) -> Result<Token, String> {
        Err("the protocol has no access tokens".to_owned())
    }
}

/// An access token. It never shows itself in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token, opaque.
    pub value: Private,
    /// How long it is good for when nobody uses it.
    pub lives: Duration,
}

/// What a reply told us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learnt {
    /// A fact about what the notice was about.
    Fact(Fact),
    /// The body of the reply is a file: it is kept, and becomes [`Fact::FileKept`].
    File {
        /// The partner's id of it, empty if it has none.
        file_id: String,
        /// What it is.
        attachment: Attachment,
    },
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
    /// The access token is not accepted (any more): a new one, then the same again within this attempt, once.
    TokenExpired,
    /// Try again, after the given time if the partner named one.
    Later(String, Option<Duration>),
}
