//! Whom we trust and when: certificates that are valid, but not for this, not now, or not from here.

use crate::house::{AUTHORITY, Level, OpenSsl, block_on, now, read, root, signed, signer, trust, wording};
use crate::papers;
use signing::sign::{NotSigned, Stamping, Wording, sign_document};
use signing::verify::{Findings, Limits, Reason, TimeSource, check};
use signing::{Later, LocalSigner, Refused, Signer, TimestampAuthority, TrustAnchors, Unstamped};
use std::path::Path;
use std::process::Command;

const YEARS: i64 = 365 * 24 * 3600;

fn judge(bytes: &[u8], trust: &TrustAnchors, later: i64) -> Findings {
    check(bytes, trust, now().plus_seconds(later), &Limits::default())
}

fn untrusted(findings: &Findings, reason: Reason) {
    assert!(findings.signature_valid && !findings.is_modified && !findings.trusted, "{findings:?}");
    assert!(findings.reasons.contains(&reason), "{reason:?}: {findings:?}");
}

#[test]
fn a_forged_authority_of_the_same_names_is_not_trusted() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forged-keys");
    assert!(Command::new(root().join("scripts/signing-keys")).arg(&folder).status().unwrap().success());
    let forged = TrustAnchors::from_pem(&std::fs::read_to_string(folder.join("root.pem")).unwrap()).unwrap();
    let bytes = signed(&papers::classic(), "rsa", Level::Plain);
    let findings = judge(&bytes, &forged, 0);
    untrusted(&findings, Reason::UnknownIssuer);
    assert!(judge(&bytes, &forged.and(trust()), 0).is_genuine());
    untrusted(&judge(&bytes, &TrustAnchors::default(), 0), Reason::UnknownIssuer);
}

#[test]
fn after_the_certificate_has_expired_only_a_proven_time_helps() {
    let plain = signed(&papers::classic(), "rsa", Level::Plain);
    untrusted(&judge(&plain, &trust(), 11 * YEARS), Reason::Expired);
    untrusted(&judge(&plain, &trust(), -YEARS), Reason::NotYetValid);
    // The authority's own certificate has expired as well, and nothing proves when its timestamp was made.
    let stamped = signed(&papers::classic(), "rsa", Level::Stamped);
    let findings = judge(&stamped, &trust(), 11 * YEARS);
    untrusted(&findings, Reason::TimestampUntrusted);
    assert_ne!(findings.signing_time.unwrap().source, TimeSource::Timestamp);
}

#[test]
fn a_timestamp_of_a_stranger_proves_nothing() {
    let bytes = signed(&papers::classic(), "p256", Level::Stamped);
    let proven = judge(&bytes, &trust(), 0).signing_time.unwrap();
    assert_eq!(proven.source, TimeSource::Timestamp);
    let issuing = TrustAnchors::from_pem(&read("issuing.pem")).unwrap();
    let findings = judge(&bytes, &issuing, 0);
    assert!(findings.is_genuine(), "{findings:?}");
    assert_eq!(findings.signing_time.unwrap().source, TimeSource::Dictionary);
    assert!(findings.reasons.contains(&Reason::TimestampUntrusted));
    // A clock that runs behind must not turn the future into proof.
    assert_ne!(judge(&bytes, &trust(), -3600).signing_time.unwrap().source, TimeSource::Timestamp);
}

#[test]
fn a_certificate_for_something_else_signs_no_documents() {
    let stamper = LocalSigner::from_pem(&read("tsa.key"), &read("tsa.pem"), b"").unwrap();
    let bytes = block_on(sign_document(&papers::classic(), &wording(), &stamper, None)).unwrap();
    untrusted(&judge(&bytes, &trust(), 0), Reason::WrongUsage);
}

// === what signing refuses ===

fn refusal(authority: &dyn TimestampAuthority, trust: &TrustAnchors) -> NotSigned {
    let stamping = Stamping { authority, trust, nonces: [[1; 16], [2; 16]], whole_document: false };
    block_on(sign_document(&papers::classic(), &wording(), &signer("rsa"), Some(&stamping))).unwrap_err()
}

/// Gives everybody the same old answer.
#[derive(Debug)]
struct Repeats(Vec<u8>);

impl TimestampAuthority for Repeats {
    fn ask(&self, _: Vec<u8>) -> Later<'_, Result<Vec<u8>, Unstamped>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// Asks the real one about something else, or with another nonce.
#[derive(Debug)]
struct Twists(usize);

impl TimestampAuthority for Twists {
    fn ask(&self, mut request: Vec<u8>) -> Later<'_, Result<Vec<u8>, Unstamped>> {
        let at = request.len() - self.0;
        request[at] ^= 1;
        AUTHORITY.ask(request)
    }
}

#[test]
fn a_timestamp_must_answer_our_question() {
    let told = |authority: &dyn TimestampAuthority| refusal(authority, &trust()).to_string();
    // From the end: certReq takes 3 bytes, the nonce 18, before it is the imprint.
    assert!(told(&Twists(4)).contains("nonce"), "{}", told(&Twists(4)));
    assert!(told(&Twists(25)).contains("not the one that was signed"), "{}", told(&Twists(25)));
    assert!(told(&Repeats(b"<html>".to_vec())).contains("no timestamp reply"));
    assert!(told(&Repeats(vec![0x30, 5, 0x30, 3, 2, 1, 2])).contains("refused"));
    let stranger = refusal(&AUTHORITY, &TrustAnchors::from_pem(&read("issuing.pem")).unwrap());
    assert!(stranger.may_pass() && stranger.to_string().contains("not trusted"), "{stranger}");
    let last = OpenSsl { certificate: "tsa" };
    assert!(format!("{last:?}").contains("tsa"));
}

/// A key that signs something else than it was asked to.
#[derive(Debug)]
struct Wrong(LocalSigner);

impl Signer for Wrong {
    fn chain(&self) -> &[signing::Certificate] {
        self.0.chain()
    }
    fn algorithm(&self) -> signing::Algorithm {
        self.0.algorithm()
    }
    fn sign<'a>(&'a self, _: &'a [u8]) -> Later<'a, Result<Vec<u8>, Refused>> {
        self.0.sign(b"something else")
    }
}

#[test]
fn what_would_not_be_accepted_is_not_handed_out() {
    let sign = |pdf: &[u8], wording: &Wording<'_>, signer: &dyn Signer| {
        block_on(sign_document(pdf, wording, signer, None)).unwrap_err()
    };
    let (paper, rsa) = (papers::classic(), signer("rsa"));
    assert!(matches!(sign(&paper, &wording(), &Wrong(signer("rsa"))), NotSigned::Unsound(_)));
    let late = Wording { at: now().plus_seconds(11 * YEARS), ..wording() };
    assert!(matches!(sign(&paper, &late, &rsa), NotSigned::NotValid(..)));
    let mut far = wording();
    far.place.page = 1;
    assert_eq!(sign(&paper, &far, &rsa), NotSigned::Document("it has no page of this index"));
    let twice = signed(&paper, "rsa", Level::Plain);
    assert_eq!(sign(&twice, &wording(), &rsa), NotSigned::Document("it is signed already"));
    assert!(matches!(sign(b"%PDF-1.7\n", &wording(), &rsa), NotSigned::Document(_)));
}

#[test]
fn the_same_document_and_moment_give_the_same_bytes() {
    let paper = papers::classic();
    let wording = wording();
    let again = || block_on(sign_document(&paper, &wording, &signer("rsa"), None)).unwrap();
    assert_eq!(again(), again());
}
