//! The document store: a file per content, named by its SHA-256, written once and checked whenever it is read.

use crypto::digest::sha256;
use domain::DocumentRef;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::sync::Semaphore;

/// Files that are read or written at the same time; more only queue in the kernel.
const AT_ONCE: usize = 16;
/// Where files are until they are whole.
const WRITING: &str = ".writing";

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
}

/// The store; clones share it.
#[derive(Debug, Clone)]
pub struct Documents(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    seats: Semaphore,
    written: AtomicU64,
}

impl Documents {
    /// Opens a store, making the folder and its parts if they are not there. Blocks: for the start of a process.
    ///
    /// # Errors
    /// When the folder cannot be made or synced.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(folder.join(WRITING))?;
        for part in 0..=u8::MAX {
            match fs::create_dir(folder.join(format!("{part:02x}"))) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        sync_folder(&folder)?;
        Ok(Self(Arc::new(Inner { folder, seats: Semaphore::new(AT_ONCE), written: AtomicU64::new(0) })))
    }

    /// Keeps the bytes; they survive a crash once this returns. The same bytes again cost a comparison.
    ///
    /// # Errors
    /// [`Lost::Folder`] when they could not be made durable.
    pub async fn put(&self, bytes: Vec<u8>, name: &str) -> Result<DocumentRef, Lost> {
        let sha256 = self.blocking(move |inner| inner.put(&bytes)).await?;
        Ok(DocumentRef { sha256, name: name.to_owned() })
    }

    /// Reads a document and checks that it is the one meant.
    ///
    /// # Errors
    /// [`Lost`] with the reason.
    pub async fn get(&self, document: &DocumentRef) -> Result<Vec<u8>, Lost> {
        let sha256 = document.sha256.clone();
        self.blocking(move |inner| inner.get(&sha256)).await
    }

    /// Runs file work away from the async threads, a bounded number at once. Work that was begun is finished even if
    /// nobody waits for it any more.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Lost> + Send + 'static,
    ) -> Result<T, Lost> {
        let inner = Arc::clone(&self.0);
        let _seat = self.0.seats.acquire().await.map_err(io::Error::other)?;
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(io::Error::other)?
    }
}

impl Inner {
    fn path(&self, sha256: &str) -> Result<PathBuf, Lost> {
        let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if sha256.len() == 64 && sha256.bytes().all(hex) {
            Ok(self.folder.join(&sha256[..2]).join(sha256))
        } else {
            Err(Lost::NotAReference)
        }
    }

    fn get(&self, sha256: &str) -> Result<Vec<u8>, Lost> {
        let bytes = match fs::read(self.path(sha256)?) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Lost::Missing(sha256.to_owned()));
            }
            read => read?,
        };
        if hex::encode(self::sha256(&bytes)) == sha256 {
            Ok(bytes)
        } else {
            Err(Lost::Damaged(sha256.to_owned()))
        }
    }

    fn put(&self, bytes: &[u8]) -> Result<String, Lost> {
        let sha256 = hex::encode(self::sha256(bytes));
        let path = self.path(&sha256)?;
        // A damaged file is replaced: what it should hold is at hand.
        if !fs::read(&path).is_ok_and(|kept| kept == bytes) {
            let (unfinished, file) = self.fresh(&sha256)?;
            if let Err(error) = write_whole(file, bytes).and_then(|()| fs::rename(&unfinished, &path)) {
                // Nothing more can be done about a leftover here; its name says what it is.
                let _ = fs::remove_file(&unfinished);
                return Err(error.into());
            }
        }
        // Also when it was there: another process may have renamed it and not come to this line.
        sync_folder(path.parent().unwrap_or(&self.folder))?;
        Ok(sha256)
    }

    /// A file of our own to write to. Process numbers repeat over machines and restarts, so a taken name is passed over.
    fn fresh(&self, sha256: &str) -> io::Result<(PathBuf, File)> {
        loop {
            let name = format!("{sha256}.{}.{}", std::process::id(), self.written.fetch_add(1, Relaxed));
            let path = self.folder.join(WRITING).join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| (path, file)),
            }
        }
    }
}

fn write_whole(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename is durable once the directory is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
