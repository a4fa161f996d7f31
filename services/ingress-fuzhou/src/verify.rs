//! 保函验真: what a PDF says of itself, looked into at the door, so that files of strangers go no further (2.6).

use anyhow::{Context, Result};
use boot::Boot;
use domain::{FileFindings, Timestamp};
use protocol_fuzhou::Verifier;
use signing::TrustAnchors;
use signing::verify::{Examiner, Findings, Limits, Reason, TimeSource};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// What a signer is called whose signature does not hold.
const UNPROVEN: &str = "无法确认";

/// How many files are looked into at once, and how long one may take, waiting included.
const SEATS: usize = 4;
const DEADLINE: Duration = Duration::from_secs(10);

/// Looks into files with the roots of `[documents] trust`; without roots nobody is trusted.
///
/// # Errors
/// If the roots cannot be read.
pub(crate) fn verifier(boot: &Boot) -> Result<Verifier> {
    let path = boot.settings.documents.as_ref().and_then(|documents| documents.trust.clone());
    let trust = match path {
        None => TrustAnchors::default(),
        Some(path) => {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("documents.trust: cannot read {}", path.display()))?;
            TrustAnchors::from_pem(&text).with_context(|| format!("the file {}", path.display()))?
        }
    };
    Ok(looking(Examiner::new(trust, Limits::default(), SEATS, DEADLINE)))
}

/// The engine opens pushes of this protocol on threads that may wait (`is_heavy`), so waiting for the examiner is allowed.
fn looking(examiner: Examiner) -> Verifier {
    Arc::new(move |file| {
        let found = examiner.check(file.into(), Timestamp::new(boot::now()));
        told(Handle::current().block_on(found))
    })
}

/// The findings in our language. A signature that does not hold names nobody, but that there is one must be known: it tells
/// a changed file from one that was never signed.
fn told(findings: Findings) -> FileFindings {
    let is_signed = !findings.reasons.iter().any(|reason| {
        matches!(reason, Reason::NoSignature | Reason::NotReadable | Reason::Encrypted | Reason::Unsupported)
    });
    let unproven = if is_signed { UNPROVEN } else { "" };
    FileFindings {
        sha256: findings.sha256,
        signature_valid: findings.signature_valid,
        is_modified: findings.is_modified,
        trusted: findings.trusted,
        signer: findings.signer.unwrap_or_else(|| unproven.to_owned()),
        issuer: findings.issuer.unwrap_or_default(),
        signed_at: findings.signing_time.map(|time| time.at),
        time_proven: findings.signing_time.is_some_and(|time| matches!(time.source, TimeSource::Timestamp)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(patience: Duration, file: &[u8]) -> FileFindings {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let look = looking(Examiner::new(TrustAnchors::default(), Limits::default(), 1, patience));
        let file = file.to_vec();
        let looked = runtime.handle().spawn_blocking(move || look(&file));
        runtime.block_on(looked).unwrap()
    }

    fn looked_into(file: &[u8]) -> FileFindings {
        asked(Duration::from_secs(60), file)
    }

    fn signed() -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/verify");
        let found =
            std::fs::read_dir(&folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        found.into_iter().find(|file| looked_into(file).signature_valid).unwrap()
    }

    #[test]
    fn what_was_never_signed_names_nobody() {
        for file in [b"%PDF-1.7\n%%EOF\n".as_slice(), b"", b"PK\x03\x04"] {
            let findings = looked_into(file);
            assert!(findings.signer.is_empty() && !findings.signature_valid && findings.is_modified);
            assert_eq!(findings.sha256.len(), 64);
        }
    }

    #[test]
    fn a_signature_that_is_broken_is_still_seen() {
        let mut file = signed();
        assert!(!looked_into(&file).signer.is_empty());
        let middle = file.len() / 2;
        file[middle] ^= 1;
        let findings = looked_into(&file);
        assert!(!findings.signature_valid || findings.is_modified);
    }

    #[test]
    fn what_takes_too_long_is_not_believed() {
        let findings = asked(Duration::ZERO, &signed());
        assert!(!findings.signature_valid && !findings.trusted && findings.is_modified);
    }
}
