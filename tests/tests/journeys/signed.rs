//! What the receiver of a document sees: a signature that holds, in the eyes of four judges.

use crate::world::World;
use sandbox::Entry;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use testkit::{pdfsig, pyhanko, qpdf};

/// Our verifier, pdfsig, pyHanko and qpdf find the document signed, unmodified and, with the sandbox root, trusted.
pub(crate) fn accepted_by_all(bytes: &[u8]) {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = checkout.join("target/dev/signing/root.pem");
    let trust = signing::TrustAnchors::from_pem(&fs::read_to_string(&root).expect("a root")).expect("a root");
    let now = domain::Timestamp::new(boot::now());
    let findings = signing::verify::check(bytes, &trust, now, &signing::verify::Limits::default());
    assert!(findings.is_genuine() && findings.sandbox, "{findings:?}");
    assert_eq!(findings.signer.as_deref(), Some("示范担保有限公司（沙箱）"));

    let file = checkout.join("target/tmp").join(format!("{}.pdf", findings.sha256));
    fs::create_dir_all(checkout.join("target/tmp")).expect("a folder");
    fs::write(&file, bytes).expect("a file");
    qpdf(&file);
    let said = pdfsig(&root, &file);
    for sentence in ["Signature is Valid.", "Certificate is Trusted.", "Total document signed"] {
        assert!(said.contains(sentence), "pdfsig: {said}");
    }
    let said = pyhanko(&root, &[file]);
    let signature = &said[0]["signatures"][0];
    assert!(signature["good"] == true && signature["coverage"] == "ENTIRE_FILE", "pyHanko: {said:?}");
}

/// Every document that arrived at a platform, by the digest that the platform computed over what it received, is kept by the
/// gateway to the last byte, and is accepted by all.
pub(crate) fn every_document_received(world: &World, entries: &[Entry]) {
    let digest = |(name, value): (&String, &serde_json::Value)| {
        let text = value.as_str()?;
        let digest = text.strip_prefix("sha256:").or_else(|| name.ends_with("_sha256").then_some(text))?;
        (digest.len() == 64).then(|| digest.to_owned())
    };
    let digests: BTreeSet<String> =
        entries.iter().flat_map(|entry| entry.data.iter().filter_map(digest)).collect();
    assert!(!digests.is_empty(), "no document arrived");
    for digest in digests {
        let bytes = world.document(&digest);
        assert_eq!(hex::encode(crypto::digest::sha256(&bytes)), digest);
        accepted_by_all(&bytes);
    }
}
