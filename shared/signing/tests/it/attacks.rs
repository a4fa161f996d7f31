//! The attack list: every known way to change a signed file, what we must say of it, and what others say.

mod bytes;
mod signatures;
mod updates;

use crate::house::{Level, keys, now, paper, signed, trust};
use crate::papers;
use signing::verify::{Findings, Limits, Reason, check};
use std::fs;
use testkit::{pdfsig, pyhanko};

/// What we must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Genuine,
    /// Valid and unmodified, but not trusted.
    Untrusted,
    /// The first signature is sound, the file is not what it signed.
    Modified(Reason),
    /// Not even that; counts as modified too.
    Invalid(Reason),
}
use Verdict::{Genuine, Invalid, Modified};

fn verdict(findings: &Findings) -> Verdict {
    let why = findings.reasons.iter().copied().find(|reason| reason.is_objection());
    let why = why.unwrap_or(Reason::CheckFailed);
    match (findings.signature_valid, findings.is_modified, findings.trusted) {
        (true, false, true) => Genuine,
        (true, false, false) => Verdict::Untrusted,
        (true, true, _) => Modified(why),
        (false, modified, _) => {
            assert!(modified, "what is invalid is not known to be unmodified: {findings:?}");
            Invalid(why)
        }
    }
}

/// One attack: its name, what we say, what pdfsig says of the first signature, what pyHanko says of all.
struct Case {
    name: &'static str,
    ours: Verdict,
    /// `V`alid and total, valid but `P`art of the file, `-` neither.
    pdfsig: char,
    /// `G`ood all, `B`ad at least one, `-` none, or an exception.
    pyhanko: char,
    make: fn(&Papers) -> Vec<u8>,
}

/// The victims: signed classic paper (objects: 1 catalog, 3 page, 4 content, 6 info, 7 signature, 8 field).
struct Papers {
    plain: Vec<u8>,
    stamped: Vec<u8>,
    archived: Vec<u8>,
    dangling: Vec<u8>,
}

const EVIL: &str = "<</Length 35>>\nstream\nBT /F1 24 Tf 72 700 Td (EVIL) Tj ET\nendstream";

fn victims() -> Papers {
    let paper = papers::classic();
    Papers {
        plain: signed(&paper, "rsa", Level::Plain),
        stamped: signed(&paper, "rsa", Level::Stamped),
        archived: signed(&paper, "rsa", Level::Archived),
        dangling: signed(&papers::dangling(), "rsa", Level::Plain),
    }
}

#[test]
fn every_attack_gets_its_verdict() {
    let (papers, trust) = (victims(), trust());
    let lists = [bytes::LEGITIMATE, bytes::BYTES, updates::UNSIGNED, updates::STAMPED, updates::SIGNED];
    let all: Vec<&Case> = lists.into_iter().chain([signatures::SIGNATURES]).flatten().collect();
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    let root = keys().join("root.pem");
    for (at, case) in all.iter().enumerate() {
        let bytes = (case.make)(&papers);
        let findings = check(&bytes, &trust, now(), &Limits::default());
        if verdict(&findings) != case.ours {
            wrong.push(format!("{}: expected {:?}, got {:?}", case.name, case.ours, verdict(&findings)));
        }
        let file = paper(&format!("attack-{at:02}.pdf"));
        fs::write(&file, bytes).unwrap();
        files.push(file);
    }
    for ((case, file), said) in all.iter().zip(&files).zip(pyhanko(&root, &files)) {
        let theirs = (nss(&pdfsig(&root, file)), judged(&said));
        if theirs != (case.pdfsig, case.pyhanko) {
            wrong.push(format!(
                "{}: pdfsig and pyHanko say {theirs:?}, not {:?}: {said}",
                case.name,
                (case.pdfsig, case.pyhanko)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn nss(said: &str) -> char {
    let first = said.split("Signature #2").next().unwrap();
    match (first.contains("Signature is Valid"), first.contains("Total document signed")) {
        (true, true) => 'V',
        (true, false) => 'P',
        _ => '-',
    }
}

fn judged(said: &serde_json::Value) -> char {
    match said["signatures"].as_array().map(Vec::as_slice) {
        None => 'B',
        Some([]) => '-',
        Some(all) if all.iter().all(|one| one["good"] == true) => 'G',
        Some(_) => 'B',
    }
}
