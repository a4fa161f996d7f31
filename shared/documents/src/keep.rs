//! The document store: a file per content, named by its SHA-256, written once, sealed, and checked whenever it is read; in a
//! folder, or in a bucket that speaks S3.

mod bucket;
mod folder;
mod vault;

pub use bucket::BadBucket;

use bucket::Bucket;
use crypto::digest::sha256;
use crypto::keyring::{Keyring, NONCE, key_id};
use crypto::secret::Secret;
use domain::DocumentRef;
use folder::Folder;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;
use vault::{Seal, Vault};

/// Files that are read or written at the same time; more only queue behind them.
const AT_ONCE: usize = 16;
/// Bytes at the beginning of a file that tell which key sealed it.
const HEAD: usize = 64;

/// Why a document cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The reference is no SHA-256 in 64 lower-case hex characters.
    #[error("not a document reference: 64 lower-case hex characters are expected")]
    NotAReference,
    /// No document has this content.
    #[error("no document {0}")]
    Missing(String),
    /// The file is there, its content is not what its name says: restore it from a backup.
    #[error(
        "document {0} is damaged: its content does not have this SHA-256; restore the file from a backup"
    )]
    Damaged(String),
    /// It is sealed under a key that is not at hand.
    #[error("document {sha256} needs the key {key:?}: add it to [documents.keys.ring]")]
    NoKey {
        /// The document.
        sha256: String,
        /// The key's name.
        key: String,
    },
    /// The folder cannot be read or written.
    #[error("the document folder: {0}")]
    Folder(#[from] io::Error),
    /// The bucket does not answer, or not as it should.
    #[error("the document bucket: {0}")]
    Bucket(String),
}

impl Lost {
    /// True if the document may well be there, and asking again later may help.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Folder(_) | Self::Bucket(_) | Self::NoKey { .. })
    }
}

/// The store; clones share it.
#[derive(Debug, Clone)]
pub struct Documents {
    shelf: Arc<Shelf>,
    vault: Arc<Vault>,
    seats: Arc<Semaphore>,
}

#[derive(Debug)]
enum Shelf {
    Folder(Arc<Folder>),
    Bucket(Bucket),
}

