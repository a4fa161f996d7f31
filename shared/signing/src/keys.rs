//! Who can sign: the key in this process, or whatever stands behind the same trait (an HSM, a 签名服务器).

mod encrypted;
mod local;
mod pem;
mod pkcs12;

pub use local::{LocalSigner, Material};
pub(crate) use pem::certificates;

use crate::Certificate;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// An answer that may take a while.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a key signs. The digest is SHA-256 in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5.
    RsaSha256,
    /// ECDSA on P-256; the signature is the DER of its two numbers.
    EcdsaP256Sha256,
}

/// Signs what a document's signature covers, and says with which certificate.
pub trait Signer: fmt::Debug + Send + Sync {
    /// The signer's certificate first, then those that lead to (not necessarily including) a root.
    fn chain(&self) -> &[Certificate];

    /// How its key signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs these bytes (the signed attributes in DER): hashes them with SHA-256 and signs the hash.
    fn sign<'a>(&'a self, attributes: &'a [u8]) -> Later<'a, Result<Vec<u8>, Refused>>;
}

/// The key does not sign now; the text is for operators and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the signing key does not sign: {0}")]
pub struct Refused(pub String);

/// Why a key cannot be used; each says what to do, none repeats what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// No key in it.
    #[error(
        "holds no private key: a PEM file with BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY (PKCS#8) is expected"
    )]
    NoKey,
    /// Its form is unknown.
    #[error("is a private key of another form: convert it with `openssl pkcs8 -topk8 -in KEY -out NEW`")]
    NotPkcs8,
    /// It cannot be used for signing.
    #[error("is no RSA key of 2048 to 4096 bits and no P-256 key")]
    Unsupported,
    /// It cannot be decrypted.
    #[error(
        "cannot be decrypted: the password is missing or wrong, or it is encrypted otherwise than with PBES2 \
             (PBKDF2-HMAC-SHA-256, AES-CBC), which `openssl pkcs12 -export` of version 3 uses"
    )]
    Locked,
    /// The PKCS#12 container cannot be read.
    #[error("is no PKCS#12 container with one private key and its certificate")]
    NotPkcs12,
    /// No certificate.
    #[error(
        "holds no certificate: PEM with BEGIN CERTIFICATE is expected, the signer's first, then its issuers"
    )]
    NoCertificate,
    /// Key and certificate are of different pairs.
    #[error(
        "the private key does not belong to the first certificate: give the certificate that was issued for this key"
    )]
    NotAPair,
    /// A sandbox certificate where none is permitted.
    #[error(
        "is a sandbox certificate, and documents signed with it have no effect: put in place the certificate of a \
             certification authority, or, on a machine for tests, set documents.signer.sandbox = true"
    )]
    Sandbox,
    /// The certificate is for something else.
    #[error(
        "the certificate's key usage permits no signatures: use one with digitalSignature or nonRepudiation"
    )]
    NotForSigning,
}
