//! Documents at rest, sealed: in a folder, with real keys; the bucket's part is in `bucket.rs`.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use crypto::keyring::Keyring;
use crypto::secret::Secret;
use documents::{Documents, Lost};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const TEXT: &[u8] = "%PDF-1.7 投标人：示例市建设工程有限公司".as_bytes();

fn folder(name: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sealed-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn file_of(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(&sha256[..2]).join(sha256)
}

/// Never twice the same, as the trait of a nonce is.
fn nonce() -> [u8; 12] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&NEXT.fetch_add(1, Relaxed).to_be_bytes());
    nonce
}

/// The last key seals.
fn ring(keys: &[&str]) -> Option<Keyring> {
    let secrets: Vec<(&str, Secret)> =
        keys.iter().map(|id| (*id, Secret::new(hex::encode(key(id))))).collect();
    let pairs = secrets.iter().map(|(id, secret)| (*id, secret));
    Some(Keyring::new(keys.last().unwrap(), pairs).unwrap())
}

fn key(id: &str) -> [u8; 32] {
    crypto::digest::sha256(id.as_bytes())
}

fn store(folder: &Path, keys: &[&str]) -> Documents {
    Documents::open(folder).unwrap().sealed_under(ring(keys), nonce)
}

#[tokio::test]
async fn nothing_of_a_document_shows_in_the_folder_and_it_reads_as_before() {
    let folder = folder("shows");
    let documents = store(&folder, &["one"]);
    let kept = documents.put(TEXT.to_vec(), "保函.pdf").await.unwrap();
    assert_eq!(kept.sha256, hex::encode(crypto::digest::sha256(TEXT)), "named by what it says");
    let file = fs::read(file_of(&folder, &kept.sha256)).unwrap();
    assert!(file.starts_with(b"gcm1:one:"));
    assert!(!file.windows(8).any(|part| TEXT.windows(8).any(|plain| plain == part)));
    assert_eq!(documents.get(&kept).await.unwrap(), TEXT);
    assert_eq!(documents.put(TEXT.to_vec(), "保函.pdf").await.unwrap(), kept);
    assert_eq!(fs::read(file_of(&folder, &kept.sha256)).unwrap(), file, "written once");
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_file_in_the_place_of_another_or_changed_by_a_bit_does_not_open() {
    let folder = folder("place");
    let documents = store(&folder, &["one"]);
    let one = documents.put(TEXT.to_vec(), "1.pdf").await.unwrap();
    let two = documents.put(b"%PDF two".to_vec(), "2.pdf").await.unwrap();
    fs::copy(file_of(&folder, &one.sha256), file_of(&folder, &two.sha256)).unwrap();
    assert!(matches!(documents.get(&two).await, Err(Lost::Damaged(_))));
    let mut file = fs::read(file_of(&folder, &one.sha256)).unwrap();
    *file.last_mut().unwrap() ^= 1;
    fs::write(file_of(&folder, &one.sha256), file).unwrap();
    assert!(matches!(documents.get(&one).await, Err(Lost::Damaged(_))));
    assert_eq!(documents.put(TEXT.to_vec(), "1.pdf").await.unwrap(), one);
    assert_eq!(documents.get(&one).await.unwrap(), TEXT, "mended by the next put");
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn without_its_key_a_document_is_not_lost_and_the_key_is_named() {
    let folder = folder("keyless");
    let kept = store(&folder, &["one"]).put(TEXT.to_vec(), "保函.pdf").await.unwrap();
    for stranger in [Documents::open(&folder).unwrap(), store(&folder, &["two"])] {
        let lost = stranger.get(&kept).await.unwrap_err();
        assert!(lost.is_passing() && matches!(&lost, Lost::NoKey { key, .. } if key == "one"), "{lost}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn what_was_kept_in_plain_reads_on_and_is_sealed_with_all_others() {
    let folder = folder("anew");
    let plain = Documents::open(&folder).unwrap().put(TEXT.to_vec(), "1.pdf").await.unwrap();
    let old = store(&folder, &["one"]).put(b"%PDF old".to_vec(), "2.pdf").await.unwrap();
    let both = store(&folder, &["one", "two"]);
    let new = both.put(b"%PDF new".to_vec(), "3.pdf").await.unwrap();
    assert_eq!(both.get(&plain).await.unwrap(), TEXT);
    assert_eq!(uses(&both).await, [None, Some("one".to_owned()), Some("two".to_owned())]);
    assert!(both.seal_anew(&plain.sha256).await.unwrap());
    assert!(both.seal_anew(&old.sha256).await.unwrap());
    assert!(!both.seal_anew(&new.sha256).await.unwrap(), "is under the current key");
    let after = store(&folder, &["two"]);
    assert_eq!(uses(&after).await, vec![Some("two".to_owned()); 3]);
    for (document, text) in [(&plain, TEXT), (&old, b"%PDF old"), (&new, b"%PDF new")] {
        assert_eq!(after.get(document).await.unwrap(), text);
    }
    fs::write(file_of(&folder, &old.sha256), b"%PDF evil").unwrap();
    assert!(
        matches!(after.seal_anew(&old.sha256).await, Err(Lost::Damaged(_))),
        "what is not meant is not sealed"
    );
    fs::remove_dir_all(&folder).unwrap();
}

/// The keys of all documents, in their order.
async fn uses(documents: &Documents) -> Vec<Option<String>> {
    let mut keys = Vec::new();
    for part in 0..=u8::MAX {
        keys.extend(documents.key_uses(part).await.unwrap().into_iter().map(|(_, key)| key));
    }
    keys.sort();
    keys
}
