#![doc = include_str!("../README.md")]

mod attempt;
mod envelope;
mod rejected;
mod route;

pub use attempt::{Attempt, AttemptOutcome, CallbackTask, Replay};
pub use envelope::{Envelope, Unreadable};
pub use rejected::{RejectedRequest, RejectionTask};
pub use route::{Route, rung_name};
