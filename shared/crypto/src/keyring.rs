//! What is kept at rest: sealed under one key of a ring, bound to the row it stands in, opened under whichever it names.

mod frame;

use crate::secret::Secret;
use crate::{BadKey, Undecipherable, digest, text};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use frame::Frame;
pub use frame::{Form, is_sealed, key_id};
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes of a nonce.
pub const NONCE: usize = 12;
/// Bytes of the tag that AES-GCM appends.
const TAG: usize = 16;
/// Longest name of a key.
const LONGEST_ID: usize = 32;
/// Binds the key of [`Keyring::print`] to its purpose: it is never the key that seals.
const PRINTS: &[u8] = b"baohan/at-rest/prints/1";

/// Where a value stands; what was sealed at one place does not open at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table, or the kind of value if several tables share it.
    pub table: &'a str,
    /// What names the row in it.
    pub row: &'a str,
}

/// A sealed value does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The ring lacks the key it names; the name is given.
    #[error("the key {0:?} is not in the ring")]
    NoKey(String),
    /// It is not what was sealed at this place, or is no sealed value at all.
    #[error(transparent)]
    Broken(#[from] Undecipherable),
}

struct Member {
    cipher: LessSafeKey,
    prints: Zeroizing<[u8; 32]>,
}

/// The keys that may open, and the one that seals.
pub struct Keyring {
    current: String,
    members: BTreeMap<String, Member>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("current", &self.current)
            .field("ids", &self.ids().collect::<Vec<_>>())
            .finish()
    }
}

impl Keyring {
    /// A ring of 256-bit keys by name, each written as 64 hexadecimal digits or as base64 of 32 bytes.
    ///
    /// # Errors
    /// [`BadKey`] if a name or a key does not fit, or `current` is not among them.
    pub fn new<'a>(
        current: &str,
        keys: impl IntoIterator<Item = (&'a str, &'a Secret)>,
    ) -> Result<Self, BadKey> {
        let members: BTreeMap<String, Member> = keys
            .into_iter()
            .map(|(id, secret)| Ok((name(id)?.to_owned(), member(id, secret)?)))
            .collect::<Result<_, BadKey>>()?;
        if !members.contains_key(current) {
            return Err(BadKey(format!("the current key {current:?} is not in the ring: add it")));
        }
        Ok(Self { current: current.to_owned(), members })
    }

    /// The name of the key that seals.
    #[must_use]
    pub fn current(&self) -> &str {
        &self.current
    }

    /// The names of all keys, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Seals a value for its place under the current key. The nonce is drawn anew for every call: with chance of 96
    /// bits, a key is good for 2^32 values (NIST SP 800-38D, 8.3).
    ///
    /// # Errors
    /// [`Undecipherable`] if the value is longer than AES-GCM allows (64 GiB).
    pub fn seal(
        &self,
        form: Form,
        place: Place<'_>,
        nonce: [u8; NONCE],
        plain: &[u8],
    ) -> Result<Vec<u8>, Undecipherable> {
        // Taken out of the ring by the name that `new` found in it.
        let member = self.members.get(&self.current).ok_or(Undecipherable)?;
        let mut body = Vec::with_capacity(NONCE + plain.len() + TAG);
        body.extend_from_slice(&nonce);
        body.extend_from_slice(plain);
        let aad = Aad::from(context(&self.current, place));
        let tag = member
            .cipher
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, &mut body[NONCE..])
            .map_err(|_| Undecipherable)?;
        body.extend_from_slice(tag.as_ref());
        Ok(frame::write(form, &self.current, &body))
    }

    /// Seals a value as text: ASCII without blanks or quotation marks.
    ///
    /// # Errors
    /// As [`Keyring::seal`].
    pub fn seal_text(
        &self,
        place: Place<'_>,
        nonce: [u8; NONCE],
        plain: &[u8],
    ) -> Result<String, Undecipherable> {
        text::utf8(self.seal(Form::Text, place, nonce, plain)?)
    }

    /// Opens what was sealed for this place, in either form, under the key it names.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let Frame { key, mut body } = frame::read(sealed).ok_or(Undecipherable)?;
        let member = self.members.get(key).ok_or_else(|| Unopened::NoKey(key.to_owned()))?;
        let (nonce, rest) = body.split_first_chunk_mut::<NONCE>().ok_or(Undecipherable)?;
        let aad = Aad::from(context(key, place));
        let plain = member
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), aad, rest)
            .map_err(|_| Undecipherable)?
            .len();
        body.copy_within(NONCE..NONCE + plain, 0);
        body.truncate(plain);
        Ok(Zeroizing::new(body))
    }

    /// What stands for a value where it is only compared: `hmac1.KEY.` and 64 hexadecimal digits of HMAC-SHA-256 under
    /// a key derived from the current one. Purposes keep equal values of different columns apart.
    #[must_use]
    pub fn print(&self, purpose: &str, value: &str) -> String {
        self.print_under(&self.current, purpose, value).unwrap_or_default()
    }

    /// The same under every key of the ring, to find what was written under an earlier one.
    #[must_use]
    pub fn prints(&self, purpose: &str, value: &str) -> Vec<String> {
        self.ids().filter_map(|id| self.print_under(id, purpose, value)).collect()
    }

    fn print_under(&self, id: &str, purpose: &str, value: &str) -> Option<String> {
        let mut said = Zeroizing::new(Vec::new());
        frame::measured(&mut said, purpose.as_bytes());
        frame::measured(&mut said, value.as_bytes());
        let print = digest::hmac_sha256(self.members.get(id)?.prints.as_slice(), &said);
        Some(format!("hmac1.{id}.{}", text::to_hex(&print)))
    }
}

/// What AES-GCM vouches for besides the value: version, key, table and row, each with its length before it.
fn context(key: &str, place: Place<'_>) -> Vec<u8> {
    let mut context = Vec::with_capacity(64);
    for part in [frame::VERSION, key, place.table, place.row] {
        frame::measured(&mut context, part.as_bytes());
    }
    context
}

fn name(id: &str) -> Result<&str, BadKey> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(fits) {
        true => Ok(id),
        false => Err(BadKey(format!(
            "the name of a key is 1 to {LONGEST_ID} lower-case letters, digits and hyphens, not {id:?}"
        ))),
    }
}

fn member(id: &str, secret: &Secret) -> Result<Member, BadKey> {
    let written = secret.expose().trim();
    let bytes = if written.len() == 2 * KEY { text::from_hex(written) } else { text::from_base64(written) };
    let bad = || {
        BadKey(format!("the key {id} must be 32 bytes in base64 or hexadecimal: `openssl rand -base64 32`"))
    };
    let bytes = Zeroizing::new(bytes.map_err(|_| bad())?);
    let cipher = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| bad())?;
    Ok(Member {
        cipher: LessSafeKey::new(cipher),
        prints: Zeroizing::new(digest::hmac_sha256(&bytes, PRINTS)),
    })
}
