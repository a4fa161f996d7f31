//! Signing and judging, with other people's tools as witnesses.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expected")]

mod attacks;
mod bounds;
mod forge;
mod house;
mod keys;
mod papers;
mod sign;
mod trust;
