//! The notary: signs what the press has printed, with the institution's key, away from the async threads.

use crate::Failure;
use crate::authority::Authority;
use domain::Timestamp;
use signing::sign::{NotSigned, Place, Stamping, Wording, sign_document};
use signing::{BadKey, LocalSigner, Signer, TrustAnchors};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

/// Documents signed at the same time; with timestamps most of it is waiting.
const AT_ONCE: usize = 16;

/// Signs documents. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Notary(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    signer: Box<dyn Signer>,
    stamps: Option<Stamps>,
    seats: Semaphore,
}

#[derive(Debug)]
struct Stamps {
    authority: Authority,
    trust: TrustAnchors,
    archive: bool,
}

/// A document to sign, and what its signature says.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) pdf: Vec<u8>,
    pub(crate) place: Place,
    pub(crate) reason: &'static str,
    pub(crate) name: Arc<str>,
    pub(crate) at: Timestamp,
}

impl Notary {
    /// Signs with this key, without timestamps.
    #[must_use]
    pub fn new(signer: Box<dyn Signer>) -> Self {
        Self(Arc::new(Inner { signer, stamps: None, seats: Semaphore::new(AT_ONCE) }))
    }

    /// Signs with a key and certificates in PEM, whatever they are: the choice is the caller's.
    ///
    /// # Errors
    /// If the key cannot be used.
    pub fn from_pem(key: &str, certificates: &str) -> Result<Self, BadKey> {
        LocalSigner::from_pem(key, certificates, b"").map(|signer| Self::new(Box::new(signer)))
    }

    /// Signs with this key and timestamps every signature; with `archive` also the whole document.
    #[must_use]
    pub fn with_timestamps(
        signer: Box<dyn Signer>,
        authority: Authority,
        trust: TrustAnchors,
        archive: bool,
    ) -> Self {
        let stamps = Some(Stamps { authority, trust, archive });
        Self(Arc::new(Inner { signer, stamps, seats: Semaphore::new(AT_ONCE) }))
    }

    /// The document, signed.
    pub(crate) async fn sign(&self, draft: Draft) -> Result<Vec<u8>, Failure> {
        let later = |why: String| Failure::Later(why);
        let inner = Arc::clone(&self.0);
        let _seat = self.0.seats.acquire().await.map_err(|error| later(error.to_string()))?;
        let runtime = Handle::current();
        let work = move || runtime.block_on(inner.sign(&draft));
        let signed = tokio::task::spawn_blocking(work).await.map_err(|error| later(error.to_string()))?;
        signed.map_err(|error| {
            // A certificate that has expired is replaced by an operator; nothing issued in the meantime is lost.
            tracing::error!(%error, "a document is not signed");
            match error {
                NotSigned::Document(_) | NotSigned::Unsound(_) => Failure::Never(error.to_string()),
                _ => later(error.to_string()),
            }
        })
    }
}

impl Inner {
    async fn sign(&self, draft: &Draft) -> Result<Vec<u8>, NotSigned> {
        let wording = Wording { at: draft.at, place: draft.place, reason: draft.reason, name: &draft.name };
        let stamping = self.stamps.as_ref().map(|stamps| Stamping {
            authority: &stamps.authority,
            trust: &stamps.trust,
            nonces: [boot::random(), boot::random()],
            whole_document: stamps.archive,
        });
        sign_document(&draft.pdf, &wording, &*self.signer, stamping.as_ref()).await
    }
}
