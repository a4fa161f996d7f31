//! What the receiver of a document sees: a signature that holds, in the eyes of three judges.

use std::fs;
use std::path::Path;
use testkit::{pdfsig, pyhanko};

/// Our verifier, pdfsig and pyHanko find the document signed, unmodified and, with the sandbox root, trusted.
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
    let said = pdfsig(&root, &file);
    for sentence in ["Signature is Valid.", "Certificate is Trusted.", "Total document signed"] {
        assert!(said.contains(sentence), "pdfsig: {said}");
    }
    let said = pyhanko(&root, &[file]);
    let signature = &said[0]["signatures"][0];
    assert!(signature["good"] == true && signature["coverage"] == "ENTIRE_FILE", "pyHanko: {said:?}");
}
