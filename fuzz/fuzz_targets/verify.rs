//! The verifier against any bytes: it neither panics nor believes anything but the files we signed.
#![no_main]

use domain::Timestamp;
use libfuzzer_sys::fuzz_target;
use signing::TrustAnchors;
use signing::verify::{Limits, Reason, check};
use std::sync::OnceLock;

/// When the corpus was made; its certificates are valid then.
const NOW: &str = "2026-11-23T00:00:00Z";

fn trust() -> &'static TrustAnchors {
    static TRUST: OnceLock<TrustAnchors> = OnceLock::new();
    TRUST.get_or_init(|| TrustAnchors::from_pem(include_str!("../root.pem")).unwrap())
}

/// What all files that mean the same have in common: hex digits may be of either case, line ends may follow.
fn essence(bytes: &[u8]) -> Vec<u8> {
    bytes.trim_ascii_end().to_ascii_lowercase()
}

const SIGNED: [&[u8]; 3] = [
    include_bytes!("../corpus/verify/plain-rsa"),
    include_bytes!("../corpus/verify/stamped-p256"),
    include_bytes!("../corpus/verify/archived-p256"),
];

fuzz_target!(|bytes: &[u8]| {
    let now = Timestamp::try_from(NOW.to_owned()).unwrap();
    let limits = Limits { steps: 8 << 20, unpacked_bytes: 4 << 20, ..Limits::default() };
    let findings = check(bytes, trust(), now, &limits);
    assert!(!findings.reasons.contains(&Reason::CheckFailed), "a panic was caught");
    if findings.signature_valid && !findings.is_modified {
        let known = SIGNED.iter().any(|signed| covered(bytes, signed));
        assert!(known, "a file we did not sign is genuine");
    }
});

/// Whether only what no signature covers differs: the inside of the last signature's place.
fn covered(bytes: &[u8], signed: &[u8]) -> bool {
    let (bytes, signed) = (essence(bytes), essence(signed));
    let open = signed.windows(10).rposition(|window| window == b"/contents ").unwrap() + 11;
    let close = open + signed[open..].iter().position(|byte| *byte == b'>').unwrap();
    bytes.len() == signed.len() && bytes[..open] == signed[..open] && bytes[close..] == signed[close..]
}
