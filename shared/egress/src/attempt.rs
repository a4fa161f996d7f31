//! One attempt to tell a partner something: sealed at the moment of sending, sent once, judged by the partner's own rule.

use crate::partner::Counterpart;
use crate::post::{Bounds, Unreached};
use crate::tokens::Tokens;
use bytes::Bytes;
use domain::{Notice, Origin, Private, Timestamp, Topic};
use http::{Method, Request, Response};
use protocol::{Learnt, Pass, Sealed, Token, Verdict};
use std::sync::OnceLock;
use tokio::time::Instant;

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

/// What a delivered notice brought back.
#[derive(Debug, Default)]
pub(crate) struct Lesson {
    pub(crate) learnt: Vec<Learnt>,
    /// The body of the reply, for [`Learnt::File`].
    pub(crate) body: Bytes,
}

/// Who sends, what, to whom.
pub(crate) struct Attempt<'a> {
    pub(crate) to: &'a Counterpart,
    pub(crate) tokens: &'a Tokens,
    pub(crate) origin: &'a Origin,
    pub(crate) notice: &'a Notice,
    pub(crate) means: &'a Means,
    /// Whom it called, once it did.
    pub(crate) called: OnceLock<Called>,
}

/// Where a request went: no path and no query, for these may carry a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) method: Method,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Attempt<'_> {
    /// Seals and sends a notice, and judges the reply; one deadline over all of it, a new token included.
    pub(crate) async fn run(&self) -> (Tried, Lesson) {
        let until = Instant::now() + self.to.partner.deadline;
        self.tell(until).await.unwrap_or_else(|tried| (tried, Lesson::default()))
    }

    async fn tell(&self, until: Instant) -> Result<(Tried, Lesson), Tried> {
        let mut token = self.token(None, until).await?;
        let mut reply = self.send(token.as_ref(), until).await?;
        let mut verdict = self.judge(&reply);
        if verdict == Verdict::TokenExpired && token.is_some() {
            tracing::info!(partner = %self.to.partner.id, "the access token is no longer taken, fetching a new one");
            token = self.token(token.as_ref(), until).await?;
            reply = self.send(token.as_ref(), until).await?;
            verdict = self.judge(&reply);
        }
        if token.is_some() && verdict != Verdict::TokenExpired {
            self.tokens.used(&self.to.partner.id, &self.to.purse).await;
        }
        let learnt = match verdict {
            Verdict::Delivered => self.to.partner.protocol.learn(self.notice, &reply),
            _ => Vec::new(),
        };
        let status = reply.status().as_u16();
        Ok((Tried::Told(status, verdict), Lesson { learnt, body: reply.into_body() }))
    }

    async fn send(&self, token: Option<&Private>, until: Instant) -> Result<Response<Bytes>, Tried> {
        let request = match self.seal(token) {
            Ok(Sealed::Send(request)) => request,
            Ok(Sealed::Silent(why)) => return Err(Tried::Silent(why)),
            Err(why) => return Err(Tried::Unsealable(why)),
        };
        let longest = self.to.partner.protocol.longest_reply(self.notice);
        self.called.get_or_init(|| called(&request));
        self.post(request, longest, until).await.map_err(|Unreached(why)| Tried::Missed(why))
    }

    async fn post(
        &self,
        request: Request<Bytes>,
        longest: Option<usize>,
        until: Instant,
    ) -> Result<Response<Bytes>, Unreached> {
        let deadline = self.to.partner.deadline;
        let reply_bytes = longest.unwrap_or(self.to.partner.reply_bytes);
        self.to.post.send(request, Bounds { deadline, until, reply_bytes }).await
    }

    fn pass<'p>(&'p self, token: Option<&'p Private>, target: Option<&'p str>) -> Pass<'p> {
        Pass {
            now: self.means.now,
            nonce: self.means.nonce,
            token: token.map(Private::expose),
            target,
            document_url: self.means.document_url.as_deref(),
            document: self.means.document.as_ref(),
        }
    }

    fn seal(&self, token: Option<&Private>) -> Result<Sealed, String> {
        let partner = &self.to.partner;
        // Checked again here: the list may have been narrowed since the address was accepted, or the message forged.
        let target = self.origin.callback.as_deref().and_then(|address| partner.hosts.admit(address));
        if target.is_none() && self.origin.callback.is_some() {
            tracing::warn!(partner = %partner.id, "callback address is not on the allow-list, using the configured one");
        }
        let pass = self.pass(token, target.as_deref());
        let write = || partner.protocol.seal(self.notice, &pass);
        let sealed = if partner.protocol.is_heavy() { boot::heavy(write) } else { write() };
        let sealed = sealed.map_err(|why| why.0)?;
        match &sealed {
            Sealed::Send(request) if target.is_some() && !self.admitted(request) => {
                Err("the protocol turned the callback address into one that is not on the allow-list"
                    .to_owned())
            }
            Sealed::Send(request)
                if self.is_file() && partner.file_hosts.admit(&request.uri().to_string()).is_none() =>
            {
                Err("the host of the file is not on the allow-list: add it to file_hosts".to_owned())
            }
            _ => Ok(sealed),
        }
    }

    /// Files are fetched from where the partner's message points.
    const fn is_file(&self) -> bool {
        matches!(self.notice, Notice::Inquiry(inquiry) if matches!(inquiry.topic, Topic::File { .. }))
    }

    fn admitted(&self, request: &Request<Bytes>) -> bool {
        self.to.partner.hosts.admit(&request.uri().to_string()).is_some()
    }

    /// A redirect is never followed and never success, whatever stands in its body: the signed request went elsewhere.
    fn judge(&self, reply: &Response<Bytes>) -> Verdict {
        if reply.status().is_redirection() {
            return Verdict::Later(
                format!("redirected with status {}, not followed", reply.status().as_u16()),
                None,
            );
        }
        self.to.partner.protocol.judge(self.notice, reply)
    }

    /// The partner's access token, other than the stale one; none for protocols without.
    async fn token(&self, stale: Option<&Private>, until: Instant) -> Result<Option<Private>, Tried> {
        let protocol = &self.to.partner.protocol;
        let ask = || protocol.ask_token(&self.pass(None, None));
        let asked = if protocol.has_tokens() {
            if protocol.is_heavy() { boot::heavy(ask) } else { ask() }
        } else {
            Ok(None)
        };
        let Some(request) = asked.map_err(|why| Tried::Unsealable(why.0))? else { return Ok(None) };
        let fetch = async || self.fetch(request, until).await;
        self.tokens.current(&self.to.partner, &self.to.purse, stale, fetch).await.map(Some)
    }

    async fn fetch(&self, request: Request<Bytes>, until: Instant) -> Result<Token, Tried> {
        let reply = self.post(request, None, until).await.map_err(|Unreached(why)| Tried::Missed(why))?;
        self.to.partner.protocol.read_token(&reply, self.means.now).map_err(|why| {
            let why = format!("no access token: {why}");
            Tried::Told(reply.status().as_u16(), Verdict::Later(why, None))
        })
    }
}

fn called(request: &Request<Bytes>) -> Called {
    let uri = request.uri();
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Called {
        method: request.method().clone(),
        host: uri.host().unwrap_or_default().to_owned(),
        port: uri.port_u16().unwrap_or(usual),
    }
}
