//! Requests of partners on their way in: verified, numbered, made durable, answered.
#![doc = include_str!("../README.md")]

mod counter;
mod desk;
mod engine;
mod intake;
mod keeping;
mod pace;
mod partner;
mod seats;
mod settings;
mod tally;

pub use engine::{Ingress, Parts, Renewal};
pub use pace::Pace;
pub use partner::{Nobody, Partner, Partners};
pub use seats::{Seat, Seats};
pub use settings::run;
