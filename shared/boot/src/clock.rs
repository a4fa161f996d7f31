//! The only clock and the only chance in the house; everything else is given time, nonce and token as arguments.

use time::OffsetDateTime;

/// The present instant, UTC.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one place")]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// `N` bytes that nobody can foresee, from the operating system.
///
/// # Panics
/// If the operating system has no random bytes to give; going on with foreseeable ones would be worse.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one place")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(why) = getrandom::fill(&mut bytes) {
        panic!("the operating system gives no random bytes: {why}");
    }
    bytes
}
