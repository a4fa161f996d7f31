//! The outer shell of every request: five fields, `data` enciphered, all of them signed (sections 2.1 to 2.4).

mod clock;
mod shell;

pub(crate) use clock::CreatedCheck;

use crate::diagnosis::Read;
use crate::settings::{RequestBody, SignedFields};
use bytes::Bytes;
use crypto::aes::Aes;
use crypto::canonical::{Profile, Token};
use crypto::doctor::Spelled;
use crypto::secret::Secret;
use crypto::{Undecipherable, text};
use domain::Timestamp;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use protocol::{Form, Label, Rejection, RejectionKind, print_shanghai};
use serde::Serialize;
use shell::Shell;
use std::sync::atomic::{AtomicU64, Ordering};

const METHOD: Label = ("method", "接口名称");
const ACCESS_KEY: Label = ("access_key", "访问密钥");
const CREATED: Label = ("created", "提交时间");
const DATA: Label = ("data", "数据内容");
const SIGN: Label = ("sign", "签名");

/// The fields the document itself signs.
pub(crate) const DOCUMENTED: [&str; 4] = ["access_key", "created", "data", "method"];

/// How one recipe spells the string that is hashed.
#[derive(Debug)]
pub(crate) struct Recipe {
    pub(crate) profile: Profile,
    pub(crate) fields: SignedFields,
}

/// What opens and seals the requests of one partner instance.
pub(crate) struct Envelope {
    pub(crate) access_key: Secret,
    pub(crate) sign_secret: Secret,
    pub(crate) cipher: Aes,
    /// We sign by the first; requests may be signed by any. Never empty.
    pub(crate) recipes: Vec<Recipe>,
    /// How many requests each recipe proved.
    pub(crate) proved: Vec<AtomicU64>,
    pub(crate) created: CreatedCheck,
    pub(crate) body: RequestBody,
}

/// A body whose signature held: the proof that interfaces read, made here alone.
pub(crate) struct Verified {
    method: String,
    plain: String,
}

impl Verified {
    /// The interface that is called.
    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The business data, deciphered.
    pub(crate) fn plain(&self) -> &str {
        &self.plain
    }
}

impl Envelope {
    /// Proves that a request comes from the partner and deciphers it.
    ///
    /// Key, signature and cipher are all tried before any of them is judged: what did not hold shows neither in the
    /// answer nor in the time it took.
    pub(crate) fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Verified, Rejection> {
        if request.method() != Method::POST {
            return Err(Rejection::new(RejectionKind::Unreadable, "请使用POST方式提交", "not a POST"));
        }
        let shell = Shell::read(request.body())?;
        let method = shell.required(METHOD)?;
        let access_key = shell.required(ACCESS_KEY)?;
        let created = shell.required(CREATED)?;
        let data = shell.text(DATA)?;
        let sign = shell.required(SIGN)?;
        let known = self.access_key.matches(access_key.as_bytes());
        let recipe = self.recipe_of(&shell, data, sign);
        let plain = self.decipher(data);
        match (known, recipe, plain) {
            (false, ..) => Err(Rejection::forged("unknown access_key")),
            (_, None, _) => Err(Rejection::forged("the signature does not hold")),
            (.., Err(Undecipherable)) => Err(Rejection::forged("data does not decipher")),
            (true, Some(recipe), Ok(plain)) => {
                self.proved[recipe].fetch_add(1, Ordering::Relaxed);
                self.created.check(CREATED, created, now)?;
                Ok(Verified { method: method.to_owned(), plain })
            }
        }
    }

    /// Writes business data as a request that the partner will believe, signed at this moment.
    pub(crate) fn seal(&self, method: &str, plain: &[u8], now: Timestamp, target: Uri) -> Request<Bytes> {
        let created = print_shanghai(now, Form::Compact);
        let data = text::to_base64(&self.cipher.encrypt(plain));
        let sign = self.recipes[0].profile.sign(&self.signed(method, &created, &data), &self.sign_secret);
        let access_key = self.access_key.expose();
        let wire = Wire { method, access_key, created: &created, data: &data, sign: &sign };
        let (kind, body) = match self.body {
            RequestBody::Json => ("application/json;charset=UTF-8", wire.json()),
            RequestBody::Form => ("application/x-www-form-urlencoded;charset=UTF-8", wire.form()),
        };
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        request
    }

    /// The string that is hashed for these values, `***` in place of the secret.
    pub(crate) fn masked(&self, method: &str, created: &str, data: &str) -> String {
        self.recipes[0].profile.masked(&self.signed(method, created, data))
    }

    fn signed<'a>(&'a self, method: &'a str, created: &'a str, data: &'a str) -> [(&'a str, &'a str); 4] {
        [("access_key", self.access_key.expose()), ("created", created), ("data", data), ("method", method)]
    }

    /// The recipe that proves the signature: over `data` as received first, repaired second (WIRE.md, table 000).
    fn recipe_of(&self, shell: &Shell, data: &str, sign: &str) -> Option<usize> {
        let proved = |data: &str| {
            let fields = shell.tokens(SIGN.0, (DATA.0, data));
            self.recipes.iter().position(|recipe| recipe.proves(&fields, &self.sign_secret, sign))
        };
        proved(data).or_else(|| proved(&text::repaired_base64(data)?))
    }

    /// What a captured body says, for people who look at it; nothing in it is proven.
    pub(crate) fn lay_open(&self, body: &[u8]) -> Option<Read> {
        let shell = Shell::read(body).ok()?;
        let data = shell.text(DATA).ok()?;
        let required = |label| shell.required(label).map(str::to_owned).ok();
        required(METHOD)?;
        let fields = shell.tokens(SIGN.0, (DATA.0, data));
        Some(Read {
            access_key: required(ACCESS_KEY)?,
            created: required(CREATED)?,
            data: data.to_owned(),
            sign: required(SIGN)?,
            fields: fields.into_iter().map(|(name, token)| (name.to_owned(), Spelled::of(token))).collect(),
        })
    }

    pub(crate) fn decipher(&self, data: &str) -> Result<String, Undecipherable> {
        text::utf8(self.cipher.decrypt(text::from_base64_tolerant(data)?)?)
    }
}

impl Recipe {
    fn proves(&self, fields: &[(&str, Token<'_>)], secret: &Secret, sign: &str) -> bool {
        match self.fields {
            SignedFields::All => self.profile.verify(fields, secret, sign),
            SignedFields::Documented => {
                let documented = |(name, _): &&(&str, Token<'_>)| DOCUMENTED.contains(name);
                let four: Vec<_> = fields.iter().filter(documented).copied().collect();
                self.profile.verify(&four, secret, sign)
            }
        }
    }
}

/// The request as the document prints it (2.5).
#[derive(Serialize)]
struct Wire<'a> {
    method: &'a str,
    access_key: &'a str,
    created: &'a str,
    data: &'a str,
    sign: &'a str,
}

impl Wire<'_> {
    fn json(&self) -> Bytes {
        // Five strings always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    fn form(&self) -> Bytes {
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair(METHOD.0, self.method)
            .append_pair(ACCESS_KEY.0, self.access_key)
            .append_pair(CREATED.0, self.created)
            .append_pair(DATA.0, self.data)
            .append_pair(SIGN.0, self.sign)
            .finish()
            .into()
    }
}

#[cfg(test)]
mod tests;
