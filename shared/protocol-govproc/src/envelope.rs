//! The outer shell of every message: the header appKey, and parameters enciphered by AES in a body (sections 3.1.3, 3.1.4).

mod shell;

pub(crate) use shell::{in_body, in_query};

use crate::datum::{Datum, Letter, json};
use crate::settings::{AllowList, Manner, Shape};
use bytes::Bytes;
use crypto::aes::Aes;
use crypto::secret::Secret;
use crypto::text::Encoding;
use crypto::{Undecipherable, text};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response, Uri};
use protocol::{Caller, Fields, Rejection, RejectionKind};
use serde_json::Value;

/// `appKey`, as HTTP writes it: names of headers have no case.
pub(crate) const APP_KEY: HeaderName = HeaderName::from_static("appkey");

/// What opens and seals the messages of one partner instance.
pub(crate) struct Envelope {
    pub(crate) app_key: Secret,
    pub(crate) cipher: Aes,
    /// How we write ciphertext where nothing was received to take after.
    pub(crate) text: Encoding,
    pub(crate) shape: Shape,
    pub(crate) content_type: HeaderValue,
    pub(crate) app_key_in_body: bool,
    pub(crate) whole_answers: bool,
    pub(crate) allowed: Option<AllowList>,
}

/// A message whose account was right and whose cipher opened: the proof that interfaces read, made here alone.
pub(crate) struct Verified {
    path: String,
    is_get: bool,
    fields: Fields,
}

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes, with `data` where the interface has some.
    Done(Option<Letter>),
    /// No: `errcode` and `msg`.
    Failed(&'static str, String),
}

impl Verified {
    /// The interface that is called: the path, without slashes around or repeated.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// True if the parameters came in the address.
    pub(crate) const fn is_get(&self) -> bool {
        self.is_get
    }

    /// The parameters.
    pub(crate) const fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Envelope {
    /// Proves that a request comes from the partner, as far as this protocol can.
    ///
    /// Address, account and cipher are all tried before any of them is judged: what did not hold shows neither in the
    /// answer nor in the time it took. A cipher without integrity proves little (GP-14): a text that is no JSON object
    /// counts as undecipherable, and fields are read strictly.
    pub(crate) fn open(&self, request: &Request<Bytes>) -> Result<Verified, Rejection> {
        let is_get = request.method() == Method::GET;
        if !is_get && request.method() != Method::POST {
            return Err(Rejection::new(
                RejectionKind::Unreadable,
                "请使用POST方式提交",
                "neither POST nor GET",
            ));
        }
        let carried = self.carried(request).ok_or_else(|| {
            let say = "请求报文格式不正确，请核对加密参数的提交方式";
            Rejection::new(RejectionKind::Unreadable, say, "no ciphertext in the agreed shape")
        })?;
        let admitted = self.admits(request);
        let given = request.headers().get(APP_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
        let known = self.app_key.matches(given.trim_ascii());
        let fields = self.decipher(&carried).ok().and_then(|plain| Fields::parse(&plain).ok());
        match (admitted, known, fields) {
            (false, ..) => Err(Rejection::forged("the caller is not in settings.allowed_ips")),
            (_, false, _) => Err(Rejection::forged("unknown appKey")),
            (_, _, None) => Err(Rejection::forged("the parameters do not decipher to a JSON object")),
            (true, true, Some(fields)) => Ok(Verified { path: path(request.uri()), is_get, fields }),
        }
    }

    fn admits(&self, request: &Request<Bytes>) -> bool {
        let caller = request.extensions().get::<Caller>();
        self.allowed.as_ref().is_none_or(|list| caller.is_some_and(|caller| list.admits(caller.0)))
    }

    fn carried(&self, request: &Request<Bytes>) -> Option<String> {
        match *request.method() {
            Method::GET => shell::in_query(request.uri(), self.shape),
            _ => shell::in_body(request.body(), self.shape),
        }
    }

    /// The text of a ciphertext, in whichever encoding it is (WIRE.md, table 003).
    fn decipher(&self, carried: &str) -> Result<String, Undecipherable> {
        if self.shape == Shape::Plain {
            return Ok(carried.to_owned());
        }
        self.open_text(carried)
    }

    fn open_text(&self, sealed: &str) -> Result<String, Undecipherable> {
        text::utf8(self.cipher.decrypt(Encoding::detect(sealed).decode(sealed)?)?)
    }

    fn enciphered(&self, plain: &[u8], encoding: Encoding) -> String {
        if self.shape == Shape::Plain {
            return String::from_utf8_lossy(plain).into_owned();
        }
        encoding.encode(&self.cipher.encrypt(plain))
    }

    /// Writes a message as a request that the partner will believe.
    pub(crate) fn seal(&self, letter: &Letter, target: Uri) -> Request<Bytes> {
        let sealed = self.enciphered(&json(letter), self.text);
        let account = Some(self.app_key.expose()).filter(|_| self.app_key_in_body);
        let mut request = Request::new(shell::body(sealed, self.shape, account).into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target;
        request.headers_mut().insert(CONTENT_TYPE, self.content_type.clone());
        // Settings were refused if the account were no header.
        if let Ok(mut account) = HeaderValue::from_str(self.app_key.expose()) {
            account.set_sensitive(true);
            request.headers_mut().insert(APP_KEY, account);
        }
        request
    }

    /// Writes an answer in the encoding that the request used. HTTP 200 whatever it says: Java clients rarely read the
    /// body of anything else.
    pub(crate) fn answer(
        &self,
        answer: &Answer,
        request: &Request<Bytes>,
        manner: &Manner,
    ) -> Response<Bytes> {
        let received = self.carried(request).filter(|_| self.shape != Shape::Plain);
        let encoding = received.map_or(self.text, |carried| Encoding::detect(&carried));
        let mut letter: Letter = match answer {
            Answer::Done(_) => vec![
                ("stat", Datum::int(1)),
                ("errcode", Datum::text(&manner.success_code)),
                ("msg", Datum::text("操作成功")),
            ],
            Answer::Failed(code, say) => {
                vec![("stat", Datum::int(0)), ("errcode", Datum::text(*code)), ("msg", Datum::text(say))]
            }
        };
        if let Answer::Done(Some(data)) = answer {
            letter.push(("data", Datum::Text(self.enciphered(&json(data), encoding))));
        }
        let plain = json(&letter);
        let body = if self.whole_answers { self.enciphered(&plain, encoding).into() } else { plain };
        let mut response = Response::new(body.into());
        let kind = HeaderValue::from_static("application/json;charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }

    /// The fields of an answer to a request of ours.
    pub(crate) fn read_answer(&self, body: &[u8]) -> Option<Fields> {
        let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim();
        if !self.whole_answers {
            return Fields::parse(text).ok();
        }
        let sealed =
            serde_json::from_str::<Value>(text).ok().and_then(|value| value.as_str().map(str::to_owned));
        Fields::parse(&self.open_text(sealed.as_deref().unwrap_or(text)).ok()?).ok()
    }
}

/// Some clients join address and path with two slashes, some end it with one.
fn path(uri: &Uri) -> String {
    let parts = uri.path().split('/').filter(|part| !part.is_empty());
    parts.fold(String::new(), |path, part| path + "/" + part)
}

#[cfg(test)]
mod tests;
