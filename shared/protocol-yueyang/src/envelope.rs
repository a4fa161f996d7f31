//! The outer shell of every message: a pair of names in HTTP Basic, and a JSON body, flat, wrapped or under RSA.

mod body;
mod pair;

pub(crate) use pair::Pair;

use crate::settings::{Auth, InboundBody, OutboundBody};
use bytes::Bytes;
use crypto::rsa::{Padding, PublicKey};
use crypto::text;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use protocol::{AllowList, Caller, Interface, Rejection, RejectionKind, Unsealable};
use serde_json::{Map, Value};

/// The fields of a message of ours, in the order of the document.
pub(crate) type Letter = Vec<(&'static str, String)>;

/// What the platform says to whoever it does not know (section 四): the same whatever did not hold.
const STRANGER: &str = "身份验证失败！请联系服务商！";

/// What opens and seals the messages of one partner instance.
pub(crate) struct Envelope {
    /// How requests say who sends them.
    pub(crate) auth: Auth,
    /// Whence requests come; none: from anywhere.
    pub(crate) allowed: Option<AllowList>,
    /// The names that requests come with.
    pub(crate) theirs: Pair,
    /// The names that callbacks go with.
    pub(crate) ours: Pair,
    /// The 公钥 of section 2.4; there if a body needs it.
    pub(crate) key: Option<PublicKey>,
    pub(crate) inbound_body: InboundBody,
    pub(crate) outbound_body: OutboundBody,
    /// Callbacks that are flat, whatever the others are.
    pub(crate) flat: Vec<&'static str>,
}

/// A message whose sender is known: the proof that interfaces read, made here alone.
pub(crate) struct Verified {
    name: String,
    json: String,
}

impl Verified {
    /// The interface that is called: the path.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its fields as JSON, without the wrapper: an object, or an array of them.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }
}

impl Envelope {
    /// True if bodies arrive under RSA.
    pub(crate) fn recovers(&self) -> bool {
        self.inbound_body == InboundBody::Recovered
    }

    /// Proves that a request comes from the partner, and takes its fields out of the body.
    pub(crate) fn open(&self, request: &Request<Bytes>) -> Result<Verified, Rejection> {
        if request.method() != Method::POST {
            return Err(Rejection::new(RejectionKind::Unreadable, "请使用POST方式提交", "not a POST"));
        }
        self.prove(request)?;
        let body = body::text(request.body())?;
        let json = match self.inbound_body {
            InboundBody::Plain => body::unwrapped(body)?.to_owned(),
            InboundBody::Recovered => body::unwrapped(&self.recovered(body)?)?.to_owned(),
        };
        // Some clients join base address and path with two slashes (YY-22).
        let steps: Vec<&str> = request.uri().path().split('/').filter(|step| !step.is_empty()).collect();
        Ok(Verified { name: steps.join("/"), json })
    }

    fn prove(&self, request: &Request<Bytes>) -> Result<(), Rejection> {
        let given = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let known = match self.auth {
            Auth::Basic => self.theirs.is_named_by(given, false),
            Auth::Bare => self.theirs.is_named_by(given, true),
            Auth::None => true,
        };
        let caller = request.extensions().get::<Caller>();
        let near =
            self.allowed.as_ref().is_none_or(|list| caller.is_some_and(|caller| list.admits(caller.0)));
        match (known, near) {
            (true, true) => Ok(()),
            (false, _) => Err(stranger("the names do not hold")),
            (true, false) => Err(stranger("the caller is not in settings.allowed_ips")),
        }
    }

    /// What the platform's private key encrypted: a body that does not open is a stranger's.
    fn recovered(&self, body: &str) -> Result<String, Rejection> {
        let opened = self.key.as_ref().and_then(|key| {
            let sealed = text::from_base64_tolerant(&body::sealed(body)).ok()?;
            let plain = key.recover(&sealed, sealed.len()).ok()?;
            text::utf8(plain).ok()
        });
        opened.ok_or_else(|| stranger("the body does not open with platform_key"))
    }

    /// Writes a message as a request that the partner will believe.
    pub(crate) fn seal(
        &self,
        callback: &Interface,
        letter: &Letter,
        nonce: &[u8; 16],
        target: Uri,
    ) -> Result<Request<Bytes>, Unsealable> {
        let flat = self.flat.contains(&callback.name);
        let plain = body::written(letter);
        let body = match self.outbound_body {
            OutboundBody::Encrypted => body::wrapped_text(&self.encrypted(&plain, nonce)?),
            OutboundBody::Wrapped if !flat => body::wrapped(&plain),
            OutboundBody::Wrapped | OutboundBody::Flat => plain,
        };
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target;
        let kind = HeaderValue::from_static("application/json;charset=UTF-8");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        request.headers_mut().insert(AUTHORIZATION, self.ours.header()?);
        Ok(request)
    }

    fn encrypted(&self, plain: &[u8], nonce: &[u8; 16]) -> Result<String, Unsealable> {
        let missing = || Unsealable("settings.platform_key: bodies are encrypted with it".to_owned());
        let key = self.key.as_ref().ok_or_else(missing)?;
        let sealed = key.encrypt(plain, Padding::Pkcs1, nonce);
        sealed.map(|sealed| text::to_base64(&sealed)).map_err(|why| Unsealable(why.to_string()))
    }
}

/// What a captured body says, for people who look at it: its fields (of a batch the first), or the base64 it may be.
pub(crate) fn lay_open(body: &[u8]) -> Option<(Option<Map<String, Value>>, String)> {
    let text = body::text(body).ok()?;
    let fields = body::unwrapped(text).ok().and_then(|json| {
        let first = match serde_json::from_str(json).ok()? {
            Value::Array(items) => items.into_iter().next()?,
            one => one,
        };
        match first {
            // A text alone under `data` is a sealed body.
            Value::Object(fields)
                if fields.len() != 1 || !fields.get("data").is_some_and(Value::is_string) =>
            {
                Some(fields)
            }
            _ => None,
        }
    });
    Some((fields, body::sealed(text)))
}

fn stranger(why: &str) -> Rejection {
    Rejection::new(RejectionKind::Forged, STRANGER, why)
}

#[cfg(test)]
mod tests;
