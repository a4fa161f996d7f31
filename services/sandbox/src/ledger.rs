//! What the platform received: every delivery, believed or not, in the order of arrival.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout_at};

/// One delivery.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    /// When it arrived, milliseconds since 1970.
    pub at_ms: i64,
    /// The path it was posted to.
    pub path: String,
    /// The callback it claims to be.
    pub method: String,
    /// What makes two deliveries the same callback.
    pub key: String,
    /// Whether signature and envelope held.
    pub verified: bool,
    /// What is not as documented; empty if all is well.
    pub problems: Vec<String>,
    /// The deciphered fields.
    pub data: Map<String, Value>,
    /// Which delivery of this callback it is, from 1.
    pub copy: u32,
    /// Whether an earlier delivery of this callback said something else (expiring links apart).
    pub changed: bool,
    /// `success`, `refused`, or the word of a misbehaviour.
    pub answered: String,
    /// Whether the platform said success.
    pub acknowledged: bool,
}

/// The book of all deliveries; clones are the same book.
#[derive(Debug, Clone)]
pub struct Ledger {
    pages: Arc<Mutex<Pages>>,
    length: Arc<watch::Sender<usize>>,
    scribe: Option<mpsc::Sender<(String, oneshot::Sender<()>)>>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: Vec<Entry>,
    known: HashMap<String, (u32, Map<String, Value>)>,
}

impl Ledger {
    /// An empty book; with a path, every entry is also a JSON line that is on disk before the callback is answered.
    ///
    /// # Errors
    /// If the file cannot be opened.
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        let scribe = match path {
            None => None,
            Some(path) => Some(scribe(OpenOptions::new().create(true).append(true).open(path)?)),
        };
        Ok(Self { pages: Arc::default(), length: Arc::new(watch::Sender::new(0)), scribe })
    }

    /// All entries so far.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.pages().entries.clone()
    }

    /// The entries that the predicate picks.
    #[must_use]
    pub fn select(&self, picks: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.pages().entries.iter().filter(|entry| picks(entry)).cloned().collect()
    }

    /// How many entries the predicate picks.
    #[must_use]
    pub fn count(&self, picks: impl Fn(&Entry) -> bool) -> usize {
        self.pages().entries.iter().filter(|entry| picks(entry)).count()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages().entries.len()
    }

    /// True if nothing arrived yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first entry that the predicate picks, waiting for it at most so long.
    pub async fn wait_for(&self, within: Duration, picks: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let until = Instant::now() + within;
        let mut grown = self.length.subscribe();
        let mut read = 0;
        loop {
            grown.borrow_and_update();
            {
                let pages = self.pages();
                if let Some(found) = pages.entries.iter().skip(read).find(|entry| picks(entry)) {
                    return Some(found.clone());
                }
                read = pages.entries.len();
            }
            timeout_at(until, grown.changed()).await.ok()?.ok()?;
        }
    }

    /// Writes an entry; its number, copy and change are filled in here. Returns once it is as durable as asked.
    pub(crate) async fn write(&self, mut entry: Entry) {
        let line = {
            let mut pages = self.pages();
            pages.number(&mut entry);
            let line = self.scribe.as_ref().and_then(|_| serde_json::to_string(&entry).ok());
            pages.entries.push(entry);
            line
        };
        if let (Some(scribe), Some(line)) = (&self.scribe, line) {
            let (written, wait) = oneshot::channel();
            if scribe.send((line, written)).is_ok() {
                // An error means that the disk failed; the scribe has said so.
                let _ = wait.await;
            }
        }
        self.length.send_modify(|length| *length += 1);
    }

    /// Forgets everything; the file keeps it.
    pub(crate) fn clear(&self) {
        *self.pages() = Pages::default();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn number(&mut self, entry: &mut Entry) {
        entry.seq = self.entries.len() as u64 + 1;
        if !entry.verified {
            return;
        }
        let said: Map<String, Value> = entry
            .data
            .iter()
            .filter(|(name, _)| !name.to_ascii_lowercase().ends_with("url"))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        let known = self.known.entry(entry.key.clone()).or_insert_with(|| (0, said.clone()));
        known.0 += 1;
        entry.copy = known.0;
        entry.changed = known.1 != said;
    }
}

impl Entry {
    /// The text of a field, empty if there is none.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.data.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Believed, complete and acknowledged.
    #[must_use]
    pub fn good(&self) -> bool {
        self.verified && self.problems.is_empty() && !self.changed && self.acknowledged
    }
}

/// Writes lines to disk, as many as have gathered for one sync.
fn scribe(mut file: File) -> mpsc::Sender<(String, oneshot::Sender<()>)> {
    let (sender, lines) = mpsc::channel::<(String, oneshot::Sender<()>)>();
    std::thread::spawn(move || {
        while let Ok(first) = lines.recv() {
            let batch: Vec<_> = std::iter::once(first).chain(lines.try_iter()).collect();
            let text: String = batch.iter().flat_map(|(line, _)| [line.as_str(), "\n"]).collect();
            if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
                eprintln!("the ledger cannot be written: {error}");
                return;
            }
            for (_, written) in batch {
                // Nobody waits any more: the line is on disk all the same.
                let _ = written.send(());
            }
        }
    });
    sender
}
