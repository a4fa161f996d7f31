//! The document store on a real folder.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use documents::{Documents, Lost};
use domain::DocumentRef;
use std::fs;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("keep-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn file_of(folder: &std::path::Path, document: &DocumentRef) -> PathBuf {
    folder.join(&document.sha256[..2]).join(&document.sha256)
}

#[tokio::test]
async fn what_is_put_is_got_also_after_opening_again() {
    let folder = folder("again");
    let kept = Documents::open(&folder).unwrap().put(b"%PDF-1.7 one".to_vec(), "一.pdf").await.unwrap();
    assert_eq!(kept.name, "一.pdf");
    assert_eq!(kept.sha256, hex::encode(crypto::digest::sha256(b"%PDF-1.7 one")));
    let again = Documents::open(&folder).unwrap();
    assert_eq!(again.get(&kept).await.unwrap(), b"%PDF-1.7 one");
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn many_at_once_with_equal_ones_among_them_leave_nothing_unfinished() {
    let folder = folder("many");
    let documents = Documents::open(&folder).unwrap();
    let writers: Vec<_> = (0..200)
        .map(|n| {
            let documents = documents.clone();
            tokio::spawn(async move { documents.put(vec![n % 20; 4096], "x.pdf").await.unwrap() })
        })
        .collect();
    for (n, writer) in writers.into_iter().enumerate() {
        let kept = writer.await.unwrap();
        assert_eq!(documents.get(&kept).await.unwrap(), vec![(n % 20) as u8; 4096]);
    }
    assert_eq!(fs::read_dir(folder.join(".writing")).unwrap().count(), 0);
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_damaged_file_is_never_handed_out_and_is_mended_by_the_next_put() {
    let folder = folder("damaged");
    let documents = Documents::open(&folder).unwrap();
    let kept = documents.put(b"good".to_vec(), "x.pdf").await.unwrap();
    fs::write(file_of(&folder, &kept), b"evil").unwrap();
    assert!(matches!(documents.get(&kept).await, Err(Lost::Damaged(_))));
    assert_eq!(documents.put(b"good".to_vec(), "x.pdf").await.unwrap(), kept);
    assert_eq!(documents.get(&kept).await.unwrap(), b"good");
    fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn no_reference_leads_out_of_the_folder() {
    let folder = folder("out");
    let documents = Documents::open(folder.join("inner")).unwrap();
    fs::write(folder.join("secret"), b"secret").unwrap();
    let upper = "A".repeat(64);
    let padded = format!("../{}", "a".repeat(61));
    for sha256 in ["../secret", "", "..", "/etc/passwd", upper.as_str(), padded.as_str()] {
        let asked = DocumentRef { sha256: sha256.to_owned(), name: "x".to_owned() };
        assert!(matches!(documents.get(&asked).await, Err(Lost::NotAReference)), "{sha256}");
    }
    let absent = DocumentRef { sha256: "a".repeat(64), name: "x".to_owned() };
    assert!(matches!(documents.get(&absent).await, Err(Lost::Missing(_))));
    fs::remove_dir_all(&folder).unwrap();
}
