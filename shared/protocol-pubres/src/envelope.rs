//! The outer shell of every message: a flat JSON object, signed over its fields as they were written (PR-02).

mod shell;

use crate::codes::{APPKEY, SIGN, TIMESTAMP};
use crate::diagnosis::Reading;
use bytes::Bytes;
use crypto::canonical::{Profile, first_match};
use crypto::doctor::Spelled;
use crypto::secret::Secret;
use domain::Timestamp;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use protocol::{Fields, Form, Rejection, RejectionKind, parse_shanghai, print_shanghai};
use serde::{Serialize, Serializer};
use shell::Shell;
use std::sync::atomic::{AtomicU64, Ordering};

/// The fields of a message of ours, in the order of the document, without those of the shell.
pub(crate) type Letter = Vec<(&'static str, String)>;

/// What opens and seals the messages of one partner instance.
pub(crate) struct Envelope {
    pub(crate) appkey: Secret,
    pub(crate) secret: Secret,
    /// We sign by the first; requests may be signed by any. Never empty.
    pub(crate) profiles: Vec<Profile>,
    /// How many requests each profile proved.
    pub(crate) proved: Vec<AtomicU64>,
    /// How far `timestamp` may be from our clock, seconds; none: it is not looked at.
    pub(crate) window: Option<i64>,
}

/// A message whose signature held: the proof that interfaces read, made here alone.
pub(crate) struct Verified {
    name: String,
    shell: Shell,
    fields: Fields,
}

impl Verified {
    /// The interface that is called: the path, which nothing signs.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Fails if one of these fields, which may be absent, hides in the value of another.
    pub(crate) fn hides_none(&self, optional: &[&str]) -> Result<(), Rejection> {
        let hidden = optional.iter().find(|name| self.shell.hides(name));
        hidden.map_or(Ok(()), |name| Err(Rejection::forged(format!("{name} hides in another field"))))
    }

    /// Its fields.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Envelope {
    /// Proves that a request comes from the partner.
    ///
    /// Key and signature are both tried before either is judged: what did not hold shows neither in the answer nor in
    /// the time it took.
    pub(crate) fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Verified, Rejection> {
        if request.method() != Method::POST {
            return Err(Rejection::new(RejectionKind::Unreadable, "请使用POST方式提交", "not a POST"));
        }
        let mut readings = Shell::read(request.body())?.into_iter();
        let unreadable = || Rejection::forged("no reading of the body");
        let mut told = None;
        let proven = readings.find_map(|shell| match self.prove(&shell) {
            Ok(profile) => Some((shell, profile)),
            // The first reading is the one the sender meant to be read.
            Err(rejection) => {
                told.get_or_insert(rejection);
                None
            }
        });
        let (shell, profile) = proven.ok_or_else(|| told.unwrap_or_else(unreadable))?;
        self.proved[profile].fetch_add(1, Ordering::Relaxed);
        self.check_time(shell.required(TIMESTAMP)?, now)?;
        let name = request.uri().path().trim_matches('/').to_owned();
        Ok(Verified { name, fields: Fields::parse(shell.json())?, shell })
    }

    fn prove(&self, shell: &Shell) -> Result<usize, Rejection> {
        let appkey = shell.required(APPKEY)?;
        shell.required(TIMESTAMP)?;
        let sign = shell.required(SIGN)?;
        let known = self.appkey.matches(appkey.as_bytes());
        let profile = first_match(&self.profiles, &shell.tokens(SIGN.0), &self.secret, sign);
        match (known, profile) {
            (false, _) => Err(Rejection::forged("unknown appkey")),
            (_, None) => Err(Rejection::forged("the signature does not hold")),
            (true, Some(profile)) => Ok(profile),
        }
    }

    /// What a captured body says in each way in which it can be read, for people who look at it; nothing in it is proven.
    pub(crate) fn lay_open(&self, body: &[u8]) -> Result<Vec<Reading>, String> {
        let readings =
            Shell::read(body).map_err(|rejection| format!("{}（{}）", rejection.say, rejection.why))?;
        let of = |shell: Shell| Reading {
            fields: shell
                .tokens("")
                .into_iter()
                .map(|(name, token)| (name.to_owned(), Spelled::of(token)))
                .collect(),
            json: shell.json().to_owned(),
        };
        Ok(readings.into_iter().map(of).collect())
    }

    /// Platforms send again what they once signed, so that no age is too old unless the settings say so (WIRE.md 001).
    fn check_time(&self, text: &str, now: Timestamp) -> Result<(), Rejection> {
        let Some(window) = self.window else { return Ok(()) };
        let Some(at) = parse_shanghai(text) else {
            return Err(Rejection::malformed(TIMESTAMP.0, TIMESTAMP.1, "时间格式不正确"));
        };
        let away = (now.unix_seconds() - at.unix_seconds()).abs();
        if away <= window {
            return Ok(());
        }
        let say = "请求时间(timestamp)超出允许范围，请校准时钟后重试";
        Err(Rejection::new(RejectionKind::Stale, say, format!("timestamp is {away} s away from our clock")))
    }

    /// Writes a message as a request that the partner will believe, signed at this moment.
    pub(crate) fn seal(&self, letter: &Letter, now: Timestamp, target: Uri) -> Request<Bytes> {
        let timestamp = print_shanghai(now, Form::Dashed);
        let mut fields = self.signed(letter, &timestamp);
        let sign = self.profiles[0].sign(&fields, &self.secret);
        fields.push((SIGN.0, &sign));
        // Texts under names always have a JSON form.
        let body = serde_json::to_vec(&Object(&fields)).unwrap_or_default();
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target;
        let kind = HeaderValue::from_static("application/json;charset=UTF-8");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        request
    }

    /// The string that is hashed for this message, `***` in place of the secret.
    pub(crate) fn masked(&self, letter: &Letter, now: Timestamp) -> String {
        self.profiles[0].masked(&self.signed(letter, &print_shanghai(now, Form::Dashed)))
    }

    fn signed<'a>(&'a self, letter: &'a Letter, timestamp: &'a str) -> Vec<(&'a str, &'a str)> {
        let shell = [(APPKEY.0, self.appkey.expose()), (TIMESTAMP.0, timestamp)];
        shell.into_iter().chain(letter.iter().map(|(name, text)| (*name, text.as_str()))).collect()
    }
}

/// A flat JSON object, its fields in this order.
struct Object<'a>(&'a [(&'a str, &'a str)]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

#[cfg(test)]
mod tests;
