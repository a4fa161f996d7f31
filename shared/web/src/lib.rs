//! The HTTP/1.1 server under every port we open: whole requests in, answers out, limits and draining in between.
#![doc = include_str!("../README.md")]

mod body;
mod connection;
mod limits;
mod pulse;
mod remote;
mod serve;
mod socket;
mod tls;
mod wire;

pub use body::Body;
pub use limits::{Limits, Refusal};
pub use remote::{BadRemote, Remote, Unanswered};
pub use serve::{Answer, Drained, Peer, Port, Reset, serve};
pub use tls::{BadTls, Tls};
