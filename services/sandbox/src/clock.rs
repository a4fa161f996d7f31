//! The platform's own clock: the sandbox is another party, so it does not ask the gateway for the time.

use time::{OffsetDateTime, UtcOffset, macros::offset};

/// Where all platforms keep their clocks: no zone is written on the wire, Asia/Shanghai is meant.
const SHANGHAI: UtcOffset = offset!(+8);

/// This moment, in Shanghai.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a partner's clock, not the gateway's")]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc().to_offset(SHANGHAI)
}

/// The same moment as read in Shanghai.
#[must_use]
pub fn shanghai(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(SHANGHAI)
}

/// Milliseconds since 1970.
pub(crate) fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}
