//! RSA as tender platforms use it: a text of any length cut into blocks, sealed with either half of a key pair.

use rsa::hazmat::rsa_encrypt;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;
use std::fmt;

/// How a block is filled up before it is sealed with a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// PKCS#1 v1.5, block type 2: 11 bytes less than the key.
    #[default]
    Pkcs1,
    /// OAEP with SHA-256 whose mask is made with SHA-1, as phpseclib and Java make it: 66 bytes less.
    OaepSha256,
    /// OAEP with SHA-1: 42 bytes less.
    OaepSha1,
}

/// A key pair of a simulated platform; never printed.
#[derive(Clone)]
pub struct KeyPair(RsaPrivateKey);

/// Its public half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(RsaPublicKey);

/// The text is no RSA private key in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no RSA private key in PEM (PKCS#8 or PKCS#1)")]
pub struct NoKey;

/// The bytes do not open with this key and padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not open")]
pub struct Unopened;

impl KeyPair {
    /// Reads PEM, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`NoKey`] if it is neither.
    pub fn from_pem(pem: &str) -> Result<Self, NoKey> {
        let pem = pem.trim();
        RsaPrivateKey::from_pkcs8_pem(pem)
            .or_else(|_| RsaPrivateKey::from_pkcs1_pem(pem).map_err(|_| NoKey))
            .map(Self)
            .map_err(|_| NoKey)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.to_public_key())
    }

    /// Seals with the private half (block type 1, so that the public half opens it): the same bytes each time.
    #[must_use]
    pub fn seal_privately(&self, plain: &[u8]) -> Vec<u8> {
        let blocks = plain.chunks(self.0.size() - Padding::Pkcs1.costs());
        // A block that fits cannot fail; nothing would be sent that cannot be opened.
        blocks
            .flat_map(|block| self.0.sign(Pkcs1v15Sign::new_unprefixed(), block).unwrap_or_default())
            .collect()
    }

    /// Opens what was sealed with the public half.
    ///
    /// # Errors
    /// [`Unopened`] if a block does not open, or there is none.
    pub fn open(&self, sealed: &[u8], padding: Padding) -> Result<Vec<u8>, Unopened> {
        whole_blocks(sealed, self.0.size())?;
        let mut plain = Vec::with_capacity(sealed.len());
        for block in sealed.chunks(self.0.size()) {
            let opened = match padding {
                Padding::Pkcs1 => self.0.decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, block),
                Padding::OaepSha256 => {
                    self.0.decrypt_blinded(&mut OsRng, Oaep::new_with_mgf_hash::<Sha256, Sha1>(), block)
                }
                Padding::OaepSha1 => self.0.decrypt_blinded(&mut OsRng, Oaep::new::<Sha1>(), block),
            };
            plain.extend(opened.map_err(|_| Unopened)?);
        }
        Ok(plain)
    }

    /// The private half as PKCS#8 in DER, for a platform that releases that one.
    #[must_use]
    pub fn to_pkcs8(&self) -> Vec<u8> {
        self.0.to_pkcs8_der().map(|der| der.as_bytes().to_vec()).unwrap_or_default()
    }
}

impl PublicKey {
    /// Bytes of the modulus, which are those of a sealed block.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.size()
    }

    /// Seals with a random filling: other bytes each time.
    #[must_use]
    pub fn seal(&self, plain: &[u8], padding: Padding) -> Vec<u8> {
        let blocks = plain.chunks(self.0.size() - padding.costs());
        let sealed = blocks.flat_map(|block| {
            let sealed = match padding {
                Padding::Pkcs1 => self.0.encrypt(&mut OsRng, Pkcs1v15Encrypt, block),
                Padding::OaepSha256 => {
                    self.0.encrypt(&mut OsRng, Oaep::new_with_mgf_hash::<Sha256, Sha1>(), block)
                }
                Padding::OaepSha1 => self.0.encrypt(&mut OsRng, Oaep::new::<Sha1>(), block),
            };
            // A block that fits cannot fail.
            sealed.unwrap_or_default()
        });
        sealed.collect()
    }

    /// Opens what was sealed with the private half.
    ///
    /// # Errors
    /// [`Unopened`] if a block is not of type 1, or there is none.
    pub fn open_private(&self, sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        whole_blocks(sealed, self.0.size())?;
        let mut plain = Vec::with_capacity(sealed.len());
        for block in sealed.chunks(self.0.size()) {
            let number = rsa_encrypt(&self.0, &BigUint::from_bytes_be(block)).map_err(|_| Unopened)?;
            plain.extend(unfilled(&number.to_bytes_be()).ok_or(Unopened)?);
        }
        Ok(plain)
    }

    /// X.509 SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        self.0.to_public_key_der().map(|der| der.into_vec()).unwrap_or_default()
    }

    /// The same in PEM.
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        self.0.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }

    /// PKCS#1 in PEM (`BEGIN RSA PUBLIC KEY`).
    #[must_use]
    pub fn to_pkcs1_pem(&self) -> String {
        self.0.to_pkcs1_pem(LineEnding::LF).unwrap_or_default()
    }
}

