//! Files made to exhaust or confuse: answered quickly, with the worst verdicts, whatever is in them.

use crate::forge::gaps;
use crate::house::{Level, block_on, now, signed, trust};
use crate::papers;
use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;
use signing::verify::{Examiner, Findings, Limits, Reason, check};
use std::sync::OnceLock;
use std::time::Duration;

fn judge(bytes: &[u8]) -> Findings {
    let findings = check(bytes, &trust(), now(), &Limits::default());
    assert!(!findings.signature_valid && findings.is_modified && !findings.trusted, "{findings:?}");
    findings
}

/// A file of this body with a table for its one object, and this trailer.
fn file(body: &str, trailer: &str) -> Vec<u8> {
    let text = format!("%PDF-1.7\n1 0 obj\n{body}\nendobj\n");
    let at = text.len();
    let trailer = trailer.replace("SELF", &at.to_string());
    format!("{text}xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n{trailer}\nstartxref\n{at}\n%%EOF\n").into()
}

#[test]
fn hostile_files_are_refused_with_a_reason() {
    let root = "<</Size 2/Root 1 0 R>>";
    let cases: Vec<(Vec<u8>, Reason)> = vec![
        (Vec::new(), Reason::NotReadable),
        (b"%PDF-1.7\nstartxref\n9\n%%EOF\n".to_vec(), Reason::NotReadable),
        (file("<</Type/Catalog>>", root), Reason::NoSignature),
        (file("<</Type/Catalog>>", "<</Size 2/Root 1 0 R/Prev SELF>>"), Reason::NotReadable),
        (file("<</Type/Catalog>>", "<</Size 2/Root 1 0 R/Encrypt 1 0 R>>"), Reason::Encrypted),
        (file("<</Type/Catalog>>", "<</Size 2/Root 1 0 R/XRefStm 9>>"), Reason::Unsupported),
        (file(&"[".repeat(100_000), root), Reason::BeyondLimits),
        (file(&format!("[{}]", "<<>>".repeat(4_000_000)), root), Reason::BeyondLimits),
        (file("<</AcroForm<</Fields[1 0 R]>>/Kids[1 0 R]/T(a)>>", root), Reason::NotReadable),
        (file("1 0 R", root), Reason::NotReadable),
        (file("<</Length 1 0 R>>\nstream\nx\nendstream", root), Reason::NotReadable),
        (vec![b' '; Limits::default().file_bytes + 1], Reason::BeyondLimits),
        (bomb(), Reason::BeyondLimits),
        (many_objects(), Reason::BeyondLimits),
    ];
    for (at, (bytes, reason)) in cases.iter().enumerate() {
        assert_eq!(judge(bytes).reasons, [*reason], "case {at}");
    }
}

/// References that unpack to more than is allowed.
fn bomb() -> Vec<u8> {
    let data = compress_to_vec_zlib(&vec![0; 40 << 20], 9);
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let head = format!(
        "1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {}>>\nstream\n",
        data.len()
    );
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&data);
    bytes.extend_from_slice(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
    bytes
}

fn many_objects() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\nxref\n0 99999\n".to_vec();
    bytes.extend_from_slice(&b"0000000009 00000 n \n".repeat(99_999));
    bytes.extend_from_slice(b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n");
    bytes
}

#[test]
fn an_examiner_answers_in_time_and_off_the_async_threads() {
    let bytes = signed(&papers::classic(), "rsa", Level::Plain);
    let large = file(&format!("[{}]", "1 ".repeat(2_000_000)), "<</Size 2/Root 1 0 R>>");
    block_on(async {
        let patient = Examiner::new(trust(), Limits::default(), 1, Duration::from_secs(60));
        assert!(patient.check(bytes.clone().into(), now()).await.is_genuine());
        let hasty = Examiner::new(trust(), Limits::default(), 1, Duration::ZERO);
        let findings = hasty.check(large.into(), now()).await;
        assert_eq!(findings.reasons, [Reason::TookTooLong]);
        assert!(!findings.is_genuine() && findings.is_modified);
        let small = Limits { file_bytes: 100, ..Limits::default() };
        let narrow = Examiner::new(trust(), small, 1, Duration::from_secs(60));
        assert_eq!(narrow.check(bytes.into(), now()).await.reasons, [Reason::BeyondLimits]);
    });
}

fn victims() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let of = |pdf: Vec<u8>, level| signed(&pdf, "p256", level);
        vec![of(papers::classic(), Level::Plain), of(papers::packed(), Level::Archived)]
    })
}

#[derive(Debug, Clone)]
enum Change {
    Flip(u8),
    Cut(usize),
    Insert(Vec<u8>),
    Truncate,
    Repeat(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (1..=255_u8).prop_map(Change::Flip),
        (1..400_usize).prop_map(Change::Cut),
        proptest::collection::vec(any::<u8>(), 1..40).prop_map(Change::Insert),
        Just(Change::Truncate),
        (1..400_usize).prop_map(Change::Repeat),
    ]
}

fn changed(bytes: &[u8], at: usize, change: &Change) -> Vec<u8> {
    let until = |length: usize| (at + length).min(bytes.len());
    match change {
        Change::Flip(mask) => {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= mask;
            bytes
        }
        Change::Cut(length) => [&bytes[..at], &bytes[until(*length)..]].concat(),
        Change::Insert(more) => [&bytes[..at], more, &bytes[at..]].concat(),
        Change::Truncate => bytes[..at].to_vec(),
        Change::Repeat(length) => [&bytes[..until(*length)], &bytes[at..]].concat(),
    }
}

/// The same file: but for the case of hex digits in the places of signatures, which no digest covers and which mean the
/// same, and a line end at the end.
fn same(changed: &[u8], original: &[u8]) -> bool {
    let text =
        if changed.len() > original.len() { changed.strip_suffix(b"\n").unwrap_or(changed) } else { changed };
    let gaps = gaps(original);
    text.len() == original.len()
        && text.iter().zip(original).enumerate().all(|(at, (a, b))| {
            a == b || (a.eq_ignore_ascii_case(b) && gaps.iter().any(|gap| gap.contains(&at)))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]
    #[test]
    fn no_changed_file_is_genuine(
        which in 0..2_usize, place in any::<prop::sample::Index>(), first in change(),
        second in proptest::option::of((any::<prop::sample::Index>(), change())),
    ) {
        let original = &victims()[which];
        let mut bytes = changed(original, place.index(original.len()), &first);
        if let Some((place, second)) = second && !bytes.is_empty() {
            bytes = changed(&bytes, place.index(bytes.len()), &second);
        }
        let findings = check(&bytes, &trust(), now(), &Limits::default());
        prop_assert!(!findings.is_genuine() || same(&bytes, original), "{:?} {:?}", first, findings);
        prop_assert!(!findings.reasons.contains(&Reason::CheckFailed), "{:?}", first);
    }
}
