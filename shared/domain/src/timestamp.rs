//! Instants: UTC inside, Asia/Shanghai (+08:00, no summer time) towards partners.

use serde::{Deserialize, Serialize};
use std::fmt;
use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// The offset of Asia/Shanghai; no document names a zone, and all of them mean this one.
const SHANGHAI: UtcOffset = match UtcOffset::from_hms(8, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// A text that is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time")]
pub struct BadTimestamp;

/// An instant, UTC, to the microsecond (what PostgreSQL keeps); serialised as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// The instant, cut to the microsecond.
    #[must_use]
    pub fn new(at: OffsetDateTime) -> Self {
        let at = at.to_offset(UtcOffset::UTC);
        Self(at.replace_microsecond(at.microsecond()).unwrap_or(at))
    }

    /// The instant that a wall clock in Shanghai shows as `local`.
    #[must_use]
    pub fn from_shanghai(local: PrimitiveDateTime) -> Self {
        Self::new(local.assume_offset(SHANGHAI))
    }

    /// What a wall clock in Shanghai shows.
    #[must_use]
    pub fn shanghai(self) -> OffsetDateTime {
        self.0.to_offset(SHANGHAI)
    }

    /// The instant in UTC.
    #[must_use]
    pub const fn utc(self) -> OffsetDateTime {
        self.0
    }

    /// The day in Shanghai as `yyyymmdd`.
    #[must_use]
    pub fn shanghai_day(self) -> String {
        let day = self.shanghai().date();
        format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
    }

    /// The instant so many seconds later (earlier if negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(Duration::seconds(seconds)))
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }
}

impl TryFrom<String> for Timestamp {
    type Error = BadTimestamp;
    fn try_from(text: String) -> Result<Self, BadTimestamp> {
        OffsetDateTime::parse(&text, &Rfc3339).map(Self::new).map_err(|_| BadTimestamp)
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
