//! HTTPS: the certificate of a port, and who may connect to it at all.

use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// What a port shows of itself and asks of callers; made once, cheap to clone. TLS 1.2 and 1.3, HTTP/1.1.
#[derive(Clone)]
pub struct Tls(pub(crate) TlsAcceptor);

/// Why certificates and key do not make a port. For operators; quotes none of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTls {
    /// There is none, or it cannot be read.
    #[error("there is no readable certificate (PEM) in it")]
    Certificates,
    /// It cannot be read, or is none that we know (RSA, P-256, P-384, Ed25519).
    #[error("there is no readable private key (PEM: RSA, P-256, P-384, Ed25519) in it")]
    Key,
    /// The key is not that of the first certificate, or the certificate cannot be used.
    #[error("certificate and key do not fit: {0}")]
    Misfit(String),
    /// No roots to verify callers with: then nobody could connect.
    #[error("there is no readable root certificate (PEM) in it")]
    ClientRoots,
}

impl Tls {
    /// From PEM texts. With `client_roots` only callers connect that show a certificate from them: failing closed, for
    /// what a port should then do with the others is nothing.
    ///
    /// # Errors
    /// Each part that cannot be used.
    pub fn new(certificates: &[u8], key: &[u8], client_roots: Option<&[u8]>) -> Result<Self, BadTls> {
        let chain = all(certificates).ok_or(BadTls::Certificates)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| BadTls::Key)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let misfit = |why: rustls::Error| BadTls::Misfit(why.to_string());
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(misfit)?;
        let builder = match client_roots {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let mut roots = RootCertStore::empty();
                for root in all(pem).ok_or(BadTls::ClientRoots)? {
                    roots.add(root).map_err(|_| BadTls::ClientRoots)?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build();
                builder.with_client_cert_verifier(verifier.map_err(|_| BadTls::ClientRoots)?)
            }
        };
        let mut config = builder.with_single_cert(chain, key).map_err(misfit)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls(***)")
    }
}

/// All certificates of a text; none if there is none, or one of them is broken.
fn all(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    (!found.is_empty()).then_some(found)
}
