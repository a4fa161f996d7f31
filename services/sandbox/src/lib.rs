//! The partners' side of every protocol: what tender platforms send, and what they make of our callbacks.
#![doc = include_str!("../README.md")]

mod cast;
mod client;
mod clock;
pub mod dummy_keys;
mod fields;
mod files;
pub mod finserv;
pub mod fuzhou;
pub mod govproc;
pub mod interface;
mod ledger;
mod misbehave;
pub mod multipart;
mod operator;
pub mod pubres;
mod receiver;
mod request;
mod rows;
pub mod rsa_blocks;
mod stage;
pub mod table;
pub mod yueyang;

pub use client::Unsent;
pub use clock::{now, shanghai};
pub use files::Files;
pub use ledger::{Entry, Ledger};
pub use misbehave::{How, Misbehaviour};
pub use operator::{Act, AtTerminal, Matter, Operator, Topic};
pub use receiver::{Platform, Receiver, Verdict, json_reply};
pub use request::Request;
pub use rows::Row;
