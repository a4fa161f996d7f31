//! The engine against real services: repeats, races, crashes, and what leaves by the relay.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod engine;
#[allow(dead_code, reason = "shared with the tests of the services")]
mod house;
mod memory;
mod notary;
mod relay;
#[allow(dead_code, reason = "shared with the tests of the store")]
#[path = "../../../store/tests/it/samples.rs"]
mod samples;
mod toy;
