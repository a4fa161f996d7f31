//! Every document we sign is accepted by us, by pdfsig, by pyHanko and by qpdf.

use crate::house::{Level, keys, now, paper, signed, trust};
use crate::papers;
use signing::verify::{Limits, TimeSource, check};
use std::fs;
use testkit::{pdfsig, pyhanko, pyhanko_signs, qpdf};

#[test]
fn every_signed_document_is_accepted_by_all_four() {
    let mut files = Vec::new();
    let root = keys().join("root.pem");
    for (name, pdf) in [("classic", papers::classic()), ("packed", papers::packed())] {
        for key in ["rsa", "p256"] {
            for level in [Level::Plain, Level::Stamped, Level::Archived] {
                let bytes = signed(&pdf, key, level);
                assert!(bytes.starts_with(&pdf), "the document itself stays as it is");
                let file = paper(&format!("{name}-{key}-{level:?}.pdf"));
                fs::write(&file, &bytes).unwrap();
                ours(&bytes, key, level);
                nss(&pdfsig(&root, &file));
                qpdf(&file);
                files.push((file, level));
            }
        }
    }
    let paths: Vec<_> = files.iter().map(|(file, _)| file.clone()).collect();
    for (said, (file, level)) in pyhanko(&root, &paths).iter().zip(&files) {
        let signatures = said["signatures"].as_array().unwrap_or_else(|| panic!("{file:?}: {said}"));
        assert_eq!(signatures.len(), if *level == Level::Archived { 2 } else { 1 }, "{file:?}");
        assert!(signatures.iter().all(|one| one["good"] == true && one["trusted"] == true), "{said}");
        assert_eq!(signatures[0]["stamped"], *level != Level::Plain, "{said}");
        assert_eq!(signatures.last().unwrap()["coverage"], "ENTIRE_FILE", "{said}");
    }
}

fn ours(bytes: &[u8], key: &str, level: Level) {
    let findings = check(bytes, &trust(), now(), &Limits::default());
    assert!(findings.is_genuine(), "{key} {level:?}: {findings:?}");
    assert!(findings.sandbox);
    let source = findings.signing_time.unwrap().source;
    let expected = if level == Level::Plain { TimeSource::Dictionary } else { TimeSource::Timestamp };
    assert_eq!(source, expected);
    assert!(findings.signer.unwrap().starts_with("示范担保有限公司（沙箱"));
}

fn nss(said: &str) {
    assert!(said.contains("Signature is Valid."), "{said}");
    assert!(said.contains("Certificate is Trusted."), "{said}");
    assert!(said.contains("Total document signed"), "{said}");
}

#[test]
fn what_others_sign_for_the_long_term_is_accepted_too() {
    for (name, pdf) in [("classic", papers::classic()), ("packed", papers::packed())] {
        let (from, to) = (paper(&format!("{name}-unsigned.pdf")), paper(&format!("{name}-pyhanko.pdf")));
        fs::write(&from, pdf).unwrap();
        pyhanko_signs(keys(), &from, &to);
        let bytes = fs::read(&to).unwrap();
        let findings = check(&bytes, &trust(), now(), &Limits::default());
        assert!(findings.is_genuine(), "{name}: {findings:?}");
        assert_eq!(findings.signing_time.unwrap().source, TimeSource::Timestamp);
        let at = bytes.len() / 2;
        let changed = [&bytes[..at], b"!", &bytes[at..]].concat();
        assert!(!check(&changed, &trust(), now(), &Limits::default()).is_genuine());
    }
}

/// Run by hand (`cargo test -p signing -- --ignored corpus`) when what we sign has changed: three files for `fuzz/`.
#[test]
#[ignore = "writes into the checkout"]
fn the_corpus_of_the_fuzzer_is_made_anew() {
    let fuzz = crate::house::root().join("fuzz");
    let files = [
        ("plain-rsa", "rsa", Level::Plain),
        ("stamped-p256", "p256", Level::Stamped),
        ("archived-p256", "p256", Level::Archived),
    ];
    for ((name, key, level), pdf) in
        files.into_iter().zip([papers::classic(), papers::classic(), papers::packed()])
    {
        fs::write(fuzz.join("corpus/verify").join(name), signed(&pdf, key, level)).unwrap();
    }
    fs::copy(crate::house::keys().join("root.pem"), fuzz.join("root.pem")).unwrap();
}
