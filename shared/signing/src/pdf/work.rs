//! What reading one file may cost; every loop of the reader spends from here, so that no file can make it endless.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Bounds on what a file may make its reader do.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest file that is looked at, bytes.
    pub file_bytes: usize,
    /// Objects that the file may list, all revisions together.
    pub objects: usize,
    /// Revisions (cross-reference sections) that are followed.
    pub revisions: usize,
    /// Nesting of arrays and dictionaries, and of form fields.
    pub depth: usize,
    /// What all compressed streams that must be read may unpack to, together, bytes.
    pub unpacked_bytes: usize,
    /// Bytes of PDF syntax that may be read, counting what is read twice.
    pub steps: usize,
    /// Signatures and timestamps that are checked.
    pub signatures: usize,
}

impl Default for Limits {
    /// Ample for a guarantee of some pages: 20 MiB, 50 000 objects, 32 revisions, 8 signatures.
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            objects: 50_000,
            revisions: 32,
            depth: 32,
            unpacked_bytes: 32 << 20,
            steps: 96 << 20,
            signatures: 8,
        }
    }
}

/// Why a file is read no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is not written as the standard demands, or in a way that two readers may understand differently.
    Syntax,
    /// It would cost more than the limits allow.
    Limit,
    /// It is encrypted.
    Encrypted,
    /// It uses a form that is not supported here (hybrid references, a filter in its structure).
    Unsupported,
    /// Nobody waits for the answer any more.
    Stopped,
}

pub(crate) type Read<T> = Result<T, Broken>;

/// The purse of one check.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) limits: Limits,
    steps: Cell<usize>,
    unpacked: Cell<usize>,
    objects: Cell<usize>,
    stop: Arc<AtomicBool>,
}

impl Work {
    pub(crate) fn new(limits: &Limits, stop: Arc<AtomicBool>) -> Self {
        let zero = || Cell::new(0);
        Self { limits: limits.clone(), steps: zero(), unpacked: zero(), objects: zero(), stop }
    }

    /// Pays for reading so many bytes of syntax.
    pub(crate) fn step(&self, bytes: usize) -> Read<()> {
        if self.stop.load(Relaxed) {
            return Err(Broken::Stopped);
        }
        spend(&self.steps, bytes, self.limits.steps)
    }

    /// Pays for objects that a cross-reference section lists.
    pub(crate) fn list(&self, objects: usize) -> Read<()> {
        // Each revision is looked at twice: as it was signed, and as part of the whole.
        spend(&self.objects, objects, self.limits.objects.saturating_mul(self.limits.signatures + 1))?;
        if objects > self.limits.objects { Err(Broken::Limit) } else { Ok(()) }
    }

    /// How much may still be unpacked.
    pub(crate) fn may_unpack(&self) -> usize {
        self.limits.unpacked_bytes.saturating_sub(self.unpacked.get())
    }

    /// Pays for unpacked bytes.
    pub(crate) fn unpack(&self, bytes: usize) -> Read<()> {
        spend(&self.unpacked, bytes, self.limits.unpacked_bytes)
    }
}

fn spend(purse: &Cell<usize>, amount: usize, limit: usize) -> Read<()> {
    let spent = purse.get().saturating_add(amount);
    purse.set(spent);
    if spent > limit { Err(Broken::Limit) } else { Ok(()) }
}