impl Documents {
    /// Opens a store in a folder, making it and its parts if they are not there. Blocks: for the start of a process.
    ///
    /// # Errors
    /// When the folder cannot be made or synced.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        Ok(Self::on(Shelf::Folder(Arc::new(Folder::open(folder.into())?))))
    }

    /// A store in a bucket: `url` is `s3://bucket` or `s3://bucket/prefix`, `endpoint` the address of the service if it is
    /// not Amazon's, `keys` the access key's id and its secret. Nothing is asked yet.
    ///
    /// # Errors
    /// [`BadBucket`] unless url and endpoint are of that form.
    pub fn in_bucket(
        url: &str,
        endpoint: Option<&str>,
        region: &str,
        keys: &[Secret; 2],
    ) -> Result<Self, BadBucket> {
        Ok(Self::on(Shelf::Bucket(Bucket::at(url, endpoint, region, keys)?)))
    }

    fn on(shelf: Shelf) -> Self {
        Self { shelf: Arc::new(shelf), vault: Arc::default(), seats: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The same store, where what is written is sealed under the current key of the ring, or in plain if there is none;
    /// `nonce` must return unforeseeable bytes, other ones at every call.
    #[must_use]
    pub fn sealed_under(self, ring: Option<Keyring>, nonce: fn() -> [u8; NONCE]) -> Self {
        Self { vault: Arc::new(Vault(ring.map(|ring| Seal { ring, nonce }))), ..self }
    }

    /// Keeps the bytes; they survive a crash once this returns. The same bytes again cost a comparison.
    ///
    /// # Errors
    /// [`Lost::Folder`], [`Lost::Bucket`] when they could not be made durable.
    pub async fn put(&self, bytes: Vec<u8>, name: &str) -> Result<DocumentRef, Lost> {
        let sha256 = hex::encode(sha256(&bytes));
        let document = DocumentRef { sha256: sha256.clone(), name: name.to_owned() };
        let _seat = self.seats.acquire().await.map_err(io::Error::other)?;
        let vault = Arc::clone(&self.vault);
        match &*self.shelf {
            Shelf::Bucket(bucket) => {
                let sealed = vault.sealed(bytes, &sha256)?;
                bucket.put(sealed, &sha256, |kept| vault.stands(kept, &sha256)).await?;
            }
            Shelf::Folder(folder) => {
                blocking(folder, move |folder| {
                    folder.put(&vault.sealed(bytes, &sha256)?, &sha256, |kept| vault.stands(kept, &sha256))
                })
                .await?;
            }
        }
        Ok(document)
    }

    /// Reads a document and checks that it is the one meant.
    ///
    /// # Errors
    /// [`Lost`] with the reason.
    pub async fn get(&self, document: &DocumentRef) -> Result<Vec<u8>, Lost> {
        let sha256 = document.sha256.clone();
        if !is_sha256(&sha256) {
            return Err(Lost::NotAReference);
        }
        let _seat = self.seats.acquire().await.map_err(io::Error::other)?;
        let vault = Arc::clone(&self.vault);
        match &*self.shelf {
            Shelf::Bucket(bucket) => bucket.get(&sha256).await.and_then(|kept| vault.opened(kept, &sha256)),
            Shelf::Folder(folder) => {
                blocking(folder, move |folder| {
                    folder.get(&sha256).and_then(|kept| vault.opened(kept, &sha256))
                })
                .await
            }
        }
    }

    /// The documents of one part of the store (their SHA-256 begins with this byte), each with the name of the key it needs;
    /// none for what is plain. For operators: looks into every file.
    ///
    /// # Errors
    /// [`Lost`] if the store cannot be read.
    pub async fn key_uses(&self, part: u8) -> Result<Vec<(String, Option<String>)>, Lost> {
        let heads = match &*self.shelf {
            Shelf::Bucket(bucket) => bucket.heads(part).await?,
            Shelf::Folder(folder) => blocking(folder, move |folder| folder.heads(part)).await?,
        };
        let named = heads.into_iter().filter(|(name, _)| is_sha256(name));
        Ok(named.map(|(name, head)| (name, key_id(&head).map(str::to_owned))).collect())
    }

    /// Seals a document anew under the current key; false if that was not needed. May run beside everything else.
    ///
    /// # Errors
    /// [`Lost`] if it cannot be read, opened or written.
    pub async fn seal_anew(&self, sha256: &str) -> Result<bool, Lost> {
        if !is_sha256(sha256) {
            return Err(Lost::NotAReference);
        }
        let _seat = self.seats.acquire().await.map_err(io::Error::other)?;
        let (vault, name) = (Arc::clone(&self.vault), sha256.to_owned());
        match &*self.shelf {
            Shelf::Bucket(bucket) => {
                let kept = bucket.get(sha256).await?;
                if vault.is_current(&kept) {
                    return Ok(false);
                }
                let sealed = vault.sealed(vault.opened(kept, sha256)?, sha256)?;
                bucket.replace(sealed, sha256).await.map(|()| true)
            }
            Shelf::Folder(folder) => {
                blocking(folder, move |folder| {
                    let kept = folder.get(&name)?;
                    if vault.is_current(&kept) {
                        return Ok(false);
                    }
                    let sealed = vault.sealed(vault.opened(kept, &name)?, &name)?;
                    folder.put(&sealed, &name, |_| false).map(|()| true)
                })
                .await
            }
        }
    }
}

/// Runs file work away from the async threads. Work that was begun is finished even if nobody waits for it any more.
async fn blocking<T: Send + 'static>(
    folder: &Arc<Folder>,
    work: impl FnOnce(&Folder) -> Result<T, Lost> + Send + 'static,
) -> Result<T, Lost> {
    let folder = Arc::clone(folder);
    tokio::task::spawn_blocking(move || work(&folder)).await.map_err(io::Error::other)?
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
}

fn meant(bytes: Vec<u8>, sha256: &str) -> Result<Vec<u8>, Lost> {
    if hex::encode(self::sha256(&bytes)) == sha256 {
        Ok(bytes)
    } else {
        Err(Lost::Damaged(sha256.to_owned()))
    }
}
