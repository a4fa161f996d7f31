#![doc = include_str!("../README.md")]

mod attempt;
mod envelope;
mod route;

pub use attempt::{Attempt, AttemptOutcome, CallbackTask, Replay};
pub use envelope::{Envelope, Unreadable};
pub use route::{Route, rung_name};
