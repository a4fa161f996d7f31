//! Callbacks on their way to partners: signed at the moment of sending, retried until they are acknowledged.
#![doc = include_str!("../README.md")]

mod attempt;
mod breaker;
mod desk;
mod engine;
mod errand;
mod lane;
mod outcome;
mod partner;
mod post;
mod reach;
mod schedule;
mod settings;
mod spans;
mod tally;
mod tokens;

pub use breaker::{Breaker, BreakerRule};
pub use engine::{Egress, Parts, Renewal};
pub use partner::Partner;
pub use post::Credentials;
pub use reach::Reach;
pub use schedule::{BadSchedule, Schedule};
pub use settings::run;
