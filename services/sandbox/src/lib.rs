//! The partners' side of every protocol: what tender platforms send, and what they make of our callbacks.
#![doc = include_str!("../README.md")]

mod clock;
pub mod finserv;
mod ledger;
mod misbehave;
mod receiver;
pub mod table;

pub use clock::{now, shanghai};
pub use ledger::{Entry, Ledger};
pub use misbehave::{How, Misbehaviour};
pub use receiver::{Platform, Receiver, Verdict};
