//! The outer shell of every request: everything inside `param`, in RSA blocks, signed by MD5 (sections 5.1 and 5.2).

mod clock;
mod form;
mod multipart;
mod param;

pub(crate) use clock::ClockCheck;
pub(crate) use param::Field;

use bytes::Bytes;
use crypto::canonical::{self, Profile, Token};
use crypto::rsa::{Padding, PrivateKey, PublicKey};
use crypto::secret::Secret;
use crypto::{Undecipherable, digest, text};
use domain::Timestamp;
use form::Form;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use param::Param;
use protocol::{
    Caller, Fields, Form as Printed, Label, Pass, Rejection, RejectionKind, Unsealable, print_shanghai,
};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const TIMESTAMP: Label = ("timestamp", "时间戳");
pub(crate) const SIGN: Label = ("sign", "签名");
const PARAM: Label = ("param", "加密参数");
/// 对接机构类型: an insurer.
const INSURER: u64 = 4;
/// Longest ciphertext that is opened, bytes: 256 blocks of 2048 bits, five times what a claim with its longest texts
/// needs. Anybody can make us open so much.
const LONGEST: usize = 64 * 1024;

/// What opens and seals the requests of one partner instance.
pub(crate) struct Envelope {
    pub(crate) api_key: Secret,
    pub(crate) api_secret: Secret,
    /// The public half of [`Envelope::private`].
    pub(crate) ours: PublicKey,
    pub(crate) private: PrivateKey,
    /// The platform's own key, for get_access_token.
    pub(crate) api: PublicKey,
    /// The key for all other calls: one of the two (FZ-02).
    pub(crate) business: PublicKey,
    pub(crate) padding: Padding,
    /// Those under which a push may come.
    pub(crate) paddings: Vec<Padding>,
    /// We sign by the first; pushes may be signed by any. Never empty.
    pub(crate) recipes: Vec<Profile>,
    /// How many pushes each recipe proved.
    pub(crate) proved: Vec<AtomicU64>,
    pub(crate) btc_id: u64,
    /// From where 2.8 may come without a signature (FZ-05).
    pub(crate) unsigned_from: Vec<IpAddr>,
    pub(crate) clock: ClockCheck,
}

/// A push that opened under our key and whose signature held, or needed none: the proof that interfaces read, made here
/// alone.
pub(crate) struct Verified {
    param: Param,
    fields: Fields,
    is_signed: bool,
    file: Option<Bytes>,
}

/// What a captured param says, for people who look at it; nothing in it is proven.
pub(crate) struct Opened {
    pub(crate) plain: String,
    param: Param,
}

impl Opened {
    /// Reads what was deciphered; `None` if it is no JSON object.
    pub(crate) fn read(plain: &str) -> Option<Self> {
        Some(Self { param: Param::parse(plain)?, plain: plain.to_owned() })
    }

    /// A field's text, unless it says nothing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.param.text(name)
    }

    /// Every field that says something in words.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.param.names().filter_map(|name| Some((name, self.param.text(name)?)))
    }

    /// Every field but the signature.
    pub(crate) fn signed(&self) -> Vec<(&str, Token<'_>)> {
        self.param.signed(SIGN.0)
    }
}

/// A PDF that goes with a call.
pub(crate) struct Enclosure<'a> {
    /// The name of its part: `guarantee_pdf` or `invoice_pdf`.
    pub(crate) part: &'static str,
    pub(crate) pdf: &'a Bytes,
}

impl Verified {
    /// The fields inside `param`.
    pub(crate) const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Whether a field is there, even if it says nothing.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.param.names().any(|known| known == name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.param.names()
    }

    /// False for a request of 2.8 without `sign`.
    pub(crate) const fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// The file that came with it, outside of `param` and unsigned.
    pub(crate) const fn file(&self) -> Option<&Bytes> {
        self.file.as_ref()
    }
}

impl Envelope {
    /// Opens a push and proves that it comes from the platform; what did not hold shows nowhere in the answer.
    pub(crate) fn open(&self, request: &Request<Bytes>, now: Timestamp) -> Result<Verified, Rejection> {
        if request.method() != Method::POST {
            return Err(Rejection::new(RejectionKind::Unreadable, "请使用POST方式提交", "not a POST"));
        }
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let form = Form::read(kind.unwrap_or_default(), request.body())?;
        if form.param.trim().is_empty() {
            return Err(Rejection::malformed(PARAM.0, PARAM.1, "不能为空"));
        }
        let plain =
            self.decipher(&form.param).map_err(|_| Rejection::forged("param does not open under rsa_sk"))?;
        let opened = Param::parse(&plain).zip(Fields::parse(&plain).ok());
        let (param, fields) = opened.ok_or_else(|| Rejection::forged("param holds no JSON object"))?;
        let is_signed = self.prove(&param, request)?;
        if is_signed {
            self.clock.check(TIMESTAMP, &fields.required(TIMESTAMP)?, now)?;
        }
        Ok(Verified { param, fields, is_signed, file: form.file })
    }

