//! Judging a document that somebody hands in: what holds counts only if nothing else can be said of it.

mod container;
mod coverage;
mod fields;
mod findings;
mod isolated;
mod reason;
mod revisions;
mod stray;

pub(crate) use fields::signature_fields;
pub use findings::{Findings, SigningTime, TimeSource};
pub use isolated::Examiner;
pub use reason::Reason;

pub use crate::pdf::work::Limits;

use crate::pdf::{Broken, File, Work};
use crate::timestamp::Stamp;
use crate::trust::{Purpose, TrustAnchors};
use container::Signed;
use coverage::Coverage;
use domain::Timestamp;
use fields::Field;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Clocks differ; a timestamp this far in the future is still believed, seconds.
const CLOCK_SKEW: i64 = 300;

/// Checks a document. Pure and bounded; a file of a guarantee's size takes about a millisecond.
#[must_use]
pub fn check(bytes: &[u8], trust: &TrustAnchors, now: Timestamp, limits: &Limits) -> Findings {
    check_until(bytes, trust, now, limits, Arc::default())
}

/// As [`check`], given up soon after `stop` is set.
pub(crate) fn check_until(
    bytes: &[u8],
    trust: &TrustAnchors,
    now: Timestamp,
    limits: &Limits,
    stop: Arc<AtomicBool>,
) -> Findings {
    let mut findings = Findings::of(bytes);
    if bytes.len() > limits.file_bytes {
        findings.object(Reason::BeyondLimits);
        return findings;
    }
    let work = Work::new(limits, stop);
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut findings = findings.clone();
        if let Err(reason) = judge(bytes, trust, now, &work, &mut findings) {
            findings.object(reason);
        }
        findings
    }));
    judged.unwrap_or_else(|_| {
        findings.object(Reason::CheckFailed);
        findings
    })
}

/// A signature of the document with what it covers and what it says.
struct Seal<'a> {
    field: &'a Field,
    coverage: Coverage,
    said: Said,
}

enum Said {
    Signed(Box<Signed>),
    Stamped(Box<Stamp>),
}

/// What is found is written down step by step, so that whatever comes to an end early leaves the worst verdicts standing.
fn judge(
    bytes: &[u8],
    trust: &TrustAnchors,
    now: Timestamp,
    work: &Work,
    findings: &mut Findings,
) -> Result<(), Reason> {
    let file = File::open(bytes, work).map_err(told)?;
    let fields = signature_fields(&file)?;
    stray::none_but(&file, &fields)?;
    if fields.is_empty() {
        return Err(Reason::NoSignature);
    }
    if fields.len() > work.limits.signatures {
        return Err(Reason::BeyondLimits);
    }
    let mut seals = Vec::new();
    for field in &fields {
        seals.push(seal(&file, field)?);
    }
    seals.sort_by_key(|seal| seal.coverage.end);
    let first = seals.iter().find(|seal| matches!(seal.said, Said::Signed(_))).ok_or(Reason::NoSignature)?;
    findings.signature_valid = true;
    identify(first, &seals, trust, now, findings);
    whole(&file, first, &seals)?;
    findings.is_modified = false;
    Ok(())
}

fn seal<'a>(file: &File<'_>, field: &'a Field) -> Result<Seal<'a>, Reason> {
    let coverage = Coverage::of(file.bytes, field)?;
    // As it was when it was signed, the file showed this very signature.
    let then = File::open(&file.bytes[..coverage.end], file.work()).map_err(then_told)?;
    let shown = signature_fields(&then).map_err(|_| Reason::NotInItsRevision)?;
    let same =
        |other: &Field| other.value == field.value && other.field == field.field && other.span == field.span;
    if !shown.iter().any(same) {
        return Err(Reason::NotInItsRevision);
    }
    let said = if field.stamps() {
        Said::Stamped(Box::new(container::stamp(file.bytes, field, &coverage)?))
    } else {
        Said::Signed(Box::new(container::signed(file.bytes, field, &coverage)?))
    };
    Ok(Seal { field, coverage, said })
}

/// Who signed, when, and whether to believe it.
fn identify(
    first: &Seal<'_>,
    seals: &[Seal<'_>],
    trust: &TrustAnchors,
    now: Timestamp,
    findings: &mut Findings,
) {
    let Said::Signed(signed) = &first.said else { return };
    findings.signer = Some(signed.certificate.subject().to_owned());
    findings.issuer = Some(signed.certificate.issuer().to_owned());
    findings.sandbox = signed.certificate.is_sandbox();
    if findings.sandbox {
        findings.object(Reason::Sandbox);
    }
    // From the newest document timestamp inwards: each proves that what it covers existed at its time.
    let mut proven = None;
    let later = seals.iter().rev().take_while(|seal| seal.coverage.end > first.coverage.end);
    let document =
        later.filter_map(|seal| if let Said::Stamped(stamp) = &seal.said { Some(&**stamp) } else { None });
    for stamp in document.chain(signed.stamp.as_ref()) {
        let at = proven.unwrap_or(now);
        let trusted = trust.accept(&stamp.authority, &stamp.certificates, at, Purpose::Timestamps).is_ok();
        if trusted && stamp.at <= at.plus_seconds(CLOCK_SKEW) {
            proven = Some(stamp.at);
        } else {
            findings.object(Reason::TimestampUntrusted);
        }
    }
    findings.signing_time = match proven {
        Some(at) => Some(SigningTime { at, source: TimeSource::Timestamp }),
        None => signed.claimed,
    };
    if proven.is_none() {
        findings.object(Reason::TimeOnlyClaimed);
    }
    let at = proven.unwrap_or(now);
    match trust.accept(&signed.certificate, &signed.certificates, at, Purpose::Documents) {
        Ok(()) => findings.trusted = true,
        Err(reason) => findings.object(reason),
    }
}

/// Whether the document is, to the last byte, what the first signature signed, timestamps apart.
fn whole(file: &File<'_>, first: &Seal<'_>, seals: &[Seal<'_>]) -> Result<(), Reason> {
    if seals.iter().any(|seal| matches!(seal.said, Said::Signed(_)) && seal.field.value != first.field.value)
    {
        return Err(Reason::SecondSignature);
    }
    let covered = seals.last().map_or(0, |seal| seal.coverage.end);
    // A lone line end at the very end is what editors and mail programs add.
    if !matches!(&file.bytes[covered..], b"" | b"\n" | b"\r\n" | b"\r") {
        return Err(Reason::Uncovered);
    }
    let then = File::open(&file.bytes[..first.coverage.end], file.work()).map_err(told)?;
    let stamps: Vec<&Field> = seals.iter().map(|seal| seal.field).filter(|field| field.stamps()).collect();
    revisions::only_stamped(&then, file, &stamps)
}

const fn told(broken: Broken) -> Reason {
    match broken {
        Broken::Syntax => Reason::NotReadable,
        Broken::Limit => Reason::BeyondLimits,
        Broken::Encrypted => Reason::Encrypted,
        Broken::Unsupported => Reason::Unsupported,
        Broken::Stopped => Reason::TookTooLong,
    }
}

const fn then_told(broken: Broken) -> Reason {
    match broken {
        Broken::Syntax => Reason::NotInItsRevision,
        other => told(other),
    }
}
