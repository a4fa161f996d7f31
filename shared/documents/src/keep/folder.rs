//! The document store in a folder: written aside, synced, renamed, and the directory synced.

use super::{HEAD, Lost};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Where files are until they are whole.
const WRITING: &str = ".writing";

/// A folder of documents.
#[derive(Debug)]
pub(super) struct Folder {
    folder: PathBuf,
    written: AtomicU64,
}

impl Folder {
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(folder.join(WRITING))?;
        for part in 0..=u8::MAX {
            match fs::create_dir(folder.join(format!("{part:02x}"))) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        sync_folder(&folder)?;
        Ok(Self { folder, written: AtomicU64::new(0) })
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(&sha256[..2]).join(sha256)
    }

    pub(super) fn get(&self, sha256: &str) -> Result<Vec<u8>, Lost> {
        match fs::read(self.path(sha256)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Lost::Missing(sha256.to_owned())),
            read => Ok(read?),
        }
    }

    /// Writes the file unless one is there that `stands`. A damaged one is replaced: what it should hold is at hand.
    pub(super) fn put(
        &self,
        bytes: &[u8],
        sha256: &str,
        stands: impl FnOnce(Vec<u8>) -> bool,
    ) -> Result<(), Lost> {
        let path = self.path(sha256);
        if !fs::read(&path).is_ok_and(stands) {
            let (unfinished, file) = self.fresh(sha256)?;
            if let Err(error) = write_whole(file, bytes).and_then(|()| fs::rename(&unfinished, &path)) {
                // Nothing more can be done about a leftover here; its name says what it is.
                let _ = fs::remove_file(&unfinished);
                return Err(error.into());
            }
        }
        // Also when it was there: another process may have renamed it and not come to this line.
        sync_folder(path.parent().unwrap_or(&self.folder))?;
        Ok(())
    }

    /// The files of one part and how each begins.
    pub(super) fn heads(&self, part: u8) -> Result<Vec<(String, Vec<u8>)>, Lost> {
        let mut heads = Vec::new();
        for entry in fs::read_dir(self.folder.join(format!("{part:02x}")))? {
            let entry = entry?;
            let mut head = Vec::with_capacity(HEAD);
            File::open(entry.path())?.take(HEAD as u64).read_to_end(&mut head)?;
            heads.push((entry.file_name().to_string_lossy().into_owned(), head));
        }
        Ok(heads)
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
