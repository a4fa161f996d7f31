//! Expiring links to documents: whoever holds one may fetch the document until it expires, and nobody can make one up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use crypto::digest::hmac_sha256;
use crypto::secret::{Secret, same};
use domain::{DocumentRef, GuaranteeNo, Timestamp};

/// The longest link a partner's field holds.
const LONGEST: usize = 200;
/// What is left for the base URL when everything else is there, with a name of at least 12 characters.
const LONGEST_BASE: usize = 110;
const HASH: usize = 32;
const EXPIRY: usize = 5;
const SIGNATURE: usize = 16;
/// Links made within the same hour are the same.
const STEP: i64 = 3600;
/// Says what is signed, so that the secret's other signatures are of no use here.
const PURPOSE: &[u8] = b"baohan/document-link/v1";
/// The same for the check codes of guarantees.
const CHECKING: &[u8] = b"baohan/verification/v1";
/// Crockford's base32, as in our numbers: a printed code is typed without mistakes.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a check code: 60 bits, far beyond what can be tried over a network.
const CODE: usize = 12;

/// A base URL that links cannot begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the public URL of the files service must be http:// or https:// with a host, without ? and #, in at most 110 characters"
)]
pub struct BadBase;

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It has not the form of a link.
    #[error("not a document link")]
    Unknown,
    /// We did not sign it.
    #[error("the signature of the link does not hold")]
    Forged,
    /// It was ours.
    #[error("the link has expired")]
    Expired,
}

/// Makes and checks links.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    secret: Secret,
    valid_seconds: i64,
}

impl Links {
    /// Links below `base_url` (`https://files.example.com`, with or without a path), signed with `secret`, good for
    /// `valid_days` days.
    ///
    /// # Errors
    /// [`BadBase`] unless links can begin with the URL.
    pub fn new(base_url: &str, secret: Secret, valid_days: u32) -> Result<Self, BadBase> {
        let base = base_url.trim_end_matches('/');
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")).ok_or(BadBase)?;
        let plain = base.bytes().all(|c| c.is_ascii_graphic() && !matches!(c, b'?' | b'#'));
        if host.is_empty() || host.starts_with('/') || !plain || base.len() > LONGEST_BASE {
            return Err(BadBase);
        }
        Ok(Self { base: base.to_owned(), secret, valid_seconds: i64::from(valid_days) * 86_400 })
    }

    /// Where whoever holds a guarantee can verify it, without expiry: what the square code on a document says. The address
    /// ends with a check code that only we can make, so that nobody gets at other guarantees by counting numbers up.
    #[must_use]
    pub fn verification(&self, no: &GuaranteeNo) -> String {
        format!("{}/v/{}/{}", self.base, escape(no.as_str()), self.code(no.as_str()))
    }

    /// The guarantee that a path like `/v/<number>/<check code>` names, with whatever stands before `/v/`. A code in lower
    /// case is forgiven.
    ///
    /// # Errors
    /// [`Invalid::Unknown`] if it is no such path, [`Invalid::Forged`] if the code is not that of the number.
    pub fn verified(&self, path: &str) -> Result<GuaranteeNo, Invalid> {
        let mut parts = path.rsplitn(3, '/');
        let (code, no, before) = (parts.next(), parts.next(), parts.next());
        let before = before.ok_or(Invalid::Unknown)?;
        if !(before == "/v" || before.ends_with("/v")) {
            return Err(Invalid::Unknown);
        }
        let no = no.and_then(unescape).filter(|no| !no.is_empty()).ok_or(Invalid::Unknown)?;
        let code = code.unwrap_or_default().to_ascii_uppercase();
        if same(self.code(&no).as_bytes(), code.as_bytes()) {
            Ok(GuaranteeNo::quoted(&no))
        } else {
            Err(Invalid::Forged)
        }
    }

    /// The path of the page on which documents are verified; the addresses of guarantees lie below it.
    #[must_use]
    pub fn verification_page(&self) -> String {
        let host = self.base.find("://").map_or(0, |at| at + 3);
        let path = self.base[host..].find('/').map_or("", |at| &self.base[host + at..]);
        format!("{path}/v")
    }

    fn code(&self, no: &str) -> String {
        let digest = hmac_sha256(self.secret.expose_bytes(), &[CHECKING, no.as_bytes()].concat());
        digest.iter().take(CODE).map(|byte| char::from(CROCKFORD[usize::from(byte % 32)])).collect()
    }

    /// The link to a document, at most 200 characters; the same for an hour.
    #[must_use]
    pub fn url(&self, document: &DocumentRef, now: Timestamp) -> String {
        let expiry =
            ((now.unix_seconds() + self.valid_seconds).max(0) as u64).div_ceil(STEP as u64) * STEP as u64;
        let expiry = &expiry.to_be_bytes()[8 - EXPIRY..];
        let hash = hex::decode(&document.sha256).unwrap_or_default();
        let used = self.base.len() + "/d//".len() + (HASH + EXPIRY + SIGNATURE) * 4 / 3 + 1;
        let name = fitting(&document.name, LONGEST.saturating_sub(used));
        let token = [&hash, expiry, &self.sign(&hash, expiry, name)].concat();
        format!("{}/d/{}/{}", self.base, BASE64.encode(token), escape(name))
    }

    /// The document that a link opens. Takes the path as the server received it, with whatever stands before `/d/` and
    /// with or without a query.
    ///
    /// # Errors
    /// [`Invalid`]; whether it has expired is told only of links we signed.
    pub fn check(&self, path_and_query: &str, now: Timestamp) -> Result<DocumentRef, Invalid> {
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let mut parts = path.rsplitn(3, '/');
        let (name, token, before) = (parts.next(), parts.next(), parts.next());
        let before = before.ok_or(Invalid::Unknown)?;
        if !(before == "/d" || before.ends_with("/d")) {
            return Err(Invalid::Unknown);
        }
        let name = unescape(name.unwrap_or_default()).ok_or(Invalid::Unknown)?;
        let token = BASE64.decode(token.unwrap_or_default()).map_err(|_| Invalid::Unknown)?;
        if token.len() != HASH + EXPIRY + SIGNATURE {
            return Err(Invalid::Unknown);
        }
        let (hash, rest) = token.split_at(HASH);
        let (expiry, signature) = rest.split_at(EXPIRY);
        if !same(&self.sign(hash, expiry, &name), signature) {
            return Err(Invalid::Forged);
        }
        let until = expiry.iter().fold(0_i64, |sum, &byte| (sum << 8) | i64::from(byte));
        if now.unix_seconds() >= until {
            return Err(Invalid::Expired);
        }
        Ok(DocumentRef { sha256: hex::encode(hash), name })
    }

    /// The first 128 bits of HMAC-SHA-256; all parts but the last have a fixed length, so none can run into another.
    fn sign(&self, hash: &[u8], expiry: &[u8], name: &str) -> [u8; SIGNATURE] {
        let text = [PURPOSE, hash, expiry, name.as_bytes()].concat();
        let mut short = [0; SIGNATURE];
        short.copy_from_slice(&hmac_sha256(self.secret.expose_bytes(), &text)[..SIGNATURE]);
        short
    }
}

/// The end of a name that takes at most `most` characters once escaped.
fn fitting(name: &str, most: usize) -> &str {
    let starts = name.char_indices().map(|(at, _)| at);
    starts.chain([name.len()]).map(|at| &name[at..]).find(|end| escape(end).len() <= most).unwrap_or_default()
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn escape(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        if first == b'%' {
            bytes.extend(hex::decode(behind.get(..2)?).ok()?);
            rest = &behind[2..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).ok()
}
