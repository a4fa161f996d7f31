//! What a verified request asks for, and what became of it.

use crate::Interface;
use domain::{AcceptanceNo, Command, Query, Reply};

/// A request whose signature held and whose fields were understood.
#[derive(Debug)]
pub struct Call {
    /// The interface it came in by.
    pub interface: &'static Interface,
    /// What is asked: one thing, or several where the partner may send a batch. Never empty.
    pub asks: Vec<Ask>,
}

/// One thing that is asked.
#[derive(Debug)]
pub struct Ask {
    /// The partner's key for it (FS-13); with partner and interface it makes the acceptance number.
    pub business_key: String,
    /// What is wished.
    pub wish: Wish,
    /// Where the partner wants the outcome sent, unchecked; for an order that a browser announces, where the browser goes
    /// back to, which the answer must check.
    pub callback: Option<String>,
}

/// A command, which is durable, or a query, which is not.
#[derive(Debug)]
pub enum Wish {
    /// Do something.
    Command(Command),
    /// Tell something.
    Query(Query),
}

/// What became of one ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A worker answered, or the command was accepted for good.
    Replied(Reply),
    /// The command is durable, but no worker answered before the deadline.
    Pending(AcceptanceNo),
    /// Nothing is durable: the broker did not confirm, or no worker answered a query in time. The partner retries.
    Unavailable,
}
