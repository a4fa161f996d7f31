//! RSA as partners use it, over whole texts: cut into chunks by the key's length, joined again as bytes.

mod chance;
mod private;
mod public;
mod read;

pub use private::PrivateKey;
pub use public::PublicKey;
pub(crate) use read::{AnyKey, any};

use serde::Deserialize;

/// Smallest modulus in bits: yueyang's sample key has 1024, and shorter ones protect nothing.
const SMALLEST: usize = 1024;
/// Largest modulus in bits: what comes in a message must not keep a processor busy.
const LARGEST: usize = 4096;

/// How a chunk is padded before it is encrypted with a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// PKCS#1 v1.5, type 2: `RSA/ECB/PKCS1Padding` in Java, the default of PHP's `openssl_public_encrypt`.
    #[default]
    Pkcs1,
    /// OAEP with SHA-256 and MGF1 with SHA-1: `OAEPWithSHA-256AndMGF1Padding` in Java, phpseclib 1.0 after
    /// `setHash('sha256')`.
    OaepSha256Mgf1Sha1,
    /// OAEP with SHA-1 in both places: the default of phpseclib 1.0 and of OpenSSL.
    OaepSha1,
}

impl Padding {
    /// All of them, the likeliest first.
    pub const ALL: [Self; 3] = [Self::Pkcs1, Self::OaepSha256Mgf1Sha1, Self::OaepSha1];

    /// Bytes of a chunk that are not plaintext.
    const fn overhead(self) -> usize {
        match self {
            Self::Pkcs1 => 11,
            Self::OaepSha256Mgf1Sha1 => 2 * 32 + 2,
            Self::OaepSha1 => 2 * 20 + 2,
        }
    }

    fn oaep(self) -> Option<rsa::Oaep> {
        match self {
            Self::Pkcs1 => None,
            Self::OaepSha256Mgf1Sha1 => Some(rsa::Oaep::new_with_mgf_hash::<sha2::Sha256, sha1::Sha1>()),
            Self::OaepSha1 => Some(rsa::Oaep::new::<sha1::Sha1>()),
        }
    }
}

/// The plaintext in pieces of at most `length` bytes; an empty text is one empty piece, so that it has a ciphertext.
fn pieces(plain: &[u8], length: usize) -> impl Iterator<Item = &[u8]> {
    let empty = plain.is_empty().then_some(plain);
    empty.into_iter().chain(plain.chunks(length.max(1)))
}

/// Whether these bytes can be a ciphertext of whole chunks of `modulus` bytes, at most `most` bytes long.
fn whole_chunks(sealed: &[u8], modulus: usize, most: usize) -> bool {
    !sealed.is_empty() && sealed.len() <= most && sealed.len().is_multiple_of(modulus)
}
