//! The document store: a file per content, named by its SHA-256, written once and checked whenever it is read; in a folder,
//! or in a bucket that speaks S3.

mod bucket;
mod folder;

pub use bucket::BadBucket;

use bucket::Bucket;
use crypto::digest::sha256;
use crypto::secret::Secret;
use domain::DocumentRef;
use folder::Folder;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Files that are read or written at the same time; more only queue behind them.
const AT_ONCE: usize = 16;

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
        matches!(self, Self::Folder(_) | Self::Bucket(_))
    }
}

/// The store; clones share it.
#[derive(Debug, Clone)]
pub struct Documents(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shelf: Shelf,
    seats: Semaphore,
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
        Self(Arc::new(Inner { shelf, seats: Semaphore::new(AT_ONCE) }))
    }

    /// Keeps the bytes; they survive a crash once this returns. The same bytes again cost a comparison.
    ///
    /// # Errors
    /// [`Lost::Folder`], [`Lost::Bucket`] when they could not be made durable.
    pub async fn put(&self, bytes: Vec<u8>, name: &str) -> Result<DocumentRef, Lost> {
        let sha256 = hex::encode(sha256(&bytes));
        let document = DocumentRef { sha256: sha256.clone(), name: name.to_owned() };
        let _seat = self.0.seats.acquire().await.map_err(io::Error::other)?;
        match &self.0.shelf {
            Shelf::Bucket(bucket) => bucket.put(bytes, &sha256).await?,
            Shelf::Folder(folder) => blocking(folder, move |folder| folder.put(&bytes, &sha256)).await?,
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
        let _seat = self.0.seats.acquire().await.map_err(io::Error::other)?;
        match &self.0.shelf {
            Shelf::Bucket(bucket) => bucket.get(&sha256).await.and_then(|bytes| meant(bytes, &sha256)),
            Shelf::Folder(folder) => {
                blocking(folder, move |folder| folder.get(&sha256).and_then(|bytes| meant(bytes, &sha256)))
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
