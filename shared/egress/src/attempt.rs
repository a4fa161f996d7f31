//! One attempt to tell a partner something: sealed at the moment of sending, sent once, judged by the partner's own rule.

use crate::partner::Counterpart;
use crate::post::{Post, Unreached};
use bytes::Bytes;
use domain::{Notice, Origin, Timestamp};
use http::{Request, Response};
use protocol::{Pass, Sealed, Verdict};

/// What an attempt needs from outside besides the network.
#[derive(Debug)]
pub(crate) struct Means {
    pub(crate) now: Timestamp,
    pub(crate) nonce: [u8; 16],
    /// An expiring link to the notice's document, if it has one.
    pub(crate) document_url: Option<String>,
    /// Its bytes, if the protocol carries them.
    pub(crate) document: Option<Bytes>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The partner replied, with this status, and this is what it means.
    Told(u16, Verdict),
    /// The partner was not reached or did not answer in time.
    Missed(String),
    /// Something of ours is not ready, so nothing was sent.
    Unready(String),
    /// The partner is not told this.
    Silent(&'static str),
    /// The notice cannot be written.
    Unsealable(String),
}

/// Seals and sends a notice, and judges the reply.
pub(crate) async fn attempt(
    to: &Counterpart,
    post: &Post,
    origin: &Origin,
    notice: &Notice,
    means: &Means,
) -> Tried {
    let request = match seal(to, origin, notice, means) {
        Ok(Sealed::Send(request)) => request,
        Ok(Sealed::Silent(why)) => return Tried::Silent(why),
        Err(why) => return Tried::Unsealable(why),
    };
    match post.send(request, to.bounds()).await {
        Ok(reply) => Tried::Told(reply.status().as_u16(), judge(to, notice, &reply)),
        Err(Unreached(why)) => Tried::Missed(why),
    }
}

fn seal(to: &Counterpart, origin: &Origin, notice: &Notice, means: &Means) -> Result<Sealed, String> {
    // Checked again here: the list may have been narrowed since the address was accepted, or the message forged.
    let target = origin.callback.as_deref().and_then(|address| to.partner.hosts.admit(address));
    if target.is_none() && origin.callback.is_some() {
        tracing::warn!(partner = %to.partner.id, "callback address is not on the allow-list, using the configured one");
    }
    let pass = Pass {
        now: means.now,
        nonce: means.nonce,
        token: None,
        target: target.as_deref(),
        document_url: means.document_url.as_deref(),
        document: means.document.as_ref(),
    };
    let sealed = to.partner.protocol.seal(notice, &pass).map_err(|why| why.0)?;
    match &sealed {
        Sealed::Send(request) if target.is_some() && !admitted(to, request) => {
            Err("the protocol turned the callback address into one that is not on the allow-list".to_owned())
        }
        _ => Ok(sealed),
    }
}

fn admitted(to: &Counterpart, request: &Request<Bytes>) -> bool {
    to.partner.hosts.admit(&request.uri().to_string()).is_some()
}

/// A redirect is never followed and never success, whatever stands in its body: the signed request went elsewhere.
fn judge(to: &Counterpart, notice: &Notice, reply: &Response<Bytes>) -> Verdict {
    if reply.status().is_redirection() {
        return Verdict::Later(
            format!("redirected with status {}, not followed", reply.status().as_u16()),
            None,
        );
    }
    to.partner.protocol.judge(notice, reply)
}
