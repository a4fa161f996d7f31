//! The built-in signer: a key in this process, from PEM or PKCS#12.

use super::{Algorithm, BadKey, Later, Refused, Signer, encrypted, pem, pkcs12};
use crate::Certificate;
use crate::asn1::oid;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::fmt;

/// A private key in memory and its certificates. Signing takes about 1 ms with RSA-2048 and blocks for that long.
pub struct LocalSigner {
    key: Key,
    chain: Vec<Certificate>,
    // ring takes the blinding and the nonces of ECDSA from the operating system and nowhere else.
    random: SystemRandom,
}

/// A key and its certificates as they are kept.
#[derive(Clone, Copy)]
pub enum Material<'a> {
    /// Two PEM texts: the key (PKCS#8), and the certificates, the signer's first.
    Pem {
        /// `BEGIN PRIVATE KEY` or `BEGIN ENCRYPTED PRIVATE KEY`.
        key: &'a str,
        /// `BEGIN CERTIFICATE`, once or more.
        certificates: &'a str,
    },
    /// A PKCS#12 container.
    Pkcs12(&'a [u8]),
}

impl fmt::Debug for Material<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl LocalSigner {
    /// The signer of an institution, as its settings name it.
    ///
    /// # Errors
    /// [`BadKey`] with what to do; [`BadKey::Sandbox`] for a sandbox certificate unless `sandbox` permits it.
    pub fn open(material: Material<'_>, password: &[u8], sandbox: bool) -> Result<Self, BadKey> {
        let signer = match material {
            Material::Pem { key, certificates } => Self::from_pem(key, certificates, password),
            Material::Pkcs12(container) => Self::from_pkcs12(container, password),
        }?;
        let marked = signer.chain.iter().any(Certificate::is_sandbox);
        if marked && !sandbox { Err(BadKey::Sandbox) } else { Ok(signer) }
    }

    /// A key in PEM (PKCS#8, may be encrypted) and certificates in PEM: the signer's first, then its issuers.
    ///
    /// # Errors
    /// [`BadKey`] with what to do.
    pub fn from_pem(key: &str, certificates: &str, password: &[u8]) -> Result<Self, BadKey> {
        let blocks = pem::blocks(key);
        let block = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")).ok_or(BadKey::NoKey)?;
        let chain = pem::certificates(certificates)?;
        match block.label {
            "PRIVATE KEY" => Self::new(&block.der, chain),
            "ENCRYPTED PRIVATE KEY" => Self::new(&encrypted::private_key(&block.der, password)?, chain),
            _ => Err(BadKey::NotPkcs8),
        }
    }

    /// A PKCS#12 container with one key and its certificates, in any order.
    ///
    /// # Errors
    /// [`BadKey`] with what to do.
    pub fn from_pkcs12(container: &[u8], password: &[u8]) -> Result<Self, BadKey> {
        let contents = pkcs12::open(container, password)?;
        let key = Key::read(&contents.key.ok_or(BadKey::NotPkcs12)?)?;
        let mut rest = contents.certificates;
        let own = rest.iter().position(|certificate| key.fits(certificate)).ok_or(BadKey::NotAPair)?;
        let mut chain = vec![rest.remove(own)];
        while let Some(at) = chain.last().and_then(|last| issuer_of(last, &rest)) {
            chain.push(rest.remove(at));
        }
        Self::checked(key, chain)
    }

    fn new(pkcs8: &[u8], chain: Vec<Certificate>) -> Result<Self, BadKey> {
        Self::checked(Key::read(pkcs8)?, chain)
    }

    fn checked(key: Key, chain: Vec<Certificate>) -> Result<Self, BadKey> {
        let own = chain.first().ok_or(BadKey::NoCertificate)?;
        if !key.fits(own) {
            return Err(BadKey::NotAPair);
        }
        match own.parts().map(|parts| parts.may_sign()) {
            Ok(Ok(true)) => Ok(Self { key, chain, random: SystemRandom::new() }),
            _ => Err(BadKey::NotForSigning),
        }
    }

    fn sign_now(&self, attributes: &[u8]) -> Result<Vec<u8>, Refused> {
        let refused = |_| Refused("the key in memory gave no signature".to_owned());
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &self.random, attributes, &mut signature).map_err(refused)?;
                Ok(signature)
            }
            Key::P256(key) => {
                let signature = key.sign(&self.random, attributes).map_err(refused)?;
                Ok(signature.as_ref().to_vec())
            }
        }
    }
}

/// Which of the certificates issued this one, another than itself.
fn issuer_of(certificate: &Certificate, among: &[Certificate]) -> Option<usize> {
    let wanted = certificate.parts().ok()?.issuer.whole;
    among.iter().position(|other| other.parts().is_ok_and(|parts| parts.subject.whole == wanted))
}

impl Key {
    fn read(pkcs8: &[u8]) -> Result<Self, BadKey> {
        if let Ok(key) = RsaKeyPair::from_pkcs8(pkcs8) {
            return Ok(Self::Rsa(Box::new(key)));
        }
        let curve = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &SystemRandom::new());
        curve.map(|key| Self::P256(Box::new(key))).map_err(|_| BadKey::Unsupported)
    }

    fn fits(&self, certificate: &Certificate) -> bool {
        certificate.parts().is_ok_and(|parts| match self {
            Self::Rsa(key) => {
                parts.public_key.algorithm == oid::RSA && parts.public_key.bits == key.public_key().as_ref()
            }
            Self::P256(key) => {
                parts.public_key.curve == Some(oid::P256)
                    && parts.public_key.bits == key.public_key().as_ref()
            }
        })
    }
}

impl Signer for LocalSigner {
    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        match self.key {
            Key::Rsa(_) => Algorithm::RsaSha256,
            Key::P256(_) => Algorithm::EcdsaP256Sha256,
        }
    }

    fn sign<'a>(&'a self, attributes: &'a [u8]) -> Later<'a, Result<Vec<u8>, Refused>> {
        Box::pin(std::future::ready(self.sign_now(attributes)))
    }
}

impl fmt::Debug for LocalSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalSigner({:?}, ***)", self.chain)
    }
}
