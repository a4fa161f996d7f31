//! The numbers by which partners, requests and guarantees are known.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Crockford's base32: no I, L, O, U, so that a number read over the telephone survives.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A text that is not an identifier of the named kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadId(&'static str);

/// One partner *instance*, for example `finserv-demo`: lower-case letters, digits, hyphens; 2 to 40 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartnerId(String);

/// The number under which we accepted a request (受理流水号): `A` and 19 characters of Crockford base32.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AcceptanceNo(String);

/// The number of a guarantee (保函编号): at most 30 characters (FS-14).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GuaranteeNo(String);

/// Where a request came from, and so where its notices go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The protocol the partner speaks, as in the routing key of its notices; opaque here.
    pub kind: String,
    /// The partner instance.
    pub partner: PartnerId,
    /// The address the partner asked its notices to be sent to, already checked against its allow-list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
}

// === impl PartnerId ===

impl PartnerId {
    /// Reads a partner id.
    ///
    /// # Errors
    /// [`BadId`] unless it is 2 to 40 lower-case letters, digits and inner hyphens.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let bytes = text.as_bytes();
        let fits = (2..=40).contains(&bytes.len())
            && bytes.iter().all(|&c| plain(c) || c == b'-')
            && bytes.first().copied().is_some_and(plain)
            && bytes.last().copied().is_some_and(plain);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadId("a partner id is 2 to 40 lower-case letters, digits and inner hyphens"))
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// === impl AcceptanceNo ===

impl AcceptanceNo {
    /// The acceptance number of a request: the same request always gets the same number, on every machine, so that
    /// an ingress that remembers nothing repeats its own answer. 95 bits of SHA-256 over partner, interface and
    /// business number, each preceded by its length so that neighbours cannot run together.
    #[must_use]
    pub fn of(partner: &PartnerId, interface: &str, business_no: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"accept/v1");
        for part in [partner.as_str(), interface, business_no] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut text = String::with_capacity(20);
        text.push('A');
        let (mut bits, mut held) = (0u32, 0u32);
        let mut bytes = digest.iter();
        while text.len() < 20 {
            if held < 5 {
                bits = (bits << 8) | u32::from(bytes.next().copied().unwrap_or_default());
                held += 8;
            }
            held -= 5;
            text.push(char::from(CROCKFORD[((bits >> held) & 31) as usize]));
        }
        Self(text)
    }

    /// Reads a number that a partner quotes back to us; lower case is forgiven.
    ///
    /// # Errors
    /// [`BadId`] when it cannot be one of our numbers.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let upper = text.trim().to_ascii_uppercase();
        let ours = upper.len() == 20
            && upper.starts_with('A')
            && upper.bytes().skip(1).all(|c| CROCKFORD.contains(&c));
        if ours { Ok(Self(upper)) } else { Err(BadId("not an acceptance number of ours")) }
    }

    /// The number as text, 20 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// === impl GuaranteeNo ===

impl GuaranteeNo {
    /// The number of the guarantee issued for an order: prefix (at most 8 characters), day of issue in Shanghai
    /// (`yyyymmdd`), 14 characters (70 bits) of the acceptance number. At most 30 characters.
    #[must_use]
    pub fn of(prefix: &str, day: &str, order: &AcceptanceNo) -> Self {
        let prefix: String = prefix.chars().take(8).collect();
        Self(format!("{prefix}{day}{}", &order.as_str()[1..15]))
    }

    /// The number under which this guarantee is made out anew for the `round`th time: at most 30 characters.
    #[must_use]
    pub fn reissued(&self, round: u32) -> Self {
        let mark = format!("R{round}");
        let keep = self.0.chars().count().min(30_usize.saturating_sub(mark.len()));
        Self(self.0.chars().take(keep).chain(mark.chars()).collect())
    }

    /// A number as a partner wrote it; it need not be one of ours.
    #[must_use]
    pub fn quoted(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// === conversions ===

impl TryFrom<String> for PartnerId {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for AcceptanceNo {
    type Error = BadId;
    fn try_from(text: String) -> Result<Self, BadId> {
        Self::parse(&text)
    }
}

impl From<PartnerId> for String {
    fn from(id: PartnerId) -> Self {
        id.0
    }
}

impl From<AcceptanceNo> for String {
    fn from(no: AcceptanceNo) -> Self {
        no.0
    }
}

impl fmt::Display for PartnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for AcceptanceNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for GuaranteeNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
