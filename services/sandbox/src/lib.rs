//! The partners' side of every protocol: what tender platforms send, and what they make of our callbacks.
#![doc = include_str!("../README.md")]

mod cast;
mod client;
mod clock;
pub mod finserv;
pub mod interface;
mod ledger;
mod misbehave;
mod operator;
pub mod pubres;
mod receiver;
mod request;
mod rows;
mod stage;
pub mod table;

pub use client::Unsent;
pub use clock::{now, shanghai};
pub use ledger::{Entry, Ledger};
pub use misbehave::{How, Misbehaviour};
pub use operator::{Act, AtTerminal, Matter, Operator};
pub use receiver::{Platform, Receiver, Verdict, json_reply};
pub use request::Request;
pub use rows::Row;