impl Padding {
    /// Bytes of a block that are not text.
    const fn costs(self) -> usize {
        match self {
            Self::Pkcs1 => 11,
            Self::OaepSha256 => 66,
            Self::OaepSha1 => 42,
        }
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({} bits)", self.0.size() * 8)
    }
}

fn whole_blocks(sealed: &[u8], size: usize) -> Result<(), Unopened> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(size) { Err(Unopened) } else { Ok(()) }
}

/// `01 FF…FF 00 text` (the leading 00 is gone as a number has none): the text.
fn unfilled(block: &[u8]) -> Option<&[u8]> {
    let filled = block.strip_prefix(&[1])?;
    let ones = filled.iter().take_while(|byte| **byte == 0xff).count();
    let rest = filled.get(ones..).filter(|_| ones >= 8)?;
    rest.strip_prefix(&[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::text;

    const TEXT: &str = include_str!("../keys/golden/text.txt");

    fn golden(base64: &str) -> Vec<u8> {
        text::from_base64(base64).unwrap()
    }

    fn project() -> KeyPair {
        KeyPair::from_pem(include_str!("../keys/yueyang-project-1.pem")).unwrap()
    }

    fn insurer() -> KeyPair {
        KeyPair::from_pem(include_str!("../keys/fuzhou-insurer.pem")).unwrap()
    }

    #[test]
    fn seals_privately_byte_for_byte_as_openssl_does() {
        let sealed = project().seal_privately(TEXT.as_bytes());
        assert_eq!(sealed, golden(include_str!("../keys/golden/private_sealed.b64")));
        assert_eq!(project().public().to_spki(), golden(include_str!("../keys/golden/spki.b64")));
        assert!(std::str::from_utf8(&TEXT.as_bytes()[..117]).is_err(), "the border is inside a character");
        assert_eq!(project().public().open_private(&sealed).unwrap(), TEXT.as_bytes());
    }

    #[test]
    fn opens_what_openssl_sealed_under_each_padding_and_no_other() {
        let sealed = [
            (Padding::Pkcs1, include_str!("../keys/golden/pkcs1.b64")),
            (Padding::OaepSha256, include_str!("../keys/golden/oaep256.b64")),
            (Padding::OaepSha1, include_str!("../keys/golden/oaep.b64")),
        ];
        for (padding, base64) in sealed {
            for other in sealed.map(|(padding, _)| padding) {
                let opened = insurer().open(&golden(base64), other).ok();
                assert_eq!(
                    opened.as_deref() == Some(TEXT.as_bytes()),
                    other == padding,
                    "{padding:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn every_length_around_a_border_comes_back() {
        for (pair, paddings) in [
            (project(), &[Padding::Pkcs1][..]),
            (insurer(), &[Padding::Pkcs1, Padding::OaepSha256, Padding::OaepSha1][..]),
        ] {
            let size = pair.public().size();
            for padding in paddings {
                let room = size - padding.costs();
                for length in [1, room - 1, room, room + 1, 2 * room, 2 * room + 1] {
                    let plain: Vec<u8> = (0..=255).cycle().take(length).collect();
                    let sealed = pair.public().seal(&plain, *padding);
                    assert_eq!(sealed.len(), length.div_ceil(room) * size);
                    assert_eq!(pair.open(&sealed, *padding).unwrap(), plain);
                }
            }
            let plain: Vec<u8> = (0..=255).cycle().take(size).collect();
            assert_eq!(pair.public().open_private(&pair.seal_privately(&plain)).unwrap(), plain);
        }
    }

    #[test]
    fn another_key_opens_nothing() {
        let other = KeyPair::from_pem(include_str!("../keys/yueyang-project-2.pem")).unwrap();
        let sealed = project().seal_privately(TEXT.as_bytes());
        assert_eq!(other.public().open_private(&sealed), Err(Unopened));
        assert_eq!(project().public().open_private(&sealed[1..]), Err(Unopened));
        assert_eq!(project().public().open_private(&[]), Err(Unopened));
        assert_eq!(KeyPair::from_pem("-----BEGIN PRIVATE KEY-----").err(), Some(NoKey));
        assert!(!format!("{:?}", project()).contains("BigUint"));
    }
}
