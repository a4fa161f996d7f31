//! Signing and checking documents: milliseconds and bytes, on one core.

use documents::Rendered;
use signing::sign::{Place, Wording, sign_document};
use signing::verify::{Limits, check};
use signing::{LocalSigner, Signer, TrustAnchors};
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Documents of each kind.
const DOCUMENTS: u32 = 200;

/// What one kind of key takes.
pub(crate) struct Measured {
    pub(crate) key: &'static str,
    pub(crate) signing: Duration,
    pub(crate) checking: Duration,
    pub(crate) bytes: (usize, usize),
}

/// Signs and checks with each kind of key.
pub(crate) async fn measure(root: &Path, paper: &Rendered) -> io::Result<Vec<Measured>> {
    let keys = root.join("target/dev/signing");
    Command::new(root.join("scripts/signing-keys")).arg(&keys).status()?;
    let trust =
        TrustAnchors::from_pem(&fs::read_to_string(keys.join("root.pem"))?).map_err(io::Error::other)?;
    let pdf = &paper.bytes;
    let mut measured = Vec::new();
    for (key, name) in [("rsa", "RSA-2048"), ("p256", "P-256")] {
        let read = |end: &str| fs::read_to_string(keys.join(format!("{key}.{end}")));
        let signer =
            LocalSigner::from_pem(&read("key")?, &read("chain.pem")?, b"").map_err(io::Error::other)?;
        // A moment at which the certificate is valid.
        let at = signer.chain()[0].not_before().plus_seconds(60);
        let place = Place { page: paper.seal.page, rect: paper.seal.rect };
        let wording = Wording { at, place, reason: "出具保函", name: "示范担保有限公司" };
        let begun = Instant::now();
        let mut signed = Vec::new();
        for _ in 0..DOCUMENTS {
            signed = sign_document(pdf, &wording, &signer, None).await.map_err(io::Error::other)?;
        }
        let signing = begun.elapsed() / DOCUMENTS;
        let begun = Instant::now();
        for _ in 0..DOCUMENTS {
            if !check(&signed, &trust, at, &Limits::default()).is_genuine() {
                return Err(io::Error::other("a signed document is not genuine"));
            }
        }
        let checking = begun.elapsed() / DOCUMENTS;
        measured.push(Measured { key: name, signing, checking, bytes: (pdf.len(), signed.len()) });
    }
    Ok(measured)
}