    /// What a captured body carries: `param` as received, and the ciphertext in it, if it is one.
    pub(crate) fn carried(&self, request: &Request<Bytes>) -> Result<(String, Option<Vec<u8>>), String> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = Form::read(kind, request.body()).map_err(|rejection| rejection.why)?;
        let sealed = form::sealed(&form.param).ok();
        Ok((form.param, sealed))
    }

    /// True if the signature holds, false if there is none where there need not be one.
    fn prove(&self, param: &Param, request: &Request<Bytes>) -> Result<bool, Rejection> {
        let Some(sign) = param.text(SIGN.0) else {
            let caller = request.extensions().get::<Caller>();
            let allowed = caller.is_some_and(|Caller(address)| self.unsigned_from.contains(address))
                && param.names().any(|name| name == "invoice_id");
            return if allowed { Ok(false) } else { Err(Rejection::forged("there is no sign")) };
        };
        let signed = param.signed(SIGN.0);
        let recipe = canonical::first_match(&self.recipes, &signed, &self.api_secret, sign)
            .ok_or_else(|| Rejection::forged("the signature does not hold"))?;
        self.proved[recipe].fetch_add(1, Ordering::Relaxed);
        Ok(true)
    }

    /// Blocks are joined as bytes before they are read as UTF-8, for a Chinese character may straddle two.
    fn decipher(&self, param: &str) -> Result<String, Undecipherable> {
        let sealed = form::sealed(param)?;
        text::utf8(self.private.decrypt(&sealed, &self.paddings, LONGEST)?)
    }

    /// Writes a call other than get_access_token as a request that the platform will believe, signed at this moment.
    pub(crate) fn seal(
        &self,
        method: &str,
        business: &[Field<'_>],
        enclosure: Option<&Enclosure<'_>>,
        pass: &Pass<'_>,
        target: Uri,
    ) -> Result<Request<Bytes>, Unsealable> {
        let token = pass.token.ok_or_else(|| Unsealable("there is no access token".to_owned()))?;
        let param = self.write(&self.call(method, business), &self.business, pass)?;
        let (kind, body) = match enclosure {
            None => (form::KIND.to_owned(), form::write(&[("access_token", token), ("param", &param)])),
            Some(Enclosure { part, pdf }) => {
                let edge = text::to_hex(&digest::sha256(&[&pass.nonce, pdf.as_ref()].concat())[..16]);
                multipart::write(&[("access_token", token), ("param", &param)], part, pdf, &edge)
            }
        };
        post(target, &kind, body)
    }

    /// 1.1: sealed with the platform's own key, and without a token, for it asks for one.
    pub(crate) fn seal_token_call(
        &self,
        method: &str,
        pass: &Pass<'_>,
        target: Uri,
    ) -> Result<Request<Bytes>, Unsealable> {
        let fields = [
            Field::text("method", method),
            Field::text("api_key", self.api_key.expose()),
            Field::text("api_secret", self.api_secret.expose()),
        ];
        let param = self.write(&fields, &self.api, pass)?;
        post(target, form::KIND, form::write(&[("param", &param)]))
    }

    /// A call sealed for ourselves, so that the halves of our pair are tried on each other.
    pub(crate) fn rehearse(
        &self,
        method: &str,
        business: &[Field<'_>],
        pass: &Pass<'_>,
    ) -> Result<Request<Bytes>, Unsealable> {
        let param = self.write(&self.call(method, business), &self.ours, pass)?;
        post(Uri::default(), form::KIND, form::write(&[("param", &param)]))
    }

    /// A push as the platform writes it, for an example: only these fields, under the key whose other half we hold.
    pub(crate) fn pushed(
        &self,
        fields: &[Field<'_>],
        pass: &Pass<'_>,
        target: Uri,
    ) -> Result<Request<Bytes>, Unsealable> {
        let param = self.write(fields, &self.ours, pass)?;
        post(target, form::KIND, form::write(&[("param", &param)]))
    }

    /// What a ciphertext holds, if it opens.
    pub(crate) fn opened(&self, sealed: &[u8]) -> Option<String> {
        text::utf8(self.private.decrypt(sealed, &self.paddings, LONGEST).ok()?).ok()
    }

    /// The string that is hashed for this call, `***` in place of the secret.
    pub(crate) fn masked(&self, method: &str, business: &[Field<'_>], now: Timestamp) -> String {
        let stamp = print_shanghai(now, Printed::Compact);
        let mut fields = self.call(method, business);
        fields.push(Field::text(TIMESTAMP.0, &stamp));
        let spoken = param::spoken(&fields);
        self.recipes[0].masked(&param::tokens(&spoken))
    }

    /// 公共加密参数 and the call's own; what is empty is not said, so that every rule about empty values agrees.
    fn call<'a>(&self, method: &'a str, business: &[Field<'a>]) -> Vec<Field<'a>> {
        let mut fields = vec![
            Field::text("method", method),
            Field::number("btc_id", self.btc_id),
            Field::number("enter_institution_type", INSURER),
        ];
        fields.extend(business.iter().filter(|field| !field.is_empty()).cloned());
        fields
    }

    fn write(&self, fields: &[Field<'_>], key: &PublicKey, pass: &Pass<'_>) -> Result<String, Unsealable> {
        let stamp = print_shanghai(pass.now, Printed::Compact);
        let mut fields = fields.to_vec();
        fields.push(Field::text(TIMESTAMP.0, &stamp));
        let spoken = param::spoken(&fields);
        let sign = self.recipes[0].sign(&param::tokens(&spoken), &self.api_secret);
        fields.push(Field::text(SIGN.0, &sign));
        let sealed = key.encrypt(param::json(&fields).as_bytes(), self.padding, &pass.nonce);
        sealed.map(|sealed| text::to_base64(&sealed)).map_err(|bad| Unsealable(bad.to_string()))
    }
}

fn post(target: Uri, kind: &str, body: Bytes) -> Result<Request<Bytes>, Unsealable> {
    let kind = HeaderValue::from_str(kind).map_err(|_| Unsealable("the form has no edge".to_owned()))?;
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target;
    request.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(request)
}

#[cfg(test)]
mod tests;
