//! Money in yuan and rates as decimal fractions; both are integers inside, never floats.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is not an amount or a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadMoney(&'static str);

/// An amount of yuan with two decimals, held as fen; on the wire `"20.00"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

/// A rate as a decimal fraction, held in millionths: `0.005` is 千分之五.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(u32);

/// Splits `123.45` into whole and fractional digits, the latter padded to `places`.
fn decimal(text: &str, places: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    // Zeros beyond the last place lose nothing ("20.000"); other digits would.
    let (kept, rest) = fraction.split_at(fraction.len().min(places));
    if whole.is_empty()
        || whole.len() > 13
        || !digits(whole)
        || !digits(kept)
        || rest.bytes().any(|c| c != b'0')
    {
        return None;
    }
    format!("{whole}{kept:0<places$}").parse().ok()
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount given in fen.
    #[must_use]
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Reads an amount in yuan: digits with at most two decimals, not negative, below ten trillion.
    ///
    /// # Errors
    /// [`BadMoney`] for anything else, also for signs, exponents, blanks and thousands separators.
    pub fn parse(text: &str) -> Result<Self, BadMoney> {
        decimal(text, 2).map(Self).ok_or(BadMoney("not an amount in yuan with at most two decimals"))
    }

    /// True for more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Rate {
    /// Nothing is charged.
    pub const ZERO: Self = Self(0);

    /// Reads a decimal fraction from 0 to 1 with at most six decimals.
    ///
    /// # Errors
    /// [`BadMoney`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadMoney> {
        decimal(text, 6)
            .filter(|&millionths| millionths <= 1_000_000)
            .and_then(|millionths| u32::try_from(millionths).ok())
            .map(Self)
            .ok_or(BadMoney("not a rate: write a decimal fraction from 0 to 1, for example 0.005"))
    }

    /// The rate in millionths: 5000 is 0.005.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// The premium on an amount, rounded half up to the fen.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        let millionths = i128::from(amount.0) * i128::from(self.0);
        Money(i64::try_from((millionths + 500_000) / 1_000_000).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        let short = text.trim_end_matches('0');
        f.write_str(short.strip_suffix('.').unwrap_or(short))
    }
}

impl TryFrom<String> for Money {
    type Error = BadMoney;
    fn try_from(text: String) -> Result<Self, BadMoney> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for Rate {
    type Error = BadMoney;
    fn try_from(text: String) -> Result<Self, BadMoney> {
        Self::parse(&text)
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

#[cfg(test)]
mod tests;
